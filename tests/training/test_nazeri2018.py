"""Losses of Nazeri et al. 2018, worked by hand."""

import math

import torch
from photochrom.training import nazeri2018


def test_nazeris_generator_wants_to_be_believed_and_close():
    scores = torch.tensor([0.0, math.log(3)])  # Believed with probability 1/2 and 3/4.
    painted, true = torch.zeros(1, 3, 2, 2), torch.full((1, 3, 2, 2), 0.25)
    fooled, close = nazeri2018.generator_loss(scores, painted, true)
    torch.testing.assert_close(fooled, torch.tensor((math.log(2) + math.log(4 / 3)) / 2))
    torch.testing.assert_close(close, torch.tensor(25.0))


def test_nazeris_discriminator_is_told_0_9_of_the_truth_and_0_of_us():
    true, ours = torch.tensor([math.log(9)]), torch.tensor([0.0])  # Sure of 0.9, and undecided.
    entropy = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1))
    torch.testing.assert_close(nazeri2018.discriminator_loss(true, ours), torch.tensor(entropy + math.log(2)))


def test_nazeris_discriminator_sees_the_gray_picture_and_answers_for_patches():
    network = nazeri2018.Discriminator()
    gray, lab = torch.rand(2, 1, 64, 64), 2 * torch.rand(2, 3, 64, 64) - 1
    assert network(gray, lab).shape == (2, 1, 6, 6)
    assert not torch.allclose(network(gray, lab), network(1 - gray, lab))


def test_scaled_lab_is_what_the_generator_returns():
    lab = torch.tensor([75.0, -55, 220]).reshape(1, 3, 1, 1)
    torch.testing.assert_close(nazeri2018.scaled(lab).flatten(), torch.tensor([0.5, -0.5, 1.0]))
