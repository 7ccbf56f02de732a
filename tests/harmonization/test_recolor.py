"""One object in another color: where it is, which colors suit it, and its color over the photograph."""

import numpy as np
import pytest
import pyvips
from photochrom import colorizers, segmenters
from photochrom.colorizers.color_classes import ColorClasses
from photochrom.errors import BadRequest
from photochrom.harmonization import recolor
from photochrom.image import colorimetry
from photochrom.image.lab import lab_from_srgb
from photochrom.values import Distribution

from photochrom_client.prompt import Click, Prompt


def picture(height=96, width=128):
    """Lightness with a bright disc, and where the disc is."""
    y, x = np.mgrid[:height, :width]
    disc = (x - 0.35 * width) ** 2 + (y - 0.5 * height) ** 2 < (0.3 * height) ** 2
    return np.where(disc, 75, 30).astype(np.float32), disc


def neutral(lightness):
    return np.zeros((*lightness.shape, 2), np.float32)


def overlap(one, other):
    return (one & other).sum() / (one | other).sum()


def image(plane):
    return pyvips.Image.new_from_array(np.ascontiguousarray(plane, np.float32))


@pytest.fixture
def segments():
    """The segments of the picture, by the embedded segmenter."""
    return segmenters.load(segmenters.EMBEDDED).segment(picture()[0])


def test_the_embedded_segmenter_finds_the_object_at_a_point():
    lightness, disc = picture()
    embedded = segmenters.load(segmenters.EMBEDDED)
    # Between the two is a rim of superpixels that belong to neither.
    assert overlap(recolor.object_at(embedded, lightness, Prompt().clicked(0.35, 0.5)), disc) > 0.7
    assert overlap(recolor.object_at(embedded, lightness, Prompt().clicked(0.9, 0.1)), ~disc) > 0.9


def test_a_place_without_an_object_is_reported():
    class Blind:
        proxy_side = 96

        def mask(self, lightness, prompt):
            return np.zeros(lightness.shape, bool)

    with pytest.raises(BadRequest, match="no object"):
        recolor.object_at(Blind(), picture()[0], Prompt().clicked(0.75, 0.75))


def test_a_rough_selection_means_the_object_in_it(segments):
    lightness, disc = picture()
    rough = np.zeros(disc.shape)
    rows, columns = np.nonzero(disc)
    rough[rows.min() - 3 : rows.max() + 4, columns.min() - 3 : columns.max() + 4] = 1
    inside = recolor.object_in(segments, lightness, rough)
    assert overlap(inside, disc) > 0.8 > overlap(rough.astype(bool), disc)


def test_a_selection_that_is_no_object_stays_as_it_is(segments):
    lightness, _ = picture()
    part = np.zeros(lightness.shape)
    part[5:20, 90:110] = 1
    assert np.array_equal(recolor.object_in(segments, lightness, part), part.astype(bool))
    with pytest.raises(BadRequest, match="Nothing is selected"):
        recolor.object_in(segments, lightness, 0 * part)


@pytest.mark.parametrize("point", [(-0.1, 0.5), (0.5, 1.1), (float("nan"), 0.5)])
def test_points_outside_are_refused(point):
    embedded = segmenters.load(segmenters.EMBEDDED)
    with pytest.raises(BadRequest, match="outside"):
        recolor.object_at(embedded, picture()[0], Prompt((Click(*point),)))


def spread_over(classes):
    """A distribution over the whole 20 × 20 plane: {bin center: probability}."""
    centers = ColorClasses(tuple(range(400))).centers
    probabilities = np.full((6, 8, 400), 1e-6, np.float32)
    for color, probability in classes.items():
        probabilities[..., np.abs(centers - color).sum(1).argmin()] = probability
    return Distribution(probabilities / probabilities.sum(-1, keepdims=True), centers)


def test_suggestions_are_distinct_and_the_most_probable_come_first():
    found = recolor.suggestions(
        spread_over({(5, 5): 0.4, (5, 15): 0.2, (45, 35): 0.3, (-35, 25): 0.1}),
        np.full((12, 16), 60),
        np.ones((12, 16)),
    )
    assert recolor.LEAST <= len(found) <= recolor.MOST
    probabilities = [each.probability for each in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[:3] == pytest.approx([0.6, 0.3, 0.1], abs=0.01)
    assert (found[0].a, found[0].b) == pytest.approx((5, 8.33), abs=0.1)
    assert (found[1].a, found[1].b) == pytest.approx((45, 35), abs=0.1)
    for number, one in enumerate(found):
        for other in found[:number]:
            assert np.hypot(one.a - other.a, one.b - other.b) >= recolor.DISTINCT


def test_suggestions_are_those_inside_the_mask():
    left, right = spread_over({(45, 35): 1.0}), spread_over({(-35, 25): 1.0})
    probabilities = left.probabilities.copy()
    probabilities[:, 4:] = right.probabilities[:, 4:]
    mask = np.zeros((60, 80), bool)
    mask[20:40, 50:70] = True
    found = recolor.suggestions(Distribution(probabilities, left.centers), np.full((60, 80), 60.0), mask)
    assert (found[0].a, found[0].b) == pytest.approx((-35, 25), abs=0.5)


def test_the_embedded_colorizer_has_suggestions_for_an_object():
    lightness, _ = picture()
    colorizer = colorizers.load(colorizers.available()[0].name)
    prediction = colorizer.predict(lightness)
    mask = recolor.object_at(segmenters.load(segmenters.EMBEDDED), lightness, Prompt().clicked(0.35, 0.5))
    found = recolor.suggestions(prediction.distribution, lightness, mask)
    assert recolor.LEAST <= len(found) <= recolor.MOST
    for each in found:
        assert lab_from_srgb(np.array(each.rgb))[0] == pytest.approx(75, abs=0.2)


def test_an_empty_selection_is_refused():
    with pytest.raises(BadRequest, match="Nothing is selected"):
        recolor.suggestions(spread_over({}), np.full((4, 4), 50.0), np.zeros((4, 4)))


def test_a_swatch_is_its_color_where_that_fits_and_never_lighter():
    assert lab_from_srgb(np.array(recolor.swatch(60, 20, 30))) == pytest.approx([60, 20, 30], abs=0.01)
    vivid = lab_from_srgb(np.array(recolor.swatch(60, 100, -100)))
    assert vivid[0] == pytest.approx(60, abs=0.01)
    assert np.hypot(*vivid[1:]) < 141


def test_the_color_is_the_wanted_one_at_the_objects_mean_and_less_in_its_shadows():
    lightness = image([[10, 40, 50, 100]])
    a, b = np.moveaxis(recolor.colored(lightness, 40, 30, -20).numpy(), -1, 0)
    assert (a[0, 1], b[0, 1]) == pytest.approx((30, -20))
    assert 0 < a[0, 0] < 30 < a[0, 2]
    assert a[0, 3] == pytest.approx(30 * recolor.BRIGHTEST)
    assert np.allclose(b / a, -20 / 30)


def test_light_and_shadow_on_one_surface_keep_its_chromaticity():
    ab = recolor.colored(image([[35, 50]]), 45, 25, 20)
    xyz = colorimetry.xyz_from_lab(image([[35, 50]]), ab).numpy()[0]
    assert xyz[0] / xyz[0, 1] == pytest.approx(xyz[1] / xyz[1, 1], rel=1e-3)


def test_the_mask_follows_the_photographs_edges():
    lightness, disc = picture(480, 640)
    proxy = np.asarray(image(lightness).resize(0.1, kernel="linear").numpy(), np.float32)
    mask = image(disc).resize(0.1, kernel="linear").numpy() > 0.5
    found = recolor.full_mask(image(lightness), proxy, mask).numpy()
    assert found.shape == (480, 640)
    assert found.min() >= 0 and found.max() <= 1
    plain = image(mask).resize(10, kernel="linear").numpy()
    assert np.abs(found - disc).mean() < 0.6 * np.abs(plain - disc).mean()
    assert found[240, 224] == pytest.approx(1, abs=0.01)
    assert found[20, 620] == pytest.approx(0, abs=0.01)


def test_nothing_is_computed_before_it_is_asked_for_and_strips_are_enough():
    """Of a photograph as large as this, nothing could be held whole."""
    huge = pyvips.Image.black(60_000, 60_000).cast("float") + 50
    proxy = np.full((40, 40), 50, np.float32)
    mask = np.zeros((40, 40), bool)
    mask[:20] = True
    shown = recolor.full_mask(huge, proxy, mask)
    ab = recolor.colored(huge, 50, 10, 20)
    assert (shown.width, shown.height, shown.bands) == (60_000, 60_000, 1)
    assert ab.crop(30_000, 30_000, 1, 1).numpy().ravel().tolist() == pytest.approx([10, 20])
    assert shown.crop(30_000, 10, 1, 1).numpy().item() == pytest.approx(1)
    assert shown.crop(30_000, 59_990, 1, 1).numpy().item() == pytest.approx(0)
