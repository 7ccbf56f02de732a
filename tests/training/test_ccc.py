"""CCC's formulas, each worked by hand; the classes of photographs; the published layout of its encoder."""

import math

import numpy as np
import pytest
import torch
from photochrom.colorizers import densenet
from photochrom.colorizers.ccc_network import DENSENET, CCCNetwork
from photochrom.colorizers.color_classes import ColorClasses, classes_that_occur
from photochrom.errors import CheckpointRefused
from photochrom.training import ccc, systems
from photochrom.training.losses import appearance_weights
from photochrom.training.photographs import Photographs


def photographs(*colors):
    """Photographs of 60 × 60 pixels, each of one sRGB color."""
    pixels = torch.tensor(np.concatenate([np.full((3600, 3), color, np.uint8).ravel() for color in colors]))
    count = len(colors)
    sizes = torch.full((count,), 60)
    return Photographs(pixels, torch.arange(count) * 10800, sizes, sizes, ("",) * count, ("",) * count, ("",) * count)


def test_equation_15_on_three_classes():
    # max N = 6, Υ = 0.5, Φ = 1/3: 6/(6/2 + 2), 6/(2/2 + 2), 6/(0 + 2).
    torch.testing.assert_close(appearance_weights(torch.tensor([6.0, 2.0, 0.0])), torch.tensor([1.2, 2.0, 3.0]))


def test_equation_16_on_four_pixels():
    # Weights of the classes, by eq. 15: 3/(1.5 + 1.5) = 1 and 3/(0.5 + 1.5) = 1.5.
    true = torch.tensor([[[0, 0], [0, 1]]])
    probabilities = torch.tensor([[[[0.5, 0.5], [0.5, 0.75]], [[0.5, 0.5], [0.5, 0.25]]]])
    loss = ccc.balanced_cross_entropy(probabilities.log(), true)
    assert float(loss) == pytest.approx((3 * math.log(2) + 1.5 * math.log(4)) / 4.5)
    alike = ccc.balanced_cross_entropy(probabilities.log(), true, weighted=False)
    assert float(alike) == pytest.approx((3 * math.log(2) + math.log(4)) / 4)


def test_the_share_of_a_class_that_stays_is_500_of_the_paper_s_samples():
    counts = np.zeros(400, np.int64)
    counts[[200, 210, 220]] = 35040 * 56 * 56 - 999, 500, 499
    assert classes_that_occur(counts).bins == (200, 210)


def test_each_photograph_counts_56_by_56_pixels():
    # Black, and sRGB red: a 80, b 69.9 under D50, in column 18 and row 16 of the matrix.
    counts = ccc.appearances(photographs((0, 0, 0), (255, 0, 0), (0, 0, 0)))
    assert {int(number): int(counts[number]) for number in np.flatnonzero(counts)} == {
        210: 2 * 3136,
        16 * 20 + 18: 3136,
    }


def method(tmp_path, pictures, **own):
    recipe = systems.recipe_for("ccc")
    recipe.own.update({"widths": [16, 16, 16, 16]} | own)
    return ccc.prepare(systems.Setting(recipe, pictures, torch.Generator(), tmp_path, None))


def test_classes_of_a_batch_are_those_that_occur(tmp_path):
    prepared = method(tmp_path, photographs((0, 0, 0), (255, 0, 0)))
    assert prepared.card()["bins"] == [210, 338]
    assert "in place of DenseNet-121" in prepared.card()["encoder_start"]
    # Gray of bin 210; orange-red, nearest to red; green, nearest to gray.
    ab = torch.tensor([[5.0, 5.0], [60.0, 60.0], [-60.0, 20.0]]).T.reshape(1, 2, 1, 3)
    assert prepared.classes_of(ab).tolist() == [[[0, 1, 0]]]


def test_the_answer_is_the_center_of_the_most_probable_class(tmp_path):
    prepared = method(tmp_path, photographs((0, 0, 0), (255, 0, 0)))
    last = prepared.network.decoder[-1]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor([0.0, 1.0]))
    prepared.network.eval()
    ab = prepared.answer(torch.full((1, 1, 32, 64), 50.0))
    assert ab.shape == (1, 2, 8, 16)
    torch.testing.assert_close(ab[0, :, 3, 4], torch.from_numpy(ColorClasses((338,)).centers[0]))


def test_the_paper_s_square_gives_the_paper_s_distribution():
    with torch.device("meta"):
        network = CCCNetwork(215, DENSENET, [512, 256, 256, 256])
        lightness = torch.zeros(1, 1, 224, 224)
    assert network.encoder(lightness).shape == (1, 1024, 7, 7)
    assert network(lightness).shape == (1, 215, 56, 56)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """torchvision's DenseNet-121 with random weights, and a checkpoint of them with the names of 2017."""
    torch.manual_seed(3)
    network = densenet.densenet121(weights=None).eval()
    tensors = {}
    for name, tensor in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        if "denselayer" in name:
            for part in ("norm", "conv"):
                for number in "12":
                    name = name.replace(f".{part}{number}.", f".{part}.{number}.")  # noqa: PLW2901
        tensors[name] = tensor
    path = tmp_path_factory.mktemp("published") / "densenet121.pth"
    torch.save(tensors, path)
    assert "features.denseblock1.denselayer1.norm.1.running_mean" in tensors
    return network, path


def test_the_published_encoder_sees_gray_as_it_saw_colors(published):
    original, path = published
    ours = densenet.DenseNet121()
    ours.load_state_dict(densenet.imagenet_weights(path), strict=True)
    lightness = torch.rand(1, 1, 64, 64) * 100
    gray = ((lightness / 100 - densenet.MEAN) / densenet.DEVIATION).expand(-1, 3, -1, -1)
    with torch.inference_mode():
        torch.testing.assert_close(ours.eval()(lightness), original.features(gray).relu(), atol=1e-4, rtol=1e-3)


def test_another_checkpoint_is_no_encoder(published, tmp_path):
    path = tmp_path / "other.pth"
    torch.save({"features.conv0.weight": torch.zeros(64, 3, 7, 7)}, path)
    with pytest.raises(CheckpointRefused, match="no checkpoint of DenseNet-121"):
        densenet.imagenet_weights(path)


def test_a_given_backbone_is_the_run_s_encoder(published, tmp_path):
    original, path = published
    recipe = systems.recipe_for("ccc")
    recipe.own.update(widths=[16, 16, 16, 16])
    setting = systems.Setting(recipe, photographs((0, 0, 0)), torch.Generator(), tmp_path, path)
    prepared = ccc.prepare(setting)
    assert prepared.card()["encoder"] == DENSENET
    assert "torchvision" in prepared.card()["encoder_start"]
    found = prepared.network.encoder.features.denseblock2.denselayer3.conv2.weight
    torch.testing.assert_close(found, original.features.denseblock2.denselayer3.conv2.weight)
