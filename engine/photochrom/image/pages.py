"""Selects pages of multi-page files: TIFF albums, animations and the like."""

from __future__ import annotations

from pathlib import Path

from photochrom.errors import BadRequest, PhotochromError


def pictures(files: list[Path], page: int | None, every: bool) -> list[tuple[Path, str]]:
    """Returns each file with a page number (1…), zero-padded so that names sort; "" for the only page of a file, or for
    the first if neither `page` nor `every` is given.

    Raises:
        BadRequest: both are given.
    """
    if page is not None and every:
        raise BadRequest("--page and --all-pages exclude each other.", "Give only one of them.")
    if page is not None:
        return [(file, str(page)) for file in files]
    return [(file, number) for file in files for number in (_numbers(file) if every else [""])]


def _numbers(file: Path) -> list[str]:
    from photochrom.image.picture import open_picture

    try:
        pages = open_picture(file).pages
    except PhotochromError:
        return [""]  # Opening the file again, in its turn, reports the error.
    return [f"{number:0{len(str(pages))}}" for number in range(1, pages + 1)] if pages > 1 else [""]
