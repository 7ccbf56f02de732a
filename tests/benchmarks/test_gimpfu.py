"""gimpfu on GIMP 2.10 beside plug-ins in C, on the same GIMP: calls, bands of pixels, single pixels."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest
from hosts.gimp210 import editor

SOURCES = Path(__file__).parent / "gimp210"


PYTHON = shutil.which("python3", path="/usr/bin") or sys.executable
"""That of the system, as users have it: that of the tests has more to start with."""

ANEW = {"GIMPFU_RESIDENT": "0"}
"""Scripts are started for each call."""


@pytest.fixture
def gimp(tmp_path):
    """GIMP 2.10 with both kinds of plug-ins."""
    try:
        found = editor.find(tmp_path)
    except editor.NoGimp as error:
        pytest.skip(str(error))
    if not shutil.which("gcc") or not shutil.which("gimptool-2.0"):
        pytest.skip("needs gcc and libgimp2.0-dev")
    found.prepare(PYTHON)
    for script in SOURCES.glob("*.py"):
        found.add(script)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gimp-2.0"], capture_output=True, text=True, check=True)
    plug_in = found.profile / "plug-ins" / "plain"
    subprocess.run(["gcc", "-O2", SOURCES / "plain.c", "-o", plug_in, *flags.stdout.split()], check=True)
    return found


def ratio(pairs):
    return median(ours / theirs for ours, theirs in pairs)


def test_calls_beside_plug_ins_in_c(benchmark, note, gimp, tmp_path):
    """With the process that stays, as users have it."""
    figures = tmp_path / "figures.json"

    def measure():
        said = gimp.batch(f"(python-fu-speed-calls 1 {editor.scheme_text(figures)})", seconds=120)
        assert figures.exists(), said

    benchmark.pedantic(measure, rounds=1)
    found = json.loads(figures.read_text())
    call = ratio([(ours, theirs) for ours, _, theirs in found["calls"]])
    note(
        first_call_s=found["first"],
        call_s=median(each[0] for each in found["calls"]),
        call_in_C_s=median(each[2] for each in found["calls"]),
        call_to_C=call,
    )
    assert call <= 1.3


def test_start_of_gimp_with_the_process_that_stays(benchmark, note, gimp, tmp_path):
    """GIMP's own start and end without windows, beside a profile that has no such process, in turns."""
    without = editor.find(tmp_path / "without")
    without.prepare(PYTHON)
    (without.profile / "plug-ins" / "python-fu").unlink()

    def seconds(editor):
        began = time.perf_counter()
        editor.batch("()")
        return time.perf_counter() - began

    pairs = []
    benchmark.pedantic(lambda: pairs.extend([(seconds(gimp), seconds(without)) for _ in range(13)]), rounds=1)
    del pairs[0]  # GIMP asks plug-ins when it finds them first
    more = median(ours - theirs for ours, theirs in pairs)
    note(start_s=median(theirs for _, theirs in pairs), more_s=more)
    assert more <= 0.1


def test_beside_plug_ins_in_c(benchmark, note, gimp, tmp_path):
    figures = tmp_path / "figures.json"

    def measure():
        said = gimp.batch(f"(python-fu-speed 1 {editor.scheme_text(figures)})", seconds=600, **ANEW)
        assert figures.exists(), said

    benchmark.pedantic(measure, rounds=1)
    found = json.loads(figures.read_text())
    call = ratio([(ours, theirs) for ours, _, theirs in found["calls"]])
    bare = ratio([(bare, theirs) for _, bare, theirs in found["calls"]])
    call_to_bare = ratio([(ours, bare) for ours, bare, _ in found["calls"]])
    # The best of each: what else the machine does only adds.
    reading, writing = (
        min(ours[way] for ours, _ in found["bands"]) / min(theirs[way] for _, theirs in found["bands"])
        for way in (0, 1)
    )
    pixel = 1 / ratio(found["pixels"])
    note(
        **{
            "call_s": median(each[0] for each in found["calls"]),
            "call_in_C_s": median(each[2] for each in found["calls"]),
        },
        **{"call_to_C": call, "bare_Python_to_C": bare, "call_to_bare_Python": call_to_bare},
        **{"reading_to_C": reading, "writing_to_C": writing, "PDB_to_pixel": pixel},
        read_24_MP_s=median(ours[0] for ours, _ in found["bands"]),
        pixel_us=1e6 * median(ours for ours, _ in found["pixels"]),
    )
    # Not 1.3 times C for calls that start Python: that alone is more. Calls that do not are measured above.
    assert call_to_bare <= 1.5
    assert reading <= 1.2
    assert writing <= 1.2
    assert pixel >= 20
