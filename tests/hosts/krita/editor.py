"""A real Krita 5 for tests, in the Debian tree or on this machine, with the user and the engines of GIMP's tests."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..gimp3 import editor as gimp3

HERE = Path(__file__).resolve().parent
REPOSITORY = gimp3.REPOSITORY
PHOTOGRAPH = gimp3.PHOTOGRAPH


class NoKrita(Exception):
    """There is no Krita 5.2 here; the text says why and what to do."""


@dataclass(frozen=True)
class Krita(gimp3.Gimp):
    """`tree` is the Debian tree it is in, or None; `home` belongs to the user who runs it."""

    @property
    def resources(self) -> Path:
        return self.home / ".local" / "share" / "krita"

    @property
    def settings(self) -> Path:
        return self.home / ".config" / "kritarc"

    def prepare(self) -> None:
        """Makes the user's home, with the plug-in that runs the tests' scripts."""
        self.runtime.mkdir(mode=0o700, parents=True)
        plugins = self.resources / "pykrita"
        shutil.copytree(HERE / "inside" / "driver", plugins / "driver", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(HERE / "inside" / "driver.desktop", plugins)
        self.settings.parent.mkdir()
        # Without OpenGL: on a virtual display Krita ends now and then with an assertion about its textures.
        (self.settings.parent / "kritadisplayrc").write_text("[General]\nOpenGLRenderer=none\n", encoding="utf-8")
        self.settings.write_text(
            "[python]\nenable_driver=true\n\n[photochrom]\npreview=false\ninstallation=first\n\n"
            "[theme]\nTheme=Krita dark\n",
            encoding="utf-8",
        )

    def window(self, script: str, display: str, *files: Path, **environment: str) -> subprocess.Popen[str]:
        """Starts Krita on `display`; runs one of the scripts of `inside/`."""
        return subprocess.Popen(
            self.command(
                *("krita", "--nosplash", *map(str, files)),
                DISPLAY=display,
                XDG_RUNTIME_DIR=str(self.runtime),
                PHOTOCHROM_SCRIPT=str(HERE / "inside" / script),
                PYTHONPATH=str(HERE / "inside"),
                PYTHONUNBUFFERED="1",
                PYTHONWARNINGS="ignore",
                QT_LOGGING_RULES="*.debug=false;krita*=false",
                **environment,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )


def find(home: Path) -> Krita:
    """Krita with what the tests need beside it. Raises `NoKrita`."""
    tree = gimp3.tree_of_editors()
    if (tree / "usr" / "bin" / "krita").exists():
        if os.geteuid() != 0:
            raise NoKrita(f"Krita is in {tree}, and only root may enter it.")
        inner = _version(["chroot", str(tree)])
        if inner:
            return Krita(tree, inner, home)
    own = None if gimp3.SUITE else _version([])
    if own and shutil.which("Xvfb"):
        return Krita(None, own, home)
    raise NoKrita(
        f"No Krita 5.2 or later on this machine or in {tree}. "
        "Install krita, python3-pyqt5 and xvfb there, or name such a tree in PHOTOCHROM_CHROOT."
    )


def _version(enter: list[str]) -> str | None:
    try:
        said = subprocess.run([*enter, "krita_version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except OSError:
        return None
    match = re.match(r"(5\.[2-9]|6\.\d+)\.\d+", said)
    return match[0] if match else None
