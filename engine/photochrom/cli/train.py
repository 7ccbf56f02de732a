"""`photochrom train …`: training of the shipped weights, and of colorizers that papers describe."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from photochrom import extras
from photochrom.cli import train_systems
from photochrom.cli.help import Command, Group
from photochrom.cli.terminal import print_table, progress_bar
from photochrom.cli.training_options import Device, RecipeFile, RunFolder, Shards, ValidateEvery, training
from photochrom.errors import ModelMissing

app = typer.Typer(cls=Group, help="Train models on color photographs.", no_args_is_help=True)


Test = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Color photographs to score the model on, for its card."),
]


class Objective(StrEnum):
    """Values of `train router --objective`."""

    BLEND = "blend"
    REGRESS = "regress"
    CLASSIFY = "classify"


class Backbone(StrEnum):
    """Values of `train router --backbone`."""

    LITE0 = "efficientnet-lite0"
    MOBILENETV2 = "mobilenetv2"


# Long because each option is a parameter.
@app.command("lite", cls=Command)
def train_lite(
    data: Shards,
    run: RunFolder,
    recipe: RecipeFile = None,
    model: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Export the finished model here. Default: only train weights.")
    ] = None,
    test: Test = None,
    start: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Run or model to start from. Default: the recipe's start is trained first."
        ),
    ] = None,
    device: Device = "auto",
    validate_every: ValidateEvery = 500,
) -> None:
    """Train the embedded colorizer (needs the extra “train”)."""
    extras.need("train", "torch")
    from photochrom.training import lite
    from photochrom.training.recipe import Recipe, recipe_from

    chosen = recipe_from(recipe) if recipe else Recipe()
    with training() as report:
        weights = lite.train(
            data, run, chosen, start=start, device=device, validate_every=validate_every, report=report
        )
    if model is None:
        typer.echo(weights)
        return
    from photochrom.training import export

    card = export.export(run, data, model, report=lambda line: typer.echo(line, err=True))
    if test:
        export.measure(card, test)
    typer.echo(card)


@app.command("calibration", cls=Command)
def train_calibration(
    data: Shards,
    colorizer: Annotated[
        list[str] | None,
        typer.Option("--colorizer", "-c", metavar="NAME", help="Embedded colorizer; repeatable. Default: all."),
    ] = None,
) -> None:
    """Calibrate the confidence of embedded colorizers, and write it to their cards (needs the extra “train”).

    `train lite` includes this step.
    """
    extras.need("train", "torch")
    from photochrom import models
    from photochrom.training import export

    shipped = {card.name: card for card in models.shipped() if card.system == "lite"}
    for name in colorizer or shipped:
        if name not in shipped:
            raise ModelMissing(f"{name} is not an embedded colorizer.", f"Embedded colorizers: {', '.join(shipped)}.")
        with progress_bar(1) as (next_picture, progress):
            next_picture(name)
            calibrated = export.calibrate(shipped[name].folder / "card.json", data, progress)
        error = f"{calibrated.error_before:.1%} → {calibrated.error:.1%}"
        typer.echo(f"{name}: temperature {calibrated.temperature:.2f}, calibration error {error}")


# Long because each option is a parameter.
@app.command("router", cls=Command)
def train_router(
    data: Annotated[
        Path,
        typer.Argument(
            help="Folder of color photographs: image files, or training shards.", metavar="FOLDER", show_default=False
        ),
    ],
    run: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Folder for the colorizers' results. An interrupted run in it resumes.",
            show_default=False,
        ),
    ],
    model: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Export the router here. Default: into the model store.")
    ] = None,
    photographs: Annotated[
        int, typer.Option(metavar="N", help="Number of photographs to use, drawn at random.")
    ] = 2400,
    colorizer: Annotated[
        list[str] | None,
        typer.Option(
            "--colorizer", "-c", metavar="NAME", help="Colorizer to choose among; repeatable. Default: all installed."
        ),
    ] = None,
    objective: Annotated[
        Objective,
        typer.Option(help="blend: a share for each colorizer; regress or classify: one colorizer, or a blend of two."),
    ] = Objective.BLEND,
    backbone: Annotated[
        Backbone, typer.Option(help="ImageNet network to start from; mobilenetv2 needs timm and Internet access.")
    ] = Backbone.LITE0,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the random draws.")] = 1907,
    test: Test = None,
) -> None:
    """Train a router to choose the best colorizer for each photograph (needs the extra “train”)."""
    extras.need("train", "torch", "imblearn")
    from photochrom import colorizers, models
    from photochrom.models.loaded import LOADED
    from photochrom.training import best_colorizer, export, router

    choices = tuple(colorizer or (card.name for card in colorizers.available()))
    run.mkdir(parents=True, exist_ok=True)
    with progress_bar(2) as (next_picture, progress):
        next_picture("Colorizing")
        data_set = best_colorizer.build(data, choices, photographs, seed, run / "best-colorizer.npz", progress)
        next_picture("Training")
        trained = router.train(
            data_set,
            objective=objective.value,
            name=backbone.value,
            seed=seed,
            report=lambda epoch, epochs, line: progress(epoch / epochs, line),
        )
    card = router.export(trained, data_set, model or models.store_folder() / "router")
    LOADED.clear()
    if test:
        export.measure(card, test)
    rows = [["on the test split", "CPSNR dB"]]
    rows += [[name, f"{value:.2f}"] for name, value in trained.report["baselines"].items()]
    rows.append(["router", f"{trained.report['cpsnr']['test']:.2f}"])
    print_table(rows)
    _print_guesses(trained.report)
    typer.echo(card)


@app.command("negatives", cls=Command)
def train_negatives(
    data: Shards,
    model: Annotated[Path, typer.Option(metavar="FOLDER", help="Export the judges here.", show_default=False)],
    scans: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Scan of a real print, which must not be accused. Repeatable."),
    ] = None,
    test: Test = None,
) -> None:
    """Train what notices scanned negatives, on the embedded network (needs the extra “train”). Takes minutes."""
    extras.need("train", "torch")
    from photochrom.training import measured_negatives, negatives

    with training() as report:
        taught, facts = negatives.train(data, scans or [], report=report)
    card = negatives.write(taught, facts, model)
    if test:
        measured_negatives.measure(card, test)
    typer.echo(card)


def _print_guesses(report: dict[str, Any]) -> None:
    """How well the router's first choice is the best one, by choice, and what it guessed instead, most often first."""
    if report["auc"] is not None:
        typer.echo(f"AUC {report['auc']:.2f}")
    rows = [["best choice", "photographs", "recall", "guessed instead"]]
    for name, guessed in report["confusion"].items():
        wrong = sorted((each for each in guessed.items() if each[0] != name), key=lambda each: -each[1])
        others = ", ".join(f"{other} {count}" for other, count in wrong)
        rows.append([name, str(report["labeled"][name]), f"{report['recall'][name]:.2f}", others])
    print_table(rows)


train_systems.add_commands(app)
