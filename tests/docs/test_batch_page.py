"""`docs/batch.md`, followed literally."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import bagit
import c2pa
import pytest
import pyvips
from batch.test_content_credentials import signer
from checkout import PYTHONPATH

from docs.pages import REPOSITORY, commands

PAGE = REPOSITORY / "docs" / "batch.md"


@pytest.fixture
def place(tmp_path):
    """A folder with an `archive`, and a `photochrom` on the path."""
    scan = pyvips.Image.new_from_file(str(REPOSITORY / "examples" / "dust-bowl-home.jpg")).resize(0.25)
    for name in ("one.jpg", "box 12/two.png", "box 12/three.tif"):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        scan.write_to_file(str(path))
    signer(tmp_path)
    (tmp_path / "key.pem").rename(tmp_path / "signing-key.pem")
    (tmp_path / "chain.pem").rename(tmp_path / "certificates.pem")
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "photochrom").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m photochrom "$@"\n')
    (bin / "photochrom").chmod(0o755)
    return tmp_path


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt" or not shutil.which("sh"), reason="its commands are a POSIX shell's")
def test_the_page_is_followed_literally(place):
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH, "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    blocks = PAGE.read_text().split("```sh\n")[1:]
    said = []
    for block in blocks:
        done = subprocess.run(
            ["sh", "-e", "-c", block.split("```")[0]],
            cwd=place,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(done.stdout)
    results = ["box 12/three.tif", "box 12/two.png", "one.jpg"]
    assert said[0].startswith("3 photographs")
    assert sorted(said[1].splitlines()) == [f"colored/{name}" for name in results]
    assert said[2] == said[3] == ""
    assert len(Path(place / "colored" / "manifest.csv").read_text().splitlines()) == 4
    assert said[5].count("(") == 3
    assert said[6] == "colored/one.jpg\n"
    assert said[7].startswith("colored/one.jpg: the tones are those of archive/one.jpg")
    assert sorted(said[8].splitlines()) == [f"together/{name}" for name in results]
    assert said[9] == "one.jpg  100% alike\n"
    assert (place / "sheet.jpg").stat().st_size > 1000
    assert said[10] == ""
    bagit.Bag(str(place / "colored" / "deposit")).validate()
    assert said[11] == ""
    assert sorted(said[12].splitlines()) == [f"signed/{name}" for name in results]
    with c2pa.Reader(str(place / "signed" / "one.jpg")) as reader:
        assert reader.get_validation_state() == "Valid"
    assert len(commands(PAGE)) >= len(blocks) == 13
