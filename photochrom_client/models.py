"""What an engine can color with: what is installed, and what could be."""

from __future__ import annotations

from typing import NamedTuple


class Colorizer(NamedTuple):
    """An installed colorizer: `name` is for the settings, `title` for people."""

    name: str
    title: str


class Model(NamedTuple):
    """A published model that Photochrom knows, installed or not.

    `kind` is "colorizer" or "segmenter". `bytes` is the size of the download, None if it is not published; `size` is
    the same in words. `fetch` tells whether `Engine.fetch` can download it; if not, `why_not` explains why, and how to
    install it. Show `license` and `weights_license` (one sentence) before a download.
    """

    name: str
    kind: str
    good_at: str
    license: str
    weights_license: str
    bytes: int | None
    size: str
    fetch: bool
    why_not: str
    installed: bool


class Segmenter(NamedTuple):
    """An installed segmenter, which finds objects: `name` is for the settings, `title` for people."""

    name: str
    title: str
