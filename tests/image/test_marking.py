"""The mark in files of any program."""

from __future__ import annotations

import json
import shutil
import subprocess

import photochrom
import pytest
from photochrom.errors import BadPicture
from photochrom.image import containers, marking
from photochrom.image.mark import DIGITAL_SOURCE_TYPE
from PIL import Image

from photochrom_client.given import Given

TITLED = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Gro\xc3\x9fmutter</rdf:li>
</rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"""
DRESS = Given("object", (42, 60), (-20.1, 35.2), "grün: Brief von 1943")
SUFFIXES = ("png", "jpg", "tif", "webp")


@pytest.fixture(params=SUFFIXES)
def file(request, tmp_path):
    path = tmp_path / f"Ann Müller (1).{request.param}"
    Image.new("RGB", (20, 10), (90, 120, 60)).save(path)
    return path


def exiftool(path):
    """The file's metadata, by a reader that is not ours."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed (Debian: libimage-exiftool-perl)")
    said = subprocess.run(["exiftool", "-json", "-G1", str(path)], capture_output=True, check=True, text=True)
    return json.loads(said.stdout)[0]


def test_marked_files_say_so_to_others(file):
    assert marking.mark(file, "people")
    said = exiftool(file)
    assert said["XMP-iptcExt:DigitalSourceType"] == DIGITAL_SOURCE_TYPE
    assert said["XMP-iptcExt:AISystemUsed"] == "Photochrom, colorizer people"
    assert str(said["XMP-iptcExt:AISystemVersionUsed"]) == photochrom.__version__
    assert not [name for name in said if name.endswith(("Warning", "Error"))]


def test_existing_statements_of_a_file_are_kept(file):
    containers.rewrite(file, lambda _packet: TITLED)
    assert marking.mark(file)
    said = exiftool(file)
    assert (said["XMP-dc:Title"], said["XMP-xmp:Rating"]) == ("Großmutter", 4)
    assert said["XMP-iptcExt:AISystemUsed"] == "Photochrom"
    assert marking.unmark(file)
    said = exiftool(file)
    assert (said["XMP-dc:Title"], said["XMP-xmp:Rating"]) == ("Großmutter", 4)
    assert not [name for name in said if "iptcExt" in name or "Photochrom" in str(said[name])]


def test_twice_is_once(file):
    assert marking.mark(file, "people")
    once = file.read_bytes()
    assert not marking.mark(file, "people")
    assert not marking.mark(file)  # who it was is known already
    assert file.read_bytes() == once


def test_another_colorizer_takes_the_place(file):
    marking.mark(file, "people")
    assert marking.mark(file, "lite")
    assert marking.read(file).ai_system_used == "Photochrom, colorizer lite"


def test_taken_out_of_what_had_no_xmp_leaves_none(file):
    marking.mark(file)
    assert marking.unmark(file)
    assert containers.packet_of(file) is None
    assert not marking.unmark(file)


def test_damaged_xmp_is_not_overwritten(file):
    containers.rewrite(file, lambda _packet: b"<x:xmpmeta>")
    before = file.read_bytes()
    with pytest.raises(BadPicture, match="damaged"):
        marking.mark(file)
    assert file.read_bytes() == before


def test_another_programs_note_is_not_taken_for_ours(file):
    other = TITLED.replace(
        b'xmp:Rating="4"',
        b'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:AISystemUsed="Other" e:DigitalSourceType="x"',
    )
    containers.rewrite(file, lambda _packet: other)
    assert not marking.read(file).is_ours
    assert not marking.unmark(file)
    assert containers.packet_of(file) == other


def test_colors_that_a_person_gave_are_said_to_others_and_read_back(file):
    assert marking.mark(file, "people", [DRESS])
    said = exiftool(file)
    assert said["XMP-iptcExt:AIPromptInformation"].endswith("a* -20.1, b* 35.2: grün: Brief von 1943")
    assert marking.read(file).given == [DRESS]
    assert not marking.mark(file, "people", [DRESS])
    assert not marking.mark(file, "people")  # what is known is not forgotten
    assert marking.mark(file, "", [DRESS, Given("paint")])
    assert (marking.read(file).colorizer, marking.read(file).given) == ("people", [DRESS, Given("paint")])
    assert marking.unmark(file)
    assert not [name for name in exiftool(file) if "iptcExt" in name]


def test_another_prompt_is_kept(file):
    prompt = b"<Iptc4xmpExt:AIPromptInformation>A man in the rain</Iptc4xmpExt:AIPromptInformation>"
    names = b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" rdf:about=""'
    theirs = TITLED.replace(b'rdf:about=""', names).replace(b"<dc:title>", prompt + b"<dc:title>")
    containers.rewrite(file, lambda _packet: theirs)
    assert marking.mark(file, "people")
    assert not marking.mark(file, "people")
    assert marking.read(file).given == []
    assert marking.unmark(file)
    assert exiftool(file)["XMP-iptcExt:AIPromptInformation"] == "A man in the rain"
