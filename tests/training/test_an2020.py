"""The rebalanced loss of An et al. 2020, worked by hand."""

import math

import torch
from photochrom.colorizers.color_classes import ColorClasses, bin_of
from photochrom.training import an2020
from photochrom.training.losses import ColorTargets


def test_rebalancing_gives_rare_colors_more_and_pixels_one_on_average():
    centers = torch.tensor([[0.0, 0], [100, 0], [0, 100]])  # Too far apart for the smoothing.
    counts = torch.tensor([6, 3, 1])
    raw = [1 / (p / 2 + 1 / 6) for p in (0.6, 0.3, 0.1)]
    mean = 0.6 * raw[0] + 0.3 * raw[1] + 0.1 * raw[2]
    wanted = torch.tensor([value / mean for value in raw])
    torch.testing.assert_close(an2020.rebalancing(counts, centers), wanted)


def test_frequencies_are_smoothed_among_neighbors_and_still_sum_to_one():
    centers = torch.tensor([[0.0, 0], [10, 0], [20, 0]])
    lonely = an2020.rebalancing(torch.tensor([98, 1, 1]), centers * 100)
    smoothed = an2020.rebalancing(torch.tensor([98, 1, 1]), centers)
    assert smoothed[1] < smoothed[2]
    assert torch.isclose(lonely[1], lonely[2])


def test_the_rebalanced_loss_weighs_each_pixel_by_its_nearest_class():
    classes = ColorClasses(tuple(int(b) for b in sorted(bin_of(torch.tensor([[5.0, 5], [15, 5]]).numpy()))))
    targets = ColorTargets(classes, torch.device("cpu"))
    ab = torch.tensor([[5.0, 5], [12.5, 5]]).T.reshape(1, 2, 1, 2)  # On the first center; 3/4 of the way to the second.
    scores = torch.tensor([[0.0, 0], [0, math.log(3)]]).T.reshape(1, 2, 1, 2)
    weights = torch.tensor([1.0, 4])
    first = math.log(2)
    second = -(math.log(1 / 4) / 4 + 3 * math.log(3 / 4) / 4)
    wanted = torch.tensor((1 * first + 4 * second) / 2)
    torch.testing.assert_close(an2020.class_loss(scores, ab, targets, weights), wanted)
