"""The package as it is published, and its page."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

COMPAT = Path(__file__).resolve().parents[3] / "plugin" / "gimpfu_compat"
INSIDE = Path(__file__).resolve().parents[2] / "hosts" / "gimp210" / "inside"


def test_the_page_lists_the_names_that_are_tested():
    page = (COMPAT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*\| (pixels|pixels, undo) \|$", page, re.MULTILINE))

    def cases(script):
        return set(re.findall(r'^@case\("([^"]+)"', (INSIDE / script).read_text(encoding="utf-8"), re.MULTILINE))

    sixty = cases("names.py") | cases("procedures.py")
    undone = cases("undo.py") & sixty
    assert rows == {name: "pixels, undo" if name in undone else "pixels" for name in sixty}


def test_nothing_of_the_package_needs_anything_but_python():
    imported = set()
    for path in [*COMPAT.glob("*.py"), *COMPAT.glob("gimpfu_compat/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        imported |= {
            name.partition(".")[0] for name in re.findall(r"^\s*(?:from|import) (\w[\w.]*)", text, re.MULTILINE)
        }
    ours = {path.stem for path in COMPAT.glob("gimp*")}
    assert imported <= set(sys.stdlib_module_names) | ours


def test_the_wheel_has_the_modules_by_their_names(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=COMPAT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("gimpfu_compat-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for module in ("gimpfu", "gimp", "gimpenums", "gimpcolor", "gimpshelf", "gimpplugin"):
        assert f"{module}.py" in names
    assert "gimpfu_compat/dialog/widgets.py" in names
    assert "gimpfu_compat/absent/gtk.py" in names
    assert not [name for name in names if name.startswith("gtk")]
