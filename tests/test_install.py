"""The first command of the README, as a newcomer runs it: a wheel in an environment of its own, without torch."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"
MOST_BYTES = 700_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY)]
    subprocess.run(build, check=True, timeout=300)
    return next(folder.glob("photochrom-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin folder of a new virtual environment with the wheel in it."""
    place = tmp_path_factory.mktemp("plain") / "environment"
    venv.create(place, with_pip=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True, timeout=900)
    return scripts


def run(installed, *arguments, **more):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [installed / "photochrom", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment | more,
        check=False,
    )


def test_the_wheel_carries_plugin_weights_and_report_page(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "photochrom/_plugin/gimp/photochrom/photochrom.py",
        "photochrom_client/__init__.py",
        "photochrom_client/locale/de/LC_MESSAGES/photochrom.po",
        "photochrom/_models/lite/lite.bin",
        "photochrom/_models/lite/lite.xml",
        "photochrom/_models/lite/card.json",
        "photochrom/evaluation/report.html",
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_the_plain_install_is_small_and_has_no_torch(installed):
    environment = installed.parent
    size = sum(path.lstat().st_size for path in environment.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < MOST_BYTES
    assert not list(environment.rglob("site-packages/torch"))


def test_it_colorizes_a_real_photograph_with_the_embedded_model(installed, tmp_path):
    output = tmp_path / "Ann Müller (1)" / "dust bowl home.jpg"
    output.parent.mkdir()
    done = run(installed, "colorize", PHOTOGRAPH, "-o", output, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["colorizer"] in {"lite", "nature", "objects", "people", "scenes"}
    assert output.stat().st_size > 50_000


def test_the_plugin_is_put_into_gimp_with_the_command_that_starts_this_engine(installed, tmp_path):
    (tmp_path / "GIMP" / "3.0").mkdir(parents=True)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = run(installed, "plugin", "install", "--gimp", **home)
    assert done.returncode == 0, done.stderr
    place = tmp_path / "GIMP" / "3.0" / "plug-ins" / "photochrom"
    assert os.access(place / "photochrom.py", os.X_OK)
    assert (place / "photochrom_client" / "__init__.py").is_file()
    command = json.loads((place / "engine-command.json").read_text())["command"]
    assert Path(command[0]).parent == installed
    assert run(installed, "plugin", "remove", "--gimp", **home).returncode == 0
    assert not place.exists()
