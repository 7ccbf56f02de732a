"""The `photochrom` command: thin, one function a command; what a command does lives in its package.

Nothing heavy is imported here: every command imports what it needs when it runs. Results go to stdout, one a line;
progress and errors go to stderr.
"""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from photochrom import __version__
from photochrom.cli import evaluate, mark, models, train
from photochrom.cli.terminal import Json, print_error, print_json, progress_bar
from photochrom.errors import (
    BadPicture,
    Cancelled,
    ExtraMissing,
    ModelDamaged,
    ModelMissing,
    OutputFailed,
    PhotochromError,
)

EXIT_CODES = (
    "Exit codes: 0 done · 1 something failed · 2 wrong usage · 3 a picture cannot be read · 4 a result cannot be "
    "written · 5 a model or an extra is missing or damaged · 130 cancelled. With several pictures: 1 if any failed."
)

PICTURES = "JPEG, TIFF, PNG, WebP, BMP, GIF, HEIC, AVIF, JPEG 2000, JPEG XL, camera raws, Photoshop, Netpbm."
"""What may be given: `photochrom.image.kinds` says it in full."""

app = typer.Typer(
    name="photochrom",
    help="Color for black-and-white photographs, offline, their tones untouched.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
plugin_app = typer.Typer(help="Put Photochrom into the editors, or take it out.", no_args_is_help=True)
app.add_typer(plugin_app, name="plugin")
app.add_typer(models.app, name="models")
app.add_typer(train.app, name="train")
for _measuring in (evaluate.evaluate, evaluate.reliability, evaluate.diversity):
    app.command()(_measuring)


class Style(StrEnum):
    """What `--style` takes."""

    VIVID = "vivid"
    CALM = "calm"


Colors = Annotated[
    Style,
    typer.Option(help="Vivid dares more colors; calm keeps to the most likely ones. Some colorizers have one answer."),
]


class Format(StrEnum):
    """What `--format` takes; the value is the file's suffix."""

    PNG = "png"
    TIFF = "tiff"
    JPEG = "jpeg"
    WEBP = "webp"
    ORA = "ora"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"photochrom {__version__}")
        raise typer.Exit


@app.callback()
def _photochrom(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog=EXIT_CODES)
def colorize(
    photographs: Annotated[list[Path], typer.Argument(help=PICTURES, show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file, or a folder for the results. Without it they go beside the photographs, as NAME-color.",
        ),
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="Format of the results; else that of the output's or source's name.")
    ] = None,
    colorizer: Annotated[
        str, typer.Option("--colorizer", "-c", help="Who chooses the colors; see `photochrom models list`.")
    ] = "auto",
    chroma: Annotated[float, typer.Option(help="Strength of the colors: 0 gray, 1 as predicted, up to 4.")] = 1.0,
    style: Colors = Style.VIVID,
    harmonize: Annotated[
        bool, typer.Option("--harmonize", help="Find the objects, and quiet the color noise within each.")
    ] = False,
    segmenter: Annotated[
        str, typer.Option(help="Who finds the objects: felzenszwalb, or an installed model; without it the best.")
    ] = "",
    layered: Annotated[
        bool,
        typer.Option("--layered", help="OpenRaster: the source untouched, the colors in a layer above."),
    ] = False,
    profile: Annotated[
        str | None,
        typer.Option(help="RGB profile of the results: srgb, display-p3, adobe-rgb or an ICC file."),
    ] = None,
    mark: Annotated[
        bool,
        typer.Option("--mark/--no-mark", help="Say in the file's XMP that a trained algorithm made its color."),
    ] = True,
    page: Annotated[
        int | None,
        typer.Option(min=1, help="Which picture of a file with several; else the first."),
    ] = None,
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="Every picture of each file, as NAME-page-1, NAME-page-2 and so on.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace results that exist.")] = False,
    as_json: Json = False,
) -> None:
    """Colorize photographs. Prints the files it wrote, one a line."""
    from photochrom.adjustments import Adjustments
    from photochrom.cli.output_names import name_outputs
    from photochrom.image.files import rgb_profile
    from photochrom.image.pages import pictures
    from photochrom.pipeline import Options, colorize_file

    suffix = "ora" if layered else format.value if format else None
    options = Options(colorizer, Adjustments(chroma), 1.0 if harmonize else 0.0, segmenter, style=style.value)
    taken = pictures(photographs, page, all_pages)
    outputs = name_outputs([source for source, _ in taken], output, suffix, [number for _, number in taken])
    if profile:
        rgb_profile(profile)  # A wrong one is said before the first photograph, not after each.
    if output and output not in outputs:
        _make_folder(output)
    failure: PhotochromError | None = None
    with progress_bar(len(taken)) as (next_picture, progress):
        for (source, number), result in zip(taken, outputs, strict=True):
            next_picture(f"{source.name}, page {number}" if number else source.name)
            which = {"source": str(source), **({"page": int(number)} if number else {})}
            try:
                if result.exists() and not overwrite:
                    raise OutputFailed(
                        f"{result} exists already.", "Give another output, or --overwrite to replace it."
                    )
                wanted = int(number) if number else None
                done = colorize_file(
                    source, result, options, page=wanted, mark=mark, profile=profile, progress=progress
                )
            except (Cancelled, ModelMissing, ModelDamaged):
                raise  # The others would fare no better.
            except PhotochromError as error:
                failure = error
                print_error(error)
                if as_json:
                    said = {"code": error.code, "cause": error.cause, "next_step": error.next_step}
                    print_json({**which, "error": said})
                continue
            for note in done.notes:
                typer.echo(f"photochrom: {note}", err=True)
            if as_json:
                found = {"colorizer": done.colorizer, "width": done.width, "height": done.height, "notes": done.notes}
                print_json({**which, "output": str(done.output), **found})
            else:
                typer.echo(done.output)
    if failure:
        raise typer.Exit(failure.exit_code if len(taken) == 1 else 1)


app.command("mark", epilog=mark.EPILOG)(mark.mark)


@app.command()
def route(
    photographs: Annotated[list[Path], typer.Argument(help=PICTURES, show_default=False)],
    as_json: Json = False,
) -> None:
    """Print which colorizers `auto` takes for each photograph, and how much of each."""
    from photochrom import pipeline
    from photochrom.image.picture import open_picture
    from photochrom.sampling.proxy import Proxy

    failure: PhotochromError | None = None
    for photograph in photographs:
        try:
            picture = open_picture(photograph)
            with picture.reading():
                scores = pipeline.route(Proxy(picture.lightness())).scores
        except (BadPicture, ExtraMissing) as error:
            failure = error
            print_error(error)
            continue
        if as_json:
            print_json({"source": str(photograph), "scores": scores})
        else:
            typer.echo(f"{photograph}: " + ", ".join(f"{name} {score:.2f}" for name, score in scores.items()))
    if failure:
        raise typer.Exit(failure.exit_code if len(photographs) == 1 else 1)


@app.command()
def serve(
    unload_after: Annotated[float, typer.Option(help="Minutes without work after which models leave memory.")] = 15,
    exit_after: Annotated[
        float, typer.Option(help="Minutes without a request after which the engine ends; 0: never.")
    ] = 60,
) -> None:
    """Run the engine that the editors' plugins talk to. They start it by themselves; one serves all of them."""
    from photochrom import service

    service.run(unload_after=unload_after * 60, idle_exit=exit_after * 60)


@app.command()
def compare(
    photograph: Annotated[Path, typer.Argument(help=PICTURES, show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The sheet to write (.jpg, .png or .webp).", show_default=False)
    ],
    colorizer: Annotated[
        list[str] | None, typer.Option("--colorizer", "-c", help="One to show; repeat it. Without: auto and all.")
    ] = None,
    chroma: Annotated[float, typer.Option(help="Strength of the colors: 0 gray, 1 as predicted, up to 4.")] = 1.0,
    style: Colors = Style.VIVID,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a sheet that exists.")] = False,
) -> None:
    """Make one labeled sheet of a photograph in the colors of every installed colorizer."""
    from photochrom.evaluation import side_by_side

    if output.exists() and not overwrite:
        raise OutputFailed(f"{output} exists already.", "Give another output, or --overwrite to replace it.")
    with progress_bar(1) as (next_picture, progress):
        next_picture(photograph.name)
        names = colorizer or side_by_side.everyone()
        failed = side_by_side.write_sheet(photograph, output, names, chroma, style.value, progress)
    for error in failed.values():
        print_error(error)
    typer.echo(output)
    if failed:
        raise typer.Exit(1)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check the engine, its models, the editors and their plugins, and say what to do."""
    from photochrom.doctor import checks

    sound = True
    for check in checks():
        sound = sound and check.good
        if as_json:
            print_json({"check": check.name, "good": check.good, "found": check.found, "next_step": check.next_step})
            continue
        typer.secho("  ok  " if check.good else " FAIL ", fg="green" if check.good else "red", nl=False)
        typer.echo(f" {check.name}: {check.found}")
        if check.next_step:
            typer.echo(f"       {check.next_step}")
    if not sound:
        raise typer.Exit(1)


Gimp = Annotated[bool, typer.Option("--gimp", help="Only GIMP.")]
Krita = Annotated[bool, typer.Option("--krita", help="Only Krita.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, do nothing.")]


@plugin_app.command("install")
def install_plugin(gimp: Gimp = False, krita: Krita = False, dry_run: DryRun = False) -> None:
    """Put the plugin where each editor looks for it: every version, Flatpak and Snap too."""
    from photochrom import editors

    _print_actions(editors.install(_editors(gimp, krita), dry_run=dry_run), dry_run)


@plugin_app.command("remove")
def remove_plugin(gimp: Gimp = False, krita: Krita = False, dry_run: DryRun = False) -> None:
    """Take the plugin out of the editors again."""
    from photochrom import editors

    _print_actions(editors.remove(_editors(gimp, krita), dry_run=dry_run), dry_run)


def main() -> None:
    """Runs the command line; errors go to stderr as cause and next step, never as a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # File names come out as the bytes they are.
    try:
        app()
    except PhotochromError as error:
        _fail(error)
    except OSError as error:
        _fail(PhotochromError(f"{error}."))
    except KeyboardInterrupt:
        _fail(Cancelled())


def _fail(error: PhotochromError) -> NoReturn:
    print_error(error)
    sys.exit(error.exit_code)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{folder} cannot be made: {error.strerror}.", "Choose another folder.") from error


def _editors(gimp: bool, krita: bool) -> tuple[str, ...]:
    """Those asked for; all when none is."""
    return tuple(name for name, wanted in (("gimp", gimp), ("krita", krita)) if wanted or gimp == krita)


def _print_actions(actions: list[Any], dry_run: bool) -> None:
    for action in actions:
        typer.echo(f"{'would ' if dry_run else ''}{action}")
