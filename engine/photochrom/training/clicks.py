"""Fits the networks that judge by clicks which regions belong to an object (`photochrom.segmenters.clicks`).

    python -m photochrom.training.clicks PHOTOGRAPHS SEGMENTATIONS

Every second photograph by name, from the first on, teaches them: the others are held out to measure
(`photochrom.evaluation.clicks`). Clicks are simulated there as here, but for some at random places of the error, and
some objects begin with a box. First the borders are fitted to those that people drew, then the first network on clicks
that guess at random, then on its own clicks, then the second network on its own. Takes minutes on one core.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from photochrom import __version__, models, segmenters
from photochrom.evaluation.clicks import CLICKS as CLICKED
from photochrom.evaluation.clicks import Outlined, center, held_out, measured, outlined, overlap, summary
from photochrom.segmenters import clicks
from photochrom.segmenters.clicks import Judges, Perceptron, Seeds, Surveyed
from photochrom.segmenters.region_graph import Floats, RegionGraph, region_graph
from photochrom.segmenters.trunk import EMBEDDED, trunk
from photochrom.training.export import sha256, write_card
from photochrom.values import Mask
from photochrom_client.prompt import Prompt

BORDER, FIRST, SECOND = (16,), (32, 16), (32, 16)
"""Widths of the hidden layers."""

CLICKS: Final = 5
OBJECTS: Final = 12
"""Clicks at each object, and objects of a picture in one round."""

SEED: Final = 0

PAPERS: Final = [
    "Bai & Sapiro 2007, A Geodesic Framework for Fast Interactive Image Segmentation",
    "Grady 2006, Random Walks for Image Segmentation",
    "Rother et al. 2004, GrabCut",
]

LEAST: Final = 0.006
"""Smaller objects, as shares of the picture, teach nothing."""

AT_RANDOM, BOXED = 0.3, 0.15
"""Shares of clicks at a random place of the error, and of objects that begin with a box …"""

LOOSE: Final = 0.1
"""… each side of which is off by up to this part of the object's."""

COARSE: Final = 2
"""Errors are looked for in masks of every second pixel of every second row."""

HEAVIEST: Final = 12.0
"""A region counts by its share of the object's area, which is taken for 1 / this at least."""

Judge = Callable[[Surveyed, Floats, Seeds], Floats]


@dataclass
class Samples:
    """Inputs of a network, how much of each region belongs to the object, and its weight."""

    inputs: list[Floats] = field(default_factory=list)
    wanted: list[Floats] = field(default_factory=list)
    weights: list[Floats] = field(default_factory=list)
    reached: list[float] = field(default_factory=list)

    def add(self, inputs: Floats, wanted: Floats, weights: Floats) -> None:
        """Those of all regions of a picture."""
        self.inputs.append(inputs.astype(np.float16))
        self.wanted.append(wanted.astype(np.float32))
        self.weights.append(weights.astype(np.float32))

    def extend(self, other: Samples) -> None:
        """Those of another round, too."""
        for name in ("inputs", "wanted", "weights"):
            getattr(self, name).extend(getattr(other, name))


def fitted(pictures: list[Outlined], say: Callable[[str], None], seed: int = 0) -> Judges:
    """The networks, fitted to pictures."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    graphs = [region_graph(each.lightness, trunk()) for each in pictures]
    say(f"{len(graphs)} pictures of {np.mean([each.count for each in graphs]):.0f} regions")
    border = _fit(_borders(pictures, graphs), BORDER, 2000, 1024)
    known = [clicks.surveyed(each, border) for each in graphs]

    def first(judge: Perceptron) -> Judge:
        return lambda _picture, inputs, given: clicks.settled(judge(inputs), given)

    samples = _round(pictures, known, _guess(random), random)
    judge = _fit(samples, FIRST, 2000, 2048)
    for _ in range(2):
        samples.extend(own := _round(pictures, known, first(judge), random))
        say(f"first: {np.mean(own.reached):.3f} shared on its way")
        judge = _fit(samples, FIRST, 3500, 2048)
    made = Judges(border, judge, None)
    samples = Samples()
    for _ in range(2):
        samples.extend(own := _round(pictures, known, None, random, made))
        say(f"second: {np.mean(own.reached):.3f} shared on its way")
        made = replace(made, second=_fit(samples, SECOND, 4000, 2048))
    return made


def _guess(random: np.random.Generator) -> Judge:
    """A judge that takes what is nearer to the object's clicks, up to a random size."""

    def judge(picture: Surveyed, _inputs: Floats, given: Seeds) -> Floats:
        off = np.concatenate([given.off, given.outside])
        walls = len(picture.graph.features)
        near = clicks.distances(picture, given.on)[:, walls]
        if off.size and given.on.size:
            return np.where(near < clicks.distances(picture, off)[:, walls], 1.0, -1.0)
        most = np.exp(random.uniform(np.log(0.01), np.log(0.4)))
        order = np.argsort(near)
        taken = np.full(near.size, -1.0)
        taken[order[np.cumsum(picture.graph.areas[order]) < most]] = 1.0
        return taken

    return judge


def _round(
    pictures: list[Outlined],
    known: list[Surveyed],
    judge: Judge | None,
    random: np.random.Generator,
    made: Judges | None = None,
) -> Samples:
    """Clicks at objects of all pictures: samples for the first network, whose answers `judge` gives, or for the second
    one of `made`."""
    samples = Samples()
    for picture, surveyed in zip(pictures, known, strict=True):
        graph = surveyed.graph
        objects = list(picture.objects(LEAST))
        random.shuffle(objects)
        for wanted in objects[:OBJECTS]:
            shares = _shares(graph, wanted)
            weights = graph.areas * min(HEAVIEST, 1 / wanted.mean())
            prompt = _box(wanted, random) if random.random() < BOXED else Prompt()
            found = np.zeros_like(wanted)
            for number in range(CLICKS):
                if number or prompt.box is None:
                    click = _click(found, wanted, random)
                    if click is None:
                        break
                    prompt = prompt.clicked(*click)
                given = clicks.seeds(graph, prompt)
                inputs = clicks.sights(surveyed, given)
                if made is None:
                    assert judge is not None
                    logits = judge(surveyed, inputs, given)
                    samples.add(inputs, shares, weights)
                else:
                    logits = clicks.settled(made.first(inputs), given)
                    inputs = clicks.second_sights(surveyed, inputs, logits)
                    samples.add(inputs, shares, weights)
                    logits = logits if made.second is None else made.second(inputs)
                found = clicks.mask_of(graph, clicks.settled(logits, given), 0)
            samples.reached.append(overlap(found, wanted))
    return samples


def _shares(graph: RegionGraph, wanted: Mask) -> Floats:
    pixels = np.bincount(graph.labels.ravel())
    return np.bincount(graph.labels.ravel(), wanted.ravel(), graph.count) / pixels


def _borders(pictures: list[Outlined], graphs: list[RegionGraph]) -> Samples:
    samples = Samples()
    for picture, graph in zip(pictures, graphs, strict=True):
        drawn = np.unique(picture.labels, return_inverse=True)[1].reshape(picture.labels.shape)
        counts = np.zeros((graph.count, drawn.max() + 1))
        np.add.at(counts, (graph.labels.ravel(), drawn.ravel()), 1)
        main = counts.argmax(1)
        samples.add(graph.looks, main[graph.starts] != main[graph.ends], graph.lengths)
    return samples


def _click(found: Mask, wanted: Mask, random: np.random.Generator) -> tuple[float, float, bool] | None:
    found, wanted = found[::COARSE, ::COARSE], wanted[::COARSE, ::COARSE]
    missed, excess = wanted & ~found, found & ~wanted
    (one, place), (other, second) = center(missed), center(excess)
    if not one and not other:
        return None
    away = one < other
    row, column = second if away else place
    if random.random() < AT_RANDOM:
        row, column = random.choice(np.argwhere(excess if away else missed))
    return (column + 0.5) / wanted.shape[1], (row + 0.5) / wanted.shape[0], away


def _box(wanted: Mask, random: np.random.Generator) -> Prompt:
    rows, columns = np.flatnonzero(wanted.any(1)), np.flatnonzero(wanted.any(0))
    sides = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float64)
    sides += random.uniform(-LOOSE, LOOSE, 4) * np.tile(sides[2:] - sides[:2], 2)
    left, top, right, bottom = np.clip(sides / np.tile(wanted.shape[::-1], 2), 0, 1).tolist()
    return Prompt(box=(left, top, right, bottom))


def _fit(samples: Samples, widths: tuple[int, ...], steps: int, batch: int) -> Perceptron:
    inputs = torch.from_numpy(np.concatenate(samples.inputs))
    wanted = torch.from_numpy(np.concatenate(samples.wanted))
    weights = torch.from_numpy(np.concatenate(samples.weights))
    weights /= weights.mean()
    some = inputs[torch.randint(len(inputs), (100_000,))].float()
    mean, spread = some.mean(0), some.std(0) + 0.05
    sizes = [inputs.shape[1], *widths, 1]
    layers = [nn.Linear(*each) for each in itertools.pairwise(sizes)]
    network = nn.Sequential(*[part for layer in layers for part in (layer, nn.ReLU())][:-1])
    optimizer = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps, pct_start=0.1)
    for _ in range(steps):
        at = torch.randint(len(inputs), (batch,))
        logits = network((inputs[at].float() - mean) / spread)[:, 0]
        loss = (
            nn.functional.binary_cross_entropy_with_logits(logits, wanted[at], reduction="none") * weights[at]
        ).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    stored = [(layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy().copy()) for layer in layers]
    # The inputs' scale becomes part of the first layer.
    first, offsets = stored[0]
    first = first / spread.numpy()[:, None]
    return Perceptron([(first, offsets - mean.numpy() @ first), *stored[1:]])


def write(judges: Judges, path: Path) -> None:
    """Writes the weights as `clicks.judges` reads them."""
    arrays = {}
    for name in ("border", "first", "second"):
        for number, (weights, offsets) in enumerate(getattr(judges, name).layers):
            arrays[f"{name}.weights{number}"] = weights.astype(np.float32)
            arrays[f"{name}.offsets{number}"] = offsets.astype(np.float32)
    np.savez_compressed(path, **arrays)


def card_of(folder: Path, seed: int, photographs: int, held_out: int) -> dict[str, Any]:
    """The card of the weights in a folder."""
    colorizer = next(card for card in models.shipped() if card.name == EMBEDDED)
    return {
        "name": clicks.NAME,
        "kind": "regions",
        "system": "clicks",
        "version": __version__,
        "good_at": "the object at clicks, for Recolor Object",
        "license": "GPL-3.0-or-later",
        "precision": "float32",
        "parameters": sum(values.size for values in np.load(folder / clicks.WEIGHTS, allow_pickle=False).values()),
        "papers": PAPERS,
        "training": {
            "command": "python -m photochrom.training.clicks PHOTOGRAPHS SEGMENTATIONS",
            "data": "BSDS500, every second photograph of its test part by name, with segments drawn by people",
            "photographs": photographs,
            "held_out": held_out,
            "seed": seed,
            "torch": str(torch.__version__),
            "features_of": colorizer.files["lite.bin"],
        },
        "files": {clicks.WEIGHTS: sha256(folder / clicks.WEIGHTS)},
    }


def _main(photographs: str, segmentations: str) -> None:
    torch.set_num_threads(1)
    every = sorted(outlined(Path(photographs), Path(segmentations)), key=lambda each: each.name)
    folder = models.shipped_folder() / clicks.NAME
    folder.mkdir(exist_ok=True)
    taught = every[::2]
    write(fitted(taught, lambda line: print(line, flush=True), SEED), folder / clicks.WEIGHTS)
    card = card_of(folder, SEED, len(taught), len(every) - len(taught))
    write_card(folder / "card.json", card)
    clicks.judges.cache_clear()
    kept = held_out(every)
    means, _ = summary(measured(segmenters.load(segmenters.EMBEDDED).mask, kept))
    overlaps = {str(count): round(mean, 3) for count, mean in zip(CLICKED, means, strict=True)}
    write_card(folder / "card.json", card | {"scores": {"overlap_after_clicks": overlaps}})
    print(f"mean overlap on {len(kept)} held-out pictures: {overlaps}")


if __name__ == "__main__":
    _main(*sys.argv[1:])
