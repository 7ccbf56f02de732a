"""The commands `photochrom train …`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from photochrom import extras
from photochrom.cli.terminal import print_table, progress_bar
from photochrom.errors import ModelMissing

app = typer.Typer(help="Make the shipped weights from color photographs.", no_args_is_help=True)


class Objective(StrEnum):
    """What `train router --objective` takes."""

    BLEND = "blend"
    REGRESS = "regress"
    CLASSIFY = "classify"


class Backbone(StrEnum):
    """What `train router --backbone` takes."""

    LITE0 = "efficientnet-lite0"
    MOBILENETV2 = "mobilenetv2"


@app.command("lite")
def train_lite(
    data: Annotated[Path, typer.Argument(help="Folder with index.csv and photos-*.tar.")],
    run: Annotated[Path, typer.Option(help="Folder of the run: weights, log, checkpoint. Continues a broken run.")],
    recipe: Annotated[Path | None, typer.Option(help="JSON file with values that differ from the defaults.")] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of the finished model; without it only weights are made.")
    ] = None,
    test: Annotated[Path | None, typer.Option(help="Color photographs whose scores go onto the model's card.")] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="Run or model that the recipe starts from; without it that is trained first."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    validate_every: Annotated[int, typer.Option(help="Steps between validations and checkpoints.")] = 500,
) -> None:
    """Train the embedded colorizer (needs the extra “train”)."""
    extras.need("train", "torch")
    from photochrom.training import lite
    from photochrom.training.recipe import Recipe, recipe_from

    chosen = recipe_from(recipe) if recipe else Recipe()
    with progress_bar(1) as (next_picture, progress):
        next_picture("Training")

        def report(step: int, steps: int, line: str) -> None:
            progress(step / steps, f"step {step}")
            if line:
                typer.echo(line, err=True)

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


@app.command("calibration")
def train_calibration(
    data: Annotated[Path, typer.Argument(help="Folder with index.csv and photos-*.tar.")],
    colorizer: Annotated[
        list[str] | None, typer.Option("--colorizer", "-c", help="A shipped one; repeat it. Without: all.")
    ] = None,
) -> None:
    """Find how sure the embedded colorizers may be, and write it onto their cards (needs the extra “train”).

    `train lite` does it by itself.
    """
    extras.need("train", "torch")
    from photochrom import models
    from photochrom.training import export

    shipped = {card.name: card for card in models.shipped() if card.system == "lite"}
    for name in colorizer or shipped:
        if name not in shipped:
            raise ModelMissing(f"{name} is no embedded colorizer.", f"There are: {', '.join(shipped)}.")
        with progress_bar(1) as (next_picture, progress):
            next_picture(name)
            found = export.calibrate(shipped[name].folder / "card.json", data, progress)
        error = f"{found.error_before:.1%} → {found.error:.1%}"
        typer.echo(f"{name}: temperature {found.temperature:.2f}, calibration error {error}")


@app.command("router")
def train_router(
    data: Annotated[Path, typer.Argument(help="Color photographs: image files, or training shards.")],
    run: Annotated[Path, typer.Option(help="Folder that keeps what the colorizers gave; continues a broken run.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder of the finished router; without it, among the models you added.")
    ] = None,
    photographs: Annotated[int, typer.Option(help="So many of the photographs are used, drawn at random.")] = 2400,
    colorizer: Annotated[
        list[str] | None, typer.Option("--colorizer", "-c", help="One to choose among; repeat it. Without: all.")
    ] = None,
    objective: Annotated[
        Objective, typer.Option(help="blend: shares of all; regress, classify: one of the pool, or a blend of two.")
    ] = Objective.BLEND,
    backbone: Annotated[
        Backbone, typer.Option(help="ImageNet network to start from; mobilenetv2 needs timm and a network.")
    ] = Backbone.LITE0,
    seed: Annotated[int, typer.Option(help="Which photographs are drawn, and how training goes.")] = 1907,
    test: Annotated[Path | None, typer.Option(help="Color photographs whose scores go onto the router's card.")] = None,
) -> None:
    """Teach the router who colors what best, on your own photographs too (needs the extra “train”)."""
    extras.need("train", "torch", "imblearn")
    from photochrom import colorizers, models, routing
    from photochrom.training import best_colorizer, export, router

    choices = tuple(colorizer or (card.name for card in colorizers.available()))
    run.mkdir(parents=True, exist_ok=True)
    with progress_bar(2) as (next_picture, progress):
        next_picture("Coloring by all")
        found = best_colorizer.build(data, choices, photographs, seed, run / "best-colorizer.npz", progress)
        next_picture("Training")
        taught = router.train(
            found,
            objective=objective.value,
            name=backbone.value,
            seed=seed,
            report=lambda epoch, epochs, line: progress(epoch / epochs, line),
        )
    card = router.export(taught, found, model or models.store_folder() / "router")
    routing.unload()
    if test:
        export.measure(card, test)
    rows = [["on the part kept for the test", "CPSNR dB"]]
    rows += [[name, f"{value:.2f}"] for name, value in taught.report["baselines"].items()]
    rows.append(["router", f"{taught.report['cpsnr']['test']:.2f}"])
    print_table(rows)
    typer.echo(card)
