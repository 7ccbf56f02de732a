"""TIFF files are read by what their tags say: every kind that can be written has its tones, or is refused by name."""

from __future__ import annotations

import collections
import random
from pathlib import Path

import numpy as np
import pytest
import tifffile
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import LARGEST
from photochrom.image.picture import Picture, open_picture

from . import every_tiff
from .every_tiff import Kind

NOT_WRITTEN, REFUSED, RIGHT = "not written", "refused", ""


def verdict(kind: Kind, path: Path, rng: np.random.Generator) -> str:
    """What becomes of a file of this kind: one of the three above, or what is wrong with it."""
    palette = rng.integers(0, 65536, (3, 2 ** min(kind.bits, 16))).astype(np.uint16)
    data = every_tiff.samples(kind, rng)
    if not every_tiff.write(kind, path, data, palette):
        return NOT_WRITTEN
    try:
        picture = open_picture(path)
        with picture.reading():
            lightness, pixels = picture.lightness().numpy(), picture.pixels().numpy()
    except BadPicture as error:
        clear = "damaged" not in error.cause and path.name in error.cause and error.next_step
        return REFUSED if clear and not kind.readable else f"refused: {error}"
    if not kind.readable:
        return "read, and who knows how"
    return difference(kind, picture, lightness, pixels, every_tiff.expected(kind, data, palette))


def difference(kind: Kind, picture: Picture, lightness: np.ndarray, pixels: np.ndarray, expected: tuple) -> str:
    """How the picture differs from what is `expected` of it."""
    truth, alpha, tolerance = expected
    if lightness.shape != truth.shape:
        return f"size {lightness.shape}"
    found = []
    if (off := np.abs(lightness - truth).max()) > tolerance:
        found.append(f"L* off by {off:.3f}")
    if picture.alpha != (alpha is not None):
        found.append("alpha")
    elif alpha is not None and np.abs(pixels[..., -1] / LARGEST[picture.format] - alpha).max() > 0.003:
        found.append("opacity")
    left_out = len(kind.extras) - (alpha is not None)
    if bool(left_out) != any("left out" in note for note in picture.notes):
        found.append("note")
    return ", ".join(found)


def sweep(kinds, tmp_path, capsys) -> None:
    rng = np.random.default_rng(11)
    count, failures = collections.Counter(), []
    for kind in kinds:
        said = verdict(kind, tmp_path / "any.tif", rng)
        known = said in (RIGHT, REFUSED, NOT_WRITTEN)
        count[said if known else "wrong"] += 1
        if not known:
            failures.append(f"{said}: {kind}")
    with capsys.disabled():
        print(
            f"\n{count.total() - count[NOT_WRITTEN]} combinations of TIFF tags: {count[RIGHT]} with their tones, "
            f"{count[REFUSED]} refused by name, {count['wrong']} wrong ({count[NOT_WRITTEN]} cannot be written)"
        )
    assert count[RIGHT] > 700
    assert count[REFUSED] > 300
    assert not failures, "\n".join(failures[:40])


def test_every_kind_of_tiff_has_its_tones_or_is_refused_by_name(tmp_path, capsys):
    sweep(every_tiff.kinds(whole=False), tmp_path, capsys)


@pytest.mark.slow
def test_one_in_six_of_all_kinds_in_either_order_of_planes_and_with_every_profile(tmp_path, capsys):
    kinds = list(every_tiff.kinds(whole=True))  # all of them take minutes
    sweep(random.Random(1907).sample(kinds, len(kinds) // 6), tmp_path, capsys)


@pytest.mark.parametrize("layout", [{"tile": (64, 64)}, {"rowsperstrip": 16}], ids=["tiles", "strips"])
@pytest.mark.parametrize("how", ["truncated", "damaged"])
def test_what_cannot_be_decoded_is_an_error_not_black(tmp_path, rng, layout, how):
    path = tmp_path / "scan.tif"
    tifffile.imwrite(path, rng.integers(0, 255, (400, 500), dtype=np.uint8), compression="zlib", **layout)
    with tifffile.TiffFile(path) as tiff:
        place = tiff.pages[0].dataoffsets[10]
    whole = bytearray(path.read_bytes())
    path.write_bytes(whole[: place + 50] + (b"" if how == "truncated" else bytes(40) + whole[place + 90 :]))
    picture = open_picture(path)
    with pytest.raises(BadPicture, match="damaged or truncated"), picture.reading():
        picture.lightness().avg()


def test_tiles_that_were_left_out_are_black(tmp_path, rng):
    path = tmp_path / "sparse.tif"
    samples = rng.integers(100, 255, (128, 128), dtype=np.uint8)
    tiles = [samples[:64, :64], None, samples[64:, :64], samples[64:, 64:]]
    tifffile.imwrite(
        path, iter(tiles), shape=(128, 128), dtype=np.uint8, tile=(64, 64), photometric="minisblack", compression="zlib"
    )
    lightness = open_picture(path).lightness().numpy()
    assert lightness[:64, 64:].max() == 0
    assert lightness[:64, :64].min() > 40 and lightness[64:].min() > 40
