"""The Best Colorizer data set: the errors of every colorizer of the pool on many color photographs.

Gomez Moreno et al., "Multipurpose Image Colorization", section 3.2: each photograph is reduced to its lightness,
colorized by all, and labeled with the one of the highest CPSNR. Stored here is the basis of all such labels, including
blends: the Gram matrix of the colorizers' errors for each picture. A blend with shares w has the mean squared error
wᵀ G w, as far as color is linear in ab; G's diagonal holds the errors of single colorizers.
"""

from __future__ import annotations

import itertools
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photochrom import colorizers, routing
from photochrom.errors import BadPicture
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.image.lab import lab_from_srgb, srgb_from_lab
from photochrom.progress import Progress, silent
from photochrom.sampling.proxy import reduce
from photochrom.sampling.resize import shrink, stretch

Floats = NDArray[np.float32]

SIDE = 160
"""Short side of the pictures on which errors are measured."""

KEPT_EVERY = 100
"""Maximum number of pictures lost when the work is interrupted."""

LEAST_ERROR = 1 / 12 / 255**2
"""The mean squared error of rounding to 8 bits: CPSNR is capped there, as in `evaluation.metrics`."""


@dataclass(frozen=True)
class BestColorizers:
    """`thumbnails` (N, 64, 64) lightness 0…100, `gram` (N, K, K) of the K colorizers `choices`, `paths` of the N."""

    choices: tuple[str, ...]
    paths: tuple[str, ...]
    thumbnails: Floats
    gram: Floats

    def cpsnr(self, shares: Floats) -> Floats:
        """(K,) or (N, K) shares -> (N,) CPSNR in dB of their blend."""
        return cpsnr(self.gram, shares)


def cpsnr(gram: Floats, shares: Floats) -> Floats:
    """(N, K, K) Gram matrices and (K,) or (N, K) shares -> (N,) CPSNR in dB (Guesser, section 3.2)."""
    wide = np.broadcast_to(shares, gram.shape[:2])
    errors = np.einsum("nk,nkl,nl->n", wide, gram, wide)
    return np.asarray(-10 * np.log10(np.maximum(errors, LEAST_ERROR)), np.float32)


def build(
    folder: Path, choices: tuple[str, ...], most: int, seed: int, file: Path, progress: Progress = silent
) -> BestColorizers:
    """Runs all `choices` on `most` photographs of `folder`, drawn at random, and stores the result in `file` (.npz).

    `folder` contains training shards (`photos-*.tar`) or any image files. An existing file is continued.

    Raises:
        BadRequest, BadPicture: there is nothing to learn from.
        ModelMissing, ModelDamaged: a colorizer cannot be used.
    """
    known = read(file) if file.is_file() else None
    if known is None or known.choices != choices:
        none = np.zeros((0, 64, 64), np.float32), np.zeros((0, len(choices), len(choices)), np.float32)
        known = BestColorizers(choices, (), *none)
    names = sorted(_names(folder))
    drawn = np.random.default_rng(seed).permutation(len(names))[:most]
    wanted = {names[index] for index in drawn} - set(known.paths)
    total = len(wanted) + len(known.paths)
    rows: list[tuple[str, Floats, Floats]] = []
    for name, picture in _pictures(folder, wanted):
        done = len(known.paths) + len(rows)
        progress(done / total, f"{done} of {total} photographs")
        rows.append((name, *_errors(picture, choices)))
        if len(rows) == KEPT_EVERY:
            known, rows = _kept(known, rows, file), []
    return _kept(known, rows, file)


def read(file: Path) -> BestColorizers:
    """Reads what `build` wrote."""
    with np.load(file, allow_pickle=False) as stored:
        return BestColorizers(
            tuple(map(str, stored["choices"])), tuple(map(str, stored["paths"])), stored["thumbnails"], stored["gram"]
        )


def _kept(known: BestColorizers, rows: list[tuple[str, Floats, Floats]], file: Path) -> BestColorizers:
    if not rows:
        return known
    names, thumbnails, gram = zip(*rows, strict=True)
    grown = BestColorizers(
        known.choices,
        (*known.paths, *names),
        np.concatenate([known.thumbnails, np.stack(thumbnails)]),
        np.concatenate([known.gram, np.stack(gram)]).astype(np.float32),
    )
    part = file.with_suffix(".part.npz")
    np.savez_compressed(
        part, choices=grown.choices, paths=grown.paths, thumbnails=grown.thumbnails, gram=grown.gram
    )  # fmt: skip
    part.replace(file)
    return grown


def _errors(picture: NDArray[np.uint8], choices: tuple[str, ...]) -> tuple[Floats, Floats]:
    """One color photograph (H, W, 3) -> its thumbnail (64, 64) and the Gram matrix (K, K) of the errors."""
    import pyvips

    small = pyvips.Image.new_from_array(np.ascontiguousarray(picture))
    if min(small.width, small.height) > SIDE:
        scale = SIDE / min(small.width, small.height)
        small = shrink(small, round(small.height * scale), round(small.width * scale))
    rgb = np.asarray(small.numpy(), np.float32) / 255
    plane = lab_from_srgb(rgb)[..., 0]
    lightness = pyvips.Image.new_from_array(np.ascontiguousarray(plane))
    residuals = []
    for name in choices:
        colorizer = colorizers.load(name)
        ab = colorizer.predict(reduce(lightness, colorizer.card.proxy_side)).ab
        full = stretch(pyvips.Image.new_from_array(ab), lightness.height, lightness.width).numpy()
        ours = np.clip(srgb_from_lab(np.concatenate([plane[..., None], full], -1)), 0, 1)
        residuals.append((ours - rgb).ravel())
    errors = np.stack(residuals)
    thumbnail = shrink(lightness, routing.SIDE, routing.SIDE).numpy()
    return np.asarray(thumbnail, np.float32), np.asarray(errors @ errors.T / errors.shape[1], np.float32)


def _names(folder: Path) -> list[str]:
    shards = sorted(folder.glob("photos-*.tar"))
    if not shards:
        return [photograph.name for photograph in photographs(folder)]
    found = []
    for shard in shards:
        with tarfile.open(shard) as archive:
            found += [member.name for member in archive if member.isfile() and member.name.endswith(".jpg")]
    return found


def _pictures(folder: Path, wanted: set[str]) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    from PIL import Image

    shards = sorted(folder.glob("photos-*.tar"))
    if not shards:
        for photograph in photographs(folder):
            if photograph.name in wanted:
                yield photograph.name, read_srgb(photograph.path)
    for shard in shards:
        with tarfile.open(shard) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name in wanted else None
                if content:
                    try:
                        yield member.name, np.asarray(Image.open(BytesIO(content.read())).convert("RGB"))
                    except OSError as error:
                        raise BadPicture(f"{member.name} in {shard} cannot be read: {error}.") from error


def blends_of_two(count: int) -> Floats:
    """Shares of every single colorizer and of every pair in equal parts: (count + count·(count − 1)/2, count)."""
    singles = np.eye(count, dtype=np.float32)
    pairs = [(singles[one] + singles[other]) / 2 for one, other in itertools.combinations(range(count), 2)]
    return np.concatenate([singles, np.array(pairs, np.float32).reshape(-1, count)])
