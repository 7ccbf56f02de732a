"""The command line as people and scripts meet it: what it writes, prints, and ends with."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import photochrom
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom import editors
from PIL import Image

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
ENVIRONMENT = {**os.environ, "PYTHONPATH": PYTHONPATH}
COMMAND = [sys.executable, "-m", "photochrom"]


def start(*words: str | Path, **options) -> subprocess.Popen:
    """The command in a process of its own, which heeds Ctrl-C even where this one was told not to."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen([*COMMAND, *map(str, words)], env=ENVIRONMENT, **pipes, **heed)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A small photograph, alone in its folder."""
    path = tmp_path / "box" / "Ann Müller (1).jpg"
    path.parent.mkdir()
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).resize(0.25).write_to_file(str(path))
    return path


@pytest.fixture
def another(photograph: Path) -> Path:
    return Path(shutil.copy(photograph, photograph.with_name("[b] two.jpg")))


@pytest.fixture
def damaged(photograph: Path) -> Path:
    path = photograph.with_name("damaged.jpg")
    path.write_bytes(photograph.read_bytes()[:2000])
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- one photograph and several ---------------------------------------------------------------------------


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


def test_several_photographs_into_a_folder_that_is_made(run, photograph, another, tmp_path):
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
        "notes": [],
    }
    assert bad["source"] == str(damaged)
    assert bad["error"]["code"] == "bad-picture"
    assert bad["error"]["next_step"]


def test_what_a_person_should_know_of_the_source_is_said(run, tmp_path):
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


def test_pages_that_are_not_there_and_contradictions_are_said(run, album, photograph, tmp_path):
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


# --- what cannot be done ----------------------------------------------------------------------------------


def test_an_existing_result_is_refused_unless_it_may_be_replaced(run, photograph, tmp_path):
    output = tmp_path / "color.jpg"
    output.write_text("mine")
    refused = run("colorize", photograph, "-o", output)
    assert (refused.code, refused.out) == (4, "")
    assert "--overwrite" in refused.err
    assert output.read_text() == "mine"
    assert run("colorize", photograph, "-o", output, "--overwrite").code == 0
    assert output.read_bytes().startswith(b"\xff\xd8")


def test_a_photograph_is_never_replaced_by_its_own_colors_or_another_s(run, photograph, tmp_path):
    other = tmp_path / "shelf" / photograph.name
    other.parent.mkdir()
    shutil.copy(photograph, other)
    before = photograph.read_bytes()
    for words in ((photograph, "-o", photograph), (photograph, "-o", photograph.parent), (other, photograph)):
        done = run("colorize", *words, *(() if "-o" in words else ("-o", photograph.parent)), "--overwrite")
        assert (done.code, done.out) == (2, "")
        assert "itself one of the photographs" in done.err
    assert photograph.read_bytes() == before


def test_one_damaged_file_does_not_keep_the_others_from_their_colors(run, photograph, damaged, another, tmp_path):
    folder = tmp_path / "out"
    done = run("colorize", photograph, damaged, another, "-o", folder)
    assert done.code == 1
    assert done.out.splitlines() == [str(folder / photograph.name), str(folder / another.name)]
    assert str(damaged) in done.err
    assert "Traceback" not in done.err
    assert names_in(folder) == sorted([photograph.name, another.name])


def test_one_damaged_file_alone_ends_with_3_and_leaves_nothing(run, damaged, tmp_path):
    done = run("colorize", damaged, "-o", tmp_path / "out.png")
    assert (done.code, done.out) == (3, "")
    assert names_in(tmp_path) == ["box"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--colorizer", "nobody"], 5, "Installed: auto, lite"),
        (["--chroma", "9"], 2, "from 0 to 4"),
        (["--chroma", "much"], 2, "--chroma"),
        (["--format", "bmp"], 2, "--format"),
        (["--profile", "cinema"], 4, "display-p3"),
        (["-o", "out.bmp"], 2, "Use one of .png"),
        (["--strength", "1"], 2, "No such option"),
    ],
)
def test_what_cannot_be_asked_for_is_said_once_before_any_work(run, photograph, another, words, code, said):
    before = names_in(photograph.parent)
    sources = [photograph] if "-o" in words else [photograph, another]
    done = run("colorize", *sources, *words)
    assert (done.code, done.out) == (code, "")
    assert done.err.count(said) == 1
    assert names_in(photograph.parent) == before


def test_a_folder_given_as_a_photograph_is_answered_with_a_way_out(run, photograph):
    done = run("colorize", photograph.parent)
    assert done.code == 3
    assert "is a folder" in done.err
    assert "Name the pictures in it" in done.err


def test_a_folder_that_cannot_be_made_is_said(run, photograph):
    done = run("colorize", photograph, "-o", photograph / "out")
    assert done.code == 4
    assert "cannot be created" in done.err
    assert "Traceback" not in done.err


def test_help_lists_the_exit_codes(run):
    for words in (["--help"], ["colorize", "--help"]):
        done = run(*words)
        assert done.code == 0
        assert all(f" {code} " in done.out.replace("\n", " ") for code in (0, 1, 2, 3, 4, 5, 130))


COMMANDS = [
    *("colorize", "compare", "route", "mark", "doctor", "serve", "evaluate", "reliability", "diversity"),
    *("models", "models list", "models fetch", "models import", "models verify", "models remove", "models path"),
    *("plugin", "plugin install", "plugin remove", "train", "train lite", "train calibration", "train router"),
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_shows_no_type_for_flags(run, command):
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert "--help" in done.out
    assert "bool" not in done.out


@pytest.mark.parametrize("command", ["install", "remove"])
def test_each_editor_has_a_flag(run, command):
    shown = run("plugin", command, "--help").out
    assert editors.EDITORS
    assert all(f"--{name} " in shown for name in editors.EDITORS)


def test_version_is_the_package_s(run):
    assert run("--version").out == f"photochrom {photochrom.__version__}\n"


def test_no_command_and_unknown_ones_are_wrong_usage(run):
    for words in ([], ["bogus"], ["colorize"], ["models", "burn"]):
        assert run(*words).code == 2


# --- processes --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 megapixels: seconds of work."""
    path = tmp_path_factory.mktemp("large") / "large.jpg"
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).resize(5, kernel="linear").write_to_file(str(path))
    return path


def wait_for(condition: Callable[[], object], process: subprocess.Popen, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_while_writing_ends_with_130_and_leaves_nothing(large, tmp_path, asked):
    process = start("colorize", large, "-c", "lite", "-o", tmp_path / "out.png")
    wait_for(lambda: any(path.stat().st_size for path in tmp_path.glob(".photochrom-*")), process)
    process.send_signal(asked)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"photochrom: Cancelled.\n"
    assert names_in(tmp_path) == []


def test_ctrl_c_while_evaluating_ends_with_130(tmp_path):
    album = color_pictures(tmp_path / "album", 60)
    screen, terminal = pty.openpty()
    process = start("evaluate", album, "--colorizer", "lite", stderr=terminal)
    os.close(terminal)
    seen = b""
    while b" of 60" not in seen:
        seen += os.read(screen, 65536)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(screen)
    assert (process.returncode, out) == (130, b"")


def test_results_go_to_the_pipe_and_progress_to_the_terminal(photograph, another, tmp_path):
    screen, terminal = pty.openpty()
    process = start("colorize", photograph, another, "-c", "lite", "-o", tmp_path / "out", stderr=terminal)
    os.close(terminal)
    seen = b""
    try:
        while piece := os.read(screen, 65536):
            seen += piece
    except OSError:  # Linux says so when the other side is closed
        pass
    out, _ = process.communicate(timeout=60)
    os.close(screen)
    assert process.returncode == 0
    assert out.decode().splitlines() == [str(tmp_path / "out" / path.name) for path in (photograph, another)]
    assert b"Choosing colors" in seen
    assert another.name.encode() in seen


def test_a_pipe_that_is_closed_early_is_no_reason_to_cry(photograph):
    process = start("models", "list")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait(60)
    process.stderr.close()


@pytest.mark.parametrize("words", [["colorize", "PHOTOGRAPH"], ["models", "list"], ["doctor"]], ids=" ".join)
def test_torch_stays_away_from_the_command_line(photograph, words):
    importing = [sys.executable, "-X", "importtime", "-m", "photochrom"]
    words = [str(photograph) if word == "PHOTOGRAPH" else word for word in words]
    done = subprocess.run([*importing, *words], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    imported = [line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import")]
    assert "photochrom.cli" in imported
    assert not [name for name in imported if name.split(".")[0] in ("torch", "torchvision")]


def test_the_start_of_the_command_line_loads_nothing_heavy():
    check = "import sys, photochrom.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numpy", "pyvips", "openvino", "fastapi", "uvicorn", "torch", "skimage", "scipy"}


# --- the other commands -----------------------------------------------------------------------------------


def color_pictures(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        corners = np.random.default_rng(number).integers(30, 225, (3, 4, 3), dtype=np.uint8)
        Image.fromarray(corners).resize((96, 64), Image.Resampling.BICUBIC).save(folder / f"{number:02}.png")
    return folder


def test_evaluate_takes_calm_colors_as_a_candidate(run, tmp_path):
    done = run("evaluate", color_pictures(tmp_path / "pictures", 2), "-c", "auto", "-c", "auto:calm", "--json")
    assert json.loads(done.out)["colorizers"] == ["auto", "auto:calm"]
    for picture in json.loads(done.out)["pictures"]:
        assert picture["scores"]["auto:calm"]["spread"] < picture["scores"]["auto"]["spread"]


def test_route_prints_the_shares_of_each_colorizer(run, photograph, damaged):
    done = run("route", photograph, damaged)
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith(f"{photograph}: ")
    shares = dict(part.split() for part in line.removeprefix(f"{photograph}: ").split(", "))
    assert set(shares) == {"lite", "nature", "objects", "people", "scenes"}
    assert sum(map(float, shares.values())) == pytest.approx(1, abs=0.03)
    scores = json.loads(run("route", photograph, "--json").out)["scores"]
    assert {name: f"{score:.2f}" for name, score in scores.items()} == shares
    assert run("route", damaged).code == 3


def test_automatic_color_is_the_routers(run, photograph, tmp_path):
    scores = json.loads(run("route", photograph, "--json").out)["scores"]
    done = run("colorize", photograph, "-o", tmp_path / "auto.png", "--json")
    assert json.loads(done.out)["colorizer"] == next(iter(scores))


def test_compare_writes_one_sheet_and_says_who_could_not_be_asked(run, photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    done = run("compare", photograph, "-c", "lite", "-c", "nobody", "-o", sheet)
    assert (done.code, done.out) == (1, f"{sheet}\n")
    assert "no colorizer named 'nobody'" in done.err
    assert Image.open(sheet).width > Image.open(sheet).height
    refused = run("compare", photograph, "-c", "lite", "-o", sheet)
    assert refused.code == 4
    assert "already exists" in refused.err
    assert run("compare", photograph, "-c", "lite", "-o", sheet, "--overwrite").code == 0


def test_evaluation_prints_scores_and_writes_sheet_and_report(run, tmp_path):
    album = color_pictures(tmp_path / "album", 2)
    sheet, report = tmp_path / "sheet.png", tmp_path / "report.html"
    done = run("evaluate", album, "--json", "--sheet", sheet, "--report", report)
    assert done.code == 0
    assert [picture["name"] for picture in json.loads(done.out)["pictures"]] == ["00.png", "01.png"]
    assert pyvips.Image.new_from_file(str(sheet)).width > 3 * 96
    assert report.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")

    earlier = tmp_path / "earlier.json"
    earlier.write_text(done.out, encoding="utf-8")
    table = run("evaluate", album, "--colorizer", "lite", "--against", earlier)
    assert table.code == 0
    rows = [line.split()[0] for line in table.out.splitlines() if line.strip()]
    assert rows[:7] == ["mean", "lite", "gray", "mean", "lite", "gray", "original"]


def test_evaluation_puts_ours_beside_others_and_measures_what_it_is_asked_to(run, tmp_path):
    album = color_pictures(tmp_path / "album", 1)
    beside, segments = tmp_path / "anchors", tmp_path / "segments"
    beside.mkdir()
    segments.mkdir()
    shutil.copy(album / "00.png", beside / "old.scan.png")
    shutil.copy(album / "00.png", beside / "old.rival.png")
    size = Image.open(album / "00.png").size
    labels = Image.new("I;16", size)
    labels.paste(1, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    labels.save(segments / "00.png")
    report = tmp_path / "report.html"
    wanted = ("--beside", beside, "--stability", "--segments", segments, "--report", report)
    done = run("evaluate", album, "-c", "lite", *wanted)
    assert done.code == 0
    heads = [line.split("  ")[0] for line in done.out.splitlines()]
    assert {"hue recall ↑", "correlation ↑", "ΔE00 after ↓", "median ± 95 %", "beside, n=1"} <= set(heads)
    assert max(map(len, done.out.splitlines())) <= 120
    assert "Beside others" in report.read_text(encoding="utf-8")
    refused = run("evaluate", album, "--segments", tmp_path / "nowhere")
    assert (refused.code, refused.out) == (2, "")
    assert run("evaluate", album, "--hints", "1", "--stability").code == 2
    assert run("evaluate", album, "--reach", "1").code == 2


def test_evaluation_says_before_its_work_what_could_not_be_kept(run, tmp_path):
    album = color_pictures(tmp_path / "album", 1)
    done = run("evaluate", album, "--sheet", tmp_path / "nowhere" / "sheet.png")
    assert (done.code, done.out) == (4, "")
    assert "Create it first" in done.err
    assert run("evaluate", album, "--against", tmp_path / "nothing.json").out == ""


def test_evaluation_of_no_folder_is_wrong_usage(run, tmp_path):
    done = run("evaluate", tmp_path / "nowhere")
    assert done.code == 2
    assert "is not a folder" in done.err


def test_reliability_prints_its_table_and_draws_it(run, photograph, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    shutil.copy(photograph, folder)
    done = run("reliability", folder, "-c", "lite", "--diagram", tmp_path / "lite.svg")
    assert done.code == 0
    assert done.out.splitlines()[0].split() == ["confidence", "of", "the", "cells", "mean", "confidence", "right"]
    assert "lite on photographs" in (tmp_path / "lite.svg").read_text()
    found = json.loads(run("reliability", folder, "-c", "lite", "--json").out)
    assert found["colorizer"] == "lite"
    assert f"error {found['expected_calibration_error']:.1%}" in done.out
    missing = run("reliability", folder, "--diagram", tmp_path / "nowhere" / "lite.svg")
    assert (missing.code, missing.out) == (4, "")


def test_diversity_prints_how_different_and_how_plausible_variants_are(run, photograph, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    shutil.copy(photograph, folder)
    done = run("diversity", folder, "--count", "2")
    assert done.code == 0
    values = dict(line.rsplit(None, 1) for line in done.out.splitlines()[1:])
    assert {"apart", "noise", "psnr best", "psnr best random"} <= {name.strip() for name in values}
    assert run("diversity", folder, "--count", "10").code == 2


def test_doctor_prints_each_check_and_ends_with_1_where_one_fails(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    as_text, as_json = run("doctor"), run("doctor", "--json")
    checks = {check["check"]: check for check in map(json.loads, as_json.out.splitlines())}
    assert checks["engine"]["good"] and checks["model lite"]["good"]
    assert not checks["GIMP"]["good"] and checks["GIMP"]["next_step"] in as_text.out
    assert as_text.code == as_json.code == 1


def test_plug_in_is_installed_and_removed_and_both_say_so(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIMP3_DIRECTORY", str(tmp_path / "GIMP" / "3.0"))
    (tmp_path / "GIMP" / "3.0").mkdir(parents=True)
    place = tmp_path / "GIMP" / "3.0" / "plug-ins" / "photochrom"
    planned = run("plugin", "install", "--gimp", "--dry-run")
    assert planned.code == 0 and planned.out.startswith("would ") and not place.exists()
    done = run("plugin", "install", "--gimp")
    assert done.code == 0 and str(place) in done.out and (place / "photochrom.py").exists()
    assert run("plugin", "remove", "--gimp").code == 0
    assert not place.exists()
