"""One user of GIMP for all tests of this folder, with an awkward name, and the plug-in as a user installs it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from . import editor

HOME = "Ann Müller (1)"
ARTIFACTS = editor.REPOSITORY / "artifacts"


@pytest.fixture(scope="session")
def gimp(tmp_path_factory):
    """GIMP 3 with a user whose home folder is named `Ann Müller (1)`, the plug-in installed by the command line."""
    try:
        found = editor.find(tmp_path_factory.mktemp("gimp") / HOME)
    except editor.NoGimp as error:
        pytest.skip(str(error))
    found.prepare()
    environment = {**os.environ, "HOME": str(found.home)}
    for name in ("XDG_CONFIG_HOME", "GIMP3_DIRECTORY"):
        environment.pop(name, None)
    subprocess.run(
        [sys.executable, "-m", "photochrom", "plugin", "install", "--gimp"],
        env=environment,
        check=True,
        timeout=120,
    )
    yield found
    found.stop_engines()


@pytest.fixture(autouse=True)
def newcomer(request):
    """A test with windows begins with nothing remembered: other tests, and a first try of this one, have used dialogs,
    whose settings would come back."""
    if "display" in request.fixturenames:
        request.getfixturevalue("gimp").forget()


@pytest.fixture(scope="session")
def cases(gimp):
    """The outcome of every case of inside/cases.py, run in one GIMP: a function from the case's name to its dict."""
    return told_by(gimp, "cases")


@pytest.fixture(scope="session")
def tools(gimp):
    """The same for inside/tools.py."""
    return told_by(gimp, "tools")


def told_by(gimp, script):
    out = gimp.home.parent / script
    out.mkdir()
    started = gimp.batch(f"{script}.py", **where(out))
    try:
        said, _ = started.communicate(timeout=1800)
    finally:
        end(started)

    def told(name):
        path = out / f"{name}.json"
        assert path.exists(), f"GIMP never told about {name}; it said:\n{said[-3000:]}"
        result = json.loads(path.read_text(encoding="utf-8"))
        assert "traceback" not in result, f"{result['traceback']}\n{said[-3000:]}"
        return result

    told.out = out
    return told


@pytest.fixture
def out(gimp, request):
    """An empty folder that GIMP sees too."""
    return Path(tempfile.mkdtemp(prefix=f"{request.node.name}-", dir=gimp.home.parent))


@pytest.fixture
def no_engine_running(gimp):
    """No engine runs before the test, nor after it."""
    gimp.stop_engines()
    yield
    gimp.stop_engines()


@pytest.fixture
def display(gimp):
    """The name of a virtual display that is up, on which a key held long by a busy machine is still one key (-r).

    It stays as it is when its last client goes (-noreset): it would refuse all others while it begins anew.
    """
    server = subprocess.Popen(
        gimp.command("sh", "-c", "exec Xvfb -displayfd 1 -r -noreset -screen 0 1280x900x24 -nolisten tcp 2>/dev/null"),
        stdout=subprocess.PIPE,
        text=True,
    )
    number = server.stdout.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.stdout.close()
    end(server)


def where(out: Path) -> dict[str, str]:
    return {"PHOTOCHROM_OUT": str(out), "PHOTOCHROM_PHOTOGRAPH": str(editor.PHOTOGRAPH)}


def end(process: subprocess.Popen) -> None:
    """Ends a process that a test started, if it still runs."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()
