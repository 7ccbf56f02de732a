"""DDColor with random weights in the published layout; spandrel's network, which loads the published files, beside
ours."""

import hashlib
import json

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, ddcolor
from photochrom.colorizers.ddcolor_network import adapt
from photochrom.errors import ModelDamaged
from photochrom.models import catalog, read_card
from photochrom.runtime import torchvision_operators  # noqa: F401 before spandrel
from safetensors.torch import save_file

SIDE = 64
NAMES = ("ddcolor", "ddcolor-paper", "ddcolor-artistic", "ddcolor-tiny")


@pytest.fixture(scope="module")
def published():
    """spandrel's DDColor-T: the published names and shapes, spectral norm and all."""
    from spandrel_extra_arches.architectures.DDColor import DDColor

    torch.manual_seed(0)
    network = DDColor(
        encoder_name="convnext-t", input_size=(32, 32), num_output_channels=2, last_norm="Spectral", num_queries=100
    )
    for name, parameter in network.named_parameters():
        if name.endswith("gamma"):  # Starts at a millionth: blocks that do nothing would hide mistakes.
            torch.nn.init.uniform_(parameter, 0.2, 0.8)
        elif "norm" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    with torch.no_grad():
        network.train()(torch.rand(2, 3, 64, 64))  # Moves u, v and the running statistics.
    return network.eval()


@pytest.fixture(scope="module")
def folder(published, tmp_path_factory):
    """An installed ddcolor-tiny, but of a smaller side."""
    folder = tmp_path_factory.mktemp("store") / "ddcolor-tiny"
    folder.mkdir()
    weights = folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in adapt(published.state_dict()).items()}, weights)
    details = catalog.find("ddcolor-tiny").details
    files = {"weights.safetensors": hashlib.sha256(weights.read_bytes()).hexdigest()}
    card = {**details, "side": SIDE, "proxy_side": SIDE, "files": files}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tiny(folder):
    return ddcolor.open_model(read_card(folder / "card.json"))


def parameters(name):
    network = ddcolor.networks(catalog.find(name).details)["weights"]
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in network.build().parameters())


@pytest.mark.parametrize("name", NAMES)
def test_the_card_counts_our_parameters(name):
    card = catalog.find(name)
    assert card.system == "ddcolor"
    assert card.parameters == parameters(name)


def test_the_published_networks_have_their_unused_norm_beside_ours(published):
    assert sum(parameter.numel() for parameter in published.parameters()) == 55_006_640
    assert parameters("ddcolor-tiny") + 2 * 768 == 55_006_640
    assert parameters("ddcolor") + 2 * 1536 == 227_869_328


def test_the_published_layout_is_adapted(published):
    tensors = published.state_dict()
    assert tensors["decoder.layers.0.shuf.conv.0.weight_orig"].shape == (2048, 768, 1, 1)
    assert tensors["refine_net.0.0.weight_orig"].shape == (2, 103, 1, 1)
    classifier = {"encoder.arch.head_cls.weight": torch.zeros(4, 768), "encoder.arch.head_cls.bias": torch.zeros(4)}
    layout = ddcolor.networks({"encoder": "convnext-t"})["weights"].layout()
    for found in (adapt(tensors), adapt({**tensors, **classifier})):
        assert {name: tuple(tensor.shape) for name, tensor in found.items()} == layout
    assert not any("weight_" in name for name in layout)


def test_another_size_has_another_layout(published):
    layout = ddcolor.networks({"encoder": "convnext-l"})["weights"].layout()
    assert {name: tuple(tensor.shape) for name, tensor in adapt(published.state_dict()).items()} != layout


@pytest.mark.parametrize("size", [(64, 64), (32, 96)])
def test_our_network_answers_as_spandrels(published, tiny, size):
    torch.manual_seed(1)
    picture = torch.rand(2, 3, *size)
    with torch.inference_mode():
        theirs, ours = published(picture), tiny._network(picture)
    assert theirs.shape == ours.shape == (2, 2, *size)
    assert theirs.std() > 0.01
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4 * theirs.abs().max().item())


def test_a_batch_answers_as_its_pictures_alone(tiny):
    torch.manual_seed(2)
    pictures = torch.rand(2, 3, SIDE, SIDE)
    with torch.inference_mode():
        together = tiny._network(pictures)
        alone = torch.cat([tiny._network(picture[None]) for picture in pictures])
    torch.testing.assert_close(together, alone, rtol=1e-3, atol=1e-4 * alone.abs().max().item())


def bilinear(plane, side):
    """OpenCV's INTER_LINEAR in words: pixel centers aligned, two neighbors along each axis, borders repeated."""
    for axis in (0, 1):
        length = plane.shape[axis]
        at = np.clip((np.arange(side) + 0.5) * length / side - 0.5, 0, length - 1)
        low = np.floor(at).astype(int)
        share = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        high = np.minimum(low + 1, length - 1)
        plane = (1 - share) * plane.take(low, axis) + share * plane.take(high, axis)
    return plane


def test_the_network_sees_gray_from_0_to_1_squashed_without_antialiasing(tiny, rng):
    seen = []
    hook = tiny._network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].clone()))
    lightness = rng.uniform(0, 100, (90, 150)).astype(np.float32)
    lightness[0, 0], lightness[0, 1] = 0, 100
    tiny.predict(lightness)
    hook.remove()
    wanted = bilinear(conversions.gray_from_lightness(lightness).astype(np.float64), SIDE)
    assert seen[0].shape == (1, 3, SIDE, SIDE)
    assert np.abs(seen[0][0].numpy() - wanted).max() < 1e-5


def test_the_network_normalizes_what_it_sees_by_imagenet(tiny):
    network = tiny._network
    np.testing.assert_allclose(network.mean.flatten(), [0.485, 0.456, 0.406], rtol=1e-6)
    np.testing.assert_allclose(network.std.flatten(), [0.229, 0.224, 0.225], rtol=1e-6)


def test_ab_is_the_networks_adapted_to_another_white(tiny, rng):
    lightness = rng.uniform(20, 80, (SIDE, SIDE)).astype(np.float32)
    gray = torch.from_numpy(conversions.gray_from_lightness(lightness)).expand(1, 3, -1, -1)
    with torch.inference_mode():
        raw = tiny._network(gray)[0].movedim(0, -1).numpy()
    np.testing.assert_allclose(tiny.predict(lightness).ab, conversions.ab_from_d65(lightness, raw), atol=1e-3)


def test_a_wild_answer_is_bounded(folder):
    wild = ddcolor.open_model(read_card(folder / "card.json"))
    wild._network.refine_net[0][0].bias.fill_(-1e5)
    assert np.abs(wild.predict(np.full((40, 40), 50, np.float32)).ab).max() <= conversions.MOST_AB


def test_weights_of_another_network_are_refused(folder):
    values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "other.json").write_text(json.dumps({**values, "encoder": "convnext-l"}), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="does not fit"):
        ddcolor.open_model(read_card(folder / "other.json"))
