"""The self-organizing map and the loss of Richart et al. 2017, worked by hand."""

import math

import torch
from photochrom.training import richart2017


def test_a_self_organized_map_finds_nine_clusters():
    torch.manual_seed(9)
    centers = 30 * torch.cartesian_prod(torch.arange(3.0), torch.arange(3.0)) - 20
    samples = (centers[:, None] + torch.randn(9, 50, 2)).flatten(0, 1)
    neurons = richart2017.self_organized(samples)
    assert torch.cdist(centers, neurons).min(1).values.max() < 2


def test_neighbors_on_the_map_are_similar_colors():
    torch.manual_seed(9)
    neurons = richart2017.self_organized(40 * torch.randn(2000, 2)).reshape(3, 3, 2)
    beside = (neurons[1:] - neurons[:-1]).norm(dim=-1).mean() + (neurons[:, 1:] - neurons[:, :-1]).norm(dim=-1).mean()
    across = (neurons[0, 0] - neurons[2, 2]).norm() + (neurons[0, 2] - neurons[2, 0]).norm()
    assert beside < across


def test_richarts_truth_is_the_nearest_color_of_the_palette():
    palette = torch.zeros(9, 2)
    palette[1:] = 1000
    scores = torch.zeros(1, 9, 1, 2)
    scores[:, 0] = math.log(8)
    loss = richart2017.class_loss(scores, torch.tensor([50.0, 0, 0]).reshape(1, 3, 1, 1).expand(1, 3, 1, 2), palette)
    torch.testing.assert_close(loss, torch.tensor(math.log(2)))
