"""An et al. 2020: VGG-16's layout, and the stages over it."""

import pytest
import torch
from photochrom.colorizers import an2020
from photochrom.errors import CheckpointRefused
from photochrom.models import catalog
from safetensors.torch import save_file
from torch import nn

# Of torchvision's vgg16: number in `features` -> channels into and out of the convolution.
VGG16 = {
    **{0: (3, 64), 2: (64, 64), 5: (64, 128), 7: (128, 128), 10: (128, 256), 12: (256, 256), 14: (256, 256)},
    **{17: (256, 512), 19: (512, 512), 21: (512, 512), 24: (512, 512), 26: (512, 512), 28: (512, 512)},
}


@pytest.fixture(scope="module")
def published(random_tensors):
    shapes = {f"features.{number}.weight": (after, before, 3, 3) for number, (before, after) in VGG16.items()}
    shapes |= {f"features.{number}.bias": (after,) for number, (_, after) in VGG16.items()}
    return random_tensors(shapes) | {"classifier.0.weight": torch.zeros(2, 2)}


def test_eight_stages_of_two_or_three_convolutions_end_with_a_normalization():
    with torch.device("meta"):
        network = an2020.An2020Network(an2020.VGG16, 313)
        sizes = []
        stages = [*network.backbone.stages, network.stage6, network.stage7, network.stage8]
        for stage in stages:
            stage.register_forward_hook(lambda _, __, output: sizes.append((output.shape[1], output.shape[2])))
        scores = network(torch.zeros(1, 1, 224, 224))
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    assert [sum(isinstance(layer, kinds) for layer in stage) for stage in stages] == [2, 2, 3, 3, 3, 3, 3, 3]
    assert all(isinstance(stage[-1], nn.BatchNorm2d) for stage in stages)
    assert sizes == [(64, 224), (128, 112), (256, 56), (512, 28), (512, 28), (512, 28), (512, 28), (256, 56)]
    assert scores.shape == (1, 313, 56, 56)


def test_the_card_counts_the_parameters_of_what_is_trained_here():
    (card,) = (entry for entry in catalog.trainable() if entry.name == "an2020")
    with torch.device("meta"):
        network = an2020.An2020Network(an2020.LITE, 221)  # As many classes as occur in our training photographs.
    assert sum(each.numel() for each in network.parameters()) == card.parameters


def test_vgg16_starts_from_the_published_weights_in_their_order(published, tmp_path):
    save_file(published, tmp_path / "vgg16.safetensors")
    network = an2020.An2020Network(an2020.VGG16, 5)
    network.start_from_imagenet(tmp_path / "vgg16.safetensors")
    second = network.backbone.stages[1]
    torch.testing.assert_close(second[0].weight, published["features.5.weight"])
    torch.testing.assert_close(network.backbone.stages[4][4].bias, published["features.28.bias"])
    gray = torch.rand(1, 1, 16, 16)
    mean, deviation = torch.tensor(an2020.MEAN), torch.tensor(an2020.DEVIATION)
    read = (gray.expand(-1, 3, -1, -1) - mean[:, None, None]) / deviation[:, None, None]
    first = nn.functional.conv2d(read, published["features.0.weight"], published["features.0.bias"], padding=1)
    heard = []
    network.backbone.stages[0][0].register_forward_hook(lambda _, __, output: heard.append(output.clone()))
    with torch.inference_mode():
        network.eval()(gray)
    torch.testing.assert_close(heard[0], first, rtol=1e-4, atol=1e-4)


def test_another_file_or_none_is_refused_with_the_way_out(tmp_path):
    network = an2020.An2020Network(an2020.VGG16, 5)
    with pytest.raises(CheckpointRefused) as refused:
        network.start_from_imagenet()
    assert "efficientnet-lite0" in refused.value.next_step
    save_file({"features.0.weight": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointRefused, match=r"other\.safetensors"):
        network.start_from_imagenet(tmp_path / "other.safetensors")


def test_efficientnet_gives_three_maps_at_an_eighth():
    network = an2020.An2020Network(an2020.LITE, 5)
    network.start_from_imagenet()
    with torch.inference_mode():
        network.eval()
        assert network.backbone(torch.rand(1, 1, 64, 96)).shape == (1, 472, 8, 12)
        assert network(torch.rand(1, 1, 64, 96)).shape == (1, 5, 16, 24)
