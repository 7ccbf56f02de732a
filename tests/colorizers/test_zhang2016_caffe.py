"""Zhang 2016's release for Caffe, with random weights: names and shapes after its colorization_deploy_v2.prototxt."""

import numpy as np
import pytest
import torch
from models.checkpoints import writers
from photochrom.colorizers import zhang2016
from photochrom.errors import CheckpointRefused
from photochrom.models import catalog, store
from photochrom.progress import silent
from torch.nn import functional as F

CONVOLUTIONS = {
    "bw_conv1_1": (64, 1), "conv1_2": (64, 64),
    "conv2_1": (128, 64), "conv2_2": (128, 128),
    "conv3_1": (256, 128), "conv3_2": (256, 256), "conv3_3": (256, 256),
    "conv4_1": (512, 256), "conv4_2": (512, 512), "conv4_3": (512, 512),
    **{f"conv{stage}_{number}": (512, 512) for stage in (5, 6, 7) for number in (1, 2, 3)},
    "conv8_2": (256, 256), "conv8_3": (256, 256),
}  # fmt: skip
NORMALIZATIONS = {f"conv{stage}_{count}norm": (stage, count) for stage, count in enumerate((2, 2, 3, 3, 3, 3, 3), 1)}
STRIDES = {"conv1_2": 2, "conv2_2": 2, "conv3_3": 2}
ROOM = 999.98
"""What the running sums of normalizations are divided by."""


@pytest.fixture(scope="module")
def blobs():
    """Layer -> its blobs, in the order in which they run."""
    torch.manual_seed(1907)

    def bias(channels):
        return 0.1 * torch.randn(channels)

    layers = {}
    for name, (after, before) in CONVOLUTIONS.items():
        if name == "conv8_2":
            layers["conv8_1"] = torch.randn(512, 256, 4, 4) * (1 / (512 * 4)) ** 0.5, bias(256)
        layers[name] = torch.randn(after, before, 3, 3) * (2 / (9 * before)) ** 0.5, bias(after)
        if f"{name}norm" in NORMALIZATIONS:
            mean, variance = 0.3 * torch.rand(after), 0.5 + torch.rand(after)
            layers[f"{name}norm"] = ROOM * mean, ROOM * variance, torch.tensor([ROOM])
    layers["bw_conv1_1"][0].div_(30)  # It sees L by fifties.
    layers["conv8_313"] = torch.randn(313, 256, 1, 1) * (2 / 256) ** 0.5, bias(313)
    return layers


@pytest.fixture(scope="module")
def named(blobs):
    """As the reader of caffemodels names them."""
    return {f"{layer}.{place}": one for layer, own in blobs.items() for place, one in enumerate(own)}


@pytest.fixture(scope="module")
def centers():
    """As published: whole numbers, tens."""
    return np.random.default_rng(7).integers(-11, 11, (313, 2)).astype(np.int64) * 10


@pytest.fixture(scope="module")
def files(blobs, centers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    caffemodel, array = folder / "colorization_release_v2.caffemodel", folder / "pts_in_hull.npy"
    caffemodel.write_bytes(writers.caffe({name: [one.numpy() for one in own] for name, own in blobs.items()}))
    np.save(array, centers)
    return caffemodel, array


@pytest.fixture
def empty_store(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))


def as_caffe(blobs, centers, lightness):
    """The published graph: L 0…100 (1, 1, h, w) -> ab (1, 2, h/4, w/4)."""
    planes = lightness - 50
    for name, own in blobs.items():
        if name == "conv8_313":
            break
        if name in NORMALIZATIONS:
            mean, variance = (one[:, None, None] / own[2] for one in own[:2])
            planes = (planes - mean) / (variance + 1e-5).sqrt()
        elif name == "conv8_1":
            planes = F.conv_transpose2d(planes, *own, stride=2, padding=1).clamp(min=0)
        else:
            wide = 2 if name.startswith(("conv5", "conv6")) else 1
            planes = F.conv2d(planes, *own, STRIDES.get(name, 1), wide, wide).clamp(min=0)
    shares = (2.606 * F.conv2d(planes, *blobs["conv8_313"])).softmax(1)
    return F.conv2d(shares, torch.from_numpy(centers).float().T[:, :, None, None])


def test_both_files_together_are_the_release_for_caffe(files, blobs, centers, empty_store):
    card = store.import_files(list(files), silent)
    assert card.name == "zhang2016"
    (found,) = card.details["checkpoints"]
    assert found["file"] == "colorization_release_v2.caffemodel"
    assert [each["file"] for each in found["with"]] == ["pts_in_hull.npy"]
    assert found["bytes"] == files[0].stat().st_size
    assert store.hash_notes(card) == ("colorization_release_v2.caffemodel: no published hash; recorded at import",)
    assert store.verify("zhang2016")[0].wrong is None
    colorizer = zhang2016.open_model(card)
    torch.manual_seed(3)
    lightness = 100 * torch.rand(1, 1, 32, 48)
    with torch.inference_mode():
        wanted = as_caffe(blobs, centers, lightness)
        ab = colorizer._network(lightness).softmax(1).movedim(1, -1) @ colorizer._network.centers
    assert wanted.std() > 1
    torch.testing.assert_close(ab.movedim(-1, 1), wanted, rtol=0, atol=0.02)
    # The card asks for no temperature beside what is in the weights.
    assert catalog.find("zhang2016").details["temperature"] == 1


def test_the_same_weights_in_either_release_are_one_network(blobs, named, centers):
    found = zhang2016.adapt(named | {"array": torch.from_numpy(centers)})
    counts = (2, 2, 3, 3, 3, 3, 3)
    for stage, count in enumerate(counts, 1):
        weight, bias = blobs[f"conv{stage}_{count}"]
        assert torch.equal(found[f"model{stage}.{2 * count - 2}.weight"], weight)
        assert torch.equal(found[f"model{stage}.{2 * count - 2}.bias"], bias)
        mean = blobs[f"conv{stage}_{count}norm"][0] / ROOM
        torch.testing.assert_close(found[f"model{stage}.{2 * count}.running_mean"], mean)
    torch.testing.assert_close(found["model1.0.weight"], 100 * blobs["bw_conv1_1"][0])
    torch.testing.assert_close(found["model8.6.weight"], 2.606 * blobs["conv8_313"][0])
    assert torch.equal(zhang2016.adapt(found)["model8.0.weight"], blobs["conv8_1"][0])
    assert {name: tuple(one.shape) for name, one in found.items()} == zhang2016.networks({})["weights"].layout()


def test_a_sharpening_that_is_in_the_file_is_taken_and_an_empty_norm_is_none(blobs, named, centers):
    own = {"conv8_313_rh.0": torch.full((313,), 6.0), "conv1_2norm.2": torch.zeros(1)}
    found = zhang2016.adapt(named | own | {"array": torch.from_numpy(centers)})
    torch.testing.assert_close(found["model8.6.bias"], 6 * blobs["conv8_313"][1])
    assert found["model1.4.running_mean"].count_nonzero() == 0


def test_without_the_second_file_it_is_named(files, empty_store):
    with pytest.raises(CheckpointRefused, match=r"second file, pts_in_hull\.npy") as refused:
        store.import_files([files[0]], silent)
    both = "Give both: photochrom models import colorization_release_v2.caffemodel pts_in_hull.npy"
    assert refused.value.next_step == both
    with pytest.raises(CheckpointRefused, match=r"pts_in_hull\.npy is not a checkpoint of zhang2016"):
        store.import_files([files[1]], silent, "zhang2016")


def test_another_array_is_not_taken_for_the_colors(named):
    with pytest.raises(CheckpointRefused, match=r"313 pairs of a and b, not an array of \(313,\)"):
        zhang2016.adapt(named | {"array": torch.ones(313)})


def test_other_networks_of_caffe_are_not_taken_for_it(named):
    with pytest.raises(KeyError):
        zhang2016.adapt({name: tensor for name, tensor in named.items() if not name.startswith("conv8")})
