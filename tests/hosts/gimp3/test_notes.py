"""Images say that their colors were made by an algorithm, and so do the files that GIMP exports."""

import json
import shutil
import subprocess

import numpy as np
import photochrom
import pytest
from photochrom.image import marking

from photochrom_client.given import Given, read, written

from .conftest import told_by
from .screen import Screen, driven, insist, read_when_there, running, wait_for

pytestmark = pytest.mark.host

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
PRINT = "http://cv.iptc.org/newscodes/digitalsourcetype/print"
LITE = [SOURCE_TYPE, "Photochrom, colorizer lite", photochrom.__version__]
NOTHING = [None, None, None]
TITLE, LABEL = "Photochrom: Colorize", "Note in the image's metadata"


@pytest.fixture(scope="session")
def notes(gimp):
    """The outcome of every case of inside/notes.py."""
    return told_by(gimp, "notes")


def exported(notes, name):
    """What exiftool reads in each format that GIMP exported to."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed (Debian: libimage-exiftool-perl)")
    files = [str(notes.out / f"{name}.{suffix}") for suffix in ("jpg", "png", "tif", "webp")]
    said = subprocess.run(["exiftool", "-json", "-G1", *files], capture_output=True, check=True, text=True)
    return json.loads(said.stdout)


def test_files_that_gimp_exports_say_who_made_their_colors(notes):
    assert notes("colored")["result"]["status"] == "success"
    for said in exported(notes, "colored"):
        assert said["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE, said["SourceFile"]
        assert said["XMP-iptcExt:AISystemUsed"] == "Photochrom, colorizer lite", said["SourceFile"]
        assert str(said["XMP-iptcExt:AISystemVersionUsed"]) == photochrom.__version__, said["SourceFile"]
        assert said["XMP-dc:Source"] == "Box 7 & 8", said["SourceFile"]


def test_every_layer_s_maker_is_named_also_in_a_file_opened_again(notes):
    result = notes("colored")
    assert result["two"] == [SOURCE_TYPE, "Photochrom, colorizers people, lite", photochrom.__version__]
    assert result["reopened"] == result["two"]


def test_with_the_last_colors_the_note_goes_and_the_earlier_metadata_return(notes):
    result = notes("colored")
    assert result["before"] == [PRINT, None, None]
    assert result["removed"]["status"] == "success"
    assert [layer["name"] for layer in result["removed"]["document"]["layers"]] == [result["photograph"]]
    assert result["after"] == [PRINT, None, None]
    for said in exported(notes, "removed"):
        assert said["XMP-iptcExt:DigitalSourceType"] == PRINT
        assert "XMP-iptcExt:AISystemUsed" not in said
    assert "no colors in this image" in result["nothing"]["error"]


def test_note_is_left_out_where_that_is_asked_for(notes):
    result = notes("left_out")
    assert result["result"]["status"] == "success"
    assert result["without"] == NOTHING
    for said in exported(notes, "left-out"):
        assert not [name for name in said if "AISystem" in name or "SourceType" in name]
    assert result["again"] == LITE
    assert result["taken_back"] == NOTHING


def test_switched_off_holds_for_everything_without_a_dialog(notes):
    assert notes("switched_off") == {"last": NOTHING, "variants": NOTHING}


def test_variants_in_a_group_go_with_it(notes):
    result = notes("variants")
    assert result["said"][0] == SOURCE_TYPE
    assert result["after"] == NOTHING
    assert len(result["removed"]["document"]["layers"]) == 1


@driven
def test_dialog_asks_and_the_answer_is_kept(gimp, out, display):
    """Switched off in one session, it is off in the next; then it is switched on again."""
    assert answered(gimp, out / "first", display) == (True, False)
    assert answered(gimp, out / "second", display) == (False, True)


def answered(gimp, out, display):
    """Ticks or unticks the setting in a GIMP of its own, and colors: (was it ticked, is there a note now)."""
    out.mkdir()
    screen = Screen(gimp, display)

    def told():
        return read_when_there(out / "dialog-shown.json")

    def button(label):
        return next((each["at"] for each in told()["buttons"] if each["label"].startswith(label)), None)

    with running(gimp, out, "dialog.py", display):
        read_when_there(out / "dialog-before.json")
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a colored preview")
        settings = wait_for(lambda: button("More settings"), 30, "more settings")
        insist(lambda: screen.click(dialog, settings), lambda: button(LABEL), "the setting")
        was = told()["checked"][-1]
        screen.settled()  # the settings unfold
        insist(lambda: screen.click(dialog, button(LABEL)), lambda: told()["checked"][-1] != was, "another choice")
        screen.picture("gimp3-note")
        screen.leave(dialog, TITLE, "Return")
        result = read_when_there(out / "dialog-result.json")
    assert result["status"] == "success", result["error"]
    return was, result["document"]["said"] != NOTHING


def test_how_a_color_is_known_is_kept_with_its_layer_and_said_in_every_file(notes):
    result = notes("known")
    assert all(each["status"] == "success" for each in result["results"]), result["results"]
    first, second, third = map(read, result["given"])
    (x, y), (width, height) = result["at"].values(), result["size"]
    (dress,) = first
    assert dress.what == "object"
    assert dress.note == "green: letter, of 1943"
    assert dress.at == pytest.approx((100 * x / width, 100 * y / height), abs=1)
    assert dress.color == pytest.approx((-47.6, 48.6), abs=0.5)  # #008000 in Lab D50
    assert second == [dress, Given("paint", note="sky: a postcard")]
    assert third == [dress._replace(note=""), second[1]]
    for said in exported(notes, "known"):
        assert said["XMP-iptcExt:AIPromptInformation"] == written(first), said["SourceFile"]
    assert marking.read(notes.out / "known.png").given == first
    assert marking.read(notes.out / "known-for.ora").given == third


def test_without_an_object_or_hints_there_is_nothing_to_note(notes):
    refused = notes("known")["nobody"]
    assert refused["status"] == "calling-error"
    assert "Select the layer of a recolored object, or the hints layer" in refused["error"]


def test_what_is_known_is_a_third_state_of_the_map_of_uncertainty(notes):
    result = notes("known")
    width, height = result["size"]
    plain, heat = (
        np.fromfile(notes.out / f"{name}.rgba", np.uint8).reshape(height, width, 4)
        for name in ("known-plain", "known-heat")
    )
    inside = np.fromfile(notes.out / "known.mask", np.float32).reshape(height, width) > 0.99
    outside = np.fromfile(notes.out / "known.mask", np.float32).reshape(height, width) < 0.01
    red, green, blue, alpha = np.median(heat[inside], 0)
    assert green > max(red, blue)
    assert alpha == pytest.approx(0.6 * 255, abs=8)
    same = (np.abs(heat[outside].astype(int) - plain[outside]) <= 3).all(1).mean()
    assert same > 0.95
    assert result["map"] == "Uncertainty, green where known (Photochrom)"
