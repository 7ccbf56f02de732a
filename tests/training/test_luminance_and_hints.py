"""What the network is trained on: aged lightness, and hints as an artist would place them."""

import numpy as np
import pytest
import torch
from photochrom.image import lab as numpy_lab
from photochrom.training import hints, lab
from photochrom.training.luminance import CLEAN, Ageing


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(7)


def test_torch_and_numpy_lab_agree():
    rgb = np.random.default_rng(0).uniform(0, 1, (50, 3)).astype(np.float32)
    theirs = numpy_lab.lab_from_srgb(rgb)
    linear = lab.linear_from_srgb(torch.from_numpy(rgb.T[None, :, :, None].copy()))
    np.testing.assert_allclose(lab.lab_from_linear(linear)[0, :, :, 0].numpy().T, theirs, atol=2e-3)


def test_lab_and_back_is_the_same_color():
    rgb = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    back = lab.srgb_from_linear(lab.linear_from_lab(lab.lab_from_linear(lab.linear_from_srgb(rgb))))
    torch.testing.assert_close(back, rgb, atol=1e-4, rtol=0)


def test_aged_lightness_stays_in_range_and_part_stays_clean(generator):
    linear = torch.rand(200, 3, 64, 64, generator=generator)
    aged = Ageing(generator).lightness(linear)
    assert aged.shape == (200, 1, 64, 64)
    assert aged.min() >= 0
    assert aged.max() <= 100
    clean = lab.lab_from_linear(linear)[:, :1]
    untouched = ((aged - clean).abs().amax((1, 2, 3)) < 1e-3).float().mean()
    assert CLEAN - 0.15 < untouched < CLEAN + 0.25


def test_ageing_blurs_fades_and_grains_but_keeps_the_picture(generator):
    ramp = torch.linspace(0.05, 0.9, 64).expand(400, 3, 64, 64)
    aged = Ageing(generator).lightness(ramp)[:, 0].mean(1)
    falling = (aged[:, 48:].mean(1) < aged[:, :16].mean(1)).float().mean()
    assert falling == 0


def test_hints_show_the_true_color_where_the_mask_is_set(generator):
    ab = torch.randn(64, 2, 96, 96, generator=generator) * 0 + torch.randn(64, 2, 1, 1, generator=generator) * 20
    shown = hints.simulate(ab, 1.0, generator)
    mask = shown[:, 2:] > 0
    assert set(shown[:, 2].unique().tolist()) <= {0.0, 1.0}
    torch.testing.assert_close(shown[:, :2], torch.where(mask, ab, 0), atol=1e-3, rtol=0)
    assert mask.flatten(1).any(1).all()


def test_only_the_share_asked_for_is_hinted(generator):
    ab = torch.full((400, 2, 32, 32), 5.0)
    assert (hints.simulate(ab, 0.0, generator) == 0).all()
    hinted = (hints.simulate(ab, 0.25, generator)[:, 2].amax((1, 2)) > 0).float().mean()
    assert 0.15 < hinted < 0.35


def test_a_patch_shows_its_mean_color(generator):
    ab = torch.randn(300, 2, 40, 40, generator=generator) * 10
    shown = hints.simulate(ab, 1.0, generator)
    for picture, truth in zip(shown, ab, strict=True):
        area = int(picture[2].sum())
        rows, columns = torch.nonzero(picture[2], as_tuple=True)
        if 0 < area <= 81 and len(set(rows.tolist())) * len(set(columns.tolist())) == area:
            patch = truth[:, rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
            colors = picture[:2, rows, columns]
            if torch.equal(colors.amax(1), colors.amin(1)):
                torch.testing.assert_close(colors[:, 0], patch.mean((1, 2)), atol=1e-3, rtol=0)
                return
    pytest.fail("no lone patch among 300 pictures")
