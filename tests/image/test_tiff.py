"""TIFF files are read by what their tags say: every kind that can be written has its tones, or is refused by name."""

from __future__ import annotations

import collections

import numpy as np
import pytest
import tifffile
from photochrom.errors import BadPicture
from photochrom.image.files import write_picture
from photochrom.image.picture import open_picture
from photochrom.image.spaces import LARGEST

from . import every_tiff
from .conftest import no_colour
from .every_tiff import Kind


def wrong(kind: Kind, path, rng) -> str:
    """What is wrong with how this kind is read: nothing, or a sentence; "not written" where there is no such file."""
    palette = rng.integers(0, 65536, (3, 2 ** min(kind.bits, 16))).astype(np.uint16)
    data = every_tiff.samples(kind, rng)
    if not every_tiff.write(kind, path, data, palette):
        return "not written"
    try:
        picture = open_picture(path)
        with picture.reading():
            found, pixels = picture.lightness().numpy(), picture.pixels().numpy()
    except BadPicture as error:
        clear = "damaged" not in error.cause and path.name in error.cause and error.next_step
        return "refused" if clear and not kind.readable else f"refused: {error}"
    if not kind.readable:
        return "read"
    lightness, alpha, tolerance = every_tiff.expected(kind, data, palette)
    if found.shape != lightness.shape:
        return f"size {found.shape}"
    if (off := np.abs(found - lightness).max()) > tolerance:
        return f"L* off by {off:.3f}"
    if picture.alpha != (alpha is not None):
        return "alpha"
    if alpha is not None and np.abs(pixels[..., -1] / LARGEST[picture.format] - alpha).max() > 0.003:
        return "opacity"
    used = kind.colours + (alpha is not None)
    if (data.shape[-1] > used) != any("left out" in note for note in picture.notes):
        return "note"
    return ""


def sweep(kinds, tmp_path, capsys) -> None:
    rng = np.random.default_rng(11)
    count, failures = collections.Counter(), []
    for kind in kinds:
        said = wrong(kind, tmp_path / "any.tif", rng)
        count[said if said in ("", "refused", "not written") else "wrong"] += 1
        if said not in ("", "refused", "not written"):
            failures.append(f"{said}: {kind}")
    with capsys.disabled():
        print(
            f"\n{sum(count.values()) - count['not written']} combinations of TIFF tags: {count['']} with their tones, "
            f"{count['refused']} refused by name, {count['wrong']} wrong ({count['not written']} cannot be written)"
        )
    assert count[""] > 900
    assert count["refused"] > 900
    assert not failures, "\n".join(failures[:40])


def test_every_kind_of_tiff_has_its_tones_or_is_refused_by_name(tmp_path, capsys):
    sweep(every_tiff.kinds(whole=False), tmp_path, capsys)


@pytest.mark.slow
def test_every_kind_of_tiff_in_every_orientation_and_with_every_profile(tmp_path, capsys):
    sweep(every_tiff.kinds(whole=True), tmp_path, capsys)
