"""A real GIMP 2.10 for tests, with our gimpfu and scripts of `inside/` in its profile."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..engines import WithEngines

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
COMPAT = REPOSITORY / "plugin" / "gimpfu_compat"

SHARED = {"cases.py", "documents.py"}

GIMPRC = """
(check-updates no)
(color-profile-policy keep)
(save-session-info no)
"""


INSTALLATION_SEEN = '{"installation": "first"}'
"""Preferences of a user to whom the window about the installation has shown itself."""


class NoGimp(Exception):
    """There is no GIMP 2.10 here; the text says why and what to do."""


@dataclass(frozen=True)
class Gimp(WithEngines):
    """`home` belongs to the user who runs it."""

    home: Path

    @property
    def profile(self) -> Path:
        return self.home / ".config" / "GIMP" / "2.10"

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **{"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "NO_AT_BRIDGE": "1"},
            "PHOTOCHROM_RUNTIME_DIR": str(self.runtime),
            **{name: os.environ[name] for name in ("PHOTOCHROM_ENGINE",) if name in os.environ},
            **more,
        }

    def prepare(self, python: str = sys.executable) -> None:
        """Makes the user's profile, and installs our gimpfu into it by its own command."""
        for name in ("", "brushes", "gradients", "palettes", "patterns", "plug-ins", "dynamics", "tool-presets"):
            (self.profile / name).mkdir(parents=True, exist_ok=True)
        (self.profile / "gimprc").write_text(GIMPRC, encoding="utf-8")
        command = [python, "-m", "gimpfu_compat.install"]
        subprocess.run(command, env=self.environment(PYTHONPATH=str(COMPAT)), check=True, timeout=60)

    def install_photochrom(self) -> None:
        """Installs our plug-in as a user does."""
        self.runtime.mkdir(mode=0o700, exist_ok=True)
        (self.profile / "photochrom-settings.json").write_text(INSTALLATION_SEEN, encoding="utf-8")
        command = [sys.executable, "-m", "photochrom", "plugin", "install", "--gimp"]
        home = {"HOME": str(self.home), "GIMP2_DIRECTORY": str(self.profile)}
        subprocess.run(command, env={**os.environ, **home}, check=True, timeout=120)

    def add(self, script: Path) -> None:
        """Puts a script among the plug-ins, or beside them what scripts import: GIMP starts what may be run."""
        copy = self.profile / "plug-ins" / script.name
        shutil.copy2(script, copy)
        copy.chmod(0o644 if script.name in SHARED else 0o755)

    def batch(self, scheme: str, *, seconds: float = 300, data: bool = False, **environment: str) -> str:
        """Runs Script-Fu in a GIMP without windows; what it said. With `data` it has brushes, fonts and
        the like. GIMP ends well even when a batch fails.
        """
        words = ["gimp", "-i", "--no-splash", *([] if data else ["-d", "-f"]), "-b", scheme, "-b", "(gimp-quit 1)"]
        done = subprocess.run(
            words,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
        return done.stdout

    def window(self, display: str, scheme: str, **environment: str) -> subprocess.Popen[str]:
        """Starts GIMP with its windows on `display`, and runs Script-Fu in it."""
        return subprocess.Popen(
            ["gimp", "--no-splash", "--new-instance", "-b", scheme],
            env=self.environment(DISPLAY=display, **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )


def find(home: Path) -> Gimp:
    """GIMP 2.10 of this machine. Raises `NoGimp`."""
    try:
        said = subprocess.run(["gimp", "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except OSError:
        said = ""
    if not re.search(r"\b2\.10\.\d+", said):
        raise NoGimp(f"No GIMP 2.10 on this machine ({said.strip() or 'no gimp'}). Run tests/hosts/set-up.sh as root.")
    missing = [name for name in ("Xvfb", "xdotool", "import") if not shutil.which(name)]
    if missing:
        raise NoGimp(f"{', '.join(missing)}: not on this machine. Run tests/hosts/set-up.sh as root.")
    return Gimp(home)


def told(out: Path, name: str, said: str) -> dict:
    """What a case wrote into the folder `out`. Fails with the traceback if it raised there."""
    path = out / f"{name}.json"
    assert path.exists(), f"GIMP never told about {name}; it said:\n{said[-3000:]}"
    result = json.loads(path.read_text(encoding="utf-8"))
    assert "traceback" not in result, f"{result['traceback']}\n{said[-2000:]}"
    return result


def cases(script: str) -> list[str]:
    """The names of the cases in a script of `inside/`, without running it."""
    text = (HERE / "inside" / script).read_text(encoding="utf-8")
    return re.findall(r'^@case\("([^"]+)"', text, re.MULTILINE)


def scheme_text(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
