"""Definitions of scores: their names, sources, and which direction is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from photochrom.evaluation.variety import SECTORS


@dataclass(frozen=True)
class Score:
    """A column of the results.

    `key` is its name in JSON, `label` in tables; `better` is the direction of better values ("one": the closer to 1,
    the closer to the original); `source` is the formula's publication.

    `of` is the key of a picture's value if it differs; `reference` the key of the original's value: the score is then
    a ratio of means over the pictures. `median`: pictures are summarized by their median instead of their mean.
    """

    key: str
    label: str
    better: Literal["higher", "lower", "one", "neither"]
    digits: int
    source: str
    unit: str = ""
    title: str = ""
    of: str = ""
    reference: str = ""
    median: bool = False


@dataclass(frozen=True)
class Group:
    """Scores in one table.

    `name` is for display, `title` the table's first heading. `originals`: whether they have a row. `arrows`: whether
    each column has an arrow to its better end, or the title has one for all.
    """

    name: str
    title: str
    scores: tuple[Score, ...]
    originals: bool = True
    arrows: bool = True


NEARNESS: Final = Group("How near to the originals", "mean ± 95 %", (
    Score("psnr", "PSNR/CPSNR", "higher", 2, "mean of the pictures' dB, R, G and B together", "dB",
          "peak signal-to-noise ratio"),
    Score("cpsnr", "CPSNR", "higher", 2, "Gomez Moreno et al., section 3.2; equals PSNR on RGB", "dB",
          "color peak signal-to-noise ratio"),
    Score("mse", "MSE", "lower", 1, "8-bit steps, squared", "", "mean squared error"),
    Score("ssim", "SSIM", "higher", 3, "Wang et al. 2004; 11 × 11 Gaussian, σ 1.5", "",
          "structural similarity"),
    Score("uiqi", "UIQI", "higher", 3, "Wang and Bovik 2002; 8 × 8 windows", "",
          "universal image quality index"),
    Score("ciede2000", "ΔE00", "lower", 2, "CIEDE2000, D65", "", "mean color difference"),
    Score("lpips", "LPIPS", "lower", 3, "Zhang et al. 2018; v0.1, AlexNet", "",
          "learned perceptual distance"),
), originals=False)  # fmt: skip

COLOR: Final = Group("How much color, and tones", "mean ± 95 %", (
    Score("colorfulness", "Colorfulness", "neither", 1, "Hasler and Süsstrunk 2003, signed", "",
          "how colorful the results are, by themselves"),
    Score("chroma_ratio", "Chroma", "one", 3, "mean C*ab (D50) for each unit of the originals'", "",
          "mean chroma ratio", "chroma", "chroma"),
    Score("cnr", "CNR", "one", 3, "Gain et al., eq. 18; 400 classes, full size", "",
          "chromatic number ratio"),
    Score("lightness_mean", "mean |ΔL*|", "lower", 3, "D50", "", "mean lightness error"),
    Score("lightness_max", "max |ΔL*|", "lower", 2, "D50; mean over pictures of each one's worst pixel", "",
          "largest lightness error"),
))  # fmt: skip

VARIETY: Final = Group("Colored or toned", "mean ± 95 %", (
    Score("spread", "Spread", "neither", 2, "√(var a* + var b*) within a picture", "",
          "how much a picture's colors differ among themselves"),
    Score("spread_ratio", "Spread ratio", "one", 3, "mean spread for each unit of the originals'", "",
          "spread ratio", "spread", "spread"),
    Score("tint", "Tint", "neither", 2, "length of a picture's mean (a*, b*)", "", "overall tint"),
    Score("tint_error", "Tint error", "lower", 2, "between the mean (a*, b*) of result and original", "",
          "distance of the tints"),
    Score("toned", "Toned", "lower", 3, "part of the pictures whose spread is less than half of their tint", "",
          "toned monochromes"),
    Score("neutrals", "Neutrals", "lower", 2, "mean C*ab where the original has C*ab < 4 and L* from 20 to 80", "",
          "chroma on true neutrals", "", "neutral_part"),
))  # fmt: skip

HUES: Final = Group("Hues of vivid pixels", "hue recall ↑", tuple(
    Score(f"hue_{name}", name, "higher", 2,
          f"of the originals' pixels with C*ab > 40 and a hue from {45 * number}° to {45 * number + 45}°, those that "
          "are of the same sector in the result and not gray", "", f"hue recall, {name}", "", f"vivid_{name}")
    for number, name in enumerate(SECTORS)
), originals=False, arrows=False)  # fmt: skip

CORRELATION: Final = Group("Correlation by scale", "correlation ↑", tuple(
    Score(f"correlation_{key}", label, "higher", 3, f"of a*b* with the truth, {what}", "", f"correlation, {label}")
    for key, label, what in (
        ("whole", "whole picture", "their means over the picture"),
        ("4", "4 cells", "means over 4 cells on the short side, less the picture's mean"),
        ("16", "16 cells", "means over 16 cells on the short side, less those over 4"),
        ("64", "64 cells", "means over 64 cells on the short side, less those over 16"),
    )
), originals=False, arrows=False)  # fmt: skip

RECOGNITION: Final = Group("Recognition", "recognition ↑", (
    Score("recognized", "as the original", "higher", 3,
          "after Zhang et al. 2016, section 3.3: part of the pictures in which EfficientNet-Lite0 (ImageNet) sees what "
          "it sees in the original", "", "recognition"),
    Score("accurate", "as it is", "higher", 3,
          "part of the pictures of known ImageNet class in which EfficientNet-Lite0 sees it", "",
          "recognition of the true class"),
), arrows=False)  # fmt: skip

STABILITY: Final = Group("Stability", "ΔE00 after ↓", tuple(
    Score(f"stability_{key}", label, "lower", 2,
          f"mean CIEDE2000 (Lab D50) between the answers at the same places, {what}", "", f"stability, {label}")
    for key, label, what in (
        ("mirror", "mirror", "left and right exchanged"),
        ("crop_70", "crop 70 %", "the middle 70 % of width and height alone"),
        ("crop_50", "crop 50 %", "the middle half of width and height alone"),
        ("gamma_0.7", "γ 0.7", "with L* 100 (L*/100)^0.7"),
        ("gamma_1.4", "γ 1.4", "with L* 100 (L*/100)^1.4"),
        ("grain", "grain", "with normal noise of 4 L* on every pixel"),
    )
), originals=False, arrows=False)  # fmt: skip

LEAK: Final = Group("Leak of hints", "median ± 95 %", (
    Score("leak_inside", "change inside", "higher", 1,
          "one strong dab of the opposite hue on an object: mean distance in ab by which the object changes; median "
          "over the pictures", "", "change of a hinted object", median=True),
    Score("leak_outside", "area outside / object", "lower", 2,
          "area beyond the object that changes by more than 10 ab units, in areas of the object; median over a "
          "picture's objects, then over the pictures", "", "leak of hints", median=True),
), originals=False)  # fmt: skip

GROUPS: Final = (NEARNESS, COLOR, VARIETY, HUES, CORRELATION, RECOGNITION, STABILITY, LEAK)

SCORES: Final = tuple(score for group in GROUPS for score in group.scores)
"""Every score of a picture, in the order of tables. FID and the Fréchet distance are not included: they apply to sets
of pictures."""


def heading(score: Score, arrows: bool = True) -> str:
    """A score's label with its unit and an arrow to its better end: “PSNR dB ↑”, “Chroma →1”."""
    arrow = {"higher": "↑", "lower": "↓", "one": "→1", "neither": ""}[score.better] if arrows else ""
    return " ".join(part for part in (score.label, score.unit, arrow) if part)


def measured_by(score: Score, ours: Mapping[str, float], original: Mapping[str, float]) -> tuple[float, float] | None:
    """A picture's value of a score and its reference: 1, or the original's value; None if it has none."""
    key = score.of or score.key
    if key not in ours or (score.reference and score.reference not in original):
        return None
    return ours[key], original[score.reference] if score.reference else 1.0


def means(ours: Sequence[Mapping[str, float]], originals: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means over pictures, by the keys of SCORES, as in an evaluation but without intervals.

    `ours` are `variety.scores` of each picture (and any others), `originals` `variety.true_scores` of its original. A
    score with a reference is the ratio of the means. Scores that no picture has are missing.
    """
    found = {}
    for score in SCORES:
        each = (measured_by(score, one, original) for one, original in zip(ours, originals, strict=True))
        pairs = [pair for pair in each if pair is not None]
        whole = sum(by for _, by in pairs)
        if whole:
            found[score.key] = sum(value for value, _ in pairs) / whole
    return found
