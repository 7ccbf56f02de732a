"""Documents in Krita say that their colors were made by an algorithm, as far as Krita lets them, and files the rest."""

import json
import shutil
import subprocess

import photochrom
import pytest
from photochrom.image import marking

from photochrom_client.given import Given

from .conftest import told_by
from .editor import PHOTOGRAPH

pytestmark = pytest.mark.host

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


@pytest.fixture(scope="module")
def notes(krita, display):
    """The outcome of every case of inside/noting.py."""
    file = krita.home.parent / "archived.jpg"
    shutil.copy(PHOTOGRAPH, file)
    return told_by(krita, display, "noting", PHOTOCHROM_ARCHIVED=str(file))


def said(file):
    """What exiftool reads."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed (Debian: libimage-exiftool-perl)")
    ran = subprocess.run(["exiftool", "-json", "-G1", str(file)], capture_output=True, check=True, text=True)
    return json.loads(ran.stdout)[0]


def note(file):
    found = said(file)
    names = ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed")
    return [str(found.get(f"XMP-iptcExt:{name}", "")) for name in names]


def is_note(found):
    source_type, system, version = found
    return source_type == SOURCE_TYPE and system.startswith("Photochrom, col") and version == photochrom.__version__


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_note_comes_and_goes_with_the_colors_in_one_step(notes, suffix):
    result = notes("comes_and_goes")
    assert result["errors"] == ["", ""]
    assert result["undone"]
    assert result["redone"]
    assert is_note(note(notes.out / "files" / f"comes_and_goes-done.{suffix}"))
    assert note(notes.out / "files" / f"comes_and_goes-undone.{suffix}") == ["", "", ""]
    assert is_note(note(notes.out / "files" / f"comes_and_goes-redone.{suffix}"))
    assert is_note(note(notes.out / "files" / f"comes_and_goes-twice.{suffix}"))


def test_layer_with_the_note_is_a_layer_like_others(notes):
    photograph, colors = notes("comes_and_goes")["layers"]
    assert colors == photograph
    photograph, colors = notes("deep")["layers"]
    assert notes("deep")["error"] == ""
    assert colors == photograph == [30, 20, 240, 160]
    assert is_note(note(notes.out / "files" / "deep.png"))


def test_metadata_of_the_photograph_stay(notes):
    assert notes("archived")["error"] == ""
    # Krita 5.2.9 writes a JPEG's XMP creator into a PNG as EXIF's Artist.
    assert said(notes.out / "files" / "archived.png")["IFD0:Artist"] == said(PHOTOGRAPH)["XMP-dc:Creator"]


def test_krita_itself_notes_nothing_where_readers_look_in_jpeg_and_tiff(notes):
    """Why there is an offer. Where this fails, it is time to do without."""
    notes("comes_and_goes")
    for suffix in ("jpg", "tif"):
        assert note(notes.out / "files" / f"comes_and_goes-done.{suffix}") == ["", "", ""]


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_after_saving_the_docker_offers_the_note_and_writes_it(notes, suffix):
    result = notes("offered")
    assert result["error"] == ""
    assert not result["before"]
    assert not result["after"]
    assert f"The metadata of “offered.{suffix}” do not say that an algorithm made its colors." in result["texts"]
    assert f"The metadata of “offered.{suffix}” now say that an algorithm made its colors." in result["texts"]
    assert is_note(note(notes.out / "files" / f"offered.{suffix}"))
    assert note(notes.out / "files" / f"offered-not-now.{suffix}") == ["", "", ""]


def test_what_has_the_note_is_not_offered_another(notes):
    assert notes("marked_already") == {"error": "", "offered": False}
    assert is_note(note(notes.out / "files" / "marked_already.png"))


def test_switched_off_there_is_neither_note_nor_offer(notes):
    assert notes("switched_off") == {"error": "", "kept": "false", "offered": False}
    for suffix in ("png", "webp"):
        assert note(notes.out / "files" / f"switched_off.{suffix}") == ["", "", ""]


def test_how_a_color_is_known_is_kept_and_said_in_files(notes):
    result = notes("known")
    assert "Select the layer of a recolored object, or the hints layer" in result["refused"]
    assert result["errors"] == ["", "", ""]
    assert result["heat"] == "Uncertainty: the brighter, the less sure; green: known"
    red, green, blue = result["middle"]
    assert green > max(red, blue)
    assert result["kept"] == "green: letter, of 1943"
    (dress,) = marking.read(notes.out / "files" / "known-krita.png").given  # as Krita writes it
    assert (dress.what, dress.note) == ("object", "green: letter, of 1943")
    assert dress.at == pytest.approx((50, 85), abs=2)
    for suffix in ("png", "jpg"):
        file = notes.out / "files" / f"known.{suffix}"
        assert marking.read(file).given == [Given("paint", note="sky: a postcard"), dress]
        assert said(file)["XMP-iptcExt:AIPromptInformation"].startswith("Colors given by a person: paint: sky")
