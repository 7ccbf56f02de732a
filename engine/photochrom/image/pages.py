"""Which pictures of which files are taken: albums in TIFF, animations and the like hold several."""

from __future__ import annotations

from pathlib import Path

from photochrom.errors import BadRequest, PhotochromError


def pictures(files: list[Path], page: int | None, every: bool) -> list[tuple[Path, str]]:
    """Each file with the number (1…) of the picture to take of it, written so that names sort; "" for the only one, or
    for the first where neither a `page` is asked for nor `every` one.

    Raises:
        BadRequest: both are.
    """
    if page is not None and every:
        raise BadRequest("Either one page is taken or all are.", "Give --page or --all-pages, not both.")
    if page is not None:
        return [(file, str(page)) for file in files]
    return [(file, number) for file in files for number in (_numbers(file) if every else [""])]


def _numbers(file: Path) -> list[str]:
    from photochrom.image.picture import open_picture

    try:
        pages = open_picture(file).pages
    except PhotochromError:
        return [""]  # What is wrong with it is said when its turn comes.
    return [f"{number:0{len(str(pages))}}" for number in range(1, pages + 1)] if pages > 1 else [""]
