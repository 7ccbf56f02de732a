"""PixColor: no pixel of chroma knows one after it, and what is drawn one by one is what the network says at once."""

import numpy as np
import pytest
import torch
from photochrom.colorizers.pixcolor_network import (
    LEVELS,
    PixColorNetwork,
    PixelCNN,
    chroma_from,
    chroma_of,
    levels_of,
    rgb_of,
)
from photochrom.models import catalog


@pytest.fixture(scope="module")
def pixels():
    torch.manual_seed(5)
    return PixelCNN(12).eval().requires_grad_(False)


def scores(network, levels, seen):
    return torch.stack(network(levels, seen), 1)  # (n, Cb and Cr, 32, h, w)


def test_a_pixel_changes_only_those_after_it(pixels):
    levels, seen = torch.randint(LEVELS, (1, 2, 5, 6)), torch.randn(1, 12, 5, 6)
    changed = levels.clone()
    changed[0, 0, 2, 3] = (levels[0, 0, 2, 3] + 9) % LEVELS
    moved = (scores(pixels, levels, seen) - scores(pixels, changed, seen)).abs().amax((0, 1, 2)) > 1e-6
    assert moved.any()
    assert not moved.flatten()[: 2 * 6 + 4].any()


def test_cb_knows_the_cr_of_its_own_pixel(pixels):
    levels, seen = torch.randint(LEVELS, (1, 2, 3, 3)), torch.randn(1, 12, 3, 3)
    changed = levels.clone()
    changed[0, 1, 1, 1] = (levels[0, 1, 1, 1] + 9) % LEVELS
    difference = (scores(pixels, levels, seen) - scores(pixels, changed, seen)).abs()[0, :, :, 1, 1].amax(1)
    assert difference[0] > 1e-3
    assert difference[1] == 0


def test_the_most_probable_drawing_is_the_most_probable_of_each_pixel_given_those_before(pixels):
    seen = torch.randn(2, 12, 4, 5)
    levels = pixels.drawn(seen, 1e-4, torch.Generator().manual_seed(0))
    assert torch.equal(scores(pixels, levels, seen).argmax(2), levels)


def test_another_seed_draws_other_colors(pixels):
    seen = torch.randn(1, 12, 4, 4)
    first, again, other = (pixels.drawn(seen, 1.0, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_paper_s_square_gives_28_by_28():
    with torch.device("meta"):
        network = PixColorNetwork(64)
        gray = torch.zeros(1, 1, 224, 224)
        assert network.seen(gray).shape == (1, 64, 28, 28)
        assert network.refined(gray, torch.zeros(1, 2, 28, 28, dtype=torch.long)).shape == (1, 2, 112, 112)
    (card,) = (entry for entry in catalog.trainable() if entry.name == "pixcolor")
    assert sum(each.numel() for each in network.parameters()) == card.parameters


def test_chroma_is_that_of_jpeg(rng):
    rgb = torch.from_numpy(rng.uniform(0, 1, (1, 3, 4, 4)).astype(np.float32))
    luma = (rgb * torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)).sum(1, keepdim=True)
    torch.testing.assert_close(rgb_of(luma, chroma_from(rgb)), rgb, atol=1e-5, rtol=0)
    red = chroma_from(torch.tensor([1.0, 0, 0]).reshape(1, 3, 1, 1)).flatten()
    torch.testing.assert_close(red, torch.tensor([-0.168736, 0.5]), atol=1e-5, rtol=0)


def test_levels_are_equal_parts():
    middles = chroma_of(torch.arange(LEVELS))
    assert torch.equal(levels_of(middles), torch.arange(LEVELS))
    assert levels_of(torch.tensor([-0.5, 0.5])).tolist() == [0, LEVELS - 1]
