"""Names for the outputs of a run, none of them twice."""

from __future__ import annotations

from pathlib import Path

from photochrom.errors import BadRequest
from photochrom.image.files import WRITABLE
from photochrom.image.kinds import result_suffix


def name_outputs(
    sources: list[Path], output: Path | None, suffix: str | None, pages: list[str] | None = None
) -> list[Path]:
    """Returns the output path of each source.

    `pages`: the page number of each source, for its output's name (NAME-page-2); "" for a file with one page.

    `output`: a file (for one source), a folder, or None: beside the source, as NAME-color. `suffix` (without dot)
    decides the format; else the output file's name does; else the source's format is kept where it can be written,
    and becomes PNG otherwise, or TIFF for masters (JPEG 2000, camera raw, Photoshop). Sources that differ only in
    their suffix keep it in the output's name: a.jpg and a.png give a.jpg and a-png.jpg.

    Raises:
        BadRequest: `output` is one file for several sources, has a suffix that cannot be written or is not a folder,
            or an output would replace one of the sources.
    """
    named = _name(sources, output, suffix, pages or [""] * len(sources))
    originals = {source.resolve() for source in sources}
    for path in named:
        if path.resolve() in originals:
            raise BadRequest(f"{path} is itself one of the photographs.", "Choose another output.")
    return named


def _name(sources: list[Path], output: Path | None, suffix: str | None, pages: list[str]) -> list[Path]:
    if output is not None and not output.is_dir() and output.suffix:
        return [_one_file(sources, output, suffix)]
    if output is not None and output.exists() and not output.is_dir():
        raise BadRequest(f"{output} is a file without a suffix.", "Give a folder, or a file name such as color.png.")
    taken: set[Path] = set()
    named = []
    for source, page in zip(sources, pages, strict=True):
        name = f"{source.stem}-page-{page}" if page else source.stem
        folder = source.parent if output is None else output
        stem = f"{name}-color" if output is None else name
        ending = f".{suffix}" if suffix else result_suffix(source)
        path = folder / f"{stem}{ending}"
        if path in taken and source.suffix:
            path = folder / f"{stem}-{source.suffix.lstrip('.').lower()}{ending}"
        number = 2
        while path in taken:
            path = folder / f"{stem}-{number}{ending}"
            number += 1
        taken.add(path)
        named.append(path)
    return named


def _one_file(sources: list[Path], output: Path, suffix: str | None) -> Path:
    if len(sources) > 1:
        raise BadRequest(f"{len(sources)} photographs cannot go into one file, {output}.", "Give a folder as output.")
    if output.suffix.lower() not in WRITABLE:
        raise BadRequest(
            f"Photochrom cannot write {output.suffix} files.",
            f"Use one of {', '.join(WRITABLE)}. If {output} should be a folder, create it first.",
        )
    if suffix and not _same_format(suffix, output.suffix):
        raise BadRequest(
            f"{output} is not the name of a {suffix.upper()} file.", f"Name it *.{suffix}, or leave out --format."
        )
    return output


def _same_format(suffix: str, ending: str) -> bool:
    aliases = {"jpg": "jpeg", "jpe": "jpeg", "jif": "jpeg", "jfif": "jpeg", "tif": "tiff"}
    plain = ending.lower().lstrip(".")
    return aliases.get(plain, plain) == suffix
