"""Nazeri et al. 2018: the U-Net beside the same network written plainly, as TensorFlow computes it."""

import pytest
import torch
from photochrom.colorizers.nazeri2018 import Nazeri2018Network
from photochrom.models import catalog
from torch.nn import functional as F

(CARD,) = (entry for entry in catalog.trainable() if entry.name == "nazeri2018")


@pytest.mark.parametrize(("side", "count"), [(256, 42_023_811), (128, CARD.parameters)])
def test_it_has_as_many_parameters_as_the_authors_program_and_for_our_side_as_the_card_says(side, count):
    with torch.device("meta"):
        network = Nazeri2018Network(side)
    assert sum(each.numel() for each in network.parameters()) == count


@pytest.mark.parametrize(("side", "layers"), [(32, 5), (64, 6), (256, 8)])
def test_the_narrowest_features_are_2_by_2_for_every_side(side, layers):
    sizes = []
    with torch.device("meta"):
        network = Nazeri2018Network(side)
        for layer in network.contracting:
            layer.register_forward_hook(lambda _, __, output: sizes.append(output.shape[-1]))
        found = network(torch.zeros(1, 1, side, side))
    assert sizes == [side >> number for number in range(layers)]
    assert sizes[-1] == 2
    assert found.shape == (1, 3, side, side)


def test_it_is_a_u_net_whose_normalizations_see_the_picture_alone():
    torch.manual_seed(3)
    network = Nazeri2018Network(16).eval()
    gray = torch.rand(1, 1, 16, 16)

    def normed(planes, layer):
        mean, variance = planes.mean((2, 3), keepdim=True), planes.var((2, 3), correction=0, keepdim=True)
        scale, shift = layer.weight[:, None, None], layer.bias[:, None, None]
        return (planes - mean) / (variance + 1e-3).sqrt() * scale + shift

    with torch.inference_mode():
        planes, seen = 255 * gray, []
        for number, (pad, convolution, norm, _) in enumerate(network.contracting):
            around = (1, 1, 1, 1) if number else (1, 2, 1, 2)
            assert pad.padding == around
            planes = F.conv2d(F.pad(planes, around), convolution.weight, convolution.bias, 2 if number else 1)
            planes = F.leaky_relu(normed(planes, norm), 0.2)
            seen.append(planes)
        seen.pop()
        for convolution, norm, _ in network.expanding:
            planes = F.conv_transpose2d(planes, convolution.weight, convolution.bias, 2, 1)
            planes = torch.cat([seen.pop(), normed(planes, norm).relu()], 1)
        last = network.last[0]
        wanted = F.conv2d(planes, last.weight, last.bias).tanh()
        torch.testing.assert_close(network(gray), wanted, rtol=1e-4, atol=1e-5)
    assert not seen
