"""Systems that papers describe, trained in small: on a handful of photographs, broken off and continued, installed and
run as colorizers."""

import csv
import io
import json
import tarfile
from dataclasses import replace

import numpy as np
import pytest
import torch
from photochrom import colorizers, models
from photochrom.errors import BadRecipe, ModelMissing
from photochrom.models import catalog
from photochrom.models.listing import listing
from photochrom.models.loaded import LOADED
from photochrom.training import systems
from PIL import Image
from safetensors.torch import load_file
from sklearn.datasets import load_sample_images

SMALL = {"batch": 6, "side": 64, "warm_up": 2, "average": 0.8}
OWN = {
    "an2020": {"channels": 192},
    "ccc": {"widths": [64, 48, 32, 32]},
    "deepcolor": {"architecture": "2"},
    "hensman2017": {"width": 16, "photograph": "made/107.jpg"},
    "metalgan": {"width": 16, "tasks": 3, "inner": 5},
    "nazeri2018": {"width": 32},
    "pixcolor": {"width": 32, "temperature": 0.2},
    "richart2017": {"patch": 15, "temperature": 1.0},
}
"""What makes each system quicker here."""

OTHER = {
    "an2020": {"side": 32},
    "deepcolor": {"rate": 1e-3},
    "iitg": {"side": 32},
    "koalarization": {"side": 48},
    "nazeri2018": {"side": 32, "rate": 3e-4, "steps": 300},
    "hensman2017": {"rate": 1e-3},
    "metalgan": {"steps": 200},
    "pixcolor": {"rate": 3e-3, "steps": 200},
    "richart2017": {"rate": 1e-2, "steps": 400},
}
"""The same for values of the recipe that all have."""

WATCHED = {"accuracy", "discriminator"}
"""Parts in the log that are not minimized."""

STEPS = 100


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Twelve parts of two photographs, packed as the training data are, two of them once more to validate with."""
    folder = tmp_path_factory.mktemp("data")
    parts = [
        picture[top : top + 200, left : left + 200]
        for picture in load_sample_images().images
        for top, left in ((0, 0), (0, 220), (0, 440), (220, 0), (220, 220), (220, 440))
    ]
    # Validation takes 8 and 59, by the checksums of their names (`photographs.HELD_OUT`).
    pictures = {8: parts[1], 59: parts[7], **dict(enumerate(parts, 100))}
    with tarfile.open(folder / "photos-000.tar", "w") as shard, (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "source", "width", "height", "mean_chroma", "category", "shard"])
        for number, part in pictures.items():
            content = io.BytesIO()
            Image.fromarray(part).resize((96, 96)).save(content, "JPEG", quality=95)
            entry = tarfile.TarInfo(f"made/{number}.jpg")
            entry.size = content.tell()
            content.seek(0)
            shard.addfile(entry, content)
            rows.writerow([entry.name, "made", 96, 96, 10, "object", "photos-000.tar"])
    return folder


def recipe(name, **changes):
    default = systems.recipe_for(name)
    values = {"steps": STEPS} | SMALL | OTHER.get(name, {}) | changes
    return replace(default, **values, own=default.own | OWN.get(name, {}))


@pytest.fixture(scope="module", params=[entry.name for entry in catalog.trainable()])
def trained(request, data, tmp_path_factory):
    """A system's name and the folder of its finished run, only to be read."""
    folder = tmp_path_factory.mktemp(request.param)
    systems.train(data, folder, recipe(request.param), device="cpu", validate_every=STEPS // 4)
    return request.param, folder


def log(run):
    """Each column of a log, as numbers."""
    with (run / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


@pytest.mark.slow
def test_the_loss_falls_and_psnr_passes_gray(trained):
    name, run = trained
    columns = log(run)
    parts = [part for part in columns if part not in {"step", *systems.FIGURES, *WATCHED, "seconds"}]
    losses = np.sum([columns[part] for part in parts], 0)
    assert losses[-1] < 0.85 * losses[0], name
    assert columns["psnr"][-1] > columns["gray"][-1], name


@pytest.mark.slow
def test_a_trained_system_is_a_colorizer_like_the_others(trained, tmp_path, monkeypatch):
    name, run = trained
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    assert {each.name: each.state for each in listing()}[name] == "train"
    with pytest.raises(ModelMissing) as missing:
        colorizers.load(name)
    assert missing.value.next_step == f"Run: photochrom train {name} DATA --run RUN"
    card = models.read_card(systems.install(run))
    assert card.details["training"]["photographs"] == 12
    assert card.details["training"]["pictures_seen"] == recipe(name).steps * SMALL["batch"]
    assert card.details["parameters"] > 0
    LOADED.clear()
    colorizer = colorizers.load(name)
    LOADED.clear()
    assert {each.name: each.state for each in listing()}[name] == "installed"
    lightness = np.random.default_rng(0).uniform(0, 100, (64, 96)).astype(np.float32)
    ab = colorizer.predict(lightness).ab
    assert models.read_card(systems.install(run, tmp_path / "another")).name == "another"
    assert np.isfinite(ab).all()
    assert np.ptp(ab) > 0


@pytest.mark.slow
# The second has two networks that learn, the third weights that follow others.
@pytest.mark.parametrize("name", ["ccc", "nazeri2018", "metalgan"])
def test_a_run_that_was_broken_off_ends_as_one_that_was_not(name, data, tmp_path):
    class Crash(Exception):
        pass

    def crash(step, steps, line):
        if step == 2:
            raise Crash

    whole = systems.train(data, tmp_path / "whole", recipe(name, steps=4), device="cpu", validate_every=2)
    with pytest.raises(Crash):
        systems.train(data, tmp_path / "run", recipe(name, steps=4), device="cpu", validate_every=2, report=crash)
    assert (tmp_path / "run" / "checkpoint.pt").is_file()
    continued = systems.train(data, tmp_path / "run", recipe(name, steps=4), device="cpu", validate_every=2)
    assert not (tmp_path / "run" / "checkpoint.pt").exists()
    first, second = load_file(whole), load_file(continued)
    for key in first:
        torch.testing.assert_close(first[key], second[key], atol=1e-4, rtol=1e-3)
    made = continued.stat().st_mtime_ns
    assert systems.train(data, tmp_path / "run", recipe(name, steps=4), device="cpu") == continued
    assert continued.stat().st_mtime_ns == made


@pytest.mark.parametrize("text", ["{", '{"stepps": 3}', "[]", '{"own": {"wieghted": true}}'])
def test_a_broken_recipe_is_named(tmp_path, text):
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(BadRecipe, match=r"recipe\.json is not a recipe"):
        systems.recipe_for("ccc", path)


def test_a_recipe_differs_from_the_default_where_it_says_so(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps({"side": 96, "own": {"weighted": False}}))
    found = systems.recipe_for("ccc", path, steps=7, batch=None)
    default = systems.recipe_for("ccc")
    assert found == replace(default, side=96, steps=7, own=default.own | {"weighted": False})


def test_a_run_without_weights_cannot_be_installed(tmp_path):
    with pytest.raises(BadRecipe, match="no weights yet"):
        systems.install(tmp_path)
