"""`photochrom train lite`: trains the embedded colorizer on a folder of color photographs.

Everything that determines the result is in `Recipe`, which is written beside the weights and to the model's card. A run
writes checkpoints and resumes from the last one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from photochrom.colorizers.color_classes import ColorClasses, bin_of, classes_that_occur
from photochrom.errors import BadRecipe
from photochrom.training import loop, photographs, warm_start
from photochrom.training.experts import EXPERTS
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.loop import Report, Weights
from photochrom.training.losses import ColorTargets
from photochrom.training.network import ColorNetwork
from photochrom.training.objective import PARTS, Batches, Objective
from photochrom.training.photographs import Photographs
from photochrom.training.recipe import Recipe
from photochrom.training.validation import FIGURES, validate

READ_BACK = 200
"""Number of views for the statistics of a model that is read back."""

COUNTED = 20
"""Batches of 256 random views used to determine the color classes that occur."""


def train(
    data: Path,
    run: Path,
    recipe: Recipe,
    *,
    start: Path | None = None,
    device: str = "auto",
    validate_every: int = 1000,
    report: Report | None = None,
) -> Path:
    """Trains (or resumes) the run in folder `run` and returns its weights file, `run/weights.safetensors`.

    The recipe's starting point is trained first, in folder `start`, unless that contains the finished run or the model
    exported from it.

    `data` is a folder for `photographs.load`. `device`: auto, cpu or cuda. `run` contains recipe.json, classes.json,
    and what `loop.run_steps` writes.

    Raises:
        BadPicture: there are no photographs in `data`.
        BadRecipe: `run` contains a run of another recipe, or `recipe` does not say how `start` was trained.
    """
    if start and not recipe.start:
        raise BadRecipe(
            "The recipe does not say how the network that training starts from was trained.",
            "Give that network's recipe as “start” in it, or leave out --start.",
        )
    place = loop.device(device)
    run.mkdir(parents=True, exist_ok=True)
    loop.keep_recipe(run, recipe)
    if loop.finished(run, recipe.steps):
        return run / "weights.safetensors"
    if recipe.start:
        start = start or run / "start"
        if not warm_start.holds_model(start):
            train(data, start, recipe.start, device=device, validate_every=validate_every, report=report)
        _take_classes(start, run)
    others = []
    for seed in recipe.seeds:
        alone = replace(recipe, seed=seed, seeds=(), keep_start=0.0)
        path = train(
            data, run / f"seed-{seed}", alone, start=start, device=device, validate_every=validate_every, report=report
        )
        others.append(load_file(path, device=str(place)))
    training = _prepared(data, run, recipe, start, place, others)
    return loop.run_steps(run, recipe.steps, training, validate_every=validate_every, report=report)


def _prepared(
    data: Path, run: Path, recipe: Recipe, start: Path | None, place: torch.device, others: Sequence[Weights] = ()
) -> loop.Training:
    """The network with its first weights, and all that its training needs; `others` are the weights that its own are
    averaged with at the end."""
    torch.manual_seed(recipe.seed)
    generator = torch.Generator(place).manual_seed(recipe.seed)
    training, validation = photographs.load(data, place)
    classes = _classes(run, training, generator)
    targets = ColorTargets(classes, place)
    batches, objective = Batches(training, recipe, generator), Objective(recipe, targets, place)
    network = _first_network(classes, recipe, start, batches).to(place)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    first = {name: value.detach().clone() for name, value in network.state_dict().items()}
    optimizer = _optimizer(network, recipe, fused=place.type == "cuda")
    return loop.Training(
        network=network,
        optimizer=optimizer,
        schedule=torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: loop.rate(step, recipe.steps, recipe.warm_up)
        ),
        generator=generator,
        loss=lambda step: objective(network, batches.draw(step), step),
        parts=PARTS,
        watched=frozenset({"adversary"}),
        validate=lambda weights: validate(weights, network, validation),
        figures=FIGURES,
        average=recipe.average,
        others={"adversary": objective.discriminator, "adversary_optimizer": objective.discriminator_optimizer},
        finish=lambda weights: _mixed(_mean([weights, *others]), first, recipe.keep_start),
    )


def _mean(networks: Sequence[Weights]) -> Weights:
    """The mean of several networks' weights."""
    mean = networks[0]
    for number, other in enumerate(networks[1:], 2):
        mean = _mixed(mean, other, 1 / number)
    return mean


def _mixed(weights: Weights, others: Weights, share: float) -> Weights:
    """The weighted mean of two networks' weights, with this share of the others."""
    return {
        name: torch.lerp(value, others[name], share) if value.is_floating_point() else value
        for name, value in weights.items()
    }


def _take_classes(start: Path, run: Path) -> None:
    """The color classes of the run or model that the run continues from."""
    if warm_start.holds_model(start):
        (run / "classes.json").write_text(json.dumps(warm_start.classes_of(start)))
    else:
        shutil.copyfile(start / "classes.json", run / "classes.json")


def _first_network(classes: ColorClasses, recipe: Recipe, start: Path | None, batches: Batches) -> ColorNetwork:
    """The initial network, with the weights of the run or model in `start`, or else of ImageNet."""
    network = ColorNetwork(classes.bins, recipe.encoder, recipe.widths, recipe.attention, len(EXPERTS))
    if start and warm_start.holds_model(start):
        side = max(recipe.sides)
        inputs = [batches.draw(0, side).inputs.cpu() for _ in range(READ_BACK // recipe.batch + 1)]
        warm_start.read_back(start, network, torch.cat(inputs))
    elif start:
        network.load_state_dict(load_file(start / "weights.safetensors"), strict=True)
    else:
        network.start_from_imagenet(recipe.encoder)
    return network


def _optimizer(network: ColorNetwork, recipe: Recipe, *, fused: bool) -> torch.optim.Optimizer:
    """AdamW with the encoder's own learning rate."""
    groups: list[dict[str, Any]] = [
        {"params": list(network.encoder.parameters()), "lr": recipe.encoder_rate},
        {"params": [p for n, p in network.named_parameters() if not n.startswith("encoder.")]},
    ]
    return torch.optim.AdamW(
        groups, lr=recipe.decoder_rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay, fused=fused
    )


def _classes(run: Path, pictures: Photographs, generator: torch.Generator) -> ColorClasses:
    """The color classes of this run, determined once from a sample of the training photographs and stored in
    classes.json."""
    path = run / "classes.json"
    if not path.is_file():
        counts = np.zeros(400, np.int64)
        for _ in range(COUNTED):
            chosen = torch.randint(len(pictures), (256,), generator=generator, device=pictures.pixels.device)
            linear = linear_from_srgb(pictures.views(chosen, 128, generator, 1.0))
            ab = F.avg_pool2d(lab_from_linear(linear)[:, 1:], 4).permute(0, 2, 3, 1).cpu().numpy()
            counts += np.bincount(bin_of(ab).ravel(), minlength=400)
        path.write_text(json.dumps({"bins": classes_that_occur(counts).bins, "pixels": counts.tolist()}))
    return ColorClasses(tuple(json.loads(path.read_text())["bins"]))
