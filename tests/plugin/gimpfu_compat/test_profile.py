"""What the install command puts into a profile of GIMP's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("gimpfu_compat.libraries", exc_type=ImportError)

COMPAT = Path(__file__).resolve().parents[3] / "plugin" / "gimpfu_compat"


def run(home, *words):
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(COMPAT)}
    command = [sys.executable, "-m", "gimpfu_compat.install", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_is_installed_twice_and_removed_without_a_trace(tmp_path):
    profile = tmp_path / ".config" / "GIMP" / "2.10"
    (profile / "plug-ins").mkdir(parents=True)
    (profile / "gimprc").write_text("")
    assert str(profile) in run(tmp_path)  # GIMP's own profile of this user
    first = files(profile)
    run(tmp_path, "--profile", profile)
    assert files(profile) == first
    assert {f"gimpfu-compat/{name}.py" for name in ("gimpfu", "gimp", "gimpenums", "gimpcolor")} <= first
    assert f"python={sys.executable}" in (profile / "interpreters" / "gimpfu-compat.interp").read_text()
    environment = (profile / "environ" / "gimpfu-compat.env").read_text()
    assert environment.startswith(f"{os.pathsep} PYTHONPATH={profile}/gimpfu-compat{os.pathsep}")
    assert os.access(profile / "plug-ins" / "python-fu", os.X_OK)
    run(tmp_path, "--remove")
    assert files(profile) == {"gimprc"}


def test_a_toolkit_that_does_not_exist_is_named(tmp_path):
    run(tmp_path, "--profile", tmp_path)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "gimpfu-compat")}
    done = subprocess.run(
        [sys.executable, "-c", "import gimp, gtk"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs gtk, which is PyGTK" in done.stderr


def constants_of(folder):
    """What `gimpenums` has, by the modules of a folder."""
    code = "import gimpenums; print(sorted((n, v) for n, v in vars(gimpenums).items() if n[0] != '_'))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)


def test_constants_are_noted_as_this_gimp_has_them_and_asked_anew_by_another_version(tmp_path):
    run(tmp_path, "--profile", tmp_path)
    modules = tmp_path / "gimpfu-compat"
    asked = constants_of(COMPAT).stdout
    assert "('NORMAL_MODE'" in asked
    assert constants_of(modules).stdout == asked
    noted = modules / "gimpfu_compat" / "noted_constants.py"
    version, constants = noted.read_text().splitlines()
    noted.write_text(f"{version}\nCONSTANTS = {{'OF_THIS_VERSION': 1}}\n")
    assert constants_of(modules).stdout == "[('OF_THIS_VERSION', 1)]\n"
    noted.write_text(f"VERSION = (2, 10, 0)\n{constants}\n")
    assert constants_of(modules).stdout == asked


def test_what_a_script_does_not_use_is_not_imported(tmp_path):
    code = "from gimpfu import *; import sys; print(*sorted(m for m in sys.modules if m.startswith('gimp')))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(COMPAT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"gimp", "gimpenums", "gimpfu", "gimpfu_compat.plugin_process"} <= loaded
    names = ("buffers", "colors", "images", "layers", "paths", "shelf", "dialog", "resident", "copies")
    assert not loaded & ({f"gimpfu_compat.{name}" for name in names} | {"gimpcolor"})


def test_the_resident_process_has_nothing_of_libgimp_before_it_has_work():
    code = "from gimpfu_compat import resident; import sys; print({'ctypes', 'gimp'} & set(sys.modules))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(COMPAT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
