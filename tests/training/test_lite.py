"""A whole training run in small: trained, broken off, continued, exported, run by OpenVINO."""

import csv
import io
import json
import tarfile
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from photochrom import models
from photochrom.colorizers.color_classes import ColorClasses
from photochrom.colorizers.lite import Decode, open_model
from photochrom.errors import BadPicture, BadRecipe, Cancelled
from photochrom.sampling.resize import stretched
from photochrom.training import export, lite, photographs
from photochrom.training.decode import mirrored_too
from photochrom.training.experts import EXPERTS
from photochrom.training.network import ColorNetwork
from photochrom.training.recipe import Recipe, recipe_from
from PIL import Image
from safetensors.torch import load_file

RECIPE = Recipe(
    steps=4,
    batch=4,
    sides=(64,),
    warm_up=1,
    encoder="lite0",
    widths=(64, 32, 32, 16),
    attention=1,
    adversarial_from=1,
    mirror=0.1,
    mirrored_part=0.5,
    rare_hues=1.0,
    recolored=0.25,
    draw={"category:people": 2.0},
)


@pytest.fixture(autouse=True, scope="module")
def less_to_look_at():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "PROXY_SIDES", (64,))
        patch.setattr(lite, "COUNTED", 1)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """130 pictures of two colors each, packed as the training data are."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(3)
    with tarfile.open(folder / "photos-000.tar", "w") as shard, (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "source", "width", "height", "mean_chroma", "category", "shard"])
        for number in range(130):
            width, height = int(rng.integers(70, 120)), int(rng.integers(70, 120))
            picture = np.empty((height, width, 3), np.uint8)
            picture[: height // 2], picture[height // 2 :] = rng.integers(0, 256, (2, 3))
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "JPEG")
            entry = tarfile.TarInfo(f"made/{number}.jpg")
            entry.size = content.tell()
            content.seek(0)
            shard.addfile(entry, content)
            category = "people" if number % 2 else "landscape"
            rows.writerow([entry.name, "made", width, height, 10, category, "photos-000.tar"])
    return folder


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    """The folder of a finished run, only to be read."""
    folder = tmp_path_factory.mktemp("run")
    lite.train(data, folder, RECIPE, device="cpu", validate_every=2)
    return folder


class Crash(Exception):
    pass


@pytest.mark.slow
@pytest.mark.parametrize(("error", "last"), [(Crash, 2), (Cancelled, 1)])
def test_a_run_that_was_broken_off_ends_as_one_that_was_not(data, finished, tmp_path, error, last):
    """After a crash at a validation; after Ctrl-C anywhere."""

    def stop(step, steps, line):
        if step == last:
            raise error

    with pytest.raises(error):
        lite.train(data, tmp_path / "broken", RECIPE, device="cpu", validate_every=2, report=stop)
    assert (tmp_path / "broken" / "checkpoint.pt").is_file()
    continued = lite.train(data, tmp_path / "broken", RECIPE, device="cpu", validate_every=2)
    assert not (tmp_path / "broken" / "checkpoint.pt").exists()
    first, second = load_file(finished / "weights.safetensors"), load_file(continued)
    assert first.keys() == second.keys()
    for name in first:
        torch.testing.assert_close(first[name], second[name], atol=1e-4, rtol=1e-3)


@pytest.mark.slow
def test_an_exported_model_gives_the_networks_answers(data, finished, tmp_path):
    card = models.read_card(export.export(finished, data, tmp_path / "small"))
    bins = json.loads((finished / "classes.json").read_text())["bins"]
    network = ColorNetwork(tuple(bins), RECIPE.encoder, RECIPE.widths, RECIPE.attention, len(EXPERTS))
    network.load_state_dict(load_file(finished / "weights.safetensors"))
    network.eval()
    lightness = np.linspace(5, 95, 64 * 96, dtype=np.float32).reshape(64, 96)
    planes = torch.zeros(1, 4, 64, 96)
    planes[0, 0] = torch.from_numpy(lightness)
    with torch.inference_mode():
        logits, answer = mirrored_too(network, planes)
    temperature = card.details["calibration"]["temperature"]
    expected = (logits / temperature).softmax(1).mean(0).permute(1, 2, 0).numpy()
    prediction = open_model(card).predict(lightness)
    np.testing.assert_allclose(prediction.distribution.probabilities, expected, atol=2e-3)
    decode = Decode(**card.details["decode"]["vivid"])
    color_classes, balance = ColorClasses(tuple(bins)), np.array(card.details["decode"]["balance"])
    logits = logits + torch.from_numpy(color_classes.offsets(balance))[:, None, None]
    classes = (logits / card.details["decode"]["temperature"]).softmax(1).mean(0).permute(1, 2, 0).numpy()
    classes = stretched(classes @ color_classes.centers, 32, 48)
    ab = answer[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(prediction.ab, decode(ab, classes), atol=0.1)
    assert card.details["training"]["sources"] == {"made": card.details["training"]["photographs"]}
    assert card.details["training"]["pictures_seen"] == 16


@pytest.mark.slow
def test_a_share_of_the_start_is_kept(data, finished, tmp_path):
    recipe = replace(RECIPE, steps=2, start=RECIPE)
    none, half, all_of_it = (
        load_file(lite.train(data, tmp_path / str(share), replace(recipe, keep_start=share), start=finished))
        for share in (0.0, 0.5, 1.0)
    )
    start = load_file(finished / "weights.safetensors")
    floats = [name for name, value in start.items() if value.is_floating_point()]
    assert any(not torch.allclose(none[name], start[name]) for name in floats)
    for name in floats:
        torch.testing.assert_close(all_of_it[name], start[name])
        torch.testing.assert_close(half[name], (none[name] + start[name]) / 2, atol=1e-5, rtol=1e-4)


@pytest.mark.slow
def test_a_finished_run_is_not_trained_again(data, finished):
    weights = finished / "weights.safetensors"
    made = weights.stat().st_mtime_ns
    assert lite.train(data, finished, RECIPE, device="cpu") == weights
    assert weights.stat().st_mtime_ns == made


@pytest.mark.slow
def test_another_recipe_does_not_continue_a_run(data, finished):
    with pytest.raises(BadRecipe, match="another recipe"):
        lite.train(data, finished, Recipe(steps=5), device="cpu")


def test_a_start_of_which_the_recipe_says_nothing_is_refused(tmp_path):
    with pytest.raises(BadRecipe, match="how the network that training starts from was trained"):
        lite.train(tmp_path, tmp_path / "run", RECIPE, start=tmp_path, device="cpu")
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_run_starts_from_the_one_its_recipe_names(data, tmp_path):
    path = tmp_path / "recipe.json"
    # With a learning rate of nothing the weights stay those of the start.
    still = {"steps": 1, "encoder_rate": 0, "decoder_rate": 0, "weight_decay": 0}
    path.write_text(json.dumps(asdict(RECIPE) | still | {"start": asdict(RECIPE)}))
    recipe = recipe_from(path)
    assert recipe.start == RECIPE
    weights = load_file(lite.train(data, tmp_path / "expert", recipe, device="cpu", validate_every=4))
    start = tmp_path / "expert" / "start"
    torch.testing.assert_close(weights["edges.weight"], load_file(start / "weights.safetensors")["edges.weight"])
    assert (tmp_path / "expert" / "classes.json").read_text() == (start / "classes.json").read_text()

    made = (start / "weights.safetensors").stat().st_mtime_ns
    lite.train(data, tmp_path / "another", recipe, start=start, device="cpu", validate_every=4)
    assert (start / "weights.safetensors").stat().st_mtime_ns == made
    assert not (tmp_path / "another" / "start").exists()


@pytest.mark.parametrize("text", ["{", '{"stepps": 3}', "[]"])
def test_a_broken_recipe_is_named(tmp_path, text):
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(BadRecipe, match=r"recipe\.json is not a recipe"):
        recipe_from(path)


def test_a_folder_without_photographs_is_named(tmp_path):
    with pytest.raises(BadPicture, match=r"no index\.csv"):
        photographs.load(tmp_path, torch.device("cpu"))


def test_held_out_pictures_are_never_trained_on(data):
    training, held_out = photographs.load(data, torch.device("cpu"))
    assert len(held_out) > 0
    assert not set(training.paths) & set(held_out.paths)
    assert set(training.sources) == {"made"}


def test_views_show_the_picture(data):
    training, _ = photographs.load(data, torch.device("cpu"))
    view = training.views(torch.tensor([0]), 32, torch.Generator().manual_seed(0))[0]
    whole = training.whole(0)
    assert view.shape == (3, 32, 32)
    for row in (0, 31):
        seen, there = view[:, row].mean(1), whole[:, 0 if row == 0 else -1].mean(1)
        assert (seen - there).abs().max() < 0.05


@pytest.mark.slow
def test_networks_of_several_seeds_are_averaged(data, finished, tmp_path):
    recipe = replace(RECIPE, steps=2, start=RECIPE)
    first, second, both = (
        load_file(lite.train(data, tmp_path / name, replace(recipe, seed=seed, seeds=seeds), start=finished))
        for name, seed, seeds in (("first", 1, ()), ("second", 2, ()), ("both", 1, (2,)))
    )
    assert any(not torch.equal(first[name], second[name]) for name in first)
    for name in (name for name, value in first.items() if value.is_floating_point()):
        torch.testing.assert_close(both[name], (first[name] + second[name]) / 2, atol=1e-5, rtol=1e-4)
