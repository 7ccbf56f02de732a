"""The way through, on a real photograph: examples/dust-bowl-home.jpg, taken in the 1930s."""

from pathlib import Path

import numpy as np
import pytest
import pyvips
from photochrom import pipeline, segmenters
from photochrom.adjustments import Adjustments
from photochrom.errors import BadRequest, Cancelled, ModelMissing
from photochrom.image.picture import open_picture
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.pipeline.files import colorize_file
from photochrom.sampling.proxy import Proxy
from routers import CHOICES, make_router

PHOTOGRAPH = Path(__file__).parents[1] / "examples" / "dust-bowl-home.jpg"


def lightness_of(path):
    return open_picture(path).lightness().numpy()


def nearest(labels, shape):
    rows, columns = (np.arange(new) * old // new for new, old in zip(shape, labels.shape, strict=True))
    return labels[rows][:, columns]


def at_guide_size(colors):
    return colors.full_ab(pyvips.Image.new_from_array(colors.guide)).numpy()


def test_a_photograph_gets_colors_and_keeps_its_tones(tmp_path):
    output = tmp_path / "Ann Müller (1).png"
    result = colorize_file(PHOTOGRAPH, output, Options("lite"))
    assert (result.output, result.colorizer) == (output, "lite")
    assert np.abs(lightness_of(output) - lightness_of(PHOTOGRAPH)).max() <= 0.3
    rgb = pyvips.Image.new_from_file(str(output)).numpy().astype(int)
    assert np.ptp(rgb, axis=-1).mean() > 4


def test_automatic_colors_are_those_of_the_gated_network():
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    colors = pipeline.predict(Proxy(lightness), Options())
    route = pipeline.route(Proxy(lightness))
    assert colors.scores == route.scores == colors.prediction.shares
    assert colors.colorizer == route.best
    assert set(colors.scores) == {"lite", "nature", "objects", "people", "scenes"}


def test_an_installed_router_takes_over(tmp_path, monkeypatch, forget):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    make_router(tmp_path / "router")
    forget()
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    colors = pipeline.predict(Proxy(lightness), Options())
    route = pipeline.route(Proxy(lightness))
    assert colors.scores == route.scores
    assert set(colors.scores) == set(CHOICES)
    expected = sum(
        share * pipeline.predict(Proxy(lightness), Options(name)).prediction.ab
        for name, share in route.taking_part.items()
    )
    np.testing.assert_allclose(colors.prediction.ab, expected, atol=1e-3)
    forget()


def test_calm_is_another_answer_of_the_same_pass():
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    vivid, calm = (pipeline.predict(Proxy(lightness), Options(style=style)) for style in ("vivid", "calm"))
    assert calm.ab.std() < vivid.ab.std()
    np.testing.assert_array_equal(calm.prediction.ab, vivid.prediction.calm)


def test_names_joined_by_plus_blend_in_equal_parts():
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    both, one, other = (pipeline.predict(Proxy(lightness), Options(name)) for name in ("lite+people", "lite", "people"))
    assert (both.colorizer, both.scores) == ("lite+people", {})
    np.testing.assert_allclose(both.prediction.ab, (one.prediction.ab + other.prediction.ab) / 2, atol=1e-4)


def test_missing_member_of_a_blend_is_reported_before_any_work():
    heard = []
    lightness = pyvips.Image.black(40, 30)
    with pytest.raises(ModelMissing, match="nobody"):
        pipeline.predict(Proxy(lightness), Options("lite+nobody"), lambda done, _: heard.append(done))
    assert heard == [0.0]


def test_no_chroma_is_gray(tmp_path):
    output = tmp_path / "gray.png"
    colorize_file(PHOTOGRAPH, output, Options(adjustments=Adjustments(chroma=0)))
    rgb = pyvips.Image.new_from_file(str(output)).numpy().astype(int)
    assert np.ptp(rgb, axis=-1).max() == 0


def test_chroma_scales_the_colors():
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    one = pipeline.predict(Proxy(lightness), Options())
    half = pipeline.predict(Proxy(lightness), Options(adjustments=Adjustments(chroma=0.5)))
    np.testing.assert_allclose(at_guide_size(half), at_guide_size(one) / 2, atol=1e-4)


def test_preview_and_full_size_show_the_same_colors():
    lightness = open_picture(PHOTOGRAPH).lightness().copy_memory()
    colors = pipeline.predict(Proxy(lightness), Options())
    full = colors.full_ab(lightness)
    small = full.resize(colors.guide.shape[1] / full.width, vscale=colors.guide.shape[0] / full.height).numpy()
    assert np.abs(small - at_guide_size(colors)).mean() < 1


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (50, 40)])
def test_odd_sizes_are_colored(size):
    lightness = pyvips.Image.black(*size).cast("float") + 60
    colors = pipeline.predict(Proxy(lightness), Options())
    assert colors.full_ab(lightness).numpy().shape == (size[1], size[0], 2)


def test_progress_can_stop_the_work_and_nothing_is_left(tmp_path):
    seen = []

    def stop_in_the_middle(done, doing):
        seen.append(done)
        if done > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        colorize_file(PHOTOGRAPH, tmp_path / "out.png", Options(), progress=stop_in_the_middle)
    assert seen == sorted(seen)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_an_impossible_strength_is_refused(strength):
    with pytest.raises(BadRequest, match="harmonizing must be 0–1"):
        Options(harmonize=strength)


def test_harmonizing_draws_each_object_to_its_color():
    proxy = Proxy(open_picture(PHOTOGRAPH).lightness().copy_memory())
    plain, drawn = (pipeline.predict(proxy, Options("lite", harmonize=strength)) for strength in (0, 1))
    segmenter = segmenters.load(segmenters.EMBEDDED)
    segments = segmenter.segment(proxy.at(segmenter.proxy_side))

    def noise(colors):
        ab = at_guide_size(colors)
        labels = nearest(segments.innermost, ab.shape[:2]).ravel()
        pixels = np.maximum(np.bincount(labels), 1)
        deviations = [band - (np.bincount(labels, band) / pixels)[labels] for band in ab.reshape(-1, 2).T]
        return np.square(deviations).sum(0).mean()

    assert noise(drawn) < 0.9 * noise(plain)


def test_an_unknown_segmenter_is_reported_before_any_work():
    with pytest.raises(ModelMissing, match="no segmenter"):
        pipeline.predict(Proxy(pyvips.Image.black(40, 30)), Options(harmonize=1, segmenter="nobody"))


def test_another_wish_for_the_same_photograph_asks_no_network_again(monkeypatch):
    proxy = Proxy(open_picture(PHOTOGRAPH).lightness().copy_memory())
    first = pipeline.predict(proxy, Options("lite"))
    monkeypatch.setattr("photochrom.colorizers.lite.Lite.predict", None)
    second = pipeline.predict(proxy, Options("lite", Adjustments(warmth=1)))
    assert second.prediction is first.prediction
    assert (at_guide_size(second)[..., 1] > at_guide_size(first)[..., 1]).all()


@pytest.mark.parametrize("name", ["auto", "lite"])
def test_a_negative_set_right_gets_the_colors_of_its_positive(name):
    positive = open_picture(PHOTOGRAPH).lightness().copy_memory()
    expected = pipeline.predict(Proxy(positive), Options(name))
    proxy = Proxy(positive * -1 + 100)
    unnoticed = pipeline.predict(proxy, Options(name))
    colors = pipeline.predict(proxy, Options(name, original="negative"))
    assert (expected.noticed, unnoticed.noticed) == ("print", "negative")
    assert np.abs(colors.ab - expected.ab).max() < 0.1
    assert np.abs(unnoticed.ab - expected.ab).max() > 2
    assert np.abs(colors.guide + expected.guide - 100).max() < 1e-3, "the photograph keeps its own tones"
    assert np.abs(at_guide_size(colors) - at_guide_size(expected)).mean() < 0.5


def test_a_faded_print_set_right_gets_the_colors_of_full_contrast():
    full = open_picture(PHOTOGRAPH).lightness().copy_memory()
    full = (full - full.min()) * (100 / (full.max() - full.min()))
    faded = Proxy(full * 0.3 + 40)
    as_it_is = pipeline.predict(faded, Options("lite"))
    assert as_it_is.noticed == "faded"
    stretched = pipeline.predict(faded, Options("lite", original="faded")).ab
    expected = pipeline.predict(Proxy(full), Options("lite", original="faded")).ab
    assert np.abs(stretched - expected).max() < 0.1
    assert np.abs(as_it_is.ab - expected).max() > 1


def test_toned_paper_changes_no_color(tmp_path):
    """A colorizer sees the lightness alone."""
    lab = open_picture(PHOTOGRAPH).lightness().copy_memory()
    toned = lab.bandjoin([lab * 0 + 6, lab * 0 + 22]).copy(interpretation="lab").colourspace("srgb")
    toned.write_to_file(str(tmp_path / "sepia.png"))
    lab.bandjoin([lab * 0, lab * 0]).copy(interpretation="lab").colourspace("srgb").write_to_file(
        str(tmp_path / "gray.png")
    )
    found = [
        pipeline.predict(Proxy(open_picture(tmp_path / name).lightness().copy_memory()), Options("lite")).ab
        for name in ("sepia.png", "gray.png")
    ]
    assert np.abs(found[0] - found[1]).mean() < 0.3


@pytest.mark.parametrize(
    ("colorizer", "loaded"), [("people", {"people"}), ("auto", {"auto"}), ("lite+nature", {"lite", "nature"})]
)
def test_what_is_needed_is_loaded_ahead(forget, colorizer, loaded):
    forget()
    with pipeline.loading_ahead(colorizer):
        pass
    assert set(LOADED.names("colorizer")) == loaded


def test_what_cannot_be_loaded_ahead_is_told_by_the_work_itself():
    with pipeline.loading_ahead("nothing"):
        pass
    with pytest.raises(ModelMissing):
        pipeline.predict(Proxy(pyvips.Image.black(8, 8)), Options("nothing"))
