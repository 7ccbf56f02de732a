"""The training photographs, held in the memory of the training device, and random views of them.

A folder holds shards `photos-*.tar` of JPEG files and an `index.csv` (path, source, width, height, mean_chroma,
category, shard). 22,000 pictures with a short side of 144 pixels take 1.9 GB as bytes, without worker processes or
copies.
"""

from __future__ import annotations

import csv
import io
import tarfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from photochrom.errors import BadPicture

HELD_OUT = 64
"""One picture in this many, selected by a checksum of its path, is held out for validation."""


@dataclass(frozen=True)
class Photographs:
    """Pictures of different sizes in one flat byte tensor, rows first, RGB interleaved."""

    pixels: Tensor
    starts: Tensor
    heights: Tensor
    widths: Tensor
    paths: tuple[str, ...]
    categories: tuple[str, ...]
    sources: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def views(self, chosen: Tensor, side: int, generator: torch.Generator, smallest: float = 0.55) -> Tensor:
        """Random square views: (N,) picture numbers -> (N, 3, side, side) RGB 0…1.

        A view covers `smallest`…1 of the short side, its aspect ratio varies by up to 15 %, and half are mirrored.
        """
        n, device = len(chosen), self.pixels.device

        def uniform(low: float, high: float) -> Tensor:
            return torch.rand(n, generator=generator, device=device) * (high - low) + low

        height, width = self.heights[chosen].float(), self.widths[chosen].float()
        covered = torch.minimum(height, width) * uniform(smallest, 1.0)
        aspect = torch.exp(uniform(-0.14, 0.14))
        tall = torch.minimum(covered * aspect, height)
        long = torch.minimum(covered / aspect, width)
        top = (height - tall) * uniform(0, 1)
        left = (width - long) * uniform(0, 1)
        mirrored = uniform(0, 1) < 0.5
        steps = (torch.arange(side, device=device) + 0.5) / side
        y = top[:, None] + steps * tall[:, None] - 0.5
        x = left[:, None] + torch.where(mirrored[:, None], 1 - steps, steps) * long[:, None] - 0.5
        return self._sample(chosen, y, x)

    def whole(self, number: int) -> Tensor:
        """(3, H, W) RGB 0…1 of one picture."""
        start, height, width = (int(t[number]) for t in (self.starts, self.heights, self.widths))
        flat = self.pixels[start : start + height * width * 3]
        return flat.reshape(height, width, 3).permute(2, 0, 1).float() / 255

    def _sample(self, chosen: Tensor, y: Tensor, x: Tensor) -> Tensor:
        """Bilinear: rows y (N, side) and columns x (N, side) of each chosen picture -> (N, 3, side, side)."""
        height, width = self.heights[chosen][:, None], self.widths[chosen][:, None]
        start = self.starts[chosen][:, None, None]
        y0, x0 = y.floor(), x.floor()
        fy, fx = (y - y0)[:, :, None, None], (x - x0)[:, None, :, None]
        y0, x0 = y0.long(), x0.long()
        channel = torch.arange(3, device=y.device)

        def tap(rows: Tensor, columns: Tensor) -> Tensor:
            rows = torch.minimum(rows.clamp(min=0), height - 1)
            columns = torch.minimum(columns.clamp(min=0), width - 1)
            at = start + (rows[:, :, None] * width[:, :, None] + columns[:, None, :]) * 3
            return self.pixels[at[..., None] + channel].float()

        upper = tap(y0, x0) * (1 - fx) + tap(y0, x0 + 1) * fx
        lower = tap(y0 + 1, x0) * (1 - fx) + tap(y0 + 1, x0 + 1) * fx
        return ((upper * (1 - fy) + lower * fy) / 255).permute(0, 3, 1, 2)


def load(folder: Path, device: torch.device) -> tuple[Photographs, Photographs]:
    """Loads all photographs of `folder` to `device`: those to train on, and those held out for validation.

    Raises:
        BadPicture: there is no index or no shard.
    """
    training, held_out, rows = files_of(folder)
    return _decode(training, rows, device), _decode(held_out, rows, device)


def load_held_out(folder: Path, device: torch.device) -> tuple[Photographs, tuple[str, ...]]:
    """Loads only the held-out photographs, and the paths of those to train on; otherwise like `load`."""
    training, held_out, rows = files_of(folder)
    return _decode(held_out, rows, device), tuple(name for name, _ in training)


Files = list[tuple[str, bytes]]
"""Names in the index, and JPEG files."""


Rows = dict[str, dict[str, str]]
"""The index: each picture's row, by its path."""


def files_of(folder: Path) -> tuple[Files, Files, Rows]:
    """The files to train on, the held-out ones, and the index."""
    index = folder / "index.csv"
    if not index.is_file():
        raise BadPicture(f"{folder} has no index.csv.", "Give the folder that holds index.csv and photos-*.tar.")
    with index.open(newline="", encoding="utf-8") as file:
        rows: Rows = {row["path"]: row for row in csv.DictReader(file)}
    train: Files = []
    held_out: Files = []
    for shard in sorted(folder.glob("photos-*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None or member.name not in rows:
                    continue
                held = zlib.crc32(member.name.encode()) % HELD_OUT == 0
                (held_out if held else train).append((member.name, content.read()))
    if not train:
        raise BadPicture(f"{folder} contains no photographs to train on.", "Look at index.csv and photos-*.tar there.")
    return train, held_out, rows


def _decode(files: Files, rows: Rows, device: torch.device) -> Photographs:
    def rgb(content: bytes) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))

    with ThreadPoolExecutor() as pool:
        pictures = list(pool.map(lambda file: rgb(file[1]), files))
    heights = torch.tensor([p.shape[0] for p in pictures])
    widths = torch.tensor([p.shape[1] for p in pictures])
    sizes = heights * widths * 3
    pixels = torch.from_numpy(np.concatenate([p.reshape(-1) for p in pictures]))
    return Photographs(
        pixels.to(device),
        (sizes.cumsum(0) - sizes).to(device),
        heights.to(device),
        widths.to(device),
        tuple(name for name, _ in files),
        tuple(rows[name]["category"] for name, _ in files),
        tuple(rows[name]["source"] for name, _ in files),
    )
