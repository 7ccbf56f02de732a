"""`photochrom colorize`: photographs in, their color versions out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from photochrom.cli.options import (
    AllPages,
    Chroma,
    Colorizer,
    Colors,
    FormatOption,
    Harmonize,
    Json,
    Layered,
    Mark,
    OriginalOption,
    Overwrite,
    Page,
    Photographs,
    Profile,
    Scanned,
    Segmenter,
    Style,
)
from photochrom.cli.terminal import error_as_json, print_error, print_json, progress_bar
from photochrom.errors import Cancelled, ModelDamaged, ModelMissing, OutputFailed, PhotochromError, as_photochrom_error

if TYPE_CHECKING:
    from photochrom.options import Options
    from photochrom.pipeline.files import Result
    from photochrom.progress import Progress


# Long because each option is a parameter.
def colorize(
    photographs: Photographs,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Output file or folder. Default: beside each photograph, as NAME-color.",
        ),
    ] = None,
    format: FormatOption = None,
    colorizer: Colorizer = "auto",
    chroma: Chroma = 1.0,
    style: Colors = Style.VIVID,
    original: OriginalOption = Scanned.PRINT,
    harmonize: Harmonize = False,
    segmenter: Segmenter = "",
    layered: Layered = False,
    profile: Profile = None,
    mark: Mark = True,
    page: Page = None,
    all_pages: AllPages = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Colorize photographs. Prints the path of each file written, one per line."""
    from photochrom import pipeline
    from photochrom.adjustments import Adjustments
    from photochrom.options import Options

    options = Options(
        colorizer=colorizer,
        adjustments=Adjustments(chroma),
        harmonize=1.0 if harmonize else 0.0,
        segmenter=segmenter,
        style=style.value,
        original=original.value,
    )
    suffix = "ora" if layered else format.value if format else None
    with pipeline.loading_ahead(colorizer):
        tasks = _tasks(photographs, page, all_pages, output, suffix, profile)
    failure: PhotochromError | None = None
    with progress_bar(len(tasks)) as (next_picture, progress):
        for task in tasks:
            next_picture(f"{task.source.name}, page {task.page}" if task.page else task.source.name)
            try:
                done = _write(task, options, profile, mark=mark, overwrite=overwrite, progress=progress)
            except (Cancelled, ModelMissing, ModelDamaged):
                raise  # The remaining photographs would fail in the same way.
            except Exception as error:  # Also one that a decoder or a network raises for this photograph.
                failure = as_photochrom_error(error, str(task.source))
                print_error(failure)
                if as_json:
                    print_json({**task.as_json(), "error": error_as_json(failure)})
                continue
            _print(task, done, as_json)
    if failure:
        raise typer.Exit(failure.exit_code if len(tasks) == 1 else 1)


class Task(NamedTuple):
    """One picture to colorize: its file, its page number where the file has several (else ""), and its output."""

    source: Path
    page: str
    output: Path

    def as_json(self) -> dict[str, object]:
        return {"source": str(self.source), **({"page": int(self.page)} if self.page else {})}


def _tasks(
    photographs: list[Path],
    page: int | None,
    all_pages: bool,
    output: Path | None,
    suffix: str | None,
    profile: str | None,
) -> list[Task]:
    """What is to be done. A wrong profile is reported now, before any work."""
    from photochrom.cli.output_names import name_outputs
    from photochrom.image.files import rgb_profile
    from photochrom.image.pages import pictures

    sources = pictures(photographs, page, all_pages)
    outputs = name_outputs([path for path, _ in sources], output, suffix, [number for _, number in sources])
    if profile:
        rgb_profile(profile)
    if output and output not in outputs:
        _create_folder(output)
    return [Task(path, number, result) for (path, number), result in zip(sources, outputs, strict=True)]


def _write(
    task: Task, options: Options, profile: str | None, *, mark: bool, overwrite: bool, progress: Progress
) -> Result:
    from photochrom.image.atomic import already_exists
    from photochrom.pipeline.files import colorize_file

    if task.output.exists() and not overwrite:
        raise already_exists(task.output)
    page = int(task.page) if task.page else None
    return colorize_file(
        task.source,
        task.output,
        options,
        page=page,
        mark=mark,
        profile=profile,
        overwrite=overwrite,
        progress=progress,
    )


def _print(task: Task, done: Result, as_json: bool) -> None:
    for note in done.notes:
        typer.echo(f"photochrom: {note}", err=True)
    if as_json:
        facts = {
            "colorizer": done.colorizer,
            "width": done.width,
            "height": done.height,
            "noticed": done.noticed,
            "notes": done.notes,
        }
        print_json({**task.as_json(), "output": str(done.output), **facts})
    else:
        typer.echo(done.output)


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{folder} cannot be created: {error.strerror}.", "Choose another folder.") from error
