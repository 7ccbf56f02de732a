"""Each metric against values worked by hand, or by another library, on tiny pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from photochrom.evaluation import metrics

pictures = arrays(np.uint8, (12, 13, 3))


def flat(*rgb: int, height: int = 16, width: int = 16) -> metrics.Pixels:
    return np.full((height, width, 3), rgb, np.uint8)


def noise(seed: int, height: int = 24, width: int = 31) -> metrics.Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def lab_picture(*ab: tuple[float, float]) -> metrics.Floats:
    """One row of pixels of L* 50."""
    return np.array([[(50.0, a, b) for a, b in ab]])


class TestMSEAndPSNR:
    def test_by_hand(self) -> None:
        original, result = flat(100, 100, 100), flat(110, 100, 95)
        assert metrics.mse(original, result) == pytest.approx((10**2 + 0 + 5**2) / 3)
        assert metrics.psnr(original, result) == pytest.approx(31.9329, abs=1e-4)  # 10 log10(1560.6)
        assert metrics.cpsnr(original, result) == pytest.approx(31.9329, abs=1e-4)

    def test_differences_do_not_wrap_around(self) -> None:
        assert metrics.mse(flat(0, 0, 0), flat(255, 255, 255)) == 255**2
        assert metrics.psnr(flat(0, 0, 0), flat(255, 255, 255)) == 0

    def test_agrees_with_scikit_image(self) -> None:
        skimage = pytest.importorskip("skimage.metrics")
        original, result = noise(1), noise(2)
        expected = skimage.peak_signal_noise_ratio(original, result, data_range=255)
        assert metrics.psnr(original, result) == pytest.approx(expected)

    @given(pictures, pictures)
    def test_cpsnr_is_psnr_of_rgb(self, original: metrics.Pixels, result: metrics.Pixels) -> None:
        assert metrics.cpsnr(original, result) == pytest.approx(metrics.psnr(original, result))

    def test_an_exact_picture_stops_at_the_rounding_of_8_bit(self) -> None:
        assert metrics.psnr(noise(1), noise(1)) == pytest.approx(58.92, abs=0.005)  # 10 log10(65025 · 12)

    def test_pictures_of_different_size_are_refused(self) -> None:
        with pytest.raises(ValueError, match="differ in size"):
            metrics.psnr(flat(0, 0, 0, width=16), flat(0, 0, 0, width=17))


class TestSSIM:
    def test_flat_pictures_by_hand(self) -> None:
        """Without structure the luminance term is left: (2xy + C1) / (x² + y² + C1), C1 = (0.01 · 255)²."""
        pytest.importorskip("skimage")
        c1 = (0.01 * 255) ** 2
        expected = (2 * 100 * 120 + c1) / (100**2 + 120**2 + c1)
        result = metrics.ssim(flat(100, 100, 100), flat(120, 120, 120))
        assert result == pytest.approx(expected, abs=1e-6)

    def test_window_is_the_papers_11_by_11_gaussian(self) -> None:
        """SSIM of the middle window of 11 × 11 pictures, from eq. 13-16 with weights computed here."""
        pytest.importorskip("skimage")
        original, result = noise(3, 11, 11), noise(4, 11, 11)
        offsets = np.arange(-5, 6)
        line = np.exp(-(offsets**2) / (2 * 1.5**2))
        weights = np.outer(line, line) / line.sum() ** 2
        c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        expected = []
        for channel in range(3):
            x, y = original[..., channel].astype(float), result[..., channel].astype(float)
            mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
            var_x, var_y = (weights * x * x).sum() - mean_x**2, (weights * y * y).sum() - mean_y**2
            covariance = (weights * x * y).sum() - mean_x * mean_y
            expected.append(
                (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
                / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))
            )  # fmt: skip
        # An 11 × 11 picture has one whole window, and scikit-image averages whole windows only.
        assert metrics.ssim(original, result) == pytest.approx(np.mean(expected), abs=1e-9)

    def test_is_one_for_equal_pictures(self) -> None:
        pytest.importorskip("skimage")
        assert metrics.ssim(noise(1), noise(1)) == pytest.approx(1)


class TestUIQI:
    def test_one_window_by_hand(self) -> None:
        """8 × 8 pictures are one window: 4 σxy x̄ ȳ / ((σx² + σy²)(x̄² + ȳ²)) straight from the paper."""
        original, result = noise(5, 8, 8), noise(6, 8, 8)
        expected = []
        for channel in range(3):
            x, y = original[..., channel].ravel().astype(float), result[..., channel].ravel().astype(float)
            (var_x, covariance), (_, var_y) = np.cov(x, y)
            expected.append(4 * covariance * x.mean() * y.mean() / ((var_x + var_y) * (x.mean() ** 2 + y.mean() ** 2)))
        assert metrics.uiqi(original, result) == pytest.approx(np.mean(expected))

    def test_is_the_mean_over_all_sliding_windows(self) -> None:
        original, result = noise(7, 10, 11), noise(8, 10, 11)
        windows = [
            metrics.uiqi(original[y : y + 8, x : x + 8], result[y : y + 8, x : x + 8])
            for y in range(3)
            for x in range(4)
        ]
        assert metrics.uiqi(original, result) == pytest.approx(np.mean(windows))

    def test_flat_windows_compare_their_means(self) -> None:
        assert metrics.uiqi(flat(50, 50, 50), flat(100, 100, 100)) == pytest.approx(0.8)  # 2·50·100 / 12500
        assert metrics.uiqi(flat(0, 0, 0), flat(0, 0, 0)) == 1

    def test_one_flat_picture_has_no_correlation(self) -> None:
        assert metrics.uiqi(flat(90, 90, 90), noise(1, 16, 16)) == 0

    def test_the_negative_is_below_zero(self) -> None:
        assert metrics.uiqi(noise(1), 255 - noise(1)) < -0.5

    @given(pictures, pictures)
    def test_stays_within_its_range(self, original: metrics.Pixels, result: metrics.Pixels) -> None:
        assert -1 <= metrics.uiqi(original, result) <= 1 + 1e-12
        assert metrics.uiqi(original, original) == pytest.approx(1)

    def test_small_pictures_are_refused(self) -> None:
        with pytest.raises(ValueError, match="8 × 8"):
            metrics.uiqi(noise(1, 7, 20), noise(2, 7, 20))


class TestCIEDE2000:
    def test_agrees_with_colour_science(self) -> None:
        pytest.importorskip("skimage")
        colour = pytest.importorskip("colour")
        original, result = noise(9, 4, 5), noise(10, 4, 5)
        lab = [colour.XYZ_to_Lab(colour.sRGB_to_XYZ(picture / 255)) for picture in (original, result)]
        expected = float(np.mean(colour.delta_E(*lab, method="CIE 2000")))
        assert metrics.ciede2000(original, result) == pytest.approx(expected, abs=0.02)

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
            ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
            ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
            ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
            ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ],
    )
    def test_library_gives_the_published_test_pairs(
        self, first: tuple[float, ...], second: tuple[float, ...], expected: float
    ) -> None:
        """Sharma et al. 2005, table 1: pairs 1, 16, 17, 31 and 34."""
        skimage = pytest.importorskip("skimage.color")
        difference = skimage.deltaE_ciede2000(np.array(first), np.array(second))
        assert difference == pytest.approx(expected, abs=1e-4)


class TestColorfulness:
    def test_gray_has_none(self) -> None:
        assert metrics.colorfulness(np.repeat(noise(1)[..., :1], 3, axis=2)) == 0

    def test_one_flat_color_by_hand(self) -> None:
        # rg = 200 - 100, yb = 150 - 50: no spread, 0.3 √(100² + 100²)
        assert metrics.colorfulness(flat(200, 100, 50)) == pytest.approx(0.3 * np.hypot(100, 100))

    def test_opposite_colors_spread_but_do_not_cancel_to_gray(self) -> None:
        """Red and green halves: rg is ±100 with mean 0, yb is 50 throughout."""
        picture = np.concatenate([flat(100, 0, 0), flat(0, 100, 0)])
        assert metrics.colorfulness(picture) == pytest.approx(100 + 0.3 * 50)


class TestChromaAndClasses:
    def test_chroma_by_hand(self) -> None:
        assert metrics.chroma(lab_picture((3, 4), (0, 0), (-6, 8))) == pytest.approx(5)

    def test_ratio_counts_different_classes(self) -> None:
        original = lab_picture((0, 0), (15, 0), (25, 0), (25, 1), (35, 0))  # 4 classes
        result = lab_picture((0, 0), (1, 1), (15, 0), (16, 0), (55, 55))  # 3
        assert metrics.chromatic_number_ratio(original, result) == 0.75
        assert metrics.chromatic_number_ratio(result, original) == pytest.approx(4 / 3)

    def test_ratio_equals_uniqueness_counted_as_in_the_paper(self) -> None:
        """Each pixel's class (eq. 9) compared with those of all pixels before it, in raster order."""
        random = np.random.default_rng(11)
        lab = np.dstack([np.full((6, 7), 50.0), random.uniform(-30, 30, (6, 7, 2))])
        seen = [20 * ((b + 100) // 10) + (a + 100) // 10 for _, a, b in lab.reshape(-1, 3).tolist()]  # eq. 9
        unique = sum(1 for index, value in enumerate(seen) if value not in seen[:index])
        assert metrics.chromatic_number(lab) == unique


def test_lightness_error_by_hand() -> None:
    original, result = lab_picture((0, 0), (0, 0)), lab_picture((9, 9), (9, 9))
    result[0, 1, 0] = 48.0
    assert metrics.lightness_error(original, result) == (1.0, 2.0)
