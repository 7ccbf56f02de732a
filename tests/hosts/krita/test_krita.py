"""What the plug-in promises, in a real Krita: its cases ran in one Krita before (see inside/cases.py)."""

import numpy as np
import polib
import pytest

from .editor import REPOSITORY

pytestmark = pytest.mark.host

SPACES = ["u8", "u16", "u16_linear", "u16_wide", "float", "float_linear", "wide"]
GRAYS = ["gray_u8", "gray_u16_linear"]

ROUNDING = {
    "u8": 0.3,
    "u16": 0.02,
    "u16_linear": 0.02,
    "u16_wide": 0.02,
    "float": 0.2,
    "float_linear": 0.001,
    "wide": 0.002,
}
"""Largest change of D50 L*. For float coded with sRGB's curve Krita's own conversion from Lab has coarse steps in the
deepest shadows (mean 0.006)."""

CONVERTED = {"gray_u8": 0.3, "gray_u16_linear": 0.02}

WORDS = ("labels", "buttons", "rows", "tips")
"""What a widget says, in inside/spoken.py."""

TYPE = {"U8": (np.uint8, 255), "U16": (np.uint16, 65535), "F32": (np.float32, 1.0)}
SRGB_D65 = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""RGB to XYZ of D65 (IEC 61966-2-1)."""

REC2020_D65 = np.array(
    [[0.6369580, 0.1446169, 0.1688810], [0.2627002, 0.6779981, 0.0593017], [0.0, 0.0280727, 1.0609851]]
)
"""RGB to XYZ of D65 (ITU-R BT.2020)."""

BRADFORD = np.array(
    [[1.0478112, 0.0228866, -0.0501270], [0.0295424, 0.9904844, -0.0170491], [-0.0092345, 0.0150436, 0.7521316]]
)
"""XYZ of D65 to XYZ of D50."""


def rgba(cases, picture):
    """A picture that Krita wrote: red, green, blue, alpha as they are stored, 0…1."""
    kind, full = TYPE[picture["depth"]]
    stored = np.fromfile(cases.out / picture["file"], kind).reshape(picture["height"], picture["width"], -1) / full
    if picture["model"] == "GRAYA":
        return stored[..., [0, 0, 0, 1]]
    return stored if picture["depth"] == "F32" else stored[..., [2, 1, 0, 3]]


def stored_lab(cases, picture):
    """CIE L*a*b* of a picture that Krita keeps in Lab: where 0 of a* and b* is, and how far they go."""
    kind, full = TYPE[picture["depth"]]
    values = np.fromfile(cases.out / picture["file"], kind).reshape(picture["height"], picture["width"], 4)[..., :3]
    if picture["depth"] == "F32":
        return values.astype(float)
    zero = {255: 128, 65535: 32896}[full]
    return (values - [0.0, zero, zero]) * [100 / full, 255 / full, 255 / full]


def lab(cases, picture):
    """CIE L*a*b* D50 of a picture; linear profiles are those with g10 in their name."""
    if picture["model"] == "LABA":
        return stored_lab(cases, picture)
    values = rgba(cases, picture)[..., :3].astype(float)
    if "-g10" not in picture["profile"]:
        values = np.where(values <= 0.04045, values / 12.92, (np.maximum(values, 0) + 0.055) ** 2.4 / 1.055**2.4)
    if picture["model"] == "GRAYA":  # its only primary is D50
        xyz = values
    else:
        matrix = BRADFORD @ (REC2020_D65 if "2020" in picture["profile"] else SRGB_D65)
        xyz = values @ (matrix / matrix.sum(axis=1, keepdims=True)).T
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def change(cases, result, before="before", after="after"):
    """Largest change of L* and mean chroma after it."""
    was, now = lab(cases, result[before]), lab(cases, result[after])
    return float(np.abs(was[..., 0] - now[..., 0]).max()), float(np.hypot(now[..., 1], now[..., 2]).mean())


@pytest.mark.parametrize("name", SPACES)
def test_lightness_stays_and_color_comes(cases, name):
    result = cases(name)
    assert result["error"] == ""
    lightness, chroma = change(cases, result)
    assert lightness <= ROUNDING[name]
    assert chroma > 1
    assert result["source_untouched"]
    assert result["layers"][0] == "Photograph" and result["layers"][1].endswith(" (Photochrom)")
    assert result["modes"] == ["normal", "normal"]
    assert result["active"] == result["layers"][1]


@pytest.mark.parametrize("name", SPACES)
def test_one_undo_takes_it_back_and_one_redo_brings_the_same_pixels(cases, name):
    result = cases(name)
    assert result["undone"]
    assert result["redone"]
    assert np.array_equal(rgba(cases, result["redone_picture"]), rgba(cases, result["after"]))


def test_wide_gamut_gets_the_same_colors_as_srgb(cases):
    wide, narrow = lab(cases, cases("wide")["after"]), lab(cases, cases("float_linear")["after"])
    difference = np.linalg.norm(wide - narrow, axis=-1)
    assert np.median(difference) < 0.5


@pytest.mark.parametrize("name", GRAYS)
def test_gray_document_is_converted_after_a_question(cases, name):
    result = cases(name)
    assert "grayscale" in result["question"] and "undo twice" in result["question"]
    assert result["untouched_by_cancel"]
    assert result["error"] == ""
    assert result["after"]["model"] == "RGBA" and result["after"]["depth"] == result["before"]["depth"]
    lightness, chroma = change(cases, result)
    assert lightness <= CONVERTED[name]
    assert chroma > 1
    (model, *_), layers = result["undone_once"]
    assert model == "RGBA" and layers == 1
    assert result["undone_twice"]


def test_gray_pixels_are_read_by_tables_and_give_what_krita_converts_them_to(cases):
    told = cases("reading")
    del told["seconds"]
    for space, (lightness, alpha, bands, conversions) in told.items():
        assert (lightness, alpha, bands) == (True, True, 3), space
        assert conversions == (2 if space.startswith("RGBA") else 1), space  # the table, and the band with the red one


def test_selection_becomes_a_transparency_mask(cases):
    result = cases("selection")
    assert result["error"] == ""
    assert result["masks"] == ["transparencymask"]
    before, after = rgba(cases, result["before"]), rgba(cases, result["after"])
    inside = np.zeros(before.shape[:2], bool)
    inside[30:110, 40:140] = True
    assert np.array_equal(before[~inside], after[~inside])
    assert change(cases, result)[0] <= ROUNDING["u8"]
    assert np.hypot(*np.moveaxis(lab(cases, result["after"])[inside][:, 1:], -1, 0)).mean() > 1
    assert result["undone"]
    # The user's next selection is none of the mask's business.
    assert np.array_equal(rgba(cases, result["redone_picture"]), after)


def test_layer_has_the_place_the_size_and_the_alpha_of_its_source(cases):
    result = cases("offset")
    assert result["error"] == ""
    assert result["layer"] == result["source"] == [-30, 50, 240, 160]
    assert result["same_alpha"]
    lightness, chroma = change(cases, result)
    assert lightness <= ROUNDING["u16"]
    assert chroma > 0.5


def test_mask_of_the_photograph_holds_for_its_colors(cases):
    result = cases("masked")
    assert result["error"] == ""
    before, after = rgba(cases, result["before"]), rgba(cases, result["after"])
    assert np.array_equal(before[..., 3], after[..., 3])
    assert not after[:, 120:, 3].any()
    assert not np.array_equal(before[:, :120], after[:, :120])


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("group", "layer group"),
        ("empty", "transparent"),
        ("fill", "no pixels of its own"),
        ("nothing", "No document"),
        ("cmyk", "Convert Image Color Space"),
    ],
)
def test_what_cannot_be_colored_is_refused_in_words(cases, what, words):
    assert words in cases("refused")["said"][what]


def test_settings_come_back_from_the_saved_document(cases):
    result = cases("again")
    assert result["error"] == ""
    assert result["shown"] == [60, 25, 20, "Calm"]
    assert result["saved"]["chroma"] == 0.6 and result["saved"]["warmth"] == 0.25
    assert result["saved"]["style"] == "calm" and result["saved"]["reach"] == 0.2
    assert len(result["layers"]) == 3
    assert result["same"]
    assert np.array_equal(rgba(cases, result["first"]), rgba(cases, result["second"]))
    assert "Select a layer that Photochrom made" in result["of_the_photograph"]


def test_without_an_engine_the_error_says_how_to_install_it(cases, krita):
    result = cases("not_installed")
    assert result["engine"] is None
    assert "photochrom plugin install" in result["error"]
    assert str(krita.home) in result["error"].split("Log: ")[1]
    assert result["unchanged"]


def test_killed_engine_is_an_error_in_words_and_the_document_is_as_it_was(cases):
    result = cases("killed")
    assert "engine stopped" in result["error"] and "Try again" in result["error"] and "Log: " in result["error"]
    assert result["unchanged"]
    assert result["error_of_next"] == ""
    assert result["layers_after_next"] == 2


def test_windows_live_while_a_layer_is_colored(cases):
    result = cases("killed")
    assert result["turns"] > 10
    assert result["longest_pause"] < 2


@pytest.mark.parametrize("when", ["reading", "engine", "strips"])
def test_cancel_leaves_the_document_alone(cases, when):
    result = cases("cancelled")
    assert result[when] == [True, None]
    assert result["documents"] == 1


def test_action_is_in_the_menu_and_its_file_is_read(cases):
    result = cases("menu")
    assert result["menus"] == ["Scripts"]
    assert result["text"].replace("&", "") == "Photochrom: Colorize"
    assert result["tool_tip"].startswith("Adds the colors")


def test_docker_shows_before_and_after_and_follows_the_settings(cases):
    result = cases("preview")
    assert result["documents"] == 1
    assert result["rows"][0].startswith("Automatic (")
    assert any(row.startswith("General: ") for row in result["rows"])
    assert result["picture"]["left"] < 2 < result["picture"]["right"]
    assert result["moved"]["left"] > 1
    assert result["doubtful"] > 3
    assert result["sure"] < 0.5
    assert result["calmer"] > 0
    assert result["error"] == ""


def test_more_colorizers_are_offered_with_size_and_license(cases):
    from photochrom.models import catalog

    result = cases("preview")
    for model in catalog.published("colorizer"):
        assert f"{model.size} · {model.license}" in result["offers"]
    assert result["license"]


def test_docker_speaks_the_language_of_the_editor(german):
    told = german("spoken")
    catalog = polib.pofile(str(REPOSITORY / "photochrom_client" / "locale" / "de" / "LC_MESSAGES" / "photochrom.po"))
    english = {entry.msgid.replace("_", "") for entry in catalog if entry.msgid != entry.msgstr}
    said = [text for each in (told, told["recolor"]) for what in WORDS for text in each[what]] + told["entries"]
    assert not [text for text in said if text.replace("&", "") in english]
    assert "Allgemein: jedes Foto" in told["rows"]
    assert {"Kolorieren", "Mehr …"} <= {text.replace("&", "") for text in told["buttons"]}
    assert {"Nächster Gegenstand", "Anwenden"} <= {text.replace("&", "") for text in told["recolor"]["buttons"]}


def test_nothing_is_cut_off_on_a_small_screen(cases, german):
    told = german("spoken")
    assert [told["cut off"], told["recolor"]["cut off"], cases("preview")["cut off"]] == [[], [], []]
    width, height = told["recolor"]["size"]
    assert width <= 1366 and height <= 720
