"""A view of a file is as its bytes are, and errors where a map of it would end the process."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom.image.file_view import FileView

SHRINKING = """
import os, sys
from photochrom.errors import BadPicture
from photochrom.image import jpeg, metadata
from photochrom.image.metadata import png
from photochrom.image.picture import open_picture

path = sys.argv[1]
picture = open_picture(path)

def shrinking(function):
    def call(*arguments):
        os.truncate(path, 1000)
        return function(*arguments)
    return call

jpeg.header, png._chunks = shrinking(jpeg.header), shrinking(png._chunks)
try:
    metadata.of_picture(picture) if path.endswith(".png") else open_picture(path)
except BadPicture as error:
    print(error.cause.removeprefix(path))
"""


@pytest.fixture
def content(tmp_path, rng):
    content = rng.integers(0, 255, 300_000, dtype=np.uint8).tobytes()
    (tmp_path / "file").write_bytes(content)
    return content


@pytest.fixture
def view(tmp_path, content):
    with (tmp_path / "file").open("rb") as file:
        yield FileView(file)


def test_it_is_what_the_file_holds(view, content):
    assert len(view) == len(content)
    assert view[:] == content
    assert view[5] == content[5] and view[-1] == content[-1]
    for part in (slice(2, 9), slice(-7, None), slice(299_990, 400_000), slice(9, 2), slice(10, 400_000)):
        assert view[part] == content[part]
    with pytest.raises(IndexError):
        view[300_000]


def test_what_is_searched_is_found_wherever_it_is(view, content):
    for place in (0, 1022, 1023, 1024, 3070, 65_534, 131_071, 140_000, 299_996):
        wanted = content[place : place + 4]
        for start in (0, place - 1, place, place + 1):
            if start >= 0:
                assert view.find(wanted, start) == content.find(wanted, start)
                assert view.rfind(wanted, start) == content.rfind(wanted, start)
        assert view.find(wanted, 0, place + 3) == content.find(wanted, 0, place + 3)
    assert view.find(bytes(9)) == view.rfind(bytes(9)) == view.find(content[:4], 1) == -1


@pytest.mark.skipif(os.name == "nt", reason="a file in use cannot be shortened there")
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_file_that_shrinks_while_it_is_looked_at_is_an_error(tmp_path, rng, suffix):
    path = tmp_path / f"scan{suffix}"
    samples = rng.integers(0, 255, (500, 500), dtype=np.uint8)
    pyvips.Image.new_from_array(samples).write_to_file(str(path))
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    command = [sys.executable, "-c", SHRINKING, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    said = (0, " cannot be read: it became shorter while it was read.\n")
    assert (done.returncode, done.stdout) == said, done.stderr[-500:]
