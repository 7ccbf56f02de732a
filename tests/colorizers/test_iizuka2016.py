"""Iizuka 2016 with random weights in the published layout, beside the same network written plainly over it."""

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, iizuka2016
from photochrom.models import catalog
from torch.nn import functional as F

LOW = [(64, 1, 3, 3), (128, 64, 3, 3), (128, 128, 3, 3), (256, 128, 3, 3), (256, 256, 3, 3), (512, 256, 3, 3)]
MIDDLE = [(512, 512, 3, 3), (256, 512, 3, 3)]
WHOLE = [(512, 512, 3, 3)] * 4 + [(1024, 25088), (512, 1024)]
LAST_OF_WHOLE = [(256, 512)]
COLOR = [(256, 512, 3, 3), (128, 256, 3, 3), (64, 128, 3, 3), (64, 64, 3, 3), (32, 64, 3, 3), (2, 32, 3, 3)]
NODES = {"first": LOW, "low": LOW, "middle": MIDDLE, "whole": WHOLE, "last": LAST_OF_WHOLE, "color": COLOR}
"""The graph's modules that have weights, in the order in which they run; `first` is `low` for the other branch."""


@pytest.fixture(scope="module")
def parts(random_tensors):
    shapes = {}
    for node, layers in NODES.items():
        for place, shape in enumerate(layers):
            shapes |= {f"{node}.{place}.weight": shape, f"{node}.{place}.bias": shape[:1]}
    made = random_tensors(shapes)
    found = {
        node: [(made[f"{node}.{place}.weight"], made[f"{node}.{place}.bias"]) for place in range(len(layers))]
        for node, layers in NODES.items()
    }
    return found | {"first": found["low"]}


def published(parts, order=tuple(NODES), flat=False):
    """Names as the reader of Torch7 files gives them; those of shared modules come twice."""
    tensors = {}
    for node, name in enumerate(order):
        for place, (weight, bias) in enumerate(parts[name]):
            path = f"model.modules.{node + 2}.modules.{2 * place}"
            kept = weight.flatten(1) if flat else weight
            tensors |= {f"{path}.weight": kept, f"{path}.bias": bias}
    return tensors


@pytest.fixture(scope="module")
def colorizer(parts, install, tmp_path_factory):
    folder = tmp_path_factory.mktemp("iizuka2016")
    card = install(folder, "iizuka2016", iizuka2016, {"weights": published(parts)})
    return iizuka2016.open_model(card)


def layout():
    return iizuka2016.networks({})["weights"].layout()


def test_the_card_counts_our_parameters():
    network = iizuka2016.networks({})["weights"]
    with torch.device("meta"):
        counted = sum(parameter.numel() for parameter in network.build().parameters())
    layers = [layer for node in NODES if node != "first" for layer in NODES[node]]
    assert counted == catalog.find("iizuka2016").parameters == sum(np.prod(each) + each[0] for each in layers)
    assert round(counted / 1e6, 2) == 43.22
    assert round(counted * 16 / 2**20, 1) == 659.5  # The published file holds doubles, and gradients beside them.


ORDERS = [
    tuple(NODES),
    ("first", "whole", "last", "low", "middle", "color"),
    ("low", "middle", *("whole", "last", "color")),
]


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("order", ORDERS)
def test_the_published_layout_is_adapted_in_any_order_of_its_branches(parts, order, flat):
    adapted = iizuka2016.adapt(published(parts, order, flat))
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == layout()
    assert adapted.pop("mean") == pytest.approx(iizuka2016.MEAN)
    wanted = [one for node in ("low", "middle", "whole", "last", "color") for layer in parts[node] for one in layer]
    assert all(torch.equal(one, other) for one, other in zip(adapted.values(), wanted, strict=True))


def test_each_release_has_its_own_mean_gray(parts, colorizer):
    assert colorizer._network.mean == pytest.approx(iizuka2016.MEAN)
    adapted = iizuka2016.adapt({**published(parts), "mean": torch.tensor([0.4812])})
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == layout()
    with torch.device("meta"):
        network = iizuka2016.Iizuka2016Network()
    network.load_state_dict(adapted, assign=True)
    gray, square = torch.rand(1, 1, 16, 16), torch.rand(1, 1, 224, 224)
    moved = iizuka2016.MEAN - 0.4812
    with torch.inference_mode():
        wanted = colorizer._network(gray + moved, square + moved)
        torch.testing.assert_close(network(gray, square), wanted, rtol=0, atol=1e-4)
        assert not torch.allclose(wanted, colorizer._network(gray, square), rtol=0, atol=1e-3)


def test_a_classifier_beside_it_is_left_out(parts):
    head = {"classes": [(torch.zeros(256, 512), torch.zeros(256)), (torch.zeros(205, 256), torch.zeros(205))]}
    adapted = iizuka2016.adapt(published(parts | head, (*NODES, "classes")))
    assert torch.equal(adapted["dense.4.weight"], parts["last"][0][0])
    assert adapted.keys() == layout().keys()


@pytest.mark.parametrize("missing", ["middle", "whole", "last", "color"])
def test_what_is_not_whole_is_no_checkpoint(parts, missing):
    with pytest.raises(KeyError):
        iizuka2016.adapt(published(parts, [node for node in NODES if node != missing]))


def reference(parts, gray, square):
    """Table 1 of the paper, except for batch normalization, which is folded in the published weights."""

    def run(planes, node, strides):
        for (weight, bias), stride in zip(parts[node], strides, strict=False):
            planes = F.conv2d(planes, weight, bias, stride, padding=1).clamp(min=0)
        return planes

    low = (2, 1, 2, 1, 2, 1)
    local = run(run(gray - iizuka2016.MEAN, "low", low), "middle", (1, 1))
    seen = run(run(square - iizuka2016.MEAN, "first", low), "whole", (2, 1, 2, 1))
    prior = seen.reshape(len(seen), -1)
    for weight, bias in parts["whole"][4:] + parts["last"]:
        prior = (prior @ weight.T + bias).clamp(min=0)
    rows, columns = local.shape[-2:]
    fused = torch.cat([local, prior.repeat_interleave(rows * columns, 1).reshape(-1, 256, rows, columns)], 1)
    for place, (weight, bias) in enumerate(parts["color"]):
        if place in (2, 4):
            fused = fused.repeat_interleave(2, -1).repeat_interleave(2, -2)
        fused = F.conv2d(fused, weight, bias, padding=1)
        fused = fused.sigmoid() if place == 5 else fused.clamp(min=0)
    return fused


def test_the_network_is_that_of_the_paper_for_each_picture_of_a_batch(colorizer, parts):
    torch.manual_seed(1)
    gray, square = torch.rand(2, 1, 16, 24), torch.rand(2, 1, 224, 224)
    with torch.inference_mode():
        wanted, found = reference(parts, gray[:1], square[:1]), colorizer._network(gray, square)
    assert found.shape == (2, 2, 8, 12)
    assert 0.01 < found.std() < 0.49
    torch.testing.assert_close(found[:1], wanted, rtol=0, atol=1e-4)
    assert not torch.allclose(found[1:], wanted, rtol=0, atol=1e-2)


def torch7(line, new):
    """image.scale along one axis, pixel by pixel."""
    old = len(line)
    if new > old:
        at = [place * (old - 1) / (new - 1) for place in range(new)]
        return np.array([np.interp(each, range(old), line) for each in at])
    grown = np.repeat(np.asarray(line, float), new)  # Each old pixel as `new` parts, each new pixel as `old` of them.
    return grown.reshape(new, old).mean(1)


@pytest.mark.parametrize(
    ("old", "new"), [(5, 5), (4, 2), (7, 3), (45, 48), (300, 224), (30, 224), (1, 8), (9, 8), (8, 1)]
)
def test_pictures_are_scaled_as_torch7_does(old, new, rng):
    line = rng.random(old).astype(np.float32)
    planes = torch.from_numpy(np.stack([line, 2 * line]))[None, None]
    found = iizuka2016.scale(planes, (2, new))[0, 0].numpy()
    np.testing.assert_allclose(found, [torch7(line, new), 2 * torch7(line, new)], atol=1e-5)
    turned = iizuka2016.scale(planes.mT, (new, 2))[0, 0].numpy()
    np.testing.assert_allclose(turned, found.T, atol=1e-6)


def heard(colorizer, lightness):
    """What the network gets when this is predicted."""
    seen = []
    hook = colorizer._network.register_forward_pre_hook(lambda _, inputs: seen.extend(one.clone() for one in inputs))
    try:
        colorizer.predict(lightness)
    finally:
        hook.remove()
    return [one[0, 0].numpy() for one in seen]


def test_the_network_sees_gray_in_multiples_of_8_and_the_whole_as_a_square(colorizer, rng):
    lightness = rng.uniform(0, 100, (30, 44)).astype(np.float32)
    lightness[0, :2] = 0, 100
    gray, square = heard(colorizer, lightness)
    rows = np.apply_along_axis(torch7, 1, conversions.gray_from_lightness(lightness), 48)  # 44 / 8 is half way: up.
    wanted = np.apply_along_axis(torch7, 0, rows, 32)
    np.testing.assert_allclose(gray, wanted, atol=1e-5)
    seen = np.apply_along_axis(torch7, 0, np.apply_along_axis(torch7, 1, wanted, 224), 224)
    np.testing.assert_allclose(square, seen, atol=1e-5)


def test_a_half_stands_for_no_color_and_0_to_1_for_100_around_it(colorizer, rng):
    last = colorizer._network.color[-2]
    kept = last.weight.clone(), last.bias.clone()
    lightness = rng.uniform(20, 80, (16, 24)).astype(np.float32)
    shrunk = torch.from_numpy(lightness)[None, None]
    shrunk = conversions.squash(shrunk, (8, 12), "bilinear", antialias=True)[0, 0].numpy()
    try:
        last.weight.zero_()
        for sigmoid, ab in (((0.5, 0.5), (0, 0)), ((0.7, 0.35), (40, -30))):
            last.bias.copy_(torch.tensor(sigmoid).logit())
            wanted = conversions.ab_from_d65(shrunk, np.broadcast_to(np.float32(ab), (8, 12, 2)))
            np.testing.assert_allclose(colorizer.predict(lightness).ab, wanted, atol=1e-3)
    finally:
        last.weight.copy_(kept[0])
        last.bias.copy_(kept[1])
