"""DeepColor's four networks and IIT Guwahati's, layer by layer beside what the papers print."""

import pytest
import torch
from photochrom.colorizers import deepcolor, koalarization
from photochrom.colorizers.fusion_network import FusionNetwork
from photochrom.models import catalog
from torch import nn
from torch.nn import functional as F

# (sides of the output, channels of the output, printed count of parameters) of each convolution.
ENCODERS = {
    "base": [
        *((112, 64, 640), (112, 128, 73856), (56, 128, 147584), (56, 256, 295168), (28, 256, 590080)),
        *((28, 512, 1180160), (28, 512, 2359808), (28, 256, 1179904)),
    ],
    "1": [(112, 64, 640), (56, 128, 73856), (28, 256, 295168), (28, 512, 1180160), (28, 256, 1179904)],
    "2": [(112, 64, 640), (56, 64, 36928), (28, 64, 36928), (28, 128, 73856), (28, 256, 295168)],
    "3": [(112, 64, 640), (56, 64, 36928), (28, 32, 18464), (28, 64, 18496), (28, 64, 36928)],
}
FUSED = [
    *((28, 256, 321792), (28, 256, 65792), (28, 128, 295040), (56, 64, 73792), (112, 32, 18464)),
    *((112, 16, 4624), (112, 2, 290)),
]
FUSED_3 = [(28, 64, 68160), (28, 64, 36928), (56, 32, 18464), (112, 32, 9248), (112, 16, 4624), (112, 2, 290)]
TOTALS = {"base": 6_606_994, "1": 3_509_522, "2": 1_223_314, "3": 249_170}


CARDS = {
    "deepcolor": deepcolor.ARCHITECTURES["base"],
    "iitg": koalarization.GUWAHATI,
    "koalarization": koalarization.BALDASSARRE,
}


class Named(nn.Module):
    """An embedding that says the same of every picture."""

    def __init__(self, classes):
        super().__init__()
        self.said = torch.linspace(-1, 1, classes)

    def forward(self, gray):
        return self.said.expand(len(gray), -1)


def outlined(layers, side=224, classes=1000):
    """What each convolution returns for a square, and how many parameters it has."""
    found = []
    with torch.device("meta"):
        network = FusionNetwork(layers, "efficientnet-lite0")
        network.embedding = Named(classes)

    def note(layer, _, output):
        assert output.shape[2] == output.shape[3]
        found.append((output.shape[2], output.shape[1], sum(each.numel() for each in layer.parameters())))

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(note)
    with torch.inference_mode():
        network(torch.zeros(1, 1, side, side, device="meta"), torch.zeros(1, 1, 1, 1, device="meta"))
    return found


@pytest.mark.parametrize("name", deepcolor.ARCHITECTURES)
def test_deepcolors_layers_have_the_sizes_and_counts_that_its_figures_print(name):
    found = outlined(deepcolor.ARCHITECTURES[name])
    assert found == ENCODERS[name] + (FUSED_3 if name == "3" else FUSED)
    assert sum(count for *_, count in found) == TOTALS[name]


def test_guwahatis_layers_are_those_of_its_tables():
    with torch.device("meta"):
        network = FusionNetwork(koalarization.GUWAHATI, "efficientnet-lite0")
    kernels = [(layer.out_channels, *layer.kernel_size) for layer in network.encoder if isinstance(layer, nn.Conv2d)]
    assert kernels == [(128, 3, 3), (128, 4, 4), (128, 3, 3), (256, 4, 4), (256, 3, 3), (256, 4, 4), *[(256, 3, 3)] * 2]
    kernels = [(layer.out_channels, *layer.kernel_size) for layer in network.decoder if isinstance(layer, nn.Conv2d)]
    assert kernels == [(128, 3, 3), (64, 3, 3), (128, 3, 3), (64, 4, 4), (64, 3, 3), (32, 2, 2), (2, 3, 3)]
    sides = [side for side, *_ in outlined(koalarization.GUWAHATI)]
    assert sides == [224, 112, 112, 56, 56, 28, 28, 28, 28, 28, 28, 56, 112, 112, 112, 112]


@pytest.mark.parametrize("name", CARDS)
def test_cards_count_all_parameters_of_what_is_trained_here(name):
    (entry,) = (entry for entry in catalog.trainable() if entry.name == name)
    with torch.device("meta"):
        network = FusionNetwork(CARDS[name], "efficientnet-lite0")
    assert sum(parameter.numel() for parameter in network.parameters()) == entry.parameters


def test_the_fusion_of_guwahati_reads_as_many_channels_as_its_section_on_fusion_says():
    with torch.device("meta"):
        network = FusionNetwork(koalarization.GUWAHATI, "inception-resnet-v2-1001")
    assert network.fusion[0].in_channels == 1257


def test_kernels_of_even_size_have_the_odd_pixel_of_padding_at_the_end():
    torch.manual_seed(4)
    network = FusionNetwork(koalarization.GUWAHATI, "efficientnet-lite0")
    pad, convolution = network.encoder[3], network.encoder[4]
    assert convolution.kernel_size == (4, 4)
    planes = torch.rand(1, 128, 6, 8)
    wanted = F.conv2d(F.pad(planes, (1, 2, 1, 2)), convolution.weight, convolution.bias)
    torch.testing.assert_close(convolution(pad(planes)), wanted)


def test_what_the_embedding_says_is_put_at_every_place():
    torch.manual_seed(5)
    network = FusionNetwork(deepcolor.ARCHITECTURES["3"], "efficientnet-lite0")
    network.embedding = Named(1000)
    read = []
    network.fusion.register_forward_pre_hook(lambda _, inputs: read.extend(inputs))
    with torch.inference_mode():
        ab = network(torch.rand(2, 1, 16, 24), torch.zeros(2, 1, 1, 1))
    assert ab.shape == (2, 2, 8, 12)
    assert read[0].shape == (2, 1064, 2, 3)
    torch.testing.assert_close(read[0][0, 64:, 1, 2], network.embedding.said)


@pytest.mark.parametrize(
    ("size", "read"), [((1, 1), (64, 64)), ((100, 150), (64, 96)), ((9, 900), (64, 256)), ((131, 95), (88, 64))]
)
def test_deepcolor_reads_pictures_at_their_own_aspect(size, read):
    assert deepcolor.size_to_read(size, 64) == read
