"""A release on this machine whose bundle is the engine under test, for editors that have none and fetch it."""

import os
import platform
import runpy
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from checkout import PYTHONPATH

REPOSITORY = Path(__file__).resolve().parents[2]
PUBLISHER = runpy.run_path(str(REPOSITORY / "tests" / "photochrom_client" / "publisher.py"))

PROGRAM = f"""#!/bin/sh
exec env PYTHONPATH={shlex.quote(PYTHONPATH)} {shlex.quote(sys.executable)} -m photochrom "$@"
"""


@contextmanager
def published(folder, bundle=None):
    """Yields the variables with which a plug-in finds the release and no other engine. The release has a program that
    starts the engine of this checkout, or that bundle's archive."""
    folder.mkdir()
    if bundle:
        archive = folder / bundle.name
        archive.symlink_to(bundle)
    else:
        archive = folder / f"photochrom-9.9.9-lite-linux-{platform.machine().lower()}.tar.xz"
        PUBLISHER["archive"](archive, program=PROGRAM)
    described = [sys.executable, REPOSITORY / "installers" / "release_manifest.py", archive]
    manifest = subprocess.run(described, capture_output=True, check=True)
    (folder / "release.json").write_bytes(manifest.stdout)
    with PUBLISHER["publishing"](folder) as server:
        yield {"PHOTOCHROM_RELEASE": server.release, "PHOTOCHROM_ENGINE": ""}


def archives(folder):
    """What installers/editors/build.py makes; by the last word of each name."""
    command = [sys.executable, REPOSITORY / "installers" / "editors" / "build.py", folder]
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    return {path.stem.split("-", 2)[2]: path for path in map(Path, made)}
