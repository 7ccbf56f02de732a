"""The losses for variety, the experts' categories, and the decode: each does what it promises."""

import dataclasses

import pytest
import torch
from photochrom.training.decode import HUES, MOST_OFFSET, Choice, offsets, on_card
from photochrom.training.discriminator import Discriminator
from photochrom.training.experts import EXPERTS, membership
from photochrom.training.network import gated
from photochrom.training.perceptual_loss import PerceptualLoss


def test_every_picture_teaches_its_expert_and_the_one_for_all():
    own = membership(["people", "flower", "unheard of"])
    assert own.tolist() == [[1, 1, 0, 0, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 0]]
    assert own.shape[1] == len(EXPERTS)


def test_the_gate_takes_each_region_from_whom_it_trusts():
    ab = torch.stack([torch.full((2, 2, 2), 10.0), torch.full((2, 2, 2), -10.0)])[None]
    gate = torch.tensor([[1.0, 0.5], [0.25, 0.0]])
    answer = gated(ab, torch.stack([gate, 1 - gate])[None])
    assert answer[0, 0].tolist() == [[10, 0], [-5, -10]]


def test_perceptual_loss_is_zero_for_equal_pictures_and_larger_without_colors():
    generator = torch.Generator().manual_seed(1)
    lightness = torch.rand(2, 1, 64, 64, generator=generator) * 100
    ab = torch.randn(2, 2, 4, 4, generator=generator).repeat_interleave(16, 2).repeat_interleave(16, 3) * 30
    perception = PerceptualLoss()
    assert torch.stack(perception(lightness, ab, ab, recognized=True)).abs().max() < 1e-6
    half, none = (torch.stack(perception(lightness, ab * part, ab, recognized=True)) for part in (0.5, 0.0))
    assert (none > half).all() and (half > 0).all()


def test_recognition_is_left_out_unless_asked_for():
    lightness, ab = torch.full((2, 1, 64, 64), 50.0), torch.full((2, 2, 64, 64), 20.0)
    seen, recognized = PerceptualLoss("lite2")(lightness, -ab, ab)
    assert (seen > 0).all() and recognized.tolist() == [0, 0]


def test_perception_is_not_trained():
    perception = PerceptualLoss().train()
    assert not perception.training
    assert not any(parameter.requires_grad for parameter in perception.parameters())


def test_the_adversary_learns_to_distinguish_gray_from_color():
    torch.manual_seed(4)
    adversary = Discriminator()
    optimizer = adversary.optimizer()
    lightness = torch.rand(4, 1, 32, 32) * 100
    true, ours = torch.randn(4, 2, 32, 32) * 30, torch.zeros(4, 2, 32, 32)
    losses = [float(adversary.learn(optimizer, lightness, ours, true)) for _ in range(60)]
    assert losses[-1] < losses[0] / 2
    before = [parameter.detach().clone() for parameter in adversary.parameters()]
    wish = ours.clone().requires_grad_()
    adversary.doubt(lightness, wish).backward()
    assert wish.grad.abs().sum() > 0
    assert all(torch.equal(was, now) for was, now in zip(before, adversary.parameters(), strict=True))
    assert all(parameter.requires_grad for parameter in adversary.parameters())


BALANCE = (0.3, 0.0, 0.1, 0.4, 0.5, 0.1, 0.2, 0.5)
CHOICE = Choice(160, 0.6, BALANCE, 0.5, 8.0, 1.1, 0.85, 24.0, 22.0, 0.9, 0.9, 0.05, 0.05, 6.0, HUES)


@pytest.mark.parametrize(
    "less",
    [{"spread": 0.6}, {"chroma": 0.5}, {"toned": 0.3}, {"neutrals": 12.0}, {"hues": (0.3, *HUES[1:])}, {"psnr": 23.9}],
    ids=lambda each: next(iter(each)),
)
def test_vivid_is_close_varied_not_toned_and_leaves_neutrals(less):
    assert dataclasses.replace(CHOICE, **less).vivid < CHOICE.vivid == CHOICE.psnr


def test_the_rarer_a_hue_is_expected_the_more_its_classes_get():
    found = offsets([0.1, 0.4, 0.2, 0.05, 0.0, 0.1, 0.1, 0.05], 0.3)
    # By hand: 0.3 · ln 4 = 0.416, 0.3 · ln 2 = 0.208; 0.3 · ln 8 = 0.624 is more than a sector may get.
    assert found == pytest.approx((0.416, 0, 0.208, 0.5, 0.5, 0.416, 0.416, 0.5), abs=1e-3)
    assert max(found) == MOST_OFFSET
    assert offsets([0.1, 0.9] + 6 * [0.0], 0.0) == (0.0,) * 8


def test_calm_is_the_closest_that_colors():
    assert dataclasses.replace(CHOICE, spread=0.55).calm == CHOICE.calm
    assert dataclasses.replace(CHOICE, spread=0.2, psnr=24.5).calm < CHOICE.calm


def test_the_card_records_what_was_chosen():
    calm = dataclasses.replace(CHOICE, gain=0.9, psnr=24.4)
    card = on_card(CHOICE, calm)
    assert card["proxy_side"] == 160
    assert card["decode"] == {
        "temperature": 0.6,
        "balance": list(BALANCE),
        "vivid": {"experts": 0.5, "toe": 8.0, "gain": 1.1, "mean": 0.85},
        "calm": {"experts": 0.5, "toe": 8.0, "gain": 0.9, "mean": 0.85},
    }
    assert card["chosen_on"]["calm"]["psnr"] == 24.4
    assert card["chosen_on"]["vivid"]["hues"] == list(HUES)
