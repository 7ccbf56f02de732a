"""Metrics of a colorized picture against its original: one pure function each.

Pictures are `uint8 (H, W, 3)` sRGB arrays and are compared at full size, pixel by pixel, on the values in the file.
`lab` arrays are CIE L*a*b* D50, `(H, W, 3)`, computed once per picture by `lab`. `scores.SCORES` describes each
number, and which direction is better.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from photochrom.colorizers.color_classes import bin_of
from photochrom.extras import need
from photochrom.image import lab as cielab

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]

PEAK = 255.0

ROUNDING_MSE = 1 / 12
"""Variance of rounding to 8 bits. A smaller MSE means nothing for color, so decibels are capped there, at 58.9."""

STRIP = 1 << 19
"""Pixels of a large picture that are converted at a time."""


def mse(original: Pixels, result: Pixels) -> float:
    """Mean squared error over all pixels and the three channels, in squared 8-bit steps."""
    _same_size(original, result)
    return float(_mse_of_channels(original, result).mean())


def psnr(original: Pixels, result: Pixels) -> float:
    """Peak signal-to-noise ratio of one picture in dB: 10 log10(255² / MSE), MSE over R, G and B together.

    No more than 58.9 dB (`ROUNDING_MSE`), so that one exact picture cannot make a mean infinite. A data set's
    PSNR is the mean of its pictures' decibels.
    """
    return float(10 * np.log10(PEAK**2 / max(mse(original, result), ROUNDING_MSE)))


def cpsnr(original: Pixels, result: Pixels) -> float:
    """Color PSNR of one picture in dB, the metric of the Best Colorizer Guesser.

    Gomez Moreno et al., Multipurpose Image Colorization, section 3.2: "a logarithmic function [of] the
    average Mean Squared Error of each channel for every pixel", after Pang et al., Image Colorization
    Using Sparse Representation, ICASSP 2013: 10 log10(255² / (1/3 Σ_c MSE_c)).

    The channels have equally many pixels, so the mean of their three MSEs is the MSE over all values: CPSNR
    and the `psnr` of a color picture are one number under two names, and are reported as one.
    """
    _same_size(original, result)
    mse_of_channels = _mse_of_channels(original, result)
    return float(10 * np.log10(PEAK**2 / max(float(np.mean(mse_of_channels)), ROUNDING_MSE)))


def _mse_of_channels(original: Pixels, result: Pixels) -> NDArray[np.float64]:
    difference = original.astype(np.int32)
    difference -= result
    difference *= difference
    return np.asarray(difference.mean(axis=(0, 1), dtype=np.float64))


def ssim(original: Pixels, result: Pixels) -> float:
    """Structural similarity, -1…1, mean over R, G and B; scikit-image's.

    Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity, 2004, eq. 13, with
    the paper's settings: Gaussian window 11 × 11, σ = 1.5, K1 = 0.01, K2 = 0.03, population covariance.

    Raises ExtraMissing without scikit-image; ValueError for pictures smaller than the window.
    """
    need("evaluate", "skimage")
    from skimage.metrics import structural_similarity

    _same_size(original, result)
    return float(
        structural_similarity(
            original,
            result,
            data_range=PEAK,
            channel_axis=-1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def uiqi(original: Pixels, result: Pixels, window: int = 8) -> float:
    """Universal image quality index, -1…1, mean over all windows and over R, G and B.

    Wang and Bovik, A Universal Image Quality Index, 2002, eq. 1 in each 8 × 8 window, slid by one pixel
    (eq. 3): Q = 4 σxy x̄ ȳ / ((σx² + σy²)(x̄² + ȳ²)). A window flat in both pictures has Q = 2 x̄ ȳ /
    (x̄² + ȳ²), and one that is black in both has Q = 1, as in the authors' own program.

    Raises ValueError for pictures smaller than the window.
    """
    _same_size(original, result)
    height, width = original.shape[:2]
    if min(height, width) < window:
        raise ValueError(f"UIQI needs at least {window} × {window} pixels, not {width} × {height}.")
    return float(
        np.mean([_uiqi_of_channel(original[..., band], result[..., band], window) for band in range(original.shape[2])])
    )


def _uiqi_of_channel(original: Pixels, result: Pixels, window: int) -> float:
    # Sums over windows in integers: exact, so that "flat" means flat.
    x, y = original.astype(np.int64), result.astype(np.int64)
    count = window * window
    sum_x, sum_y = _window_sums(x, window), _window_sums(y, window)
    variances = count * _window_sums(x * x + y * y, window) - sum_x**2 - sum_y**2
    covariance = count * _window_sums(x * y, window) - sum_x * sum_y
    means_product, means_squares = sum_x * sum_y, sum_x**2 + sum_y**2

    quality = np.ones(sum_x.shape)
    lit = means_squares > 0
    quality[lit] = 2 * means_product[lit] / means_squares[lit]
    structured = lit & (variances > 0)
    quality[structured] *= 2 * covariance[structured] / variances[structured]
    return float(quality.mean())


def _window_sums(values: NDArray[np.int64], window: int) -> NDArray[np.int64]:
    """Sums over all windows of window × window pixels: (H, W) to (H - window + 1, W - window + 1)."""
    table = np.zeros((values.shape[0] + 1, values.shape[1] + 1), np.int64)
    table[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    rows = table[window:] - table[:-window]
    return np.asarray(rows[:, window:] - rows[:, :-window])


def ciede2000(original: Pixels, result: Pixels) -> float:
    """Mean CIEDE2000 color difference over the pixels; scikit-image's.

    Sharma, Wu and Dalal, The CIEDE2000 Color-Difference Formula, 2005, eqs. 2-22, k = 1. The formula was
    fitted to colors under D65 and the literature reports it so: unlike all else here it takes Lab D65,
    2° observer.

    Raises ExtraMissing without scikit-image.
    """
    need("evaluate", "skimage")
    from skimage import color

    _same_size(original, result)
    sums = [
        color.deltaE_ciede2000(color.rgb2lab(original[rows]), color.rgb2lab(result[rows])).sum()
        for rows in strips(original)
    ]
    return float(np.sum(sums) / original[..., 0].size)


def colorfulness(picture: Pixels) -> float:
    """Colorfulness M̂(3) of one picture; 0 is gray, 33 "averagely colorful", 82 "highly".

    Hasler and Süsstrunk, Measuring Colourfulness in Natural Images, 2003, section 6: σ_rgyb + 0.3 µ_rgyb,
    with rg = R - G and yb = (R + G) / 2 - B, both signed. (DDColor's tables take absolute values of rg
    and yb, which comes out lower: not comparable.)
    """
    red, green, blue = np.moveaxis(picture.astype(np.int16), -1, 0)
    red_green, twice_yellow_blue = red - green, red + green - 2 * blue
    spread = np.hypot(red_green.std(), twice_yellow_blue.std() / 2)
    mean = np.hypot(red_green.mean(), twice_yellow_blue.mean() / 2)
    return float(spread + 0.3 * mean)


def chroma(lab: Floats) -> float:
    """Mean chroma C*ab = √(a*² + b*²) over the pixels (CIE 15:2004, eq. 8.13)."""
    return float(np.mean(np.hypot(lab[..., 1], lab[..., 2]), dtype=np.float64))


def chromatic_number(lab: Floats) -> int:
    """The number of the 400 color classes (CCC eq. 9) that occur in the picture: one side of the ratio of eq. 18."""
    return int(np.unique(bin_of(lab[..., 1:3])).size)


def chromatic_number_ratio(original_lab: Floats, result_lab: Floats) -> float:
    """CNR: color classes in the result per class in the original; 1 is as rich as the original.

    Gain et al., CCC: Color Classified Colorization, eq. 18, read as its text explains it, "[comparing]
    each pixel with all previous pixels in the image to check for uniqueness": the number of different
    classes. (Set literally, its inner sum counts every earlier equal pixel, in earlier rows only, and
    goes below zero.)

    All pixels of both pictures count, at full size. The paper trains on 56 × 56 classes but does not say
    at what size it evaluates pictures of other systems; a file's own pixels are what a person gets, and
    they need no resampling that would invent or remove classes. All 400 classes count, not the 215 that
    the paper trains.
    """
    return chromatic_number(result_lab) / chromatic_number(original_lab)


def lightness_error(original_lab: Floats, result_lab: Floats) -> tuple[float, float]:
    """Mean and maximum of |ΔL*| (D50) over the pixels: the change of tones, which must stay the same."""
    error = np.abs(original_lab[..., 0].astype(np.float64) - result_lab[..., 0])
    return float(error.mean()), float(error.max())


def lab(picture: Pixels) -> Floats:
    """CIE L*a*b* D50 of an 8-bit sRGB picture, float32 (H, W, 3)."""
    converted = np.empty(picture.shape, np.float32)
    for rows in strips(picture):
        converted[rows] = cielab.lab_from_srgb(picture[rows].astype(np.float32) / np.float32(255))
    return converted


def strips(picture: Pixels) -> Iterator[slice]:
    """Slices of whole rows, about STRIP pixels each, for pointwise work on large pictures."""
    rows = max(1, STRIP // picture.shape[1])
    for top in range(0, picture.shape[0], rows):
        yield slice(top, top + rows)


def _same_size(original: Pixels, result: Pixels) -> None:
    if original.shape != result.shape:
        raise ValueError(f"Pictures differ in size: {original.shape} and {result.shape}.")
