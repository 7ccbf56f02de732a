"""Colorizers that papers describe and whose weights cannot be fetched: their common recipe, training and installation.

What is special about a system is in its module, `photochrom.training.NAME`: `RECIPE`, its default recipe, with the
paper's hyper-parameters, and `prepare(setting)`, its `Method`. Its network is in `photochrom.colorizers.NAME`.

Common to all, whatever the papers say: random views of the photographs, the averaged weights, the learning rate's
course, the clipped gradient (`training.loop`), and the measure of validation.
"""

from __future__ import annotations

import importlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom import __version__, models
from photochrom.errors import BadRecipe
from photochrom.evaluation import evaluate
from photochrom.evaluation.variety import SECTORS, kept_hues
from photochrom.models import catalog
from photochrom.training import export, loop, photographs
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.loop import Report, Stateful
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

FIGURES = ("gray", "psnr", "chroma", "spread", "recall")
"""The scores of `over_gray`."""

MOST = 160
"""Maximum number of held-out photographs."""


@dataclass(frozen=True)
class Recipe:
    """All parameters that determine the result of a training run.

    `side`: of the square views. `rate`: the highest learning rate. `backbone`: SHA-256 of the file with ImageNet
    weights of the paper's own backbone; without one, EfficientNet-Lite stands in. `own`: what only this system has.
    """

    system: str
    steps: int = 6000
    batch: int = 24
    side: int = 160
    rate: float = 1e-3
    warm_up: int = 100
    average: float = 0.998
    smallest_view: float = 0.55
    backbone: str | None = None
    seed: int = 1880
    own: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What a method is prepared from: the recipe; the photographs; the generator of all random numbers; the folder of
    the run; the checkpoint of the paper's backbone, or None."""

    recipe: Recipe
    pictures: Photographs
    generator: torch.Generator
    run: Path
    backbone: Path | None

    @property
    def device(self) -> torch.device:
        return self.generator.device


class Method(Protocol):
    """How one system is trained. `parts` names the parts of its loss; `watched` those that are not minimized with the
    others; `others` is what checkpoints must keep besides network and optimizer."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    parts: tuple[str, ...]
    watched: frozenset[str]
    others: Mapping[str, Stateful]

    def loss(self, lab: Tensor, step: int) -> Mapping[str, Tensor]:
        """Views (N, 3, side, side) as L, a, b -> the parts of the loss."""
        ...

    def answer(self, lightness: Tensor) -> Tensor:
        """Lightness (1, 1, H, W) 0…100, both sides multiples of 32 -> ab (1, 2, h, w) of the network as it is."""
        ...

    def card(self) -> dict[str, Any]:
        """What the card must say so that the colorizer can build the network."""
        ...


@runtime_checkable
class Drawing(Protocol):
    """A method that chooses the photographs of each step."""

    def draw(self, step: int, count: int) -> Tensor:
        """(count,) numbers of training photographs, on the device that they are on."""
        ...


def recipe_for(name: str, path: Path | None = None, **changes: Any) -> Recipe:
    """The default recipe of a system, with the values of a JSON file, and with `changes` that are not None.

    Raises:
        BadRecipe: the file is not JSON, or has an unknown value.
    """
    default: Recipe = _module(name).RECIPE
    changes = {key: value for key, value in changes.items() if value is not None}
    try:
        given = json.loads(path.read_text()) if path else {}
        own = default.own | given.pop("own", {})
        if own.keys() != default.own.keys():
            raise ValueError(f"{name} has no {', '.join(own.keys() - default.own.keys())}")
        return replace(default, **(given | changes), own=own)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadRecipe(f"{path} is not a recipe: {error}", f"See photochrom/training/{name}.py.") from error


# Long because setup, steps, validation and checkpoints share most of their state.
def train(
    data: Path,
    run: Path,
    recipe: Recipe,
    *,
    backbone: Path | None = None,
    device: str = "auto",
    validate_every: int = 500,
    report: Report | None = None,
) -> Path:
    """Trains (or resumes) a system in folder `run` and returns its weights file, `run`/weights.safetensors.

    `data` is a folder for `photographs.load`. `backbone`: a checkpoint of the paper's backbone, as published.

    Raises:
        BadPicture: there are no photographs in `data`.
        BadRecipe: `run` contains a run of another recipe.
        CheckpointRefused: `backbone` is no checkpoint of the paper's backbone.
    """
    if backbone:
        recipe = replace(recipe, backbone=export.sha256(backbone))
    run.mkdir(parents=True, exist_ok=True)
    loop.keep_recipe(run, recipe)
    if loop.finished(run, recipe.steps):
        return run / "weights.safetensors"
    torch.manual_seed(recipe.seed)
    place = loop.device(device)
    generator = torch.Generator(place).manual_seed(recipe.seed)
    pictures, held_out = photographs.load(data, place)
    method: Method = _module(recipe.system).prepare(Setting(recipe, pictures, generator, run, backbone))
    _describe(run, method, pictures)

    def loss(step: int) -> Mapping[str, Tensor]:
        if isinstance(method, Drawing):
            chosen = method.draw(step, recipe.batch)
        else:
            chosen = torch.randint(len(pictures), (recipe.batch,), generator=generator, device=place)
        views = pictures.views(chosen, recipe.side, generator, recipe.smallest_view)
        return method.loss(lab_from_linear(linear_from_srgb(views)), step)

    training = loop.Training(
        network=method.network,
        optimizer=method.optimizer,
        schedule=torch.optim.lr_scheduler.LambdaLR(
            method.optimizer, lambda step: loop.rate(step, recipe.steps, recipe.warm_up)
        ),
        generator=generator,
        loss=loss,
        parts=method.parts,
        watched=method.watched,
        validate=lambda weights: over_gray(weights, method, held_out, recipe.side),
        figures=FIGURES,
        average=recipe.average,
        others=method.others,
    )
    return loop.run_steps(run, recipe.steps, training, validate_every=validate_every, report=report)


@torch.no_grad()
def over_gray(weights: loop.Weights, method: Method, pictures: Photographs, side: int) -> list[float]:
    """Computes `FIGURES` over whole pictures at `side` pixels, with these weights: mean PSNR in dB of gray and of the
    answer; the answer's mean chroma, and its spread within each picture, in proportion to the true ones; and how many
    vivid pixels kept their hue (`variety.kept_hues`), each sector of the hue circle counting alike, however rare."""
    network = method.network
    own = {name: value.detach().clone() for name, value in network.state_dict().items()}
    network.load_state_dict(weights)
    network.eval()
    scores = []
    hues = np.zeros((2, len(SECTORS)))
    for number in range(0, len(pictures), max(1, len(pictures) // MOST)):
        rgb = proxy(pictures.whole(number)[None], side)
        lab = lab_from_linear(linear_from_srgb(rgb))
        lightness, true = lab[:, :1], lab[:, 1:]
        ab = method.answer(lightness)
        measured = [psnr(rgb, lightness, each) for each in (torch.zeros_like(ab), ab)]
        for each in (ab, true):
            measured += [float(each.norm(dim=1).mean()), float(each.var((2, 3), correction=0).sum().sqrt())]
        scores.append(measured)
        small = F.interpolate(true, ab.shape[2:], mode="area")
        hues += kept_hues(*(each[0].movedim(0, -1).cpu().numpy() for each in (ab, small)))
    network.load_state_dict(own)
    network.train()
    gray, ours, chroma, spread, true_chroma, true_spread = np.mean(scores, 0)
    vivid, kept = hues
    recall = np.divide(kept, vivid, where=vivid > 0, out=np.zeros_like(kept)).sum() / max(1, np.count_nonzero(vivid))
    return [float(value) for value in (gray, ours, chroma / true_chroma, spread / true_spread, recall)]


def _describe(run: Path, method: Method, pictures: Photographs) -> None:
    """Writes what `install` says on the card to run.json, so that it needs neither the data nor the method."""
    details = method.card() | {"parameters": sum(p.numel() for p in method.network.parameters())}
    sources = dict(Counter(pictures.sources).most_common())
    (run / "run.json").write_text(json.dumps({"details": details, "photographs": len(pictures), "sources": sources}))


def install(run: Path, folder: Path | None = None) -> Path:
    """Installs the weights of the run's last validation as a model in `folder`, of that name, and returns its card. By
    default the folder is in the store and has the name of the system.

    Raises:
        BadRecipe: the run has no weights yet.
    """
    if not (run / "weights.safetensors").is_file():
        raise BadRecipe(f"{run} holds no weights yet.", "Train until the first validation.")
    recipe = Recipe(**json.loads((run / "recipe.json").read_text()))
    (entry,) = (each for each in catalog.trainable() if each.name == recipe.system)
    folder = folder or models.store_folder() / entry.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / "weights.safetensors", folder / "weights.safetensors")
    known = json.loads((run / "run.json").read_text())
    log = (run / "log.csv").read_text().splitlines()
    card = {
        **entry.details,
        **known["details"],
        "name": folder.name,
        "version": __version__,
        "files": {"weights.safetensors": export.sha256(folder / "weights.safetensors")},
        "training": {
            "command": entry.command,
            "recipe": asdict(recipe),
            "photographs": known["photographs"],
            "sources": known["sources"],
            "pictures_seen": int(log[-1].split(",")[0]) * recipe.batch,
            "seconds": export.seconds(run),
            "torch": str(torch.__version__),
            "log": log,
        },
    }
    return export.write_card(folder / "card.json", card)


def measure(card: Path, test: Path) -> None:
    """Measures the installed model of `card` on the color photographs in `test` as `photochrom evaluate` does, and
    writes the scores to the card."""
    name = models.read_card(card).name
    export.add_scores(card, evaluate(test, [name]), name)


def _module(name: str) -> Any:
    return importlib.import_module(f"photochrom.training.{name}")
