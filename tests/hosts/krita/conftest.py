"""One user of Krita for each test file, with an awkward name, and the plug-in as a user installs it."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from ..gimp3.conftest import HOME, end, where
from . import editor

ARTIFACTS = editor.REPOSITORY / "artifacts"


@pytest.fixture(scope="module")
def krita(tmp_path_factory):
    """Krita with a user whose home folder is named `Ann Müller (1)`, the plug-in installed by the command line."""
    try:
        found = editor.find(tmp_path_factory.mktemp("krita") / HOME)
    except editor.NoKrita as error:
        pytest.skip(str(error))
    found.prepare()
    environment = {**os.environ, "HOME": str(found.home)}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        environment.pop(name, None)
    subprocess.run(
        [sys.executable, "-m", "photochrom", "plugin", "install", "--krita"],
        env=environment,
        check=True,
        timeout=120,
    )
    yield found
    found.stop_engines()


@contextmanager
def screen(krita, size):
    """The name of a virtual display of this size that is up."""
    server = subprocess.Popen(
        krita.command("sh", "-c", f"exec Xvfb -displayfd 1 -noreset -screen 0 {size}x24 -nolisten tcp 2>/dev/null"),
        stdout=subprocess.PIPE,
        text=True,
    )
    number = server.stdout.readline().strip()
    assert number, "Xvfb did not start"
    try:
        yield f":{number}"
    finally:
        server.stdout.close()
        end(server)


@pytest.fixture(scope="module")
def display(krita):
    """The display for most tests of a file."""
    with screen(krita, "1400x1000") as name:
        yield name


@pytest.fixture(scope="module")
def cases(request, krita, display):
    """The outcome of each of the test file's cases, run in one Krita: a function from the case's name to its dict."""
    return told_by(krita, display, "cases", PHOTOCHROM_CASES=request.module.__name__.rpartition("test_")[2])


@pytest.fixture(scope="module")
def german(krita, display):
    """The same for inside/spoken.py, in a Krita that is set to German."""
    return told_by(krita, display, "spoken", LANGUAGE="de")


def told_by(krita, display, script, *files, **environment):
    out = krita.home.parent / script
    out.mkdir(exist_ok=True)
    started = krita.window(f"{script}.py", display, *files, **where(out), **environment)
    try:
        said, _ = started.communicate(timeout=1800)
    except subprocess.TimeoutExpired:
        end(started)
        said = "it did not end"
    finally:
        end(started)
    for picture in out.glob("*.png"):
        ARTIFACTS.mkdir(exist_ok=True)
        (ARTIFACTS / picture.name).write_bytes(picture.read_bytes())

    def told(name):
        path = out / f"{name}.json"
        assert path.exists(), (
            f"Krita never told about {name}, and ended with {started.returncode}; it said:\n{said[-3000:]}"
        )
        result = json.loads(path.read_text(encoding="utf-8"))
        assert "traceback" not in result, result["traceback"]
        return result

    told.out = out
    return told
