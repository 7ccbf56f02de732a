"""Files that go from one editor to another: each is written once, and opened once in every editor."""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ..gimp3 import conftest as of_gimp3
from ..gimp3.conftest import ARTIFACTS, end, where
from ..gimp3.editor import HERE as GIMP3
from ..gimp210 import conftest as of_gimp210
from ..gimp210 import editor as editor210
from ..krita import conftest as of_krita

gimp, gimp210 = of_gimp3.gimp, of_gimp210.gimp
krita, display = of_krita.krita, of_krita.display
"""Fixtures of the editors' own tests."""

INSIDE = Path(__file__).resolve().parent / "inside"


class Opened(NamedTuple):
    """What an editor told of the files in a folder."""

    out: Path
    bands: int = 3

    def __call__(self, name):
        result = json.loads((self.out / f"{name}.json").read_text(encoding="utf-8"))
        assert "traceback" not in result, result["traceback"]
        return result

    def lab(self, name):
        """CIE Lab of what it showed of a file, or of one that it wrote."""
        return np.fromfile(self.out / f"{name}.lab", np.float32).reshape(-1, self.bands)[:, :3]


def ran(started, out):
    try:
        said, _ = started.communicate(timeout=1800)
    finally:
        end(started)
    assert list(out.glob("*.json")), said[-3000:]
    assert not (out / "failed.json").exists(), (out / "failed.json").read_text(encoding="utf-8")


def in_gimp3(gimp, name, script, **environment):
    out = gimp.home.parent / name
    out.mkdir()
    started = gimp.batch(str(INSIDE / script), **where(out), PHOTOCHROM_COMMON=str(GIMP3 / "inside"), **environment)
    ran(started, out)
    return Opened(out)


@pytest.fixture(scope="module")
def written(gimp):
    """What GIMP 3 wrote."""
    return in_gimp3(gimp, "written", "gimp_writes.py")


@pytest.fixture(scope="module")
def in_krita(written, krita, display):
    """What Krita told of GIMP 3's files, and wrote itself."""
    out, files = krita.home.parent / "opened", krita.home.parent / "files"
    for folder in (out, files):
        folder.mkdir()
    for file in written.out.glob("gimp3*.*"):
        if file.suffix not in {".lab", ".json"}:
            shutil.copy(file, files)
    started = krita.window(str(INSIDE / "krita_opens.py"), display, **where(out), PHOTOCHROM_FILES=str(files))
    ran(started, out)
    for picture in out.glob("krita-*.png"):
        ARTIFACTS.mkdir(exist_ok=True)
        shutil.copy(picture, ARTIFACTS)
    return Opened(out, 4)


@pytest.fixture(scope="module")
def files(in_krita):
    """The files of both."""
    return in_krita.out.parent / "files"


@pytest.fixture(scope="module")
def in_gimp(gimp, files):
    """What GIMP 3 told of all of them."""
    folder = gimp.home.parent / "files"
    shutil.copytree(files, folder)
    return in_gimp3(gimp, "opened", "gimp_opens.py", PHOTOCHROM_FILES=str(folder))


@pytest.fixture(scope="module")
def in_gimp210(gimp210, files, tmp_path_factory):
    """What GIMP 2.10 told of all of them."""
    out = tmp_path_factory.mktemp("opened210")
    names = (editor210.scheme_text(each) for each in (out, files))
    said = gimp210.batch(f"(python-fu-test-opening 1 {' '.join(names)})")
    assert list(out.glob("*.json")), said[-3000:]
    return Opened(out)


def chroma(lab):
    return float(np.hypot(lab[:, 1], lab[:, 2]).mean())


def off(one, other):
    """The mean and the largest difference in L*."""
    difference = np.abs(one[:, 0] - other[:, 0])
    return float(difference.mean()), float(difference.max())
