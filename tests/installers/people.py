"""Ordinary users in the Debian tree, with editors of their own, which they use by their menus."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from hosts.gimp3 import editor as gimp3
from hosts.gimp3.conftest import end
from hosts.gimp3.screen import Screen, insist, read_when_there, running, told_now, wait_for
from hosts.gimp3.test_dialog import TITLE, shown
from hosts.gimp210 import editor as gimp210
from hosts.gimp210.test_colorizing import LCH_COLOR, NORMAL
from hosts.krita import editor as krita5
from hosts.krita.conftest import screen

HERE = Path(__file__).parent
OLD = "2.10."
OF_ALL = Path("/usr/lib/gimp/2.0/plug-ins")


class Somebodys:
    """Run by an ordinary user, whose home it is."""

    home: Path

    def command(self, *words, **environment):
        somebody = self.home.stat().st_uid
        return super().command(
            *("setpriv", f"--reuid={somebody}", f"--regid={somebody}", "--clear-groups"), *words, **environment
        )


class SomebodysGimp(Somebodys, gimp3.Gimp):
    pass


class SomebodysKrita(Somebodys, krita5.Krita):
    pass


def find(home):
    """The GIMP of the Debian tree, 3 or 2.10. Raises `gimp3.NoGimp`."""
    tree = gimp3.tree_of_editors()
    if os.geteuid() == 0 and (tree / ".photochrom-packages").exists():
        asked = ["chroot", str(tree), "gimp", "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False).stdout
        old = re.search(rf"\b{re.escape(OLD)}\d+", said)
        if old:
            return gimp3.Gimp(tree, old[0], home)
    return gimp3.find(home)


def somebody(editor, home, uid, kind=SomebodysGimp):
    """A user in the tree of `editor`, who has started theirs before."""
    user = kind(editor.tree, editor.version, home, editor.visible)
    user.prepare()
    if user.version.startswith(OLD):
        (user.profile / "gimprc").write_text(gimp210.GIMPRC, encoding="utf-8")
    give(home, uid)
    return user


def give(folder, uid):
    """Makes a folder with all that is in it this user's, if this process may: as root."""
    for path in (folder, *folder.rglob("*")) if os.geteuid() == 0 else ():
        shutil.chown(path, uid, uid)


def colorize_by_the_menu(user, name):
    """Opens the photograph in GIMP, takes Colors ▸ Photochrom ▸ Colorize Photograph… from the menu, and sees the layer.
    A picture of each step is kept under this name."""
    uid = user.home.stat().st_uid
    shutil.chown(user.home.parent, uid, uid)  # where pictures of the display are written
    out = user.home / "told"
    out.mkdir()
    give(out, uid)
    if user.version.startswith(OLD):
        colorize_in_gimp210(user, name, out)
        shutil.rmtree(out)
        return
    with screen(user, "1280x1000") as display, running(user, out, "opened.py", display):
        seen = Screen(user, display)
        assert len(read_when_there(out / "opened.json")["layers"]) == 1
        (window,) = wait_for(lambda: seen.find("GIMP"), 60, "GIMP's window")

        def choose():
            for _ in range(3):
                seen.key(window, "Escape")
            seen.key(window, "alt+c")
            seen.settled()
            # The last entry but one has a menu of its own; the fourth of that.
            seen.run("xdotool", "key", "--delay", "100", "Up", "Up", "Right", "Down", "Down", "Down")
            seen.picture(f"{name}-menu")
            seen.run("xdotool", "key", "Return")

        (dialog,) = insist(choose, lambda: seen.find(TITLE), "the dialog", 30)
        wait_for(lambda: shown(out)["status"], 120, "a preview")
        seen.picture(f"{name}-dialog")
        seen.leave(dialog, TITLE, "Return")
        layers = wait_for(lambda: (now := told_now(out)["layers"])[1:] and now, 120, "the layer")
        assert [layer["mode"] for layer in layers] == ["lch-color", "normal"]
        assert layers[0]["name"].endswith(" (Photochrom)")
        seen.picture(f"{name}-layer")
    shutil.rmtree(out)


def colorize_in_gimp210(user, name, out):
    """The same in GIMP 2.10. A plug-in of the test's, which is gone afterwards, tells what is open."""
    with screen(user, "1280x1000") as display, running_gimp210(user, out, display):
        seen = Screen(user, display)
        assert len(read_when_there(out / "opened.json")["layers"]) == 1
        (window,) = wait_for(lambda: seen.find("GIMP$"), 60, "GIMP's window")

        def choose():
            for _ in range(3):
                seen.key(window, "Escape")
            seen.key(window, "alt+c")
            seen.settled()
            # The last entry has a menu of its own; the fourth of that.
            seen.run("xdotool", "key", "--delay", "100", "Up", "Right", "Down", "Down", "Down")
            seen.picture(f"{name}-menu")
            seen.run("xdotool", "key", "Return")

        (dialog,) = insist(choose, lambda: seen.find(TITLE), "the dialog", 30)
        wait_for(lambda: seen.chroma(dialog) > 5, 120, "a colored preview")
        seen.picture(f"{name}-dialog")
        seen.leave(dialog, TITLE, "alt+z")

        def layers():
            (out / "now.json").unlink(missing_ok=True)
            (out / "ask").touch()
            return read_when_there(out / "now.json")["layers"]

        two = wait_for(lambda: (now := layers())[1:] and now, 120, "the layer")
        assert [layer["mode"] for layer in two] == [LCH_COLOR, NORMAL]
        assert two[0]["name"].endswith(" (Photochrom)")
        seen.picture(f"{name}-layer")


@contextmanager
def running_gimp210(user, out, display):
    """GIMP with windows and the photograph, which somebody has opened."""
    plugins = user.profile / "plug-ins"
    plugins.mkdir(exist_ok=True)
    helpers = [
        shutil.copy(HERE / "inside" / "gimp210_opened.py", plugins),
        shutil.copy(gimp210.HERE / "inside" / "documents.py", plugins),
    ]
    os.chmod(helpers[0], 0o755)
    os.chmod(helpers[1], 0o644)
    give(plugins, user.home.stat().st_uid)
    own = plugins / "photochrom"
    scheme = f"(python-fu-test-opened 1 {gimp210.scheme_text(out)})"
    started = subprocess.Popen(
        user.command(
            *("gimp", "--no-splash", "--new-instance", str(gimp3.PHOTOGRAPH), "-b", scheme),
            DISPLAY=display,
            PHOTOCHROM_PLUGIN=str(own if own.is_dir() else OF_ALL / "photochrom"),
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        yield
    finally:
        started.kill()  # ended, it would keep the image to rescue
        end(started)
        for path in helpers:
            Path(path).unlink()
        shutil.rmtree(plugins / "__pycache__", ignore_errors=True)
