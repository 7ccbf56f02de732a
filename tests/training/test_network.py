"""The embedded colorizer's network: what it must not depend on."""

import torch
from photochrom.training.network import ColorNetwork, evenly_exposed


def tones(mean: float) -> torch.Tensor:
    """A smooth picture (1, 1, 64, 96) of about this mean lightness."""
    generator = torch.Generator().manual_seed(7)
    coarse = torch.rand(1, 1, 4, 6, generator=generator) * 0.6 + 0.2
    smooth = torch.nn.functional.interpolate(coarse, size=(64, 96), mode="bilinear")
    return 100 * smooth ** (torch.log(torch.tensor(mean / 100)) / smooth.mean().log())


def test_exposure_is_evened_out_whatever_the_scan_was():
    for mean in (30.0, 50.0, 70.0):
        assert abs(evenly_exposed(tones(mean)).mean() - 50) < 3


def test_pictures_are_evened_out_each_by_itself():
    both = evenly_exposed(torch.cat([tones(30.0), tones(70.0)]))
    torch.testing.assert_close(both[:1], evenly_exposed(tones(30.0)))
    torch.testing.assert_close(both[1:], evenly_exposed(tones(70.0)))


def test_black_and_white_pictures_stay_finite():
    for value in (0.0, 100.0):
        assert torch.isfinite(evenly_exposed(torch.full((1, 1, 32, 32), value))).all()


def test_the_answer_hardly_depends_on_exposure():
    torch.manual_seed(3)
    network = ColorNetwork(tuple(range(20)), "lite0", (64, 32, 32, 16), 1).eval()
    planes = torch.zeros(1, 4, 64, 96)
    planes[:, :1] = tones(45.0)
    dark = planes.clone()
    dark[:, :1] = 100 * (planes[:, :1] / 100) ** 1.4
    with torch.inference_mode():
        plain, darker = network(planes)[1], network(dark)[1]
    assert (plain - darker).abs().mean() < 0.05 * plain.abs().mean()
