"""Folders of scans for the batches of both editors, and what becomes of them."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pyvips
from patience import patience

REPOSITORY = Path(__file__).resolve().parents[2]
COUNT = 60


def write_scans(folder: Path) -> Path:
    """Gray photographs, enough that a batch takes a while, one that is damaged, and one in color."""
    folder.mkdir()
    gray = pyvips.Image.new_from_file(str(REPOSITORY / "examples" / "dust-bowl-home.jpg")).colourspace("b-w")[0]
    for number in range(COUNT):
        scan = (gray * (1 - 0.01 * number)).cast("uchar").copy(interpretation="b-w")
        scan.write_to_file(str(folder / f"scan {number:02}.png"))
    (folder / "damaged.png").write_bytes((folder / "scan 00.png").read_bytes()[:2000])
    color = pyvips.Image.new_from_file(str(REPOSITORY / "docs" / "sheet.jpg"))
    color.write_to_file(str(folder / "in color.jpg"))
    return folder


def kill(host) -> None:
    """Kills the editor of this user with its plug-ins; their engine lives on."""
    mine = f"PHOTOCHROM_RUNTIME_DIR={host.runtime}".encode()
    engines = set(host.engines())
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            has_windows = any(each.startswith(b"DISPLAY=") for each in environment)  # unlike the display itself
            if mine in environment and has_windows and os.getsid(pid) not in engines:
                os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


def wait_for_results(folder: Path, seconds: float = 400) -> None:
    """Waits for the report, which comes last."""
    until = time.monotonic() + patience(seconds)
    while not (folder / "report.html").exists():
        assert time.monotonic() < until, sorted(folder.glob("*"))
        time.sleep(0.2)


def how_many_agree(folder: Path) -> int:
    """So many results of the batch in a folder have colors that agree with another photograph's, as in an album."""
    with closing(sqlite3.connect(folder / ".photochrom" / "journal.sqlite")) as journal:
        ((count,),) = journal.execute("SELECT count(*) FROM agreed WHERE matching > 0")
    return count


def browser(out: Path) -> Path:
    """A program to be used as the browser: writes what it is to open to a file beside it, "opened"."""
    script = out / "browser"
    script.write_text('#!/bin/sh\necho "$1" > "${0%/*}/opened"\n', encoding="utf-8")
    script.chmod(0o755)
    return script
