"""`photochrom colorize` as people and scripts meet it: what it writes and prints."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
import pyvips
from photochrom.image.picture import open_picture
from PIL import Image

from .conftest import COMMAND, ENVIRONMENT, names_in


def test_one_photograph_into_one_file(run, photograph, tmp_path):
    output = tmp_path / "color.png"
    done = run("colorize", photograph, "-o", output)
    assert (done.code, done.out, done.err) == (0, f"{output}\n", "")
    image = pyvips.Image.new_from_file(str(output))
    assert (image.width, image.height, image.bands) == (256, 197, 3)
    assert np.ptp(image.numpy().astype(int), axis=-1).mean() > 2


def test_without_an_output_the_result_lies_beside_the_photograph(run, photograph):
    done = run("colorize", photograph)
    assert done.code == 0
    assert names_in(photograph.parent) == ["Ann Müller (1)-color.jpg", photograph.name]


def test_several_photographs_into_a_new_folder(run, photograph, another, tmp_path):
    folder = tmp_path / "years" / "1936"
    done = run("colorize", photograph, another, "-o", folder)
    assert done.code == 0
    assert done.out.splitlines() == [str(folder / photograph.name), str(folder / another.name)]
    assert names_in(folder) == sorted([photograph.name, another.name])


@pytest.mark.parametrize(
    ("format", "suffix", "begins"),
    [("png", "png", b"\x89PNG"), ("tiff", "tiff", b"II*\0"), ("jpeg", "jpeg", b"\xff\xd8"), ("webp", "webp", b"RIFF")],
)
def test_format_decides_what_is_written(run, photograph, tmp_path, format, suffix, begins):
    folder = tmp_path / "out"
    assert run("colorize", photograph, "-o", folder, "--format", format).code == 0
    assert (folder / f"{photograph.stem}.{suffix}").read_bytes().startswith(begins)


def test_layered_keeps_the_source_below_the_colors(run, photograph, tmp_path):
    done = run("colorize", photograph, "-o", tmp_path / "out", "--layered")
    assert done.code == 0
    with ZipFile(done.out.strip()) as picture:
        assert picture.read("mimetype") == b"image/openraster"
        layers = ElementTree.fromstring(picture.read("stack.xml")).findall(".//layer")
        assert len(layers) == 2
        below = pyvips.Image.new_from_buffer(picture.read(layers[-1].get("src")), "").numpy()
    np.testing.assert_array_equal(below.squeeze(), pyvips.Image.new_from_file(str(photograph)).numpy().squeeze())


def test_chroma_of_zero_is_gray(run, photograph, tmp_path):
    assert run("colorize", photograph, "-o", tmp_path / "gray.png", "--chroma", 0).code == 0
    assert np.ptp(pyvips.Image.new_from_file(str(tmp_path / "gray.png")).numpy().astype(int), axis=-1).max() == 0


def test_calm_colors_are_paler_than_the_vivid_ones_that_come_without_asking(run, photograph, tmp_path):
    for name, style in (("plain", ()), ("vivid", ("--style", "vivid")), ("calm", ("--style", "calm"))):
        assert run("colorize", photograph, "-o", tmp_path / f"{name}.png", *style).code == 0
    plain, vivid, calm = (
        pyvips.Image.new_from_file(str(tmp_path / f"{name}.png")).numpy().astype(int)
        for name in ("plain", "vivid", "calm")
    )
    np.testing.assert_array_equal(plain, vivid)
    assert np.ptp(calm, axis=-1).mean() < np.ptp(vivid, axis=-1).mean()


def test_style_that_does_not_exist_is_wrong_usage(run, photograph):
    assert run("colorize", photograph, "--style", "loud").code == 2


def test_profile_is_written_into_the_result(run, photograph, tmp_path):
    assert run("colorize", photograph, "-o", tmp_path / "p3.png", "--profile", "display-p3").code == 0
    image = pyvips.Image.new_from_file(str(tmp_path / "p3.png"))
    assert b"P3" in image.get("icc-profile-data").replace(b"\0", b"")


def test_mark_says_who_made_the_colors_and_can_be_left_out(run, photograph, tmp_path):
    run("colorize", photograph, "-o", tmp_path / "marked.jpg")
    run("colorize", photograph, "-o", tmp_path / "plain.jpg", "--no-mark")
    assert b"compositeWithTrainedAlgorithmicMedia" in (tmp_path / "marked.jpg").read_bytes()
    assert b"TrainedAlgorithmicMedia" not in (tmp_path / "plain.jpg").read_bytes()


def test_json_is_one_object_a_line_for_each_photograph(run, photograph, damaged, tmp_path):
    done = run("colorize", photograph, damaged, "-o", tmp_path / "out", "--json", "--colorizer", "lite")
    good, bad = map(json.loads, done.out.splitlines())
    assert good == {
        "source": str(photograph),
        "output": str(tmp_path / "out" / photograph.name),
        "colorizer": "lite",
        "width": 256,
        "height": 197,
        "noticed": "print",
        "notes": [],
    }
    assert bad["source"] == str(damaged)
    assert bad["error"]["code"] == "bad-picture"
    assert bad["error"]["next_step"]


def test_notes_on_the_source_are_printed(run, tmp_path):
    pages = tmp_path / "pages.tif"
    gray = [Image.fromarray(np.full((40, 50), value, np.uint8)) for value in (80, 160)]
    gray[0].save(pages, save_all=True, append_images=gray[1:])
    done = run("colorize", pages, "-o", tmp_path / "out.png")
    assert (done.code, done.out) == (0, f"{tmp_path / 'out.png'}\n")
    assert "2 pictures" in done.err


def test_colorize_without_any_model_says_what_is_missing(run, photograph, own_models, forget):
    for folder in own_models.iterdir():
        shutil.rmtree(folder)
    forget()
    done = run("colorize", photograph)
    assert done.code == 5
    assert "not installed" in done.err
    assert names_in(photograph.parent) == [photograph.name]


def test_a_network_that_openvino_cannot_read_is_a_damaged_model(run, photograph, own_models, forget):
    structure, card = own_models / "lite" / "lite.xml", own_models / "lite" / "card.json"
    structure.write_text("<net name='of a later version' version='99'></net>")
    values = json.loads(card.read_text())
    values["files"]["lite.xml"] = hashlib.sha256(structure.read_bytes()).hexdigest()
    card.write_text(json.dumps(values))
    forget()
    done = run("colorize", photograph, "--colorizer", "lite")
    assert done.code == 5
    assert "OpenVINO" in done.err
    assert "Traceback" not in done.err


@pytest.fixture
def album(tmp_path) -> Path:
    """Three pictures in one TIFF file, each brighter than the one before."""
    pages = [Image.fromarray(np.full((40, 50), value, np.uint8)) for value in (60, 120, 180)]
    pages[0].save(tmp_path / "album.tif", save_all=True, append_images=pages[1:])
    return tmp_path / "album.tif"


def brightness(path: Path) -> int:
    return round(float(np.asarray(Image.open(path).convert("L")).mean()), -1)


def test_any_page_of_an_album_can_be_taken(run, album, tmp_path):
    done = run("colorize", album, "--page", 3, "-o", tmp_path / "third.png")
    assert (done.code, done.err) == (0, "")
    assert brightness(tmp_path / "third.png") == 180
    done = run("colorize", album, "--page", 2, "--json")
    assert json.loads(done.out)["page"] == 2
    assert brightness(tmp_path / "album-page-2-color.tif") == 120


def test_all_pages_of_an_album_get_names_of_their_own(run, album, photograph, tmp_path):
    done = run("colorize", album, photograph, "--all-pages", "-o", tmp_path / "out")
    assert done.code == 0
    pages = [f"album-page-{number}.tif" for number in (1, 2, 3)]
    assert names_in(tmp_path / "out") == sorted([photograph.name, *pages])
    assert [brightness(tmp_path / "out" / page) for page in pages] == [60, 120, 180]


def test_missing_pages_and_contradictory_options_are_reported(run, album, photograph, tmp_path):
    done = run("colorize", album, "--page", 4)
    assert done.code == 2
    assert "it holds 3 pictures" in done.err
    done = run("colorize", photograph, "--page", 2)
    assert done.code == 2
    assert "it holds one picture" in done.err
    assert run("colorize", album, "--page", 1, "--all-pages").code == 2
    assert run("colorize", album, "--all-pages", "-o", tmp_path / "one.tif").code == 2
    assert names_in(tmp_path) == ["album.tif", "box"]


def test_a_name_that_is_not_text_is_printed_as_the_bytes_it_is(photograph, tmp_path):
    source = os.fsencode(tmp_path) + b"/M\xfcller.jpg"
    shutil.copy(photograph, source)
    strict = {**ENVIRONMENT, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run([*COMMAND, "colorize", "-c", "lite", source], env=strict, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == os.fsencode(tmp_path) + b"/M\xfcller-color.jpg\n"
    assert os.path.exists(done.stdout[:-1])


@pytest.fixture
def negative(photograph):
    """The same photograph's negative, in another file."""
    path = photograph.with_name("negative.png")
    lightness = open_picture(photograph).lightness()
    lab = (lightness * -1 + 100).bandjoin([lightness * 0, lightness * 0]).copy(interpretation="lab")
    lab.colourspace("srgb").write_to_file(str(path))
    return path


def test_a_negative_is_noticed_and_set_right_by_the_option_that_is_named(run, negative, tmp_path):
    plain, right = tmp_path / "plain.png", tmp_path / "right.png"
    done = run("colorize", negative, "-o", plain)
    assert done.code == 0
    assert done.err == (
        "photochrom: negative.png looks like a negative: with --original negative, it gets the colors of its "
        "positive.\n"
    )
    chosen = run("colorize", negative, "-o", right, "--original", "negative", "--json")
    assert (chosen.code, chosen.err) == (0, "")
    assert json.loads(chosen.out)["noticed"] == "negative"
    scan, *results = (open_picture(path).lightness().numpy() for path in (negative, plain, right))
    for lightness in results:
        assert np.abs(lightness - scan).max() <= 0.5
    colors = [pyvips.Image.new_from_file(str(path)).numpy().astype(int) for path in (plain, right)]
    assert np.abs(colors[0] - colors[1]).max() > 10
