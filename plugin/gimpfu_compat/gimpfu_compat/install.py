"""`python -m gimpfu_compat.install`: has GIMP 2.10 run Python-Fu scripts as they are, where it has no Python-Fu.

The modules are copied into the user's profile. An `.interp` file there says which Python runs scripts that name
`python` or nothing, an `.env` file where that Python finds the modules.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
from pathlib import Path

from . import enums
from .libraries import BASE, Text, decode, function

MODULES = ("gimp.py", "gimpcolor.py", "gimpenums.py", "gimpfu.py", "gimpplugin.py", "gimpshelf.py")
NAME = "gimpfu-compat"

RESIDENT = "python-fu"
"""The plug-in that stays while GIMP is open. GIMP shows its name where a run has none of its own."""


def profile_folder() -> Path:
    """The folder GIMP 2.10 keeps this user's things in."""
    return Path(decode(function(BASE, "gimp_directory", Text)()) or "")


def own_python_fu() -> Path | None:
    """The file by which this GIMP has a Python-Fu of its own, or None."""
    plug_ins = Path(decode(function(BASE, "gimp_plug_in_directory", Text)()) or "")
    found = plug_ins / "interpreters" / "pygimp.interp"
    return found if found.exists() else None


def install(profile: Path, python: str = sys.executable) -> None:
    """Makes `python` the one that GIMP runs scripts with, and gives it the modules."""
    package = Path(__file__).parent
    modules = profile / NAME
    if modules.exists():
        shutil.rmtree(modules)
    shutil.copytree(package, modules / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in MODULES:
        shutil.copy2(package.parent / name, modules / name)
    _write(modules / package.name / "noted_constants.py", enums.noted())
    compileall.compile_dir(modules, quiet=2)
    _write(profile / "interpreters" / f"{NAME}.interp", _interpreters(python))
    _write(profile / "environ" / f"{NAME}.env", _environment(modules))
    resident = profile / "plug-ins" / RESIDENT
    _write(resident, "#!/usr/bin/env python\nfrom gimpfu_compat import resident\n\nresident.main()\n")
    resident.chmod(0o755)


def remove(profile: Path) -> None:
    """Takes everything back that `install` has put into a profile."""
    shutil.rmtree(profile / NAME, ignore_errors=True)
    for place in (f"interpreters/{NAME}.interp", f"environ/{NAME}.env", f"plug-ins/{RESIDENT}"):
        (profile / place).unlink(missing_ok=True)


def _interpreters(python: str) -> str:
    names = ("python", "python2", "python2.7", "/usr/bin/python", "/usr/bin/python2", "/usr/bin/python2.7")
    lines = [f"{name}={python}" for name in names]
    return "\n".join([*lines, f":Python:E::py::{python}:", ""])


def _environment(modules: Path) -> str:
    places = os.pathsep.join(map(str, (modules, modules / "gimpfu_compat" / "absent")))
    return f"{os.pathsep} PYTHONPATH={places}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m gimpfu_compat.install", description=(__doc__ or "").partition("\n\n")[2]
    )
    parser.add_argument(
        "--profile", type=Path, help="the folder of the profile; default: GIMP 2.10's own for this user"
    )
    parser.add_argument("--remove", action="store_true", help="take it all back")
    options = parser.parse_args()
    profile = options.profile or profile_folder()
    if options.remove:
        remove(profile)
        print(f"Removed from {profile}.")
        return 0
    theirs = own_python_fu()
    if theirs:
        print(f"This GIMP has Python-Fu of its own ({theirs}): nothing to do.")
        return 0
    install(profile)
    print(
        f"Installed in {profile}. Put scripts into {profile / 'plug-ins'}, make them executable, and start GIMP again."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
