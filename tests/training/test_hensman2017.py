"""Hensman 2017: which photograph is learnt from."""

import numpy as np
import pytest
import torch
from photochrom.errors import BadRecipe
from photochrom.training import hensman2017, systems
from photochrom.training.photographs import Photographs


def photographs():
    """Gray, red, and one half red and half blue."""
    red, blue = (200, 30, 30), (30, 30, 200)
    pictures = [np.full((40, 40, 3), color, np.uint8) for color in ((120, 120, 120), red, red)]
    pictures[2][:, 20:] = blue
    sizes = torch.full((3,), 40)
    pixels = torch.from_numpy(np.concatenate([each.ravel() for each in pictures]))
    return Photographs(pixels, torch.arange(3) * 4800, sizes, sizes, ("gray", "red", "both"), ("",) * 3, ("",) * 3)


def test_the_most_varied_photograph_is_the_reference_unless_the_recipe_names_one():
    assert hensman2017.reference(photographs(), None) == 2
    assert hensman2017.reference(photographs(), "red") == 1
    with pytest.raises(BadRecipe, match="green is not among"):
        hensman2017.reference(photographs(), "green")


def test_the_palette_has_the_reference_s_colors():
    red, blue = sorted(hensman2017.palette(photographs().whole(2), 2), reverse=True)
    assert red[0] > 50
    assert red[1] > 20
    assert blue[1] < -50
    assert hensman2017.palette(photographs().whole(2), 0) == []


def test_every_step_sees_the_reference_alone(tmp_path):
    recipe = systems.recipe_for("hensman2017")
    recipe.own.update({"width": 8, "photograph": "red"})
    method = hensman2017.prepare(systems.Setting(recipe, photographs(), torch.Generator(), tmp_path, None))
    assert method.draw(7, 4).tolist() == [1, 1, 1, 1]
    assert method.card()["reference"] == "red"
