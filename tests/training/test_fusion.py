"""The losses of the networks that fuse places with an embedding, worked by hand; views in white."""

from types import SimpleNamespace

import pytest
import torch
from photochrom.training import deepcolor, fusion, iitg, koalarization
from torch import nn
from torch.nn import functional as F


class Fixed(nn.Module):
    """Answers with the same ab and keeps what it read."""

    def __init__(self, ab):
        super().__init__()
        self.ab = ab

    def forward(self, lightness, gray):
        self.lightness, self.gray = lightness, gray
        return self.ab[..., : lightness.shape[-2] // 2, : lightness.shape[-1] // 2]


def method(module, **own):
    recipe = module.RECIPE
    generator = torch.Generator().manual_seed(1)
    changed = SimpleNamespace(rate=recipe.rate, side=64, own=recipe.own | own)
    return module.prepare(SimpleNamespace(recipe=changed, backbone=None, device="cpu", generator=generator))


def views(count=2, side=32):
    return torch.rand(count, 3, side, side) * torch.tensor([100.0, 60, 60])[:, None, None]


def test_the_loss_is_the_papers_but_for_a_constant():
    torch.manual_seed(2)
    lab = views()
    made = method(deepcolor, architecture="3")
    differences = []
    for answer in (Fixed(torch.rand(2, 2, 16, 16)) for _ in range(2)):
        made.network = answer
        doubled = F.interpolate(answer.ab, scale_factor=2)
        papers = ((doubled - lab[:, 1:] / 128) ** 2).sum((1, 2, 3)).div(2 * 32 * 32).mean()
        differences.append(made.loss(lab, 0)["squared"] - papers)
    torch.testing.assert_close(*differences)


def test_the_network_reads_lightness_and_a_gray_picture_of_it():
    lab = torch.zeros(1, 3, 32, 32)
    lab[:, 0] = 53.389
    made = method(deepcolor, architecture="3")
    made.network = Fixed(torch.zeros(1, 2, 16, 16))
    assert made.loss(lab, 0)["squared"] == 0
    assert made.network.gray.shape == (1, 1, 224, 224)
    torch.testing.assert_close(made.network.gray, torch.zeros(1, 1, 224, 224), atol=1e-4, rtol=0)
    torch.testing.assert_close(made.network.lightness, torch.full((1, 1, 32, 32), 53.389 / 50 - 1))


def test_views_lie_in_white_high_or_wide():
    torch.manual_seed(0)
    found = fusion.in_white(torch.zeros(64, 3, 50, 50), torch.Generator().manual_seed(3))
    rows, columns = (found[:, 0] < 100).any(2).sum(1), (found[:, 0] < 100).any(1).sum(1)
    assert ((rows == 50) ^ (columns == 50)).sum() > 55
    narrow = torch.minimum(rows, columns)
    assert narrow.min() >= 27
    assert narrow.float().std() > 4
    assert 20 < (rows == 50).sum() < 44
    torch.testing.assert_close(found, found.flip(2))
    assert (found[:, 1:] == 0).all()


@pytest.mark.parametrize("module", [koalarization, iitg])
def test_a_picture_lies_in_white_and_is_cut_out_of_the_answer(module):
    made = method(module)
    made.network = Fixed(torch.arange(2.0 * 48 * 48).reshape(1, 2, 48, 48) / 1e4)
    ab = made.answer(torch.full((1, 1, 64, 96), 20.0))
    assert made.network.lightness.shape == (1, 1, 96, 96)
    torch.testing.assert_close(made.network.lightness[..., 16:80, :], torch.full((1, 1, 64, 96), -0.6))
    assert (made.network.lightness[..., :16, :] == 1).all()
    torch.testing.assert_close(ab, 127 * made.network.ab[..., 8:40, :])


def test_what_was_learnt_from_imagenet_stays_and_the_rest_learns():
    made = method(deepcolor, architecture="3")
    before = {name: value.clone() for name, value in made.network.state_dict().items()}
    made.network.train()
    made.loss(views(), 0)["squared"].backward()
    made.optimizer.step()
    changed = {name for name, value in made.network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {name for name in before if not name.startswith("embedding.")}


def test_the_l2_term_is_keras_over_kernels_alone():
    network = nn.Conv2d(1, 1, 2)
    with torch.no_grad():
        network.weight.fill_(3.0)
        network.bias.fill_(3.0)
    optimizer = fusion.adam(network, 0.1, 0.01)
    decays = {p: group["weight_decay"] for group in optimizer.param_groups for p in group["params"]}
    (0.01 * (network.weight**2).sum()).backward()
    torch.testing.assert_close(network.weight.grad, decays[network.weight] * network.weight.detach())
    assert decays[network.bias] == 0


def test_accuracy_counts_which_of_a_and_b_is_larger():
    true = torch.tensor([[3.0, -4, 10, 0], [1.0, 2, -10, 5]]).reshape(1, 2, 1, 4)
    ab = torch.tensor([[90.0, 1, -1, -3], [-90.0, 0, -2, -2]]).reshape(1, 2, 1, 4)
    assert deepcolor.accuracy(ab, true) == 0.75


def test_the_card_says_whose_embedding_it_is():
    assert "in place of Inception-ResNet-v2" in method(deepcolor, architecture="3").card()["embedding_start"]
