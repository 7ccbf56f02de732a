"""This version beside the one before inside the real GIMP 3, plug-in and engine of each: from the menu entry to the
layer, the engine warm, 24 megapixels.

    PHOTOCHROM_PREVIOUS=8e197a6 pytest tests/benchmarks/test_gimp.py --benchmark-only

prints medians of seconds and of processor time. Ratios hold on a busy machine too, those of processor time best.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from statistics import median

import pytest
from hosts.gimp3 import editor

from . import installs
from .test_releases import PREVIOUS, environment_of, in_turn

SCRIPT = Path(__file__).parent / "scripts" / "in_gimp.py"
ROUNDS = 3
MEGAPIXELS = 24
TARGETS = {"gray, 8 bits": "≥ 2.2", "toned RGB, 8 bits": "≥ 2.2"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """GIMP's user of the version before, and of this one."""
    users = []
    for install in (installs.of_commit(PREVIOUS), installs.of_working_tree()):
        try:
            gimp = editor.find(tmp_path_factory.mktemp("gimp") / "home")
        except editor.NoGimp as error:
            pytest.skip(str(error))
        gimp = dataclasses.replace(gimp, visible=(*gimp.visible, install.place))
        gimp.prepare()
        environment = environment_of(install, gimp.home) | {"HOME": str(gimp.home)}
        for name in ("XDG_CONFIG_HOME", "GIMP3_DIRECTORY", "PHOTOCHROM_ENGINE"):
            environment.pop(name, None)
        subprocess.run([install.command, "plugin", "install", "--gimp"], env=environment, check=True, timeout=120)
        users.append(gimp)
    yield users
    for gimp in users:
        gimp.stop_engines()


def measure(gimp, out, megapixels=MEGAPIXELS, kinds=None):
    """What in_gimp.py wrote, for all kinds or these."""
    out.mkdir(exist_ok=True)
    code = f"exec(compile(open({str(SCRIPT)!r}).read(), {str(SCRIPT)!r}, 'exec'), {{'__file__': {str(SCRIPT)!r}}})"
    words = ("gimp-console", "--no-interface", "--no-data", "--no-fonts", "--batch-interpreter=python-fu-eval")
    where = {"PHOTOCHROM_OUT": str(out), "PHOTOCHROM_PHOTOGRAPH": str(editor.PHOTOGRAPH)}
    where["PHOTOCHROM_KINDS"] = json.dumps(kinds)
    command = gimp.command(*words, "-b", code, "--quit", PHOTOCHROM_MEGAPIXELS=str(megapixels), **where)
    said = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert (out / "told.json").exists(), (said.stdout + said.stderr)[-3000:]
    return json.loads((out / "told.json").read_text())


def test_a_layer_of_24_megapixels(benchmark, compare, both, monkeypatch):
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    each = [lambda gimp=gimp: measure(gimp, gimp.home.parent / "out") for gimp in both]
    taken = benchmark.pedantic(in_turn, args=(int(os.environ.get("PHOTOCHROM_ROUNDS", ROUNDS)), *each))
    for kind in taken[0][0]:
        for what, target in (("seconds", TARGETS.get(kind, "")), ("processor", "")):
            before, now = (median(round_[kind][what] for round_ in rounds) for rounds in taken)
            compare(f"GIMP, {MEGAPIXELS} MP, {kind}: {what}", before, now, "s", target)
