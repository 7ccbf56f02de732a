"""Class targets and class weights, by hand."""

import pytest
import torch
from photochrom.colorizers.color_classes import ColorClasses
from photochrom.training.losses import (
    ColorTargets,
    class_loss,
    class_weights,
    neutral,
    regression_loss,
    spread_loss,
    varied,
)

ALL = ColorClasses(tuple(range(400)))


def spread_of(a, b):
    classes, weights = ColorTargets(ALL, torch.device("cpu"))(torch.tensor([a, b]).reshape(1, 2, 1, 1).float())
    return dict(zip(classes.flatten().tolist(), weights.flatten().tolist(), strict=True))


def test_a_class_center_is_wholly_that_class():
    assert {k: w for k, w in spread_of(5, 5).items() if w > 0} == {210: 1.0}


def test_a_color_between_four_centers_is_a_quarter_of_each():
    assert spread_of(10, 10) == pytest.approx({210: 0.25, 211: 0.25, 230: 0.25, 231: 0.25})


def test_the_mean_of_the_spread_is_the_color_itself():
    centers = torch.from_numpy(ALL.centers)
    mean = sum(weight * centers[number] for number, weight in spread_of(-37.5, 22.0).items())
    torch.testing.assert_close(mean, torch.tensor([-37.5, 22.0]))


def test_class_weights_are_ccc_equation_15():
    classes = torch.tensor([0] * 8 + [1] * 2).reshape(1, 1, 1, 10)
    weights = class_weights(classes, torch.ones(1, 1, 1, 10), 2, 1.0)
    # max N = 8, Υ = 0.5, Φ = 1/2: 8 / (4 + 4) = 1 and 8 / (1 + 4) = 1.6; mean over the pixels 1.12.
    torch.testing.assert_close(weights, torch.tensor([1 / 1.12, 1.6 / 1.12]))


def test_no_strength_weighs_all_classes_alike():
    classes = torch.tensor([0, 0, 0, 1]).reshape(1, 1, 1, 4)
    torch.testing.assert_close(class_weights(classes, torch.ones(1, 1, 1, 4), 2, 0.0), torch.ones(2))


def test_the_right_answer_costs_least():
    truth = torch.full((1, 2, 2, 2), 5.0)
    targets = ColorTargets(ALL, torch.device("cpu"))
    right, wrong = torch.zeros(1, 400, 2, 2), torch.zeros(1, 400, 2, 2)
    right[:, 210], wrong[:, 0] = 20, 20
    assert class_loss(right, truth, targets, 0.0)[0] < 1e-3
    assert class_loss(wrong, truth, targets, 0.0)[0] > 10
    assert regression_loss(truth, truth) == 0
    # Smooth L1 with δ = 10: 30 - 10 / 2.
    assert regression_loss(truth + 30, truth) == pytest.approx(25)


def test_rare_colors_weigh_more_and_all_together_one():
    truth = torch.full((1, 2, 1, 10), 5.0)
    truth[..., 8:] = -35.0
    _, weight = class_loss(torch.zeros(1, 400, 1, 10), truth, ColorTargets(ALL, torch.device("cpu")), 1.0)
    assert weight.mean() == pytest.approx(1)
    assert weight[0, 0, 0, 9] > 1.5 * weight[0, 0, 0, 0]


def test_neutral_is_gray_of_middle_lightness():
    ab = torch.tensor([[0.0, 3.0, 5.0, 0.0], [0.0, 2.0, 0.0, 1.0]]).reshape(1, 2, 1, 4)
    lightness = torch.tensor([50.0, 50.0, 50.0, 90.0]).reshape(1, 1, 1, 4)
    assert neutral(lightness, ab).flatten().tolist() == [1, 1, 0, 0]


def test_toned_and_gray_pictures_are_not_varied():
    red_and_green = torch.tensor([40.0, -40.0]).repeat(8).reshape(1, 1, 4, 4)
    several = torch.cat([red_and_green, torch.zeros(1, 1, 4, 4)], 1)
    sepia = several / 20 + 10
    faint = several / 20
    assert varied(torch.cat([several, sepia, faint])).tolist() == [True, False, False]


def test_spread_that_is_missing_costs_more_than_spread_too_much():
    true = torch.tensor([10.0, -10.0]).repeat(16).reshape(1, 2, 4, 4)
    less, as_much, more = (float(spread_loss(true * factor, true)) for factor in (0.5, 1.0, 1.5))
    assert as_much == pytest.approx(0, abs=1e-4)
    # 10 to 5: smooth L1 with β = 2 gives 5 - 1, and half of the 5 that are missing.
    assert less == pytest.approx(6.5, abs=0.01)
    assert more == pytest.approx(4, abs=0.01)
