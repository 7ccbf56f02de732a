"""MetalGAN: what a task is, and Reptile's step, worked by hand."""

import numpy as np
import torch
from photochrom.training import metalgan, systems
from photochrom.training.photographs import Photographs
from torch import nn


def test_reptile_goes_part_of_the_way_and_starts_there_again():
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 1.0)
    reptile = metalgan.Reptile(network, 0.25)
    with torch.no_grad():
        network.weight.fill_(5.0)
    reptile.update()
    assert network.weight.item() == 2.0
    with torch.no_grad():
        network.weight.fill_(0.0)
    reptile.update()
    assert network.weight.item() == 1.5


def test_like_photographs_are_one_task():
    centers = np.eye(40, dtype=np.float32)[:3]
    features = np.repeat(centers, 5, 0) + np.random.default_rng(0).normal(0, 0.01, (15, 40)).astype(np.float32)
    labels = metalgan.grouped(features, 3).reshape(3, 5)
    assert (labels == labels[:, :1]).all()
    assert len(set(labels[:, 0])) == 3


def photographs():
    """Six of 60 × 60 pixels: noise of three kinds, coarse, fine and none."""
    random = np.random.default_rng(0)
    pictures = []
    for size in (4, 4, 60, 60, 1, 1):
        coarse = random.integers(0, 255, (size, size, 3), np.uint8)
        pictures.append(np.kron(coarse, np.ones((60 // size, 60 // size, 1), np.uint8)))
    sizes = torch.full((6,), 60)
    pixels = torch.from_numpy(np.concatenate([each.ravel() for each in pictures]))
    return Photographs(pixels, torch.arange(6) * 10800, sizes, sizes, ("",) * 6, ("",) * 6, ("",) * 6)


def test_descriptors_have_length_1():
    found = metalgan.descriptors(photographs())
    assert found.shape == (6, 320)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_steps_in_a_row_see_one_task(tmp_path):
    recipe = systems.recipe_for("metalgan")
    recipe.own.update({"width": 8, "tasks": 3, "inner": 3})
    generator = torch.Generator().manual_seed(1)
    method = metalgan.prepare(systems.Setting(recipe, photographs(), generator, tmp_path, None))
    tasks = torch.tensor([0, 0, 1, 1, 2, 2])
    method._members = [torch.nonzero(tasks == number)[:, 0] for number in range(3)]
    seen = [set(tasks[method.draw(step, 8)].tolist()) for step in range(30)]
    assert all(len(each) == 1 for each in seen)
    rounds = [seen[start : start + 3] for start in range(0, 30, 3)]
    assert all(each[0] == each[1] == each[2] for each in rounds)
    assert {task for each in seen for task in each} == {0, 1, 2}
