"""Grays, squares and whites on the way to published systems and back."""

import colour
import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions
from photochrom.image import lab

D65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]


def test_colors_keep_their_look_under_the_other_white(rng):
    rgb = rng.random((40, 50, 3))
    there = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(rgb), D65)
    here = conversions.ab_from_d65(there[..., 0], there[..., 1:])
    assert np.abs(here - lab.lab_from_srgb(rgb)[..., 1:]).max() < 0.05


def test_ab_survives_the_way_there_and_back(rng):
    found = lab.lab_from_srgb(rng.random((40, 50, 3)))
    lightness, ab = found[..., 0], found[..., 1:]
    # Y moves a little with the white, and both ways take the lightness they are given.
    assert np.abs(conversions.ab_from_d65(lightness, conversions.ab_to_d65(lightness, ab)) - ab).max() < 2


@pytest.mark.parametrize("way", [conversions.ab_from_d65, conversions.ab_to_d65])
def test_gray_stays_gray(way):
    lightness = np.linspace(0, 100, 101, dtype=np.float32)[None]
    assert np.abs(way(lightness, np.zeros((1, 101, 2), np.float32))).max() < 1e-4


def test_unbounded_colors_are_bounded():
    ab = conversions.ab_from_d65(np.full((1, 1), 50.0), np.full((1, 1, 2), -1e6))
    assert np.isfinite(ab).all()
    assert np.abs(ab).max() <= conversions.MOST_AB


def test_lightness_survives_as_gray():
    lightness = np.linspace(0, 100, 1001, dtype=np.float32)
    assert np.abs(conversions.lightness_from_gray(conversions.gray_from_lightness(lightness)) - lightness).max() < 0.01


def test_squash_resizes_as_pillow_does(rng):
    from PIL import Image

    gray = rng.random((90, 130)).astype(np.float32)
    for mode, kind in (("bicubic", Image.Resampling.BICUBIC), ("bilinear", Image.Resampling.BILINEAR)):
        theirs = np.asarray(Image.fromarray(gray).resize((64, 64), kind))
        ours = conversions.squash(torch.from_numpy(gray)[None, None], (64, 64), mode, antialias=True)[0, 0].numpy()
        assert np.abs(ours - theirs).max() < 1e-4


def test_within_never_enlarges(rng):
    ab = torch.from_numpy(rng.random((1, 2, 64, 64)).astype(np.float32))
    assert conversions.within(ab, 100, 32).shape == (1, 2, 64, 32)
