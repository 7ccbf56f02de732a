"""`photochrom train lite`: makes the embedded colorizer from a folder of colour photographs.

Everything that shapes the result is in `Recipe`, is written beside the weights and goes onto the model's card. A run
keeps checkpoints and continues from the last one when it is started again.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.classes import ColourClasses, bin_of, classes_that_occur
from photochrom.errors import BadRecipe
from photochrom.training import hints, photographs
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import ColourTargets, colour_loss
from photochrom.training.luminance import Ageing
from photochrom.training.network import ColourNetwork
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

Report = Callable[[int, int, str], None]
"""(step, steps, what the run says about itself)."""

COUNTED = 20
"""So many times 256 random views are looked at to find the colour classes that occur."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what a training run makes."""

    steps: int = 2200
    batch: int = 32
    sides: tuple[int, ...] = (128,)
    """Sizes of the square views; each step draws one."""
    encoder: str = "lite2"
    widths: tuple[int, int, int] = (256, 128, 96)
    attention: int = 2
    encoder_rate: float = 4e-4
    decoder_rate: float = 1.2e-3
    warm_up: int = 150
    weight_decay: float = 0.02
    average: float = 0.998
    """Decay of the exponential moving average of the weights; the average is what ships."""
    rebalance: float = 0.4
    focal: float = 0.0
    regression: float = 0.15
    hinted: float = 0.25
    """Part of each batch that gets simulated hints."""
    smallest_view: float = 0.55
    categories: tuple[str, ...] = ()
    """Only pictures of these categories; empty: all."""
    start: Recipe | None = None
    """The run to continue from; without one the encoder starts with ImageNet's weights, the decoder at random."""
    seed: int = 1880


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
    """Trains (or continues) the run in folder `run` and returns its weights file, `run/weights.safetensors`.

    What the recipe starts from is trained first, in folder `start`, unless it lies there finished.

    `data` is a folder as `photographs.load` takes it. `device`: auto, cpu or cuda. In `run` lie recipe.json,
    classes.json, log.csv (step, losses, validation), weights.safetensors (averaged) and checkpoint.pt while it is
    unfinished.

    Raises:
        BadPicture: no photographs in `data`.
        BadRecipe: `run` holds a run of another recipe.
    """
    place = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
    run.mkdir(parents=True, exist_ok=True)
    _keep_recipe(run, recipe)
    if _finished(run, recipe):
        return run / "weights.safetensors"
    if recipe.start:
        start = start or run / "start"
        train(data, start, recipe.start, device=device, validate_every=validate_every, report=report)
        shutil.copyfile(start / "classes.json", run / "classes.json")
    torch.manual_seed(recipe.seed)
    torch.backends.cudnn.benchmark = True
    generator = torch.Generator(place).manual_seed(recipe.seed)
    training, validation = photographs.load(data, place, recipe.categories)
    classes = _classes(run, training, generator)
    targets = ColourTargets(classes, place)
    network = _first_network(classes, recipe, start).to(place)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    groups: list[dict[str, Any]] = [
        {"params": list(network.encoder.parameters()), "lr": recipe.encoder_rate},
        {"params": [p for n, p in network.named_parameters() if not n.startswith("encoder.")]},
    ]
    optimizer = torch.optim.AdamW(
        groups,
        lr=recipe.decoder_rate,
        betas=(0.9, 0.99),
        weight_decay=recipe.weight_decay,
        fused=place.type == "cuda",
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, recipe))
    step = _resume(run, network, average, optimizer, schedule, generator)
    ageing = Ageing(generator)
    sums, since = torch.zeros(2, device=place), time.monotonic()
    network.train()
    while step < recipe.steps:
        parts = _losses(network, training, recipe, step, ageing, targets)
        optimizer.zero_grad(set_to_none=True)
        torch.stack(parts).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        step += 1
        _average(average, network, min(recipe.average, (1 + step) / (10 + step)))
        sums += torch.stack(parts).detach()
        line = ""
        if step % validate_every == 0 or step == recipe.steps:
            losses = ",".join(f"{value:.4f}" for value in (sums / validate_every).tolist())
            scores = validate(average, network, validation)
            line = f"{step},{losses},{scores},{time.monotonic() - since:.0f}"
            sums.zero_()
            with (run / "log.csv").open("a") as log:
                log.write(line + "\n")
            save_file({n: v.contiguous() for n, v in average.items()}, run / "weights.safetensors")
            _checkpoint(run, step, network, average, optimizer, schedule, generator)
        if report and (line or step % 50 == 0):
            report(step, recipe.steps, line)
    (run / "checkpoint.pt").unlink(missing_ok=True)
    return run / "weights.safetensors"


def _first_network(classes: ColourClasses, recipe: Recipe, start: Path | None) -> ColourNetwork:
    """The network as training begins: with the weights of the run in `start`, or ImageNet's where there is none."""
    network = ColourNetwork(classes.bins, recipe.encoder, recipe.widths, recipe.attention)
    if start:
        network.load_state_dict(load_file(start / "weights.safetensors"), strict=True)
    else:
        network.start_from_imagenet(recipe.encoder)
    return network


def _losses(
    network: ColourNetwork,
    training: Photographs,
    recipe: Recipe,
    step: int,
    ageing: Ageing,
    targets: ColourTargets,
) -> tuple[Tensor, Tensor]:
    """One batch through the network: both parts of the loss."""
    generator, device = ageing.generator, ageing.device
    side = int(np.random.default_rng((recipe.seed, step)).choice(recipe.sides))
    chosen = torch.randint(len(training), (recipe.batch,), generator=generator, device=device)
    linear = linear_from_srgb(training.views(chosen, side, generator, recipe.smallest_view))
    ab = lab_from_linear(linear)[:, 1:]
    inputs = torch.cat([ageing.lightness(linear), hints.simulate(ab, recipe.hinted, generator)], 1)
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        logits, predicted = network(inputs.contiguous(memory_format=torch.channels_last))
    return colour_loss(
        logits,
        predicted,
        F.avg_pool2d(ab, 4),
        targets,
        rebalance=recipe.rebalance,
        focal=recipe.focal,
        regression=recipe.regression,
    )


@torch.no_grad()
def validate(average: dict[str, Tensor], network: ColourNetwork, pictures: Photographs, side: int = 192) -> str:
    """Mean PSNR in dB over whole held-out pictures for gray, ab head and class expectation, and the ab head's chroma
    against the true one, with the averaged weights. A line of comma-separated figures.
    """
    own = {name: value.detach().clone() for name, value in network.state_dict().items()}
    network.load_state_dict(average)
    network.eval()
    device = pictures.pixels.device
    centres = torch.from_numpy(ColourClasses(network.bins).centres).to(device)
    scores: list[tuple[float, ...]] = []
    for number in range(len(pictures)):
        rgb = proxy(pictures.whole(number)[None], side)
        lab = lab_from_linear(linear_from_srgb(rgb))
        inputs = torch.cat([lab[:, :1], torch.zeros_like(lab)], 1)
        logits, ab = network(inputs)
        expected = torch.einsum("nkhw,kc->nchw", logits.softmax(1), centres)
        scored = [psnr(rgb, lab[:, :1], colours) for colours in (torch.zeros_like(ab), ab, expected)]
        scores.append((*scored, float(ab.norm(dim=1).mean() / lab[:, 1:].norm(dim=1).mean().clamp(min=1))))
    network.load_state_dict(own)
    network.train()
    return ",".join(f"{value:.3f}" for value in np.mean(scores, 0))


def _rate(step: int, recipe: Recipe) -> float:
    """Linear warm-up, then half a cosine down to a hundredth."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.01 + 0.99 * (1 + float(np.cos(np.pi * min(1.0, done)))) / 2


@torch.no_grad()
def _average(average: dict[str, Tensor], network: ColourNetwork, decay: float) -> None:
    current = network.state_dict()
    floats = [name for name in average if average[name].is_floating_point()]
    torch._foreach_lerp_([average[n] for n in floats], [current[n] for n in floats], 1 - decay)
    for name in average.keys() - set(floats):
        average[name].copy_(current[name])


def _classes(run: Path, pictures: Photographs, generator: torch.Generator) -> ColourClasses:
    """The colour classes of this run: counted once over a sample of the training photographs, kept in classes.json."""
    path = run / "classes.json"
    if not path.is_file():
        counts = np.zeros(400, np.int64)
        for _ in range(COUNTED):
            chosen = torch.randint(len(pictures), (256,), generator=generator, device=pictures.pixels.device)
            linear = linear_from_srgb(pictures.views(chosen, 128, generator, 1.0))
            ab = F.avg_pool2d(lab_from_linear(linear)[:, 1:], 4).permute(0, 2, 3, 1).cpu().numpy()
            counts += np.bincount(bin_of(ab).ravel(), minlength=400)
        path.write_text(json.dumps({"bins": classes_that_occur(counts).bins, "pixels": counts.tolist()}))
    return ColourClasses(tuple(json.loads(path.read_text())["bins"]))


def _keep_recipe(run: Path, recipe: Recipe) -> None:
    path = run / "recipe.json"
    text = json.dumps(asdict(recipe), indent=1)
    if path.is_file() and path.read_text() != text:
        raise BadRecipe(f"{run} holds a run with another recipe.", "Give another folder with --run.")
    path.write_text(text)


def recipe_from(path: Path) -> Recipe:
    """A recipe from a JSON file; what it does not name keeps its default.

    Raises:
        BadRecipe: not JSON, or a value that recipes do not have.
    """
    try:
        return _recipe(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadRecipe(f"{path} is no recipe: {error}", "See `Recipe` in photochrom/training/lite.py.") from error


def _recipe(values: dict[str, Any]) -> Recipe:
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    start = _recipe(values["start"]) if values.get("start") else None
    return replace(Recipe(), **(values | lists | {"start": start}))


def _finished(run: Path, recipe: Recipe) -> bool:
    """Whether this run has come to its end before."""
    log = run / "log.csv"
    if (run / "checkpoint.pt").exists() or not log.is_file():
        return False
    return log.read_text().splitlines()[-1].startswith(f"{recipe.steps},")


def _checkpoint(run, step, network, average, optimizer, schedule, generator) -> None:  # type: ignore[no-untyped-def]
    state = {
        "step": step,
        "network": network.state_dict(),
        "average": average,
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "generator": generator.get_state(),
    }
    torch.save(state, run / "checkpoint.new")
    os.replace(run / "checkpoint.new", run / "checkpoint.pt")


def _resume(run, network, average, optimizer, schedule, generator) -> int:  # type: ignore[no-untyped-def]
    path = run / "checkpoint.pt"
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=generator.device, weights_only=True)
    network.load_state_dict(state["network"])
    average.update(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    generator.set_state(state["generator"].cpu())
    return int(state["step"])
