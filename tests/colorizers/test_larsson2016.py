"""Larsson 2016 with random weights in the published layout, on a small canvas, beside the same network with its
hypercolumn written out."""

import math

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, larsson2016
from photochrom.models import catalog
from skimage.color import hsv2rgb
from torch.nn import functional as F

CANVAS = 64
BLOCKS = {1: (1, 64, 64), 2: (64, 128, 128), 3: (128, *[256] * 3), 4: (256, *[512] * 3), 5: (512, *[512] * 3)}
SHAPES = {
    **{
        f"conv{block}_{place}": (widths[place], widths[place - 1], 3, 3)
        for block, widths in BLOCKS.items()
        for place in range(1, len(widths))
    },
    "fc6": (4096, 512, 7, 7),
    "fc7": (4096, 4096, 1, 1),
    "h_fc1": (1024, 12417, 1, 1),
    "prediction_h": (32, 1024, 1, 1),
    "prediction_c": (32, 1024, 1, 1),
}


def bilinear(times):
    """Caffe's filler for the kernel of a deconvolution."""
    size = 2 * times
    half = math.ceil(size / 2)
    center = (2 * half - 1 - half % 2) / (2 * half)
    line = torch.tensor([1 - abs(place / half - center) for place in range(size)])
    return line[:, None] * line


@pytest.fixture(scope="module")
def published(random_tensors):
    shapes = {}
    for layer, shape in SHAPES.items():
        shapes |= {f"{layer}.weight": shape, f"{layer}.bias": shape[:1]}
    made = random_tensors(shapes)
    made["prediction_h.weight"] *= 3  # Else all hues are about as likely.
    found = {name.replace(".weight", ".0").replace(".bias", ".1"): tensor for name, tensor in sorted(made.items())}
    return found | {"fc6_full_reshaped.0": bilinear(8)[None, None]}


@pytest.fixture(scope="module")
def colorizer(published, install, tmp_path_factory):
    folder = tmp_path_factory.mktemp("larsson2016")
    card = install(folder, "larsson2016", larsson2016, {"weights": published}, canvas=CANVAS, proxy_side=CANVAS // 2)
    yield larsson2016.open_model(card)
    (folder / "weights.safetensors").unlink()  # Large.


def test_the_card_counts_our_parameters():
    network = larsson2016.networks({})["weights"]
    with torch.device("meta"):
        counted = sum(parameter.numel() for parameter in network.build().parameters())
    assert counted == catalog.find("larsson2016").parameters == 147_041_024


def test_the_published_layout_is_adapted_without_the_interpolation_kernels(published):
    adapted = larsson2016.adapt(published)
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == larsson2016.networks({})[
        "weights"
    ].layout()
    assert adapted["fc6.weight"] is published["fc6.0"]
    assert adapted["h_fc1.bias"] is published["h_fc1.1"]


def test_what_is_not_whole_is_no_checkpoint(published):
    with pytest.raises(KeyError):
        larsson2016.adapt({name: tensor for name, tensor in published.items() if name != "conv4_2.1"})


def deconvolved(planes, times):
    """One kernel for all channels, as published."""
    each = planes.flatten(0, 1)[:, None]
    large = F.conv_transpose2d(each, bilinear(times)[None, None], stride=times, padding=times // 2)
    return large.reshape(*planes.shape[:2], *large.shape[-2:])


@pytest.mark.parametrize("times", [2, 4, 8])
def test_planes_are_enlarged_as_caffe_does(times):
    torch.manual_seed(3)
    planes = torch.rand(2, 3, 4, 5)
    torch.testing.assert_close(larsson2016.enlarge(planes, times), deconvolved(planes, times), rtol=0, atol=1e-6)


def reference(published, gray):
    """The published description of the network, layer by layer."""

    def layer(name, planes, padding=0):
        return F.conv2d(planes, published[f"{name}.0"], published[f"{name}.1"], padding=padding)

    column = [F.avg_pool2d(gray, 4)]
    planes = gray
    for block, widths in BLOCKS.items():
        for place in range(1, len(widths)):
            planes = layer(f"conv{block}_{place}", planes, 1).clamp(min=0)
            if block < 3:
                column.append(F.avg_pool2d(planes, 4 // block))
            else:
                column.append(planes if block == 3 else deconvolved(planes, 2 ** (block - 3)))
        planes = F.max_pool2d(planes, 2)
    for name, padding in (("fc6", 3), ("fc7", 0)):
        planes = layer(name, planes, padding).clamp(min=0)
        column.append(deconvolved(planes, 8))
    hypercolumn = torch.cat(column, 1)
    assert hypercolumn.shape[1] == 12417
    common = layer("h_fc1", hypercolumn).clamp(min=0)
    return tuple(deconvolved(layer(f"prediction_{kind}", common).softmax(1), 4) for kind in "hc")


def test_the_hypercolumn_need_not_be_built_for_any_picture_of_a_batch(colorizer, published):
    torch.manual_seed(4)
    gray = torch.rand(2, 1, CANVAS, CANVAS)
    gray[:, :, :20] = 0
    with torch.inference_mode():
        wanted, found = reference(published, gray[:1]), colorizer._network(gray)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.shape == (2, 32, CANVAS, CANVAS)
        assert theirs.std() > 0.001
        torch.testing.assert_close(ours[:1], theirs, rtol=0, atol=1e-5)
        assert not torch.allclose(ours[1:], theirs, rtol=0, atol=1e-3)


def heard(colorizer, lightness):
    """The network's input for this lightness, and the prediction."""
    seen = []
    hook = colorizer._network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].clone()))
    try:
        ab = colorizer.predict(lightness).ab
    finally:
        hook.remove()
    return seen[0][0, 0].numpy(), ab


def test_the_network_sees_gray_in_the_middle_of_a_black_canvas(colorizer, rng):
    lightness = rng.uniform(10, 100, (31, 45)).astype(np.float32)
    canvas, _ = heard(colorizer, lightness)
    assert canvas.shape == (CANVAS, CANVAS)
    np.testing.assert_array_equal(canvas[16:47, 9:54], conversions.gray_from_lightness(lightness))
    canvas[16:47, 9:54] = 0
    assert not canvas.any()


SIZES = {
    (32, 48): (32, 48),
    (64, 64): (32, 32),
    (32, 104): (16, 52),
    (300, 32): (52, 6),
    (31, 45): (31, 45),
    (1, 1): (1, 1),
    (1, 50): (1, 50),
    (61, 1): (52, 1),
}


@pytest.mark.parametrize(("size", "seen"), SIZES.items())
def test_the_short_side_is_half_the_canvas_at_most_and_the_long_one_leaves_a_margin(colorizer, size, seen):
    canvas, ab = heard(colorizer, np.full(size, 100, np.float32))
    assert ((canvas > 0.5).any(1).sum(), (canvas > 0.5).any(0).sum()) == seen
    assert ab.shape == (*seen, 2)
    assert np.isfinite(ab).all()


def decoded(gray, hue, chroma):
    """One pixel, after the authors' description."""
    centers = [(place + 0.5) / 32 for place in range(32)]
    resultant = sum(share * np.exp(2j * np.pi * center) for share, center in zip(hue, centers, strict=True))
    turn = np.angle(resultant) / (2 * np.pi) % 1
    median = next(center for center, share in zip(centers, np.cumsum(chroma), strict=True) if share >= 0.5)
    chroma = median * min(abs(resultant) / 32 / 0.03, 1)
    rgb = hsv2rgb(np.clip([turn, 2 * chroma / (2 * gray + chroma), gray + chroma / 2], 0, 1))
    return np.clip(rgb + gray - rgb.mean(), 0, 1)


def test_histograms_are_decoded_as_published(rng):
    gray = rng.uniform(0.01, 1, (6, 8)).astype(np.float32)
    sharpness = rng.uniform(0, 4, (6, 8, 1))  # From all hues alike to one alone.
    hue, chroma = (np.exp(sharpness * rng.normal(size=(6, 8, 32))) for _ in range(2))
    hue, chroma = ((one / one.sum(-1, keepdims=True)).astype(np.float32) for one in (hue, chroma))
    found = larsson2016.decode(gray, hue, chroma)
    for at in np.ndindex(6, 8):
        np.testing.assert_allclose(found[at], decoded(gray[at], hue[at], chroma[at]), atol=1e-4)


def test_chroma_fades_where_hue_is_undecided():
    gray = np.full((1, 3), 0.5, np.float32)
    hue = np.full((1, 3, 32), 1 / 32, np.float32)
    hue[0, 1] = hue[0, 2] = np.eye(32)[0]
    chroma = np.broadcast_to(np.eye(32, dtype=np.float32)[[16, 16, 0]], (1, 3, 32))
    colors = larsson2016.decode(gray, hue, chroma)
    spans = colors[0].max(-1) - colors[0].min(-1)
    np.testing.assert_allclose(spans, [0, 16.5 / 32, 0.5 / 32], atol=1e-6)
    np.testing.assert_allclose(colors.mean(-1), gray, atol=1e-6)


def test_black_stays_black():
    black = larsson2016.decode(np.zeros((1, 1), np.float32), *np.full((2, 1, 1, 32), 1 / 32, np.float32))
    np.testing.assert_allclose(black, 0, atol=1e-6)


def test_ab_is_that_of_the_decoded_colors(colorizer, rng):
    lightness = rng.uniform(10, 90, (20, 33)).astype(np.float32)
    gray = conversions.gray_from_lightness(lightness)
    canvas = np.zeros((CANVAS, CANVAS), np.float32)
    canvas[22:42, 15:48] = gray
    with torch.inference_mode():
        histograms = colorizer._network(torch.from_numpy(canvas)[None, None])
    hue, chroma = (one[0, :, 22:42, 15:48].movedim(0, -1).numpy() for one in histograms)
    wanted = conversions.ab_from_srgb(larsson2016.decode(gray, hue, chroma))
    found = colorizer.predict(lightness).ab
    assert wanted.std() > 0.5
    np.testing.assert_allclose(found, wanted, atol=1e-3)
