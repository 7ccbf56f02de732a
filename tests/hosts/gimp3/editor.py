"""A real GIMP 3 for tests: on this machine, or inside the Debian tree that set-up.sh builds."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from ..engines import WithEngines

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"
SUITE = os.environ.get("PHOTOCHROM_SUITE", "")
"""The Debian suite whose editors are tested; "" for those of this machine, or of Debian 13."""

GIMPRC = """
(show-welcome-dialog no)
(check-updates no)
(config-version "{version}")
(color-profile-policy keep)
(save-session-info no)
"""


class NoGimp(Exception):
    """There is no GIMP 3 here; the text says why and what to do."""


@dataclass(frozen=True)
class Gimp(WithEngines):
    """`tree` is the Debian tree it is in, or None; `version` is "3.0.4"; `home` belongs to the user who runs it.

    `visible` is what of this machine is in the tree too: this repository, and the tests' Python with its packages.
    """

    tree: Path | None
    version: str
    home: Path
    visible: tuple[Path, ...] = field(default_factory=lambda: (REPOSITORY, Path(sys.prefix), *_python()))

    @property
    def profile(self) -> Path:
        return self.home / ".config" / "GIMP" / ".".join(self.version.split(".")[:2])

    def prepare(self) -> None:
        """Makes the user's home and profile, without the windows GIMP greets a new user with."""
        self.profile.mkdir(parents=True)
        (self.profile / "gimprc").write_text(GIMPRC.format(version=self.version), encoding="utf-8")
        self.forget()
        self.runtime.mkdir(mode=0o700)

    def forget(self) -> None:
        """Makes the user one who has not used Photochrom yet, but has seen the window about the installation."""
        for path in (
            self.profile / "photochrom-history.json",
            *(self.profile / "plug-in-settings").glob("*-photochrom-*"),
        ):
            path.unlink(missing_ok=True)
        (self.profile / "photochrom-settings.json").write_text('{"installation": "first"}', encoding="utf-8")

    def command(self, *words: str, **environment: str) -> list[str]:
        """What to run on this machine to run `words` where GIMP is, as the user of `home`."""
        variables = {
            "HOME": str(self.home),
            # Not the PATH of the tests: GIMP starts plug-ins with the first python3 in it, and that must have gi.
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "PHOTOCHROM_RUNTIME_DIR": str(self.runtime),
            **{name: os.environ[name] for name in ("PHOTOCHROM_ENGINE", "PHOTOCHROM_ONLY") if name in os.environ},
            **environment,
        }
        inner = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), *words]
        if self.tree is None:
            return inner
        visible = map(str, _outermost(list(self.visible)))
        return [str(HERE / "enter.sh"), str(self.tree), str(self.home.parent), *visible, "--", *inner]

    def batch(self, script: str, **environment: str) -> subprocess.Popen[str]:
        """Starts GIMP without a window to run one of the scripts of `inside/`."""
        return subprocess.Popen(
            self.command(
                "gimp-console",
                "--no-interface",
                "--no-data",
                "--no-fonts",
                *_batch(script),
                "--quit",
                **environment,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def window(self, script: str, display: str, *files: Path, **environment: str) -> subprocess.Popen[str]:
        """Starts GIMP with its windows on `display`; runs one of the scripts of `inside/` once `files` are open."""
        return subprocess.Popen(
            self.command(
                *("gimp", "--no-splash", "--no-data", "--no-fonts", "--new-instance"),
                *map(str, files),
                *_batch(script),
                DISPLAY=display,
                **environment,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )


def tree_of_editors() -> Path:
    """Where set-up.sh has built the Debian tree; `PHOTOCHROM_SUITE` names one with other versions of the editors."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("PHOTOCHROM_CHROOT") or cache / "photochrom" / (SUITE or "trixie"))


def find(home: Path) -> Gimp:
    """GIMP 3 with what the tests need beside it. Raises `NoGimp`."""
    tree = tree_of_editors()
    own = None if SUITE else _version(["gimp", "--version"])
    if own and all(map(shutil.which, ("Xvfb", "xdotool", "import"))):
        return Gimp(None, own, home)
    how = "Run tests/hosts/set-up.sh as root."
    if not (tree / ".photochrom-packages").exists():
        raise NoGimp(f"No GIMP 3 on this machine or in {tree}. {how}")
    if os.geteuid() != 0:
        raise NoGimp(f"GIMP 3 is in {tree}, and only root may enter it.")
    inner = _version(["chroot", str(tree), "gimp", "--version"])
    if not inner:
        raise NoGimp(f"The GIMP in {tree} does not start. Remove the folder. {how}")
    return Gimp(tree, inner, home)


def _version(command: list[str]) -> str | None:
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    except OSError:
        return None
    match = re.search(r"\b3\.\d+\.\d+", said)
    return match[0] if match else None


def _batch(script: str) -> tuple[str, ...]:
    path = str(HERE / "inside" / script)
    code = f"exec(compile(open({path!r}, encoding='utf-8').read(), {path!r}, 'exec'), {{'__file__': {path!r}}})"
    return "--batch-interpreter=python-fu-eval", "-b", code


def _python() -> list[Path]:
    """What the interpreter of these tests consists of: the plug-in starts the engine with it."""
    base = Path(sys.base_prefix)
    if base != Path("/usr"):
        return [base]
    return [Path(os.path.realpath(sys.executable)), Path(sysconfig.get_path("stdlib"))]


def _outermost(paths: list[Path]) -> list[Path]:
    unique = dict.fromkeys(paths)
    return [path for path in unique if not any(other in path.parents for other in unique)]
