"""Scores as printed in published papers, for orientation.

They were measured on other pictures, at other sizes and partly by other definitions than ours: they show the range
of published colorizers, and cannot be compared with our tables number by number.
"""

from __future__ import annotations

from dataclasses import dataclass

Value = float | None


@dataclass(frozen=True)
class PublishedTable:
    """A table of a paper: `rows` are (system, one value per column), None for missing values."""

    title: str
    source: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Value, ...]], ...]


GUESSER = (
    "I. Gomez Moreno, U. Orozco-Rosas, K. Picos, T. Rosing: Multipurpose Image Colorization: A Novel "
    "Pipeline Using Convolutional Neural Networks"
)
CCC = "M. Gain, A. D. Raha, R. Debnath: CCC: Color Classified Colorization"
DDCOLOR = "X. Kang et al.: DDColor: Towards Photo-Realistic Image Colorization via Dual Decoders, ICCV 2023"

TABLES: tuple[PublishedTable, ...] = (
    PublishedTable(
        "Best Colorizer Guesser, table 2",
        GUESSER,
        "Mean CPSNR in dB on the test part of TinyImageNet and landscape pictures. The router stays behind "
        "three of the four colorizers that it chooses from.",
        ("CPSNR ↑",),
        (
            ("Iizuka 2016", (30.16,)),
            ("Larsson 2016", (29.03,)),
            ("Zhang 2016", (29.66,)),
            ("Kang 2023 (DDColor)", (29.59,)),
            ("Best Colorizer Guesser", (29.36,)),
        ),
    ),
    PublishedTable(
        "CCC, table III",
        CCC,
        "The eight pictures of the paper's figure 9. MSE for values 0…1.",
        ("MSE ↓", "PSNR ↑", "SSIM ↑", "LPIPS ↓", "UIQI ↑", "FID ↓", "CNR ↑"),
        (
            ("DeOldify", (0.0064, 21.71, 0.898, 0.183, 0.872, 0.395, 0.615)),
            ("Iizuka", (0.0042, 22.09, 0.885, 0.171, 0.871, 0.361, 0.376)),
            ("Larsson", (0.0052, 21.51, 0.878, 0.197, 0.879, 0.340, 0.585)),
            ("CIC (Zhang 2016)", (0.0061, 20.82, 0.864, 0.194, 0.864, 0.319, 0.619)),
            ("Zhang 2017", (0.0054, 21.78, 0.878, 0.162, 0.862, 0.303, 0.526)),
            ("Su", (0.0071, 20.94, 0.854, 0.233, 0.865, 0.300, 0.648)),
            ("Gain", (0.0059, 21.01, 0.871, 0.210, 0.871, 0.315, 0.691)),
            ("DDColor", (0.0051, 21.68, 0.878, 0.165, 0.869, 0.276, 0.798)),
            ("CCC", (0.0055, 21.46, 0.878, 0.207, 0.872, 0.288, 0.884)),
        ),
    ),
    PublishedTable(
        "CCC, table IV",
        CCC,
        "MSE for values 0…1, PSNR in dB.",
        ("ADE MSE ↓", "ADE PSNR ↑", "CelebA MSE ↓", "CelebA PSNR ↑", "Flowers MSE ↓", "Flowers PSNR ↑"),
        (
            ("DeOldify", (0.0043, 25.66, 0.0045, 26.06, 0.0295, 16.46)),
            ("Iizuka", (0.0035, 26.22, 0.0045, 26.00, 0.0211, 18.01)),
            ("Larsson", (0.0037, 25.94, 0.0058, 26.66, 0.0245, 16.85)),
            ("CIC (Zhang 2016)", (0.0053, 24.33, 0.0056, 24.79, 0.0261, 17.16)),
            ("Zhang 2017", (0.0036, 26.07, 0.0041, 26.78, 0.0295, 16.80)),
            ("Su", (0.0038, 25.37, 0.0046, 25.70, 0.0265, 16.81)),
            ("DDColor", (0.0039, 25.22, 0.0066, 25.70, 0.0273, 16.88)),
            ("CCC", (0.0058, 24.03, 0.0061, 24.12, 0.0201, 18.06)),
        ),
    ),
    PublishedTable(
        "CCC, table V",
        CCC,
        "Structural similarity.",
        ("ADE SSIM ↑", "ADE UIQI ↑", "CelebA SSIM ↑", "CelebA UIQI ↑", "Flowers SSIM ↑", "Flowers UIQI ↑"),
        (
            ("DeOldify", (0.96, 0.96, 0.94, 0.94, 0.82, 0.81)),
            ("Iizuka", (0.95, 0.96, 0.95, 0.94, 0.80, 0.82)),
            ("Larsson", (0.95, 0.96, 0.94, 0.93, 0.82, 0.83)),
            ("CIC (Zhang 2016)", (0.95, 0.95, 0.93, 0.92, 0.81, 0.80)),
            ("Zhang 2017", (0.96, 0.96, 0.95, 0.93, 0.81, 0.81)),
            ("Su", (0.92, 0.96, 0.93, 0.93, 0.77, 0.81)),
            ("DDColor", (0.96, 0.96, 0.93, 0.92, 0.81, 0.80)),
            ("CCC", (0.91, 0.95, 0.92, 0.92, 0.80, 0.80)),
        ),
    ),
    PublishedTable(
        "CCC, table VI",
        CCC,
        "Perceptual distance and Fréchet distance, the latter on a scale of the paper's own.",
        ("ADE LPIPS ↓", "ADE FID ↓", "CelebA LPIPS ↓", "CelebA FID ↓", "Flowers LPIPS ↓", "Flowers FID ↓"),
        (
            ("DeOldify", (0.15, 0.48, 0.13, 0.43, 0.35, 3.85)),
            ("Iizuka", (0.16, 1.05, 0.16, 0.45, 0.31, 3.57)),
            ("Larsson", (0.16, 0.62, 0.14, 0.37, 0.34, 2.42)),
            ("CIC (Zhang 2016)", (0.18, 1.31, 0.17, 0.58, 0.35, 4.20)),
            ("Zhang 2017", (0.14, 1.12, 0.13, 0.49, 0.34, 4.72)),
            ("Su", (0.21, 1.24, 0.18, 0.28, 0.41, 4.51)),
            ("DDColor", (0.16, 0.30, 0.16, 0.18, 0.32, 1.54)),
            ("CCC", (0.15, 0.90, 0.13, 0.43, 0.30, 1.51)),
        ),
    ),
    PublishedTable(
        "CCC, table VII",
        CCC,
        "Chromatic number ratio. Values far above 1 have more color classes than the originals.",
        ("ADE CNR ↑", "CelebA CNR ↑", "COCO CNR ↑", "Flowers CNR ↑", "ImageNet CNR ↑"),
        (
            ("DeOldify", (0.77, 0.62, 1.43, 0.69, 0.61)),
            ("Iizuka", (0.78, 0.51, 1.49, 0.58, 0.49)),
            ("Larsson", (0.77, 0.64, 0.73, 0.73, 0.63)),
            ("CIC (Zhang 2016)", (0.81, 0.86, 1.57, 0.67, 0.58)),
            ("Zhang 2017", (0.73, 0.66, 1.05, 0.66, 0.49)),
            ("Su", (0.77, 0.80, 2.89, 0.66, 0.66)),
            ("DDColor", (1.25, 1.07, 2.23, 0.88, 0.94)),
            ("CCC", (1.90, 1.33, 3.53, 0.96, 1.13)),
        ),
    ),
    PublishedTable(
        "DDColor, table 1: ImageNet",
        DDCOLOR,
        "256 × 256 pictures; FID with torchvision's Inception; colorfulness (CF) with absolute values of rg "
        "and yb, ΔCF the distance of the mean CF from the originals'. Values as quoted by third parties.",
        ("5k FID ↓", "5k CF", "5k ΔCF ↓", "5k PSNR ↑", "50k FID ↓", "50k CF", "50k ΔCF ↓", "50k PSNR ↑"),
        (
            ("CIC (Zhang 2016)", (8.72, 31.60, 6.61, 22.64, None, None, None, None)),
            ("InstColor (Su 2020)", (8.06, 24.87, 13.34, 23.28, None, None, None, None)),
            ("DeOldify", (6.59, 21.29, 16.92, 24.11, None, None, None, None)),
            ("Wu 2021", (5.95, 32.98, 5.23, 21.68, 3.62, 35.13, 3.96, 21.81)),
            ("ColTran", (6.44, 34.50, 3.71, 20.95, 6.14, 35.50, 3.59, 22.30)),
            ("CT2", (5.51, 38.48, 0.27, 23.50, 4.95, 39.96, 0.87, 22.93)),
            ("BigColor", (5.36, 39.74, 1.53, 21.24, 1.24, 40.01, 0.92, 21.24)),
            ("ColorFormer", (4.91, 38.00, 0.21, 23.10, 1.71, 39.76, 0.67, 23.00)),
            ("DDColor-tiny", (4.38, 37.66, 0.55, 23.54, 1.23, 37.72, 1.37, 23.63)),
            ("DDColor-large", (3.92, 38.26, 0.05, 23.85, 0.96, 38.65, 0.44, 23.74)),
        ),
    ),
)
