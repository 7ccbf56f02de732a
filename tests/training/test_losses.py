"""Class targets and class weights, by hand."""

import pytest
import torch
from photochrom.colorizers.classes import ColourClasses
from photochrom.training.losses import ColourTargets, class_weights, colour_loss

ALL = ColourClasses(tuple(range(400)))


def spread_of(a, b):
    classes, weights = ColourTargets(ALL, torch.device("cpu"))(torch.tensor([a, b]).reshape(1, 2, 1, 1).float())
    return dict(zip(classes.flatten().tolist(), weights.flatten().tolist(), strict=True))


def test_a_class_centre_is_wholly_that_class():
    assert {k: w for k, w in spread_of(5, 5).items() if w > 0} == {210: 1.0}


def test_a_colour_between_four_centres_is_a_quarter_of_each():
    assert spread_of(10, 10) == pytest.approx({210: 0.25, 211: 0.25, 230: 0.25, 231: 0.25})


def test_the_mean_of_the_spread_is_the_colour_itself():
    centres = torch.from_numpy(ALL.centres)
    mean = sum(weight * centres[number] for number, weight in spread_of(-37.5, 22.0).items())
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
    targets = ColourTargets(ALL, torch.device("cpu"))
    right, wrong = torch.zeros(1, 400, 2, 2), torch.zeros(1, 400, 2, 2)
    right[:, 210], wrong[:, 0] = 20, 20
    costs = [
        colour_loss(logits, truth + off, truth, targets, rebalance=0.0, focal=0.0, regression=1.0)
        for logits, off in ((right, 0), (wrong, 30))
    ]
    assert costs[0][0] < 1e-3
    assert costs[0][1] == 0
    assert costs[1][0] > 10
    assert costs[1][1] == pytest.approx(25)
