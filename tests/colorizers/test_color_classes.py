"""CCC's class grid: equations 9 to 12."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from photochrom.colorizers.color_classes import ColorClasses, annealed_mean, bin_of, center_of, classes_that_occur


def test_the_corners_and_the_middle_of_the_published_matrix():
    # CCC, figure 4: b rows of 20, a along the row; gray just above zero is class 210.
    assert bin_of(np.array([-100.0, -100.0])) == 0
    assert bin_of(np.array([99.0, -100.0])) == 19
    assert bin_of(np.array([-100.0, 99.0])) == 380
    assert bin_of(np.array([0.0, 0.0])) == 210
    assert bin_of(np.array([-1.0, -1.0])) == 189


@given(st.floats(-100, 99.9), st.floats(-100, 99.9))
def test_a_class_center_is_at_most_half_a_bin_away(a, b):
    color = np.array([a, b])
    center = center_of(bin_of(color[None]))[0]
    assert np.abs(center - color).max() <= 5 + 1e-4


@given(st.integers(0, 399))
def test_every_center_lies_in_its_own_bin(number):
    assert bin_of(center_of(np.array([number])))[0] == number


def test_colors_outside_the_plane_belong_to_its_border():
    assert bin_of(np.array([127.0, -128.0])) == 19


def test_rare_bins_go_to_the_nearest_that_stays():
    counts = np.zeros(400, int)
    counts[[210, 211]] = 500_000
    counts[212] = 1
    classes = classes_that_occur(counts)
    assert classes.bins == (210, 211)
    nearest = classes.nearest()
    assert nearest[212] == 1
    assert nearest[209] == 0
    np.testing.assert_array_equal(ColorClasses(classes.bins).centers, [[5, 5], [15, 5]])


def test_a_sector_s_offset_goes_to_its_classes_alone_and_none_to_gray():
    bins = tuple(int(each) for each in bin_of(np.array([[45.0, 5], [-35, 25], [5, -45], [5, 5], [-15, 5]])))
    classes = ColorClasses(tuple(sorted(bins)))
    balance = np.arange(1, 9) / 10  # red, orange-yellow, yellow-green, green, blue-green, blue, blue-violet, magenta
    found = dict(zip(classes.bins, classes.offsets(balance), strict=True))
    expected = [0.1, 0.4, 0.7, 0.0, 0.4]
    np.testing.assert_allclose([found[each] for each in bins], expected, rtol=1e-6)


def test_a_center_between_two_sectors_belongs_to_the_upper_one():
    bins = bin_of(np.array([[-15.0, -15], [15, -15], [15, 15], [-15, 15]]))
    np.testing.assert_array_equal(ColorClasses(tuple(int(each) for each in bins)).sectors, [5, 7, 1, 3])


def test_annealed_mean_runs_from_the_mean_to_the_mode():
    probabilities = np.array([[[0.5, 0.3, 0.2]]], np.float32)
    centers = np.array([[0, 0], [10, 0], [0, 10]], np.float32)
    np.testing.assert_allclose(annealed_mean(probabilities, centers, 1.0)[0, 0], [3, 2], atol=1e-5)
    np.testing.assert_allclose(annealed_mean(probabilities, centers, 0.05)[0, 0], [0, 0], atol=1e-2)
    # Zhang et al. 2016, eq. 5, by hand for T = 0.5: squares 0.25, 0.09, 0.04 over their sum 0.38.
    np.testing.assert_allclose(annealed_mean(probabilities, centers, 0.5)[0, 0], [0.9 / 0.38, 0.4 / 0.38], atol=1e-5)
