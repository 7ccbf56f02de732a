"""ChromaGAN with random weights in the published layout, beside the same network written plainly as Keras computes
it."""

import numpy as np
import pytest
import torch
from photochrom.colorizers import chromagan, conversions
from photochrom.models import catalog
from torch.nn import functional as F

VGG = {1: (3, 64, 64), 2: (64, 128, 128), 3: (128, 256, 256, 256), 4: (256, 512, 512, 512)}
VGG_LAYERS = {
    f"block{block}_conv{place}": (3, 3, widths[place - 1], widths[place])
    for block, widths in VGG.items()
    for place in range(1, len(widths))
}
CONVOLUTIONS = [(3, 3, 512, 512)] * 5 + [
    (3, 3, 512, 256),
    (1, 1, 512, 256),
    (3, 3, 256, 128),
    (3, 3, 128, 64),
    (3, 3, 64, 64),
    (3, 3, 64, 32),
    (3, 3, 32, 2),
]
NORMS = [512] * 5 + [256]
DENSE = [(25088, 1024), (1024, 512), (512, 256)]
CLASS_HEAD = [(25088, 4096), (4096, 4096), (4096, 1000)]


@pytest.fixture(scope="module")
def layers(random_tensors):
    """Kind -> its layers in the order of their creation, with Keras' shapes."""

    def kernels(shapes):
        """He's initialization knows outputs first."""
        turned = {f"{name}.weight": shape[::-1] for name, shape in shapes.items()}
        biases = {f"{name}.bias": shape[-1:] for name, shape in shapes.items()}
        made = random_tensors(turned | biases)
        return [
            {"kernel": made[f"{name}.weight"].permute(*range(len(shape))[::-1]), "bias": made[f"{name}.bias"]}
            for name, shape in shapes.items()
        ]

    parts = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
    norms = random_tensors(
        {f"{place}.{part}": (width,) for place, width in enumerate(NORMS) for part in parts.values()}
    )
    return {
        "vgg": kernels(VGG_LAYERS),
        "conv2d": kernels(dict(enumerate(CONVOLUTIONS))),
        "dense": kernels(dict(enumerate(DENSE))),
        "batch_normalization": [
            {keras: norms[f"{place}.{part}"] for keras, part in parts.items()} for place in range(len(NORMS))
        ],
    }


def published(layers, first=6):
    """As the reader of Keras files gives them: by depth in the network, which is not the order of their numbers."""
    tensors = {}
    for name, values in zip(VGG_LAYERS, layers["vgg"], strict=True):
        tensors |= {f"model_2/{name}/{variable}": tensor for variable, tensor in values.items()}
    for kind in ("conv2d", "dense", "batch_normalization"):
        for number, values in reversed(list(enumerate(layers[kind], first if kind == "conv2d" else 1))):
            name = f"{kind}_{number}" if number else kind
            tensors |= {f"{name}/{variable}": tensor for variable, tensor in values.items()}
    for number, shape in enumerate(CLASS_HEAD, 4):  # Nothing of it is read: its memory is not made either.
        tensors[f"dense_{number}/kernel"] = torch.zeros(1).expand(shape)
        tensors[f"dense_{number}/bias"] = torch.zeros(1).expand(shape[-1:])
    return tensors


@pytest.fixture(scope="module")
def colorizer(layers, install, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chromagan")
    return chromagan.open_model(install(folder, "chromagan", chromagan, {"weights": published(layers)}))


def test_the_card_counts_our_parameters():
    network = chromagan.networks({})["weights"]
    with torch.device("meta"):
        counted = sum(parameter.numel() for parameter in network.build().parameters())
    assert counted == catalog.find("chromagan").parameters
    statistics = 2 * sum(NORMS)
    head = sum(rows * columns + columns for rows, columns in CLASS_HEAD)
    assert round((counted + statistics + head) / 1e6, 2) == 171.17  # What Keras counts, with the class head.


@pytest.mark.parametrize("first", [0, 1, 6])
def test_the_published_layout_is_adapted_wherever_keras_starts_counting(layers, first):
    adapted = chromagan.adapt(published(layers, first))
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == chromagan.networks({})["weights"].layout()
    assert torch.equal(adapted["color.0.weight"][7, 5, 0, 0], layers["conv2d"][6]["kernel"][0, 0, 5, 7])


@pytest.mark.parametrize("missing", ["conv2d_9", "dense_2", "batch_normalization_6", "model_2/block4_conv3"])
def test_what_is_not_whole_is_no_checkpoint(layers, missing):
    tensors = {name: tensor for name, tensor in published(layers).items() if not name.startswith(f"{missing}/")}
    with pytest.raises(KeyError):
        chromagan.adapt(tensors)


def convolved(planes, layer, stride=1):
    """(n, h, w, c) with TensorFlow's padding "same": what is missing for whole strides, the odd one at the end."""
    kernel, bias = layer["kernel"], layer["bias"]
    around = []
    for side in planes.shape[2:0:-1]:
        missing = max((-(-side // stride) - 1) * stride + kernel.shape[0] - side, 0)
        around += [missing // 2, missing - missing // 2]
    padded = F.pad(planes.movedim(-1, 1), around)
    return F.conv2d(padded, kernel.permute(3, 2, 0, 1), bias, stride).movedim(1, -1)


def normed(planes, layer):
    scale = layer["gamma"] / (layer["moving_variance"] + 1e-3).sqrt()
    return (planes - layer["moving_mean"]) * scale + layer["beta"]


def reference(layers, lightness):
    """The authors' graph: (n, 224, 224, 1) -> (n, 112, 112, 2), without the last doubling."""
    vgg = iter(layers["vgg"])
    planes = lightness.expand(-1, -1, -1, 3)
    for block, widths in VGG.items():
        for _ in widths[1:]:
            planes = convolved(planes, next(vgg)).clamp(min=0)
        if block < 4:
            planes = F.max_pool2d(planes.movedim(-1, 1), 2).movedim(1, -1)
    convolutions, norms = iter(layers["conv2d"]), iter(layers["batch_normalization"])
    whole = local = planes
    for stride in (2, 1, 2, 1):
        whole = normed(convolved(whole, next(convolutions), stride).clamp(min=0), next(norms))
    for _ in range(2):
        local = normed(convolved(local, next(convolutions)).clamp(min=0), next(norms))
    prior = whole.reshape(len(whole), -1)
    for layer in layers["dense"]:
        prior = prior @ layer["kernel"] + layer["bias"]
    planes = torch.cat([local, prior[:, None, None].expand(-1, 28, 28, -1)], -1)
    for place, layer in enumerate(convolutions):
        if place in (2, 4):
            planes = planes.repeat_interleave(2, 1).repeat_interleave(2, 2)
        planes = convolved(planes, layer)
        planes = planes.sigmoid() if place == 5 else planes.clamp(min=0)
    return planes


def test_the_network_computes_what_keras_does_for_each_picture_of_a_batch(colorizer, layers):
    torch.manual_seed(5)
    lightness = torch.rand(2, 1, 224, 224)
    with torch.inference_mode():
        found = colorizer._network(lightness)
        wanted = reference(layers, lightness[:1].movedim(1, -1)).movedim(-1, 1)
    assert found.shape == (2, 2, 112, 112)
    assert 0.01 < wanted.std() < 0.49
    torch.testing.assert_close(found[:1], wanted, rtol=0, atol=1e-4)
    assert not torch.allclose(found[1:], wanted, rtol=0, atol=1e-2)


def bilinear(plane, side):
    """OpenCV's INTER_LINEAR: two neighbors along each axis, pixel centers aligned, borders repeated."""
    for axis in (0, 1):
        length = plane.shape[axis]
        at = ((np.arange(side) + 0.5) * length / side - 0.5).clip(0, length - 1)
        plane = np.apply_along_axis(lambda line, at=at: np.interp(at, np.arange(len(line)), line), axis, plane)
    return plane


def test_the_network_sees_lightness_from_0_to_1_of_the_squashed_gray(colorizer, rng):
    seen = []
    hook = colorizer._network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].clone()))
    lightness = rng.uniform(0, 100, (90, 300)).astype(np.float32)
    lightness[:2, :2], lightness[-2:, -2:] = 0, 100
    colorizer.predict(lightness)
    hook.remove()
    wanted = conversions.lightness_from_gray(bilinear(conversions.gray_from_lightness(lightness), 224)) / 100
    assert seen[0].shape == (1, 1, 224, 224)
    np.testing.assert_allclose(seen[0][0, 0], wanted, atol=1e-4)
    assert seen[0].min() < 1e-6
    assert seen[0].max() > 1 - 1e-6


def test_0_to_1_stands_for_bytes_around_128(colorizer, rng):
    last = colorizer._network.color[-2]
    kept = last.weight.clone(), last.bias.clone()
    lightness = rng.uniform(20, 80, (112, 112)).astype(np.float32)
    try:
        last.weight.zero_()
        last.bias.copy_(torch.tensor([128 / 255, 0.6]).logit())
        found = colorizer.predict(lightness).ab
    finally:
        last.weight.copy_(kept[0])
        last.bias.copy_(kept[1])
    wanted = conversions.ab_from_d65(lightness, np.broadcast_to(np.float32([0, 25]), (112, 112, 2)))
    np.testing.assert_allclose(found, wanted, atol=1e-3)
