"""Zhang 2016 with random weights in the published layout."""

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, zhang2016
from photochrom.colorizers.zhang2016_network import Zhang2016
from photochrom.errors import ModelDamaged
from photochrom.models import catalog
from PIL import Image

from .published_layouts import ECCV16, learnt

SIDE = 64


@pytest.fixture(scope="module")
def checkpoint(random_tensors):
    tensors = random_tensors(ECCV16)
    # Colors of the size that real ones have.
    tensors["model_out.weight"] = torch.rand(2, 313, 1, 1) * 2 - 1
    return tensors


@pytest.fixture(scope="module")
def card(tmp_path_factory, install, checkpoint):
    return install(tmp_path_factory.mktemp("zhang2016"), "zhang2016", zhang2016, {"weights": checkpoint}, side=SIDE)


@pytest.fixture(scope="module")
def colorizer(card):
    return zhang2016.open_model(card)


@pytest.fixture
def scene(rng):
    return np.kron(rng.uniform(5, 95, (6, 8)), np.ones((16, 16))).astype(np.float32)


def test_the_layout_is_the_published_one():
    assert zhang2016.networks({})["weights"].layout() == ECCV16
    assert learnt(ECCV16) == 32_236_011 == catalog.find("zhang2016").parameters


def test_checkpoints_of_an_older_torch_fit_too(checkpoint):
    old = {name: tensor for name, tensor in checkpoint.items() if not name.endswith("num_batches_tracked")}
    adapted = zhang2016.networks({})["weights"].adapt(old)
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == ECCV16


def test_another_networks_weights_are_refused(tmp_path, install, checkpoint):
    fewer = {name: tensor for name, tensor in checkpoint.items() if name != "model8.6.bias"}
    card = install(tmp_path, "zhang2016", zhang2016, {"weights": fewer})
    with pytest.raises(ModelDamaged, match="does not fit"):
        zhang2016.open_model(card)


def plain_forward(weights, lightness):
    """The release's graph up to the color of each cell, layer by layer: (1, 1, h, w) -> (1, 2, h/4, w/4) / 110."""
    functional = torch.nn.functional

    def conv(name, x, **how):
        return functional.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], **how)

    def norm(name, x):
        mean, var, scale, shift = (
            weights[f"{name}.{part}"][:, None, None] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (x - mean) / torch.sqrt(var + 1e-5) * scale + shift

    x = (lightness - 50) / 100
    for number, count in ((1, 2), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3), (7, 3)):
        spread = 2 if number in {5, 6} else 1
        for index in range(count):
            stride = 2 if number <= 3 and index == count - 1 else 1
            x = conv(f"model{number}.{2 * index}", x, stride=stride, padding=spread, dilation=spread).relu()
        x = norm(f"model{number}.{2 * count}", x)
    x = functional.conv_transpose2d(x, weights["model8.0.weight"], weights["model8.0.bias"], stride=2, padding=1).relu()
    x = conv("model8.2", x, padding=1).relu()
    x = conv("model8.4", x, padding=1).relu()
    return functional.conv2d(conv("model8.6", x).softmax(1), weights["model_out.weight"])


def test_a_square_is_colored_as_by_the_release(colorizer, checkpoint, rng):
    lightness = rng.uniform(0, 100, (SIDE, SIDE)).astype(np.float32)
    expected = 110 * plain_forward(checkpoint, torch.from_numpy(lightness)[None, None])[0].movedim(0, -1).numpy()
    tones = torch.nn.functional.avg_pool2d(torch.from_numpy(lightness)[None], 4)[0].numpy()
    found = colorizer.predict(lightness).ab
    assert np.ptp(found, axis=(0, 1)).min() > 1
    # Their colors under our white, at tones that are reduced slightly otherwise.
    assert np.abs(found - conversions.ab_from_d65(tones, expected)).mean() < 0.2
    assert np.abs(found - expected).mean() > 0.2


def test_lightness_goes_in_from_minus_to_plus_one_half(colorizer):
    seen = []
    network = colorizer._network
    with network.model1.register_forward_pre_hook(lambda _module, given: seen.append(given[0])):
        colorizer.predict(np.full((SIDE, SIDE), 75, np.float32))
    assert seen[0].shape == (1, 1, SIDE, SIDE)
    assert torch.allclose(seen[0], torch.tensor(0.25), atol=1e-4)


def test_the_picture_is_squashed_as_pillow_does_it_to_srgb(rng):
    lightness = rng.uniform(0, 100, (90, 40)).astype(np.float32)
    gray = Image.fromarray(conversions.gray_from_lightness(lightness))
    theirs = np.clip(np.asarray(gray.resize((SIDE, SIDE), Image.Resampling.BICUBIC)), 0, 1)
    found = zhang2016.squared(lightness, SIDE, "bicubic")[0, 0].numpy()
    assert np.abs(found - conversions.lightness_from_gray(theirs)).max() < 0.01


def test_probabilities_are_those_of_the_network_and_centers_those_of_its_last_layer(colorizer, checkpoint, scene):
    prediction = colorizer.predict(scene)
    distribution = prediction.distribution
    assert distribution.probabilities.shape == (SIDE // 4, SIDE // 4, 313)
    np.testing.assert_allclose(distribution.probabilities.sum(-1), 1, atol=1e-4)
    centers = 110 * checkpoint["model_out.weight"][:, :, 0, 0].T.numpy()
    np.testing.assert_array_equal(distribution.centers, conversions.ab_from_d65(np.full(313, 50.0), centers))


def test_a_low_temperature_gives_the_most_probable_color(tmp_path, install, checkpoint, scene):
    card = install(tmp_path, "zhang2016", zhang2016, {"weights": checkpoint}, side=SIDE, temperature=0.001)
    prediction = zhang2016.open_model(card).predict(scene)
    best = prediction.distribution.probabilities.argmax(-1)
    centers = 110 * checkpoint["model_out.weight"][:, :, 0, 0].T.numpy()
    tones = np.asarray(Image.fromarray(scene).resize((SIDE // 4, SIDE // 4), Image.Resampling.BILINEAR))
    clear = np.sort(prediction.distribution.probabilities, -1)[..., -2:] @ (
        -1,
        1,
    ) > 0.02 * prediction.distribution.probabilities.max(-1)
    assert clear.mean() > 0.3
    expected = conversions.ab_from_d65(tones, centers[best])
    np.testing.assert_allclose(prediction.ab[clear], expected[clear], atol=0.5)


def test_a_batch_gives_what_each_alone_gives(colorizer):
    pictures = torch.rand(2, 1, SIDE, SIDE) * 100
    together = colorizer._network(pictures)
    alone = torch.cat([colorizer._network(picture[None]) for picture in pictures])
    assert torch.allclose(together, alone, atol=1e-3 * float(alone.abs().max()))


def test_random_weights_can_be_built_without_memory():
    with torch.device("meta"):
        assert next(Zhang2016().parameters()).is_meta
