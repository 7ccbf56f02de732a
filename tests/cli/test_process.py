"""The command as a process: signals, pipes, terminals, and what it imports."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from photochrom import cli

from .conftest import ENVIRONMENT, PHOTOGRAPH, color_pictures, names_in, start


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
    # A step may be over before the terminal is drawn again.
    assert any(step in seen for step in (b"Loading the colorizer", b"Choosing colors", b"Writing the picture"))
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
    check = "import sys, photochrom.cli; photochrom.cli.command_line(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"numpy", "pyvips", "openvino", "fastapi", "uvicorn", "torch", "skimage", "scipy"}


def test_ctrl_c_before_a_command_runs_is_no_traceback(monkeypatch, capsys):
    def interrupted(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "command_line", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
