"""Richart et al. 2017: CIELUV against colour-science, and the perceptron against one patch alone."""

import colour
import numpy as np
import torch
from photochrom.colorizers.richart2017 import Richart2017Network, ab_from_uv, chosen, uv_from_lab
from photochrom.image.lab import WHITE


def colors(rng):
    """L, a, b (1, 3, 6, 7) within light."""
    lab = rng.uniform((3, -40, -40), (98, 40, 40), (6, 7, 3)).astype(np.float32)
    return torch.from_numpy(lab).movedim(-1, 0)[None]


def test_uv_is_that_of_cieluv(rng):
    lab = colors(rng)
    x, y, z = WHITE
    white = np.array([x / (x + y + z), y / (x + y + z)])
    xyz = colour.Lab_to_XYZ(lab[0].movedim(0, -1).numpy(), white)
    wanted = colour.XYZ_to_Luv(xyz, white)
    found = uv_from_lab(lab)[0].movedim(0, -1).numpy()
    np.testing.assert_allclose(found, wanted[..., 1:], atol=0.01)


def test_ab_and_uv_are_the_same_colors(rng):
    lab = colors(rng)
    torch.testing.assert_close(ab_from_uv(lab[:, :1], uv_from_lab(lab)), lab[:, 1:], rtol=1e-3, atol=0.02)


def test_black_has_no_chroma_and_nothing_overflows_near_it():
    lightness = torch.tensor([0, 1e-4, 1.0, 50]).reshape(1, 1, 2, 2)
    ab = ab_from_uv(lightness, torch.full((1, 2, 2, 2), 60.0))
    assert torch.isfinite(ab).all()
    assert (ab[..., 0, 0] == 0).all()
    assert (uv_from_lab(torch.zeros(1, 3, 2, 2)) == 0).all()


def test_a_pixel_is_judged_by_the_patch_around_it_alone():
    torch.manual_seed(1)
    network = Richart2017Network(5, 8)
    picture = 100 * torch.rand(1, 1, 9, 11)
    with torch.inference_mode():
        scores = network(picture)
        patch = picture[0, 0, 2:7, 3:8].flatten() / 50 - 1
        hidden = (network.hidden.weight.flatten(1) @ patch + network.hidden.bias).sigmoid()
        wanted = network.last.weight.flatten(1) @ hidden + network.last.bias
        torch.testing.assert_close(scores[0, :, 4, 5], wanted)
        corner = torch.zeros(5, 5)
        corner[2:, 2:] = picture[0, 0, :3, :3]
        corner[:2] = corner[2].clone()
        corner[:, :2] = corner[:, 2:3].clone()
        hidden = (network.hidden.weight.flatten(1) @ (corner.flatten() / 50 - 1) + network.hidden.bias).sigmoid()
        torch.testing.assert_close(scores[0, :, 0, 0], network.last.weight.flatten(1) @ hidden + network.last.bias)


def test_a_color_is_the_most_probable_or_the_mean():
    palette = torch.arange(18.0).reshape(9, 2)
    scores = torch.full((1, 9, 1, 1), -1e9)
    scores[:, 2], scores[:, 8] = 0.0, np.log(3)
    torch.testing.assert_close(chosen(scores, palette, None).flatten(), palette[8])
    torch.testing.assert_close(chosen(scores, palette, 1.0).flatten(), palette[2] / 4 + 3 * palette[8] / 4)
    torch.testing.assert_close(chosen(scores, palette, 0.5).flatten(), palette[2] / 10 + 9 * palette[8] / 10)
