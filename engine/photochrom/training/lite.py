"""`photochrom train lite`: trains the embedded colorizer on a folder of color photographs.

Everything that determines the result is in `Recipe`, which is written beside the weights and to the model's card. A run
writes checkpoints and resumes from the last one.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.classes import ColorClasses, bin_of, classes_that_occur
from photochrom.errors import BadRecipe
from photochrom.training import photographs, warm_start
from photochrom.training.experts import EXPERTS
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import ColorTargets
from photochrom.training.network import ColorNetwork
from photochrom.training.objective import PARTS, Batches, Objective
from photochrom.training.photographs import Photographs
from photochrom.training.recipe import Recipe
from photochrom.training.validation import FIGURES, validate

Report = Callable[[int, int, str], None]
"""Called with (step, steps, a line for the user)."""

READ_BACK = 200
"""Number of views for the statistics of a model that is read back."""

COUNTED = 20
"""Batches of 256 random views used to determine the color classes that occur."""


# Long because setup, steps, validation and checkpoints share most of their state.
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
    log.csv (step, losses, validation), weights.safetensors (averaged) and, until it is finished, checkpoint.pt.

    Raises:
        BadPicture: there are no photographs in `data`.
        BadRecipe: `run` contains a run of another recipe.
    """
    place = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
    run.mkdir(parents=True, exist_ok=True)
    _keep_recipe(run, recipe)
    if _finished(run, recipe):
        return run / "weights.safetensors"
    if recipe.start:
        start = start or run / "start"
        if warm_start.holds_model(start):
            (run / "classes.json").write_text(json.dumps(warm_start.classes_of(start)))
        else:
            train(data, start, recipe.start, device=device, validate_every=validate_every, report=report)
            shutil.copyfile(start / "classes.json", run / "classes.json")
    torch.manual_seed(recipe.seed)
    torch.backends.cudnn.benchmark = True
    generator = torch.Generator(place).manual_seed(recipe.seed)
    training, validation = photographs.load(data, place)
    classes = _classes(run, training, generator)
    targets = ColorTargets(classes, place)
    batches, objective = Batches(training, recipe, generator), Objective(recipe, targets, place)
    network = _first_network(classes, recipe, start, batches).to(place)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    optimizer = _optimizer(network, recipe, fused=place.type == "cuda")
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, recipe))
    step = _resume(run, network, average, optimizer, schedule, objective, generator)
    sums, since = dict.fromkeys(PARTS, 0.0), time.monotonic()
    network.train()
    while step < recipe.steps:
        parts = objective(network, batches.draw(step), step)
        optimizer.zero_grad(set_to_none=True)
        torch.stack([part for name, part in parts.items() if name != "adversary"]).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        step += 1
        _average(average, network, min(recipe.average, (1 + step) / (10 + step)))
        for name, part in parts.items():
            sums[name] += float(part.detach())
        line = ""
        if step % validate_every == 0 or step == recipe.steps:
            scores = validate(average, network, validation)
            means = [value / ((step - 1) % validate_every + 1) for value in sums.values()]
            line = _log_line(step, means, scores, time.monotonic() - since)
            sums = dict.fromkeys(PARTS, 0.0)
            _log(run, line)
            save_file({n: v.contiguous() for n, v in average.items()}, run / "weights.safetensors")
            _checkpoint(run, step, network, average, optimizer, schedule, objective, generator)
        if report and (line or step % 50 == 0):
            report(step, recipe.steps, line)
    (run / "checkpoint.pt").unlink(missing_ok=True)
    return run / "weights.safetensors"


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


def _log_line(step: int, losses: Iterable[float], scores: Iterable[float], seconds: float) -> str:
    """One row of log.csv."""
    cells = [*(f"{value:.4f}" for value in losses), *(f"{value:.3f}" for value in scores)]
    return ",".join([str(step), *cells, f"{seconds:.0f}"])


def _rate(step: int, recipe: Recipe) -> float:
    """Linear warm-up, then half a cosine down to a hundredth."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.01 + 0.99 * (1 + float(np.cos(np.pi * min(1.0, done)))) / 2


@torch.no_grad()
def _average(average: dict[str, Tensor], network: ColorNetwork, decay: float) -> None:
    current = network.state_dict()
    floats = [name for name in average if average[name].is_floating_point()]
    torch._foreach_lerp_([average[n] for n in floats], [current[n] for n in floats], 1 - decay)
    for name in average.keys() - set(floats):
        average[name].copy_(current[name])


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


def _keep_recipe(run: Path, recipe: Recipe) -> None:
    path = run / "recipe.json"
    text = json.dumps(asdict(recipe), indent=1)
    if path.is_file() and path.read_text() != text:
        raise BadRecipe(f"{run} holds a run with another recipe.", "Give another folder with --run.")
    path.write_text(text)


def _log(run: Path, line: str) -> None:
    """Appends a line to log.csv; a new file gets a header."""
    path = run / "log.csv"
    head = "" if path.is_file() else ",".join(["step", *PARTS, *FIGURES, "seconds"]) + "\n"
    with path.open("a") as log:
        log.write(head + line + "\n")


def _finished(run: Path, recipe: Recipe) -> bool:
    """Whether this run is finished."""
    log = run / "log.csv"
    if (run / "checkpoint.pt").exists() or not log.is_file():
        return False
    return log.read_text().splitlines()[-1].startswith(f"{recipe.steps},")


def _checkpoint(run, step, network, average, optimizer, schedule, objective, generator) -> None:  # type: ignore[no-untyped-def]
    state = {
        "step": step,
        "network": network.state_dict(),
        "average": average,
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "adversary": objective.discriminator.state_dict(),
        "adversary_optimizer": objective.discriminator_optimizer.state_dict(),
        "generator": generator.get_state(),
    }
    torch.save(state, run / "checkpoint.new")
    os.replace(run / "checkpoint.new", run / "checkpoint.pt")


def _resume(run, network, average, optimizer, schedule, objective, generator) -> int:  # type: ignore[no-untyped-def]
    path = run / "checkpoint.pt"
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=generator.device, weights_only=True)
    network.load_state_dict(state["network"])
    average.update(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    objective.discriminator.load_state_dict(state["adversary"])
    objective.discriminator_optimizer.load_state_dict(state["adversary_optimizer"])
    generator.set_state(state["generator"].cpu())
    return int(state["step"])
