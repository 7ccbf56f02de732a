"""Krita beside GIMP, and beside Krita with the version before: from the menu entry to the layer, the engine warm.

    pytest tests/benchmarks/test_krita.py --benchmark-only

prints the seconds of a layer of 24 megapixels in RGB with 16 bits in Krita and in GIMP, measured in turn, and of a gray
one of 12 in Krita with its stages; with PHOTOCHROM_PREVIOUS=COMMIT also the processor seconds that Krita itself needs
with the plug-in of that commit and with this one. Ratios hold on a busy machine too, those of processor time best.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from math import sqrt
from pathlib import Path
from statistics import median

import pytest
import pyvips
from hosts.gimp3 import editor as gimp3
from hosts.gimp3.conftest import end
from hosts.krita import editor

from . import installs
from .conftest import ENVIRONMENT, PHOTOGRAPH
from .test_gimp import measure as measure_in_gimp
from .test_releases import environment_of

SCRIPT = Path(__file__).parent / "scripts" / "in_krita.py"
ROUNDS = int(os.environ.get("PHOTOCHROM_ROUNDS", "3"))
MOST_OF_GIMPS = 2.5
"""Times GIMP's seconds for the same layer."""

KIND = "toned RGB, 16 bits"


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Files that Krita opens: 12 megapixels of gray with 8 bits, and 24 of RGBA with 16."""
    folder = tmp_path_factory.mktemp("scans")
    photograph = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")

    def of(megapixels):
        return photograph.resize(sqrt(megapixels * 1e6 / (photograph.width * photograph.height)), kernel="cubic")

    gray, color = folder / "gray-12.png", folder / "rgba16-24.png"
    of(12).write_to_file(str(gray), compression=1)
    wide = of(24).cast("ushort") * 257
    bands = [wide, wide, wide, pyvips.Image.black(wide.width, wide.height) + 65535]
    stored = bands[0].bandjoin(bands[1:]).cast("ushort").copy(interpretation="rgb16")
    stored.write_to_file(str(color), compression=1)
    return folder, [gray, color]


def user_of(found, flag, command, environment, *places):
    """The editor with a user of its own, who has installed the plug-in with this command; it sees these places, too."""
    found = dataclasses.replace(found, visible=(*found.visible, *places))
    found.prepare()
    environment = {**environment, "HOME": str(found.home)}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "GIMP3_DIRECTORY"):
        environment.pop(name, None)
    subprocess.run([*command, "plugin", "install", flag], env=environment, check=True, timeout=300)
    return found


def in_turn(*measures):
    """What each measure gave, round after round: the scripts warm up themselves."""
    taken = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [list(each) for each in zip(*taken, strict=True)]


def krita_at(home):
    try:
        return editor.find(home)
    except editor.NoKrita as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def krita(tmp_path_factory, scans):
    command = (sys.executable, "-m", "photochrom")
    found = krita_at(tmp_path_factory.mktemp("krita") / "home")
    found = user_of(found, "--krita", command, ENVIRONMENT, scans[0])
    yield found
    found.stop_engines()


@pytest.fixture(scope="module")
def gimp(tmp_path_factory):
    command = (sys.executable, "-m", "photochrom")
    try:
        found = gimp3.find(tmp_path_factory.mktemp("gimp") / "home")
    except gimp3.NoGimp as error:
        pytest.skip(str(error))
    found = user_of(found, "--gimp", command, ENVIRONMENT)
    yield found
    found.stop_engines()


def measure(krita, *files):
    """What in_krita.py wrote, by the files' names."""
    out = krita.home.parent / "out"
    out.mkdir(exist_ok=True)
    (out / "told.json").unlink(missing_ok=True)
    words = "exec Xvfb -displayfd 1 -noreset -screen 0 1366x768x24 -nolisten tcp 2>/dev/null"
    server = subprocess.Popen(krita.command("sh", "-c", words), stdout=subprocess.PIPE, text=True)
    where = {"PHOTOCHROM_OUT": str(out), "PHOTOCHROM_PHOTOGRAPH": str(editor.PHOTOGRAPH)}
    where["PHOTOCHROM_FILES"] = json.dumps([str(each) for each in files])
    started = None
    try:
        started = krita.window(str(SCRIPT), f":{server.stdout.readline().strip()}", **where)
        said, _ = started.communicate(timeout=1800)
    finally:
        for each in filter(None, (started, server)):
            end(each)
    assert (out / "told.json").exists(), said[-3000:]
    return json.loads((out / "told.json").read_text())


def test_layers_in_krita_beside_gimps(benchmark, compare, note, krita, gimp, scans):
    _folder, (gray, color) = scans
    each = (
        lambda: measure_in_gimp(gimp, gimp.home.parent / "out", 24, [KIND])[KIND],
        lambda: measure(krita, gray, color),
    )
    in_gimp, in_krita = benchmark.pedantic(in_turn, args=each)
    for name in ("gray-12", "rgba16-24"):
        rounds = [round_[name] for round_ in in_krita]
        seconds, processor = (median(one[what] for one in rounds) for what in ("seconds", "krita"))
        stages = {stage: median(one["stages"].get(stage, 0.0) for one in rounds) for stage in rounds[0]["stages"]}
        note(**{f"{name} seconds": seconds, "of Krita's processor": processor, **stages})
    gimps = median(round_["seconds"] for round_ in in_gimp)
    compare(f"24 MP, {KIND}, GIMP : Krita", gimps, seconds, "s", f"≥ {1 / MOST_OF_GIMPS:.2g}")


@pytest.mark.skipif("PHOTOCHROM_PREVIOUS" not in os.environ, reason="no earlier version was named")
def test_kritas_own_processor_time_beside_the_version_before(benchmark, compare, scans, tmp_path_factory, monkeypatch):
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    folder, (gray, _color) = scans
    users = []
    for install in (installs.of_commit(os.environ["PHOTOCHROM_PREVIOUS"]), installs.of_working_tree()):
        found = krita_at(tmp_path_factory.mktemp("krita") / "home")
        environment = environment_of(install, found.home)
        environment.pop("PHOTOCHROM_ENGINE", None)
        users.append(user_of(found, "--krita", [install.command], environment, install.place, folder))
    try:
        taken = benchmark.pedantic(in_turn, args=[lambda user=user: measure(user, gray) for user in users])
    finally:
        for user in users:
            user.stop_engines()
    before, now = (median(round_["gray-12"]["krita"] for round_ in rounds) for rounds in taken)
    compare("Krita's processor, 12 MP gray", before, now, "s", "≥ 6")
