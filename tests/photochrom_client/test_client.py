"""The engine from a plug-in's view: found, started, working, ended."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

import photochrom_client
from photochrom_client import (
    Cancelled,
    EngineGone,
    EngineIncompatible,
    EngineMissing,
    EngineNotStarted,
    JobFailed,
    RequestRefused,
)
from photochrom_client.settings import Settings

pytestmark = pytest.mark.slow  # engines of its own


CLIENT = Path(photochrom_client.__file__).parent


def rows(width: int, height: int) -> Iterator[bytes]:
    row = array("f", [30.0 + 50 * (x > width // 2) for x in range(width)]).tobytes()
    return (row for _ in range(height))


def test_engine_is_started_and_then_adopted(plugin_folder: Path, home: Path) -> None:
    told: list[float] = []
    first = photochrom_client.connect(plugin_folder, lambda fraction, message: told.append(fraction))
    second = photochrom_client.connect(home / "another editor, with nothing in it")
    assert told
    assert first.pid == second.pid
    assert os.getsid(first.pid) == first.pid != os.getsid(0)
    assert [each.name for each in first.colorizers()][:2] == ["auto", "lite"]


def test_layer_is_returned_in_strips(engine: photochrom_client.Engine) -> None:
    width, height = 130, 75
    alpha = array("f", [0.25] * width * height).tobytes()
    told: list[tuple[float, str]] = []
    with engine.upload(width, height, rows(width, height), alpha=[alpha]) as layer:
        job = layer.colorize({"chroma": 1.5}, lambda fraction, message: told.append((fraction, message)))
        preview = job.preview()
        strips = list(job.strips(rows=32))
        samples = list(job.strips(rows=50, form="rgb8"))
    assert [(strip.form, len(strip.data)) for strip in samples] == [("rgb8", 4 * 130 * 50), ("rgb8", 4 * 130 * 25)]
    assert {strip.form for strip in strips} == {"lab"}
    assert job.colorizer == next(iter(job.scores))
    assert sum(job.scores.values()) == pytest.approx(1)
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert all(message for _, message in told)
    assert len(preview.rgb) == 3 * preview.width * preview.height
    assert [(strip.y, strip.rows) for strip in strips] == [(0, 32), (32, 32), (64, 11)]
    pixels = array("f", b"".join(strip.data for strip in strips))
    assert pixels[0::4].tobytes() == b"".join(rows(width, height))
    assert pixels[3::4].tobytes() == alpha
    assert max(map(abs, pixels[1::4])) > 1
    with pytest.raises(photochrom_client.RequestRefused) as gone:
        layer.colorize()
    assert gone.value.code == "layer-gone"
    assert gone.value.next_step


def test_segmenters_are_listed_and_one_can_be_asked_for(engine: photochrom_client.Engine) -> None:
    first, *_ = engine.segmenters()
    assert first.title.startswith(first.name)
    with engine.upload(40, 40, rows(40, 40)) as layer:
        job = layer.colorize({"harmonize": 1.0, "segmenter": first.name, "warmth": 0.5, "neutrals": 0.5})
        assert job.colorizer


WIDTH, HEIGHT = 120, 80


@pytest.fixture
def layer(engine: photochrom_client.Engine) -> Iterator[photochrom_client.Layer]:
    with engine.upload(WIDTH, HEIGHT, rows(WIDTH, HEIGHT)) as sent:
        yield sent


def mean_b(job: photochrom_client.Job) -> float:
    values = array("f", b"".join(strip.data for strip in job.strips()))[2::4]
    return sum(values) / len(values)


def test_hints_count_until_they_are_taken_back(layer: photochrom_client.Layer) -> None:
    plain = mean_b(layer.colorize())
    layer.hint(30, 20, array("f", [50.0, 0, -60, 1] * 600).tobytes())
    assert mean_b(layer.colorize()) < plain - 10
    assert mean_b(layer.colorize({"hints": False})) == pytest.approx(plain, abs=0.01)
    layer.unhint()
    assert mean_b(layer.colorize()) == pytest.approx(plain, abs=0.01)


def test_reference_is_followed(layer: photochrom_client.Layer) -> None:
    with pytest.raises(RequestRefused):
        layer.colorize({"reference": "palette"})
    plain = mean_b(layer.colorize())
    layer.refer(40, 40, array("f", [v for i in range(1600) for v in (20 + i / 27, 5.0, -45.0)]).tobytes())
    assert mean_b(layer.colorize({"reference": "palette"})) < plain - 10


def test_object_comes_with_its_mask_and_with_colors_that_suit_it(layer: photochrom_client.Layer) -> None:
    job = layer.colorize({"object": {"x": 0.9, "y": 0.5}, "color": [-40.0, 30.0]})
    assert [each.probability for each in job.suggestions] == sorted(
        (each.probability for each in job.suggestions), reverse=True
    )
    assert all(0 <= value <= 1 for each in job.suggestions for value in each.rgb)
    preview = job.preview()
    assert preview.bands == 4
    assert len(preview.rgb) == 4 * preview.width * preview.height
    pixels = array("f", b"".join(strip.data for strip in job.strips()))
    alpha = [pixels[3::4][HEIGHT // 2 * WIDTH + x] for x in (5, WIDTH - 5)]
    assert alpha[0] < 0.1 and alpha[1] > 0.9


def test_object_is_the_selected_one(layer: photochrom_client.Layer) -> None:
    with pytest.raises(RequestRefused):
        layer.colorize({"object": {"selection": True}})
    selected = array("f", [float(x < 28) for _ in range(40) for x in range(60)])
    layer.select(60, 40, selected.tobytes())
    pixels = array("f", b"".join(s.data for s in layer.colorize({"object": {"selection": True}}).strips()))
    assert pixels[3::4][WIDTH * 5 + 20] > 0.9
    assert pixels[3::4][WIDTH * 5 + 110] < 0.1


def test_doubt_is_a_picture_and_a_mask(layer: photochrom_client.Layer) -> None:
    job = layer.colorize()
    heat, first = job.doubt(), job.paint_first()
    assert (heat.bands, len(heat.rgb)) == (4, 4 * heat.width * heat.height)
    assert len(first.data) == first.width * first.height


def test_profile_that_is_none_is_refused_in_words(engine: photochrom_client.Engine) -> None:
    with pytest.raises(photochrom_client.RequestRefused, match="no ICC profile"):
        engine.upload(4, 4, rows(4, 4), icc=b"nonsense")


@pytest.mark.parametrize("given", [15, 17])
def test_wrong_number_of_rows_is_noticed(engine: photochrom_client.Engine, given: int) -> None:
    with pytest.raises(ValueError, match="lightness has"):
        engine.upload(16, 16, rows(16, given))


def test_layer_too_large_is_refused_while_it_is_sent(engine: photochrom_client.Engine) -> None:
    side = 50_000
    row = bytes(4 * side)
    with pytest.raises(photochrom_client.RequestRefused, match="more than 8000000000 bytes") as refused:
        engine.upload(side, side, (row for _ in range(side)))
    assert refused.value.code == "too-large"
    assert refused.value.next_step


def test_failed_job_gives_the_reason(plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    with engine.upload(8, 8, rows(8, 8)) as layer, pytest.raises(JobFailed, match="nobody") as failed:
        layer.colorize({"colorizer": "nobody"})
    assert "lite" in failed.value.next_step
    assert str(failed.value.log_path) in str(failed.value)
    assert failed.value.log_path.exists()


def test_progress_that_returns_false_cancels(plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    with engine.upload(600, 600, rows(600, 600)) as layer:
        with pytest.raises(Cancelled):
            layer.colorize({}, lambda fraction, message: False)
        named = layer.colorize({"colorizer": "lite"})
        assert (named.colorizer, named.scores) == ("lite", {})
    log = photochrom_client.log_path().read_text()
    assert re.search(r"job \w+ cancelled", log)


def test_exception_of_progress_propagates(engine: photochrom_client.Engine) -> None:
    def closed_dialog(fraction: float, message: str) -> None:
        raise KeyError("the dialog is closed")

    with engine.upload(16, 16, rows(16, 16)) as layer, pytest.raises(KeyError, match="the dialog is closed"):
        layer.colorize({}, closed_dialog)


def test_cancel_from_another_thread_ends_the_strips(engine: photochrom_client.Engine) -> None:
    with engine.upload(3000, 2000, rows(3000, 2000)) as layer:
        job = layer.colorize()
        strips = job.strips(rows=16)
        next(strips)
        thread = threading.Thread(target=job.cancel)
        thread.start()
        thread.join()
        with pytest.raises(Cancelled):
            list(strips)


def test_engine_killed_while_it_finds_colors(plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)

    def kill(fraction: float, message: str) -> None:
        os.kill(engine.pid, signal.SIGKILL)

    layer = engine.upload(600, 600, rows(600, 600))
    with pytest.raises(EngineGone) as gone:
        layer.colorize({}, kill)
    assert "restarted" in gone.value.next_step
    layer.close()
    again = photochrom_client.connect(plugin_folder)
    assert again.pid != engine.pid


def test_engine_killed_while_it_sends_strips(plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    job = engine.upload(3000, 2000, rows(3000, 2000)).colorize()
    strips = job.strips(rows=16)
    next(strips)
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(EngineGone) as gone:
        list(strips)
    assert gone.value.cause == "The Photochrom engine stopped during the work."


PLUG_IN = """
import sys
sys.path.insert(0, sys.argv[1])
import photochrom_client
print(photochrom_client.connect(sys.argv[2]).pid, flush=True)
sys.stdin.read()
"""


def test_engine_outlives_the_killing_of_the_plug_ins_process_group(plugin_folder: Path) -> None:
    """As GIMP does when the user cancels."""
    plug_in = subprocess.Popen(
        [sys.executable, "-c", PLUG_IN, str(CLIENT.parent), str(plugin_folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert plug_in.stdout and plug_in.stdin
    pid = int(plug_in.stdout.readline())
    os.killpg(plug_in.pid, signal.SIGKILL)
    plug_in.wait()
    plug_in.stdout.close()
    plug_in.stdin.close()
    assert photochrom_client.connect(plugin_folder).pid == pid


def test_editors_that_start_at_once_share_one_engine(plugin_folder: Path) -> None:
    command = [sys.executable, "-c", PLUG_IN, str(CLIENT.parent), str(plugin_folder)]
    plug_ins = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = {plug_in.communicate(timeout=60)[0] for plug_in in plug_ins}
    assert len(answers) == 1
    assert int(answers.pop())


def test_stale_runtime_file_is_seen_through(plugin_folder: Path, home: Path) -> None:
    """The process lives, another one's; the port answers, another program's."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = stranger.accept()
                    connection.sendall(b"SSH-2.0-x\r\n")
                    connection.close()

        threading.Thread(target=answer, daemon=True).start()
        said = {"port": stranger.getsockname()[1], "token": "t", "pid": os.getpid(), "version": "0", "protocol": [1, 1]}
        (home / "run").mkdir()
        (home / "run" / "engine.json").write_text(json.dumps(said))
        assert photochrom_client.connect(plugin_folder).pid != os.getpid()


@pytest.mark.parametrize(
    ("versions", "fault", "way_out"), [([7, 9], "too new", "plugin install"), ([1, 1], "too old", "photochrom stop")]
)
def test_of_engine_and_plug_in_that_do_not_fit_it_is_said_which_to_update(
    plugin_folder: Path, home: Path, versions: list[int], fault: str, way_out: str
) -> None:
    photochrom_client.connect(plugin_folder)
    path = home / "run" / "engine.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "protocol": versions, "version": "9.0"}))
    with pytest.raises(EngineIncompatible, match=rf"9\.0, is {fault}") as incompatible:
        photochrom_client.connect(plugin_folder)
    assert way_out in incompatible.value.next_step
    assert "protocol" not in str(incompatible.value)


def test_no_engine_installed(no_engine: Path) -> None:
    with pytest.raises(EngineMissing) as missing:
        photochrom_client.connect(no_engine)
    assert "photochrom plugin install" in missing.value.next_step


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"command": "photochrom serve"}', '{"command": []}', "\xff"])
def test_damaged_engine_command(home: Path, content: str) -> None:
    (home / "engine-command.json").write_text(content, encoding="latin-1")
    with pytest.raises(EngineMissing, match="does not say how"):
        photochrom_client.connect(home)


def test_engine_that_was_moved_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"'{home}/gone/photochrom' serve")
    with pytest.raises(EngineMissing, match="gone/photochrom"):
        photochrom_client.connect(home)


@pytest.mark.skipif(sys.platform == "win32", reason="there the names of files are Unicode")
def test_an_engine_in_a_folder_with_umlauts_is_started_by_a_python_that_knows_ascii_alone(home: Path) -> None:
    """As the Python inside Krita does."""
    engine = home / "Büro" / "engine"
    engine.parent.mkdir()
    engine.write_text(f"#!{sys.executable}\nprint('no engine, but found')\nraise SystemExit(3)\n", encoding="utf-8")
    engine.chmod(0o755)
    (home / "engine-command.json").write_text(json.dumps({"command": [str(engine), "serve"]}), encoding="utf-8")
    code = """
import os, sys
assert sys.getfilesystemencoding() == "ascii"
import photochrom_client
try:
    photochrom_client.connect(os.environ["HOME"])
except photochrom_client.EngineError as error:
    print(str(error).encode("ascii", "backslashreplace").decode())
"""
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    environment = {**os.environ, **plain, "PYTHONPATH": str(Path(photochrom_client.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "no engine, but found" in done.stdout, done.stderr


def test_engine_that_cannot_start_reports_its_last_output(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"{sys.executable} -c 'import no_such_library'")
    with pytest.raises(EngineNotStarted, match="no_such_library") as failed:
        photochrom_client.connect(home)
    assert "photochrom doctor" in failed.value.next_step


def test_engine_that_hangs_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"{sys.executable} -c 'import time; time.sleep(60)'")
    began = time.monotonic()
    with pytest.raises(EngineNotStarted, match="not ready within 1 seconds"):
        photochrom_client.connect(home, timeout=1)
    assert time.monotonic() - began < 50


def test_waiting_for_the_engine_can_be_cancelled(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"{sys.executable} -c 'import time; time.sleep(60)'")
    with pytest.raises(Cancelled):
        photochrom_client.connect(home, lambda fraction, message: False)


def test_editors_own_python_settings_do_not_reach_the_engine(
    plugin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/an/editor/of/its/own")
    monkeypatch.setenv("PYTHONPATH", "/an/editor/of/its/own/lib")
    assert photochrom_client.connect(plugin_folder).version


@pytest.mark.parametrize("source", sorted(CLIENT.rglob("*.py")), ids=lambda path: path.name)
def test_standard_library_and_python_3_10_only(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 10))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


def test_settings_are_sent_as_they_are_or_in_their_json_form(layer: photochrom_client.Layer) -> None:
    settings = Settings(colorizer="lite", chroma=0.0)
    assert layer.colorize(settings).preview() == layer.colorize(settings.options()).preview()
    assert layer.colorize(settings).preview() != layer.colorize(Settings(colorizer="lite")).preview()
