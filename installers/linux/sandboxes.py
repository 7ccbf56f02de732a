"""Makes what brings Photochrom into GIMP's Flatpak and into its Snap: a folder for flatpak-builder, one for snapcraft.

    python installers/linux/sandboxes.py flatpak dist/photochrom-0.1.0-lite-linux-x86_64.tar.xz --into dist
    python installers/linux/sandboxes.py snap dist/photochrom-0.1.0-lite-linux-x86_64.tar.xz --into dist

The folder has the manifest, the plug-in as an archive of its own, and the bundle that installers/bundle/build made.
With `--from ADDRESS`, where a release's files are, the manifest names both archives there, as a store wants it; they
still lie in the folder, to be published. Needs Photochrom of this checkout in the Python that runs this.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from packing import HERE, NAME, REPOSITORY, settle, source_date
from photochrom import __version__
from photochrom.editors.assembly import COMMAND_FILE, assemble, list_contents
from photochrom.editors.gimp3 import EXTENSION
from photochrom.editors.gimp_interpreter import USUAL, write_interpreter
from photochrom.editors.gimp_profile import SCRIPT

BUNDLE: Final = re.compile(rf"{NAME}-(?P<version>[\w.+]+)-(?:lite|full)-linux-\w+\.tar\.xz")


class Sandbox(NamedTuple):
    """`manifest` is the template in this folder, `program` the engine's file as GIMP in the sandbox sees it."""

    manifest: str
    program: str
    interpreter: Path | None
    """In the first line of the plug-in's script. None: the PATH decides, since a Snap's Python has no lasting place."""


SANDBOXES: Final = {
    "flatpak": Sandbox(
        f"flatpak/{EXTENSION}.yaml.in", f"/app/extensions/Photochrom/lib/{NAME}/{NAME}", interpreter=USUAL
    ),
    "snap": Sandbox(
        "snap/snapcraft.yaml.in", f"/snap/gimp/current/gimp-plugins/{NAME}/engine/{NAME}", interpreter=None
    ),
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=SANDBOXES)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE_ARCHIVE")
    parser.add_argument("--into", type=Path, default=REPOSITORY / "dist", help="folder of the result (default: dist)")
    parser.add_argument("--from", dest="address", default="", help="where the archives of the release will be")
    asked = parser.parse_args()
    named = BUNDLE.fullmatch(asked.bundle.name)
    if named is None or not asked.bundle.is_file():
        parser.error(f"{asked.bundle} is no bundle's .tar.xz, which installers/bundle/build makes.")
    if named["version"] != __version__:
        parser.error(f"The bundle is {named['version']}, and this checkout {__version__}: their plug-ins would differ.")
    os.environ["SOURCE_DATE_EPOCH"] = str(source_date())
    print(make(asked.kind, asked.bundle, asked.into.resolve(), asked.address.rstrip("/")))


def make(kind: str, bundle: Path, into: Path, address: str) -> Path:
    """The folder, anew."""
    sandbox = SANDBOXES[kind]
    folder = into / f"{NAME}-{__version__}-{kind}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    engine = folder / bundle.name
    shutil.copyfile(bundle, engine)
    plugin = _plugin(sandbox, folder / f"{NAME}-{__version__}-gimp-{kind}.tar.gz")
    values = {"VERSION": __version__, "DATE": time.strftime("%Y-%m-%d", time.gmtime(source_date()))}
    for name, path in (("PLUGIN", plugin), ("ENGINE", engine)):
        values[name] = _source(kind, path, address)
        values[f"{name}_SHA256"] = _sha256(path)
    _fill(HERE / sandbox.manifest, folder, values)
    if kind == "flatpak":
        _fill(REPOSITORY / "installers" / "editors" / f"{EXTENSION}.metainfo.xml.in", folder, values)
    return folder


def _plugin(sandbox: Sandbox, archive: Path) -> Path:
    """The plug-in as this sandbox needs it, told where its engine is."""
    with tempfile.TemporaryDirectory() as temporary:
        plugin = Path(temporary) / NAME
        assemble("gimp", plugin)
        if sandbox.interpreter:
            write_interpreter(plugin / SCRIPT, sandbox.interpreter)
        (plugin / SCRIPT).chmod(0o755)
        list_contents(plugin)
        (plugin / COMMAND_FILE).write_text(json.dumps({"command": [sandbox.program, "serve"]}) + "\n", encoding="utf-8")
        settle(plugin)
        _pack(plugin, archive)
    return archive


def _pack(folder: Path, archive: Path) -> None:
    """Sorted, with one owner and no time of packing."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            tar.add(path, path.relative_to(folder.parent), recursive=False, filter=plain)


def _source(kind: str, path: Path, address: str) -> str:
    """How the manifest names an archive."""
    if kind == "snap":
        return f"{address}/{path.name}" if address else path.name
    where = f"url: {address}/{path.name}" if address else f"path: {path.name}"
    return f"{where}\n        sha256: {_sha256(path)}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fill(template: Path, folder: Path, values: dict[str, str]) -> None:
    """A template with @NAMES@ replaced, under its name without `.in`."""
    text = re.sub("@([A-Z0-9_]+)@", lambda match: values[match[1]], template.read_text(encoding="utf-8"))
    (folder / template.name.removesuffix(".in")).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
