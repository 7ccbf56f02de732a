"""The training loop that every network here shares: steps, averaged weights, validation, log.csv, and checkpoints from
which an interrupted run resumes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from photochrom.errors import BadRecipe, Cancelled

Report = Callable[[int, int, str], None]
"""Called with (step, steps, a line for the user)."""

Weights = dict[str, Tensor]
"""A network's state dict."""

CLIP = 5.0
"""Largest norm of all gradients together."""


class Stateful(Protocol):
    """What a checkpoint keeps: a network, an optimizer, a schedule."""

    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state_dict: dict[str, Any]) -> Any: ...


@dataclass
class Training:
    """A network and all that its training needs.

    `loss(step)` draws a batch with `generator` and returns the parts of its loss, of the names in `parts`; their sum is
    minimized, except for those in `watched`, which are only logged. `validate(weights)` gives the `figures` of the
    averaged weights. `average` is the decay of their exponential moving average. `finish` may change them after the
    last step. `others` is what else a checkpoint must keep, such as a discriminator and its optimizer.
    """

    network: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    generator: torch.Generator
    loss: Callable[[int], Mapping[str, Tensor]]
    parts: Sequence[str]
    validate: Callable[[Weights], Iterable[float]]
    figures: Sequence[str]
    average: float
    others: Mapping[str, Stateful] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    finish: Callable[[Weights], Weights] = lambda weights: weights

    def stateful(self) -> dict[str, Stateful]:
        return {"network": self.network, "optimizer": self.optimizer, "schedule": self.schedule, **self.others}


def run_steps(
    run: Path, steps: int, training: Training, *, validate_every: int = 1000, report: Report | None = None
) -> Path:
    """Trains, or resumes, the run in folder `run` up to `steps`, and returns `run`/weights.safetensors.

    The folder gets log.csv (step, losses, figures, seconds), weights.safetensors (averaged) at each validation and,
    until the run is finished, checkpoint.pt: at each validation, and where `report`, called after each step, raises
    Cancelled.
    """
    network = training.network
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    step = _resume(run, training, average)
    sums, summed, since = _nothing(training), 0, time.monotonic()
    network.train()
    while step < steps:
        parts = training.loss(step)
        training.optimizer.zero_grad(set_to_none=True)
        torch.stack([part for name, part in parts.items() if name not in training.watched]).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        training.optimizer.step()
        training.schedule.step()
        step += 1
        _blend(average, network, min(training.average, (1 + step) / (10 + step)))
        for name, part in parts.items():
            sums[name] += part.detach()
        summed += 1
        line = ""
        if step == steps:
            average = training.finish(average)
        if step % validate_every == 0 or step == steps:
            scores = training.validate(average)
            means = [float(value) / summed for value in sums.values()]
            line = _log_line(step, means, scores, time.monotonic() - since)
            sums, summed = _nothing(training), 0
            _log(run, line, [*training.parts, *training.figures])
            save_file({n: v.contiguous() for n, v in average.items()}, run / "weights.safetensors")
            _checkpoint(run, step, training, average)
        if report:
            try:
                report(step, steps, line)
            except Cancelled:
                _checkpoint(run, step, training, average)
                raise
    (run / "checkpoint.pt").unlink(missing_ok=True)
    return run / "weights.safetensors"


def device(name: str) -> torch.device:
    """auto, cpu or cuda -> the device to train on."""
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def precision(place: torch.device) -> torch.autocast:
    """bfloat16 on a GPU. On the processors tried, the backward pass of its convolutions took twice as long."""
    return torch.autocast(place.type, torch.bfloat16, enabled=place.type == "cuda")


def finished(run: Path, steps: int) -> bool:
    """Whether the run in this folder has made all its steps."""
    log = run / "log.csv"
    if (run / "checkpoint.pt").exists() or not log.is_file():
        return False
    return log.read_text().splitlines()[-1].startswith(f"{steps},")


def keep_recipe(run: Path, recipe: Any) -> None:
    """Writes a recipe (a dataclass) to the run's folder.

    Raises:
        BadRecipe: it holds a run of another recipe.
    """
    path = run / "recipe.json"
    text = json.dumps(asdict(recipe), indent=1)
    if path.is_file() and path.read_text() != text:
        raise BadRecipe(f"{run} holds a run with another recipe.", "Give another folder with --run.")
    path.write_text(text)


def rate(step: int, steps: int, warm_up: int) -> float:
    """The learning rate's factor: linear warm-up, then half a cosine down to a hundredth."""
    if step < warm_up:
        return (step + 1) / warm_up
    done = (step - warm_up) / max(1, steps - warm_up)
    return 0.01 + 0.99 * (1 + float(np.cos(np.pi * min(1.0, done)))) / 2


def _nothing(training: Training) -> dict[str, Tensor]:
    """Sums of the loss's parts, on the training device: reading one each step would make a GPU wait."""
    return {name: torch.zeros((), device=training.generator.device) for name in training.parts}


@torch.no_grad()
def _blend(average: Weights, network: nn.Module, decay: float) -> None:
    current = network.state_dict()
    floats = [name for name in average if average[name].is_floating_point()]
    torch._foreach_lerp_([average[n] for n in floats], [current[n] for n in floats], 1 - decay)
    for name in average.keys() - set(floats):
        average[name].copy_(current[name])


def _log_line(step: int, losses: Iterable[float], scores: Iterable[float], seconds: float) -> str:
    """One row of log.csv."""
    cells = [*(f"{value:.4f}" for value in losses), *(f"{value:.3f}" for value in scores)]
    return ",".join([str(step), *cells, f"{seconds:.0f}"])


def _log(run: Path, line: str, columns: Iterable[str]) -> None:
    """Appends a line to log.csv; a new file gets a header."""
    path = run / "log.csv"
    head = "" if path.is_file() else ",".join(["step", *columns, "seconds"]) + "\n"
    with path.open("a") as log:
        log.write(head + line + "\n")


def _checkpoint(run: Path, step: int, training: Training, average: Weights) -> None:
    state: dict[str, Any] = {name: each.state_dict() for name, each in training.stateful().items()}
    state |= {"step": step, "average": average, "generator": training.generator.get_state()}
    torch.save(state, run / "checkpoint.new")
    os.replace(run / "checkpoint.new", run / "checkpoint.pt")


def _resume(run: Path, training: Training, average: Weights) -> int:
    """Restores the last checkpoint, `average` included, and returns its step; 0 if there is none."""
    path = run / "checkpoint.pt"
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=training.generator.device, weights_only=True)
    for name, each in training.stateful().items():
        each.load_state_dict(state[name])
    average.update(state["average"])
    training.generator.set_state(state["generator"].cpu())
    return int(state["step"])
