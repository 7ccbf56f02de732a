"""Recolored segments: one object has another color, only it is hinted, and the rest is unchanged."""

import torch
from photochrom.training.recolored import recolor


def card():
    """A blue square (64 of 256 pixels' sides) on a gray ground; L differs, too."""
    ab, lightness = torch.zeros(1, 2, 64, 64), torch.full((1, 1, 64, 64), 30.0)
    ab[:, 1, 16:48, 16:48] = -40
    lightness[:, :, 16:48, 16:48] = 70
    return lightness, ab


def changed(seed):
    lightness, ab = card()
    new, hints = recolor(lightness, ab, torch.Generator().manual_seed(seed))
    return (new - ab).norm(dim=1)[0], new, hints


def test_what_changes_is_one_object_and_the_hints_lie_inside():
    square = torch.zeros(64, 64, dtype=torch.bool)
    square[16:48, 16:48] = True
    seen = 0
    for seed in range(40):
        difference, new, hints = changed(seed)
        if not hints[:, 2].any():
            assert not difference.any()
            continue
        seen += 1
        # The ground takes three quarters of the picture, more than a segment may: only the square is ever recolored.
        assert not difference[~torch.nn.functional.max_pool2d(square[None].float(), 3, 1, 1)[0].bool()].any()
        assert difference[square].mean() > 0
        assert not hints[0, 2][~square].any()
        where = hints[0, 2].bool()
        torch.testing.assert_close(hints[0, :2, where], new[0, :, where])
    assert seen >= 5


def test_the_same_generator_gives_the_same():
    first, second = changed(3), changed(3)
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other)
