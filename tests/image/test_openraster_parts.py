"""Pictures in OpenRaster files are unpacked, up to what the photograph can need."""

import zipfile
from pathlib import Path

import pytest
from photochrom import Options, colorize_file, open_picture
from photochrom.errors import BadPicture
from photochrom.image import openraster_parts
from photochrom.image.openraster_parts import parts

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="module")
def layered(tmp_path_factory):
    return colorize_file(PHOTOGRAPH, tmp_path_factory.mktemp("ora") / "color.ora", Options()).output


def test_the_merged_picture_and_the_photograph(layered):
    scan = open_picture(PHOTOGRAPH)
    with parts(layered, scan.width * scan.height) as found:
        assert [part.name for part in found] == ["the merged picture", "the layer “Photograph”"]
        assert {(part.picture.width, part.picture.height) for part in found} == {(scan.width, scan.height)}


def test_a_file_without_our_layer_has_the_merged_picture(layered, tmp_path):
    with zipfile.ZipFile(layered) as old, zipfile.ZipFile(tmp_path / "flat.ora", "w") as new:
        new.writestr("stack.xml", "<image><stack/></image>")
        new.writestr("mergedimage.png", old.read("mergedimage.png"))
    with parts(tmp_path / "flat.ora", 10**6) as found:
        assert [part.name for part in found] == ["the merged picture"]


def test_a_picture_that_is_too_large_is_not_unpacked(layered, monkeypatch):
    monkeypatch.setattr(openraster_parts, "_MOST_BESIDE_PIXELS", 0)
    with pytest.raises(BadPicture, match="larger than the photograph"), parts(layered, 100):
        pass


@pytest.mark.parametrize("members", [{}, {"stack.xml": "<image"}, {"stack.xml": "<image/>"}])
def test_files_that_are_not_whole(tmp_path, members):
    with zipfile.ZipFile(tmp_path / "bad.ora", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BadPicture, match="no whole OpenRaster"), parts(tmp_path / "bad.ora", 100):
        pass
