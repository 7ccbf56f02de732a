"""Deep Koalarization with random weights, beside the same network written plainly as Keras computes it; Inception is
timm's and only its place in it is checked."""

import hashlib
import json

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, koalarization
from photochrom.models import catalog, read_card
from safetensors.torch import save_file
from torch.nn import functional as F

ENCODER = [
    (1, 64, 2),
    (64, 128, 1),
    (128, 128, 2),
    (128, 256, 1),
    (256, 256, 2),
    (256, 512, 1),
    (512, 512, 1),
    (512, 256, 1),
]
DECODER = [(256, 128), (128, 64), (64, 64), (64, 32), (32, 2)]


PUBLISHED = {"layers": "baldassarre", "embedding": "inception-resnet-v2-1001", "side": 224}
"""The paper's own network."""


@pytest.fixture(scope="module")
def published(random_tensors):
    tensors = random_tensors(koalarization.networks(PUBLISHED)["weights"].layout())
    for name in tensors:
        if name.startswith("embedding.") and name.endswith("conv2d.weight"):
            tensors[name] *= 0.1  # Residuals do not pile up.
    tensors["embedding.network.classif.weight"] *= 0.1
    tensors["decoder.10.weight"] *= 0.1  # Within what the last tanh lets through.
    return tensors


@pytest.fixture(scope="module")
def colorizer(published, tmp_path_factory):
    folder = tmp_path_factory.mktemp("koalarization")
    save_file(published, folder / "weights.safetensors")
    files = {"weights.safetensors": hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()}
    (entry,) = (entry for entry in catalog.trainable() if entry.name == "koalarization")
    (folder / "card.json").write_text(json.dumps(entry.details | PUBLISHED | {"files": files}))
    return koalarization.open_model(read_card(folder / "card.json"))


def test_it_has_as_many_parameters_as_the_papers_layers():
    with torch.device("meta"):
        network = koalarization.networks(PUBLISHED)["weights"].build()
    counted = sum(parameter.numel() for parameter in network.parameters())
    inception = sum(parameter.numel() for parameter in network.embedding.parameters())
    own = sum(9 * inputs * outputs + outputs for inputs, outputs, *_ in ENCODER + DECODER) + 1257 * 256 + 256
    assert counted == 62_419_051
    assert counted - inception == own
    assert round(own / 1e6, 2) == 6.57
    assert round(inception / 1e6, 1) == 55.8


def convolved(planes, weight, bias, stride=1):
    """TensorFlow's padding "same": what is missing for whole strides, the odd one at the end."""
    around = []
    for side in planes.shape[:1:-1]:
        missing = max((-(-side // stride) - 1) * stride + weight.shape[-1] - side, 0)
        around += [missing // 2, missing - missing // 2]
    return F.conv2d(F.pad(planes, around), weight, bias, stride)


def reference(tensors, embedding, lightness, gray):
    """Section 3 of the paper: without the last doubling."""

    def layers(part):
        names = [name for name in tensors if name.startswith(f"{part}.") and name.endswith(".weight")]
        return [(tensors[name], tensors[name.replace(".weight", ".bias")]) for name in names]

    planes = lightness
    for (weight, bias), (*_, stride) in zip(layers("encoder"), ENCODER, strict=True):
        planes = convolved(planes, weight, bias, stride).clamp(min=0)
    seen = embedding.network(torch.cat([gray, gray, gray], 1))
    assert seen.shape == (len(gray), 1001)
    assert 0.01 < seen.std() < 10
    everywhere = seen[..., None, None].repeat(1, 1, 28, 28)
    ((weight, bias),) = layers("fusion")
    planes = convolved(torch.cat([planes, everywhere], 1), weight, bias).clamp(min=0)
    for place, (weight, bias) in enumerate(layers("decoder")):
        if place in (1, 3):
            planes = planes.repeat_interleave(2, -1).repeat_interleave(2, -2)
        planes = convolved(planes, weight, bias)
        planes = planes.tanh() if place == 4 else planes.clamp(min=0)
    return planes


def test_the_network_is_that_of_the_paper_for_each_picture_of_a_batch(colorizer, published):
    torch.manual_seed(6)
    lightness, gray = 2 * torch.rand(2, 1, 224, 224) - 1, 2 * torch.rand(2, 1, 299, 299) - 1
    network = colorizer._network
    with torch.inference_mode():
        wanted = reference(published, network.embedding, lightness[:1], gray[:1])
        found = network(lightness, gray)
    assert found.shape == (2, 2, 112, 112)
    assert 0.01 < found.std() < 0.9
    torch.testing.assert_close(found[:1], wanted, rtol=0, atol=1e-4)
    assert not torch.allclose(found[1:], wanted, rtol=0, atol=1e-2)


def heard(colorizer, lightness):
    """The network's input for this lightness, and the prediction."""
    seen = []
    hook = colorizer._network.register_forward_pre_hook(lambda _, inputs: seen.extend(one.clone() for one in inputs))
    try:
        ab = colorizer.predict(lightness).ab
    finally:
        hook.remove()
    return [one[0, 0].numpy() for one in seen], ab


def test_both_branches_see_the_picture_in_the_middle_of_white_each_in_its_own_size(colorizer, rng):
    lightness = np.full((150, 300), 20, np.float32)
    (read, gray), ab = heard(colorizer, lightness)
    assert read.shape == (224, 224)
    np.testing.assert_allclose(read[56:168], 20 / 50 - 1, atol=1e-4)
    assert gray.shape == (299, 299)
    shade = conversions.gray_from_lightness(lightness[:1, :1])[0, 0]
    rows = slice(74, 224)
    np.testing.assert_allclose(gray[rows], 2 * shade - 1, atol=1e-5)
    read[56:168] = gray[rows] = 1
    np.testing.assert_allclose(read, 1, atol=1e-5)
    np.testing.assert_allclose(gray, 1, atol=1e-5)
    assert ab.shape == (56, 112, 2)


def test_the_picture_is_cropped_out_and_its_colors_are_127_times_the_output(colorizer, published, rng):
    lightness = rng.uniform(0, 100, (224, 100)).astype(np.float32)
    (read, gray), ab = heard(colorizer, lightness)
    with torch.inference_mode():
        said = (
            colorizer._network(*(torch.from_numpy(one)[None, None] for one in (read, gray)))[0].movedim(0, -1).numpy()
        )
    np.testing.assert_allclose(read[:, 62:162], lightness / 50 - 1, atol=1e-4)
    np.testing.assert_allclose(ab, 127 * said[:, 31:81], atol=1e-3)


@pytest.mark.parametrize(("size", "found"), [((1, 1), (1, 1)), ((1, 300), (1, 112)), ((131, 95), (112, 82))])
def test_any_size_gets_colors_not_larger_than_itself(colorizer, rng, size, found):
    ab = colorizer.predict(rng.uniform(0, 100, size).astype(np.float32)).ab
    assert ab.shape == (*found, 2)
    assert np.isfinite(ab).all()
