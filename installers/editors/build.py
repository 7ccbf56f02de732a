"""Makes the archives for the editors' own ways of installing a plug-in.

    python installers/editors/build.py dist/

- photochrom-VERSION-krita.zip: Krita ▸ Tools ▸ Scripts ▸ Import Python Plugin from File
- photochrom-VERSION-gimp.zip: to be unpacked into GIMP's folder of plug-ins
- photochrom-VERSION-gimp-extension.zip: to be unpacked into GIMP's folder of extensions, and switched on in
  Edit ▸ Manage Extensions

None of them holds the engine: the plug-in finds one that is installed, or offers to fetch it. The same sources give the
same bytes; their date is SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

from photochrom import __version__
from photochrom.editors.assembly import NAME, assemble, list_contents, source
from photochrom.editors.gimp3 import EXTENSION
from photochrom.editors.gimp_interpreter import USUAL, write_interpreter
from photochrom.editors.gimp_profile import SCRIPT

HERE = Path(__file__).resolve().parent

EARLIEST = 315532800
"""1980-01-01 UTC: a zip knows no time before."""


def build(out: Path) -> list[Path]:
    """Makes all archives in `out`; returns them."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name, put in (("krita", _krita), ("gimp", _gimp), ("gimp210", _gimp210), ("gimp-extension", _gimp_extension)):
        with tempfile.TemporaryDirectory() as temporary:
            put(Path(temporary))
            made.append(out / f"photochrom-{__version__}-{name}.zip")
            _zip(Path(temporary), made[-1])
    return made


def _krita(folder: Path) -> None:
    assemble("krita", folder / NAME)
    list_contents(folder / NAME)
    shutil.copyfile(source() / "krita" / f"{NAME}.desktop", folder / f"{NAME}.desktop")


def _gimp210(folder: Path) -> None:
    _gimp(folder, "gimp210")


def _gimp(folder: Path, editor: str = "gimp") -> None:
    assemble(editor, folder / NAME)
    script = folder / NAME / SCRIPT
    write_interpreter(script, USUAL)
    script.chmod(0o755)
    list_contents(folder / NAME)


def _gimp_extension(folder: Path) -> None:
    (folder / EXTENSION).mkdir()
    _gimp(folder / EXTENSION)
    described = f"{EXTENSION}.metainfo.xml"
    text = (HERE / f"{described}.in").read_text(encoding="utf-8")
    date = time.strftime("%Y-%m-%d", time.gmtime(_seconds()))
    text = text.replace("@VERSION@", __version__).replace("@DATE@", date)
    (folder / EXTENSION / described).write_text(text, encoding="utf-8")


def _zip(folder: Path, target: Path) -> None:
    """Folders have entries of their own: Krita's importer looks for them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
            entry = zipfile.ZipInfo(name, time.gmtime(_seconds())[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: modes are read
            mode = 0o40755 if path.is_dir() else 0o100755 if os.access(path, os.X_OK) else 0o100644
            entry.external_attr = mode << 16
            archive.writestr(entry, b"" if path.is_dir() else path.read_bytes())


def _seconds() -> int:
    return max(EARLIEST, int(os.environ.get("SOURCE_DATE_EPOCH", "0")))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description="Make the archives for Krita's importer, for GIMP's plug-ins, and for GIMP's extensions.",
        epilog="SOURCE_DATE_EPOCH in the environment sets the date of what is in them.",
    )
    parser.add_argument("out", metavar="FOLDER", type=Path, help="where to put them")
    for path in build(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()
