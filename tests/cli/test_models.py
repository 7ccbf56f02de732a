"""The commands `photochrom models …` as people and scripts meet them."""

import io
import json
import os
import pty
import subprocess
import sys

import pytest
import torch
from photochrom import extras, models
from photochrom.colorizers import zhang2016
from photochrom.models import catalog
from PIL import Image
from routers import make_router

SHIPPED = ["lite", "nature", "negatives", "objects", "people", "regions", "scenes"]


@pytest.fixture(autouse=True)
def empty_store(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


def test_all_models_are_listed_with_their_state(run):
    table = run("models", "list")
    assert table.code == 0
    assert table.out.splitlines()[0].split() == ["name", "state", "MB", "license", "PSNR", "(gray)", "good", "at"]
    listed = list(map(json.loads, run("models", "list", "--json").out.splitlines()))
    assert [line.split()[0] for line in table.out.splitlines()[1:]] == [each["name"] for each in listed]
    states = {each["name"]: each["state"] for each in listed}
    assert [name for name, state in states.items() if state == "shipped"] == SHIPPED
    assert {name: states[name] for name in ("ddcolor", "su2020", "iizuka2016", "chromagan")} == {
        "ddcolor": "fetch", "su2020": "fetch", "iizuka2016": "import", "chromagan": "import",
    }  # fmt: skip
    assert {each["license"] for each in listed if each["state"] == "shipped"} == {"GPL-3.0-or-later"}
    assert {each["name"]: each["bytes"] for each in listed}["ddcolor"] == 911_914_869
    assert all(each["weights_license"] for each in listed if each["state"] in {"fetch", "import"})


LISTED = """
import sys
from photochrom.cli import main
sys.argv = ["photochrom", "models", "list"]
try:
    main()
finally:
    assert not {"torch", "httpx", "openvino"} & sys.modules.keys()
"""


def test_listing_needs_no_extra():
    assert subprocess.run([sys.executable, "-c", LISTED], capture_output=True, check=False).returncode == 0


def test_the_list_says_which_models_are_damaged(run, empty_store):
    (empty_store / "ddcolor").mkdir(parents=True)
    (line,) = [line for line in run("models", "list").out.splitlines() if line.startswith("ddcolor ")]
    assert line.split()[1] == "damaged"
    assert "photochrom models remove ddcolor" in line
    (empty_store / "ddcolor" / "card.json").write_text("{")
    verified = run("models", "verify")
    assert verified.code == 5
    assert "photochrom models remove ddcolor”, then fetch or import it again" in verified.err
    assert run("models", "remove", "ddcolor").code == 0
    assert run("models", "verify").code == 0


def test_the_store_has_a_path(run, empty_store):
    assert run("models", "path").out == f"{empty_store}\n"


def test_shipped_models_are_sound_and_stay(run):
    verdicts = list(map(json.loads, run("models", "verify", "--json").out.splitlines()))
    assert [(each["name"], each["sound"]) for each in verdicts] == [
        ("lite", True),
        ("negatives", True),
        ("regions", True),
    ]
    kept = run("models", "remove", "lite")
    assert kept.code == 2
    assert "ships with Photochrom" in kept.err


def test_a_damaged_model_is_named_and_ends_with_5(run, own_models, empty_store):
    make_router(empty_store / "router")
    with (own_models / "lite" / "lite.bin").open("r+b") as file:
        file.write(b"other")
    found = run("models", "verify")
    assert found.code == 5
    assert "lite: damaged" in found.out.splitlines()
    assert "router: sound" in found.out.splitlines()
    assert "not the file that the card of lite describes" in found.err


def test_without_a_terminal_the_license_is_accepted_by_an_option(run, monkeypatch, empty_store):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    asked = run("models", "fetch", "zhang2016")
    assert asked.code == 2
    assert "BSD-2-Clause" in asked.err
    assert "ImageNet" in asked.err
    assert "--accept-license" in asked.err
    assert not empty_store.exists()


def test_on_a_terminal_the_license_is_asked_for(empty_store):
    asks, answers = pty.openpty()
    environment = {**os.environ, "PHOTOCHROM_MIRROR": "http://127.0.0.1:9"}
    process = subprocess.Popen(
        [sys.executable, "-m", "photochrom", "models", "fetch", "zhang2016"],
        stdin=answers, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip
    os.write(asks, b"n\n")
    _, said = process.communicate(timeout=60)
    assert "Do you accept it? [y/N]" in said
    assert "was not accepted" in said
    assert process.returncode == 2


def test_models_without_a_download_give_the_reason(run):
    refused = run("models", "fetch", "chromagan", "--accept-license")
    assert refused.code == 5
    assert "AGPL" in refused.err
    assert "photochrom models import FILE" in refused.err


def test_a_missing_extra_is_named_before_the_license_is_asked_for(run, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    for words in (["fetch", "zhang2016"], ["import", "x.pth"]):
        refused = run("models", *words)
        assert refused.code == 5
        assert "pip install 'photochrom[pool]'" in refused.err
        assert "License" not in refused.err


def test_an_unreachable_server_is_an_error(run, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MIRROR", "http://127.0.0.1:9")
    failed = run("models", "fetch", "zhang2016", "--accept-license")
    assert failed.code == 1
    assert "http://127.0.0.1:9/zhang2016/colorization_release_v2-9b330a0b.pth cannot be reached" in failed.err


def test_an_imported_model_colors_photographs(run, tmp_path, forget):
    """A checkpoint of Zhang 2016 in the published layout with random weights, through all commands."""
    details = catalog.find("zhang2016").details
    photograph = tmp_path / "gray.png"
    Image.linear_gradient("L").save(photograph)
    torch.manual_seed(1907)
    tensors = zhang2016.networks(details)["weights"].build().state_dict()
    torch.save(tensors, tmp_path / "any.pth")
    forget()
    imported = run("models", "import", tmp_path / "any.pth")
    assert imported.code == 0, imported.err
    assert imported.out == f"{models.store_folder() / 'zhang2016'}\n"
    assert "License of zhang2016: BSD-2-Clause." in imported.err
    assert "not the published file; recognized by its tensors" in imported.err
    assert run("models", "verify", "zhang2016").out == "zhang2016: sound\n"
    assert "recognized by its tensors" in run("models", "list").err
    done = run("colorize", photograph, "-o", tmp_path / "out.png", "-c", "zhang2016")
    assert done.code == 0, done.err
    assert (tmp_path / "out.png").is_file()
    assert run("models", "remove", "zhang2016").code == 0
    forget()
    gone = run("colorize", photograph, "-o", tmp_path / "again.png", "-c", "zhang2016")
    assert gone.code == 5
    assert "photochrom models fetch zhang2016" in gone.err
