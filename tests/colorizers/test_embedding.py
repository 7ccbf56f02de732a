"""Embeddings: Inception-ResNet-v2 with random weights, in both layouts that were published; EfficientNet-Lite0."""

import h5py
import pytest
import torch
from photochrom.colorizers import embedding
from photochrom.errors import CheckpointRefused
from safetensors.torch import save_file


@pytest.fixture(scope="module")
def inception(random_tensors):
    """timm's network with random weights, scaled so that residuals do not pile up; no two tensors are alike."""
    network = embedding.build("inception-resnet-v2")
    tensors = random_tensors({name: tuple(value.shape) for name, value in network.network.state_dict().items()})
    for name, tensor in tensors.items():
        if name.endswith(("conv2d.weight", "classif.weight")):
            tensor.mul_(0.1)
        if name.endswith("bn.weight"):
            tensor.fill_(1)  # Keras' normalizations have no scale.
    network.network.load_state_dict(tensors)
    return network


def said(network):
    torch.manual_seed(8)
    with torch.inference_mode():
        return network(2 * torch.rand(1, 1, 107, 107) - 1)


# The convolutions of a block in the order in which Keras' program makes them, and timm's names of them.
STEM = ["conv2d_1a", "conv2d_2a", "conv2d_2b", "conv2d_3b", "conv2d_4a"]
PARTS = {
    "mixed_5b": ["branch0", "branch1.0", "branch1.1", "branch2.0", "branch2.1", "branch2.2", "branch3.1"],
    "block35": ["branch0", "branch1.0", "branch1.1", "branch2.0", "branch2.1", "branch2.2"],
    "mixed_6a": ["branch0", "branch1.0", "branch1.1", "branch1.2"],
    "block17": ["branch0", "branch1.0", "branch1.1", "branch1.2"],
    "mixed_7a": ["branch0.0", "branch0.1", "branch1.0", "branch1.1", "branch2.0", "branch2.1", "branch2.2"],
    "block8": ["branch0", "branch1.0", "branch1.1", "branch1.2"],
}
BLOCKS = [
    ("mixed_5b", "mixed_5b", None),
    *((f"repeat.{i}", "block35", f"block35_{i + 1}_conv") for i in range(10)),
    ("mixed_6a", "mixed_6a", None),
    *((f"repeat_1.{i}", "block17", f"block17_{i + 1}_conv") for i in range(20)),
    ("mixed_7a", "mixed_7a", None),
    *((f"repeat_2.{i}", "block8", f"block8_{i + 1}_conv") for i in range(9)),
    ("block8", "block8", "block8_10_conv"),
]


VARIABLES = {"beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def in_keras(state, path, first=7):
    """A file as Keras saves it, its layers sorted by name as HDF5 does."""
    names = [*STEM, *(f"{block}.{part}" for block, kind, _ in BLOCKS for part in PARTS[kind])]
    assert len(names) == 203
    layers = {f"conv2d_{number}": f"{name}.conv" for number, name in enumerate(names, first)}
    layers |= {theirs: f"{block}.conv2d" for block, _, theirs in BLOCKS if theirs} | {"conv_7b": "conv2d_7b.conv"}
    norms = {f"batch_normalization_{number}": f"{name}.bn" for number, name in enumerate(names, first)}
    norms["conv_7b_bn"] = "conv2d_7b.bn"
    with h5py.File(path, "w") as file:
        for theirs, ours in layers.items():
            file[f"{theirs}/{theirs}/kernel:0"] = state[f"{ours}.weight"].permute(2, 3, 1, 0).numpy()
            if f"{ours}.bias" in state:
                file[f"{theirs}/{theirs}/bias:0"] = state[f"{ours}.bias"].numpy()
        for theirs, ours in norms.items():
            for variable, part in (
                ("beta", "bias"),
                ("moving_mean", "running_mean"),
                ("moving_variance", "running_var"),
            ):
                file[f"{theirs}/{theirs}/{variable}:0"] = state[f"{ours}.{part}"].numpy()
        file["predictions/predictions/kernel:0"] = state["classif.weight"].T.numpy()
        file["predictions/predictions/bias:0"] = state["classif.bias"].numpy()


def test_inception_of_keras_says_what_timms_says(inception, tmp_path):
    in_keras(inception.network.state_dict(), tmp_path / "keras.h5")
    name, read = embedding.pretrained(tmp_path / "keras.h5")
    assert name == "inception-resnet-v2"
    wanted = said(inception)
    assert 0.01 < wanted.std() < 10
    torch.testing.assert_close(said(read), wanted)


def test_inception_of_timm_is_read_as_it_is_saved(inception, tmp_path):
    saved = {name: value for name, value in inception.network.state_dict().items() if "num_batches" not in name}
    save_file(saved, tmp_path / "timm.safetensors")
    name, read = embedding.pretrained(tmp_path / "timm.safetensors")
    assert name == "inception-resnet-v2"
    torch.testing.assert_close(said(read), said(inception))


def test_inception_has_as_many_parameters_as_published():
    with torch.device("meta"):
        network = embedding.EMBEDDINGS["inception-resnet-v2"].build()
    learned = sum(each.numel() for each in network.parameters())
    scales = sum(each.numel() for name, each in network.named_parameters() if name.endswith("bn.weight"))
    moments = 2 * scales
    # Keras' documentation counts 55,873,736, moments included; its normalizations have no scale.
    assert learned - scales + moments == 55_873_736


@pytest.mark.parametrize("kind", ["missing", "classes", "another"])
def test_a_file_of_something_else_is_refused_with_the_way_out(inception, tmp_path, kind):
    path, state = tmp_path / "file.safetensors", dict(inception.network.state_dict())
    if kind == "missing":
        del state["mixed_5b.branch0.conv.weight"]
    if kind == "classes":
        state["classif.bias"] = torch.zeros(10)
    if kind == "another":
        state = {"weight": torch.zeros(3)}
    save_file(state, path)
    with pytest.raises(CheckpointRefused, match=r"file\.safetensors") as refused:
        embedding.pretrained(path)
    assert "timm" in refused.value.next_step


def test_inception_with_a_class_of_none_is_told_by_its_classes(inception, tmp_path):
    state = dict(inception.network.state_dict())
    state |= {"classif.weight": torch.zeros(1001, 1536), "classif.bias": torch.arange(1001.0)}
    save_file(state, tmp_path / "file.safetensors")
    name, read = embedding.pretrained(tmp_path / "file.safetensors")
    assert name == "inception-resnet-v2-1001"
    torch.testing.assert_close(said(read), state["classif.bias"][None])


def test_lite0_has_its_published_weights_and_does_not_learn():
    name, network = embedding.pretrained()
    assert name == "efficientnet-lite0"
    network.train()
    assert not network.training
    assert not any(each.requires_grad for each in network.parameters())
    torch.manual_seed(2)
    gray = torch.rand(2, 1, 224, 224)
    scores = network(2 * gray - 1)
    assert scores.shape == (2, 1000)
    torch.testing.assert_close(scores, network.network.last(_features(network.network, 255 * gray)), atol=1e-4, rtol=0)


def _features(network, pixels):
    return network.head(network.encoder((pixels.expand(-1, 3, -1, -1) - 127) / 128)[-1]).mean((2, 3))
