"""What scripts register, as GIMP is told of it."""

import pytest

registration = pytest.importorskip("gimpfu_compat.registration", exc_type=ImportError)
running = pytest.importorskip("gimpfu_compat.running", exc_type=ImportError)

from gimpfu_compat.errors import error  # noqa: E402
from gimpfu_compat.registration import (  # noqa: E402
    PF_DRAWABLE,
    PF_IMAGE,
    PF_INT,
    PF_RADIO,
    PF_SLIDER,
    PF_SPINNER,
    PF_STRING,
    Parameter,
    register,
    scripts,
)


@pytest.fixture(autouse=True)
def nothing_registered():
    scripts.clear()


def registered(name="blur", label=None, params=(), results=(), **more):
    register(name, "Blurs", "", "Ann", "Ann", "2026", label, "*", params, results, print, **more)
    (script,) = scripts.values()
    return script


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("blur", "python-fu-blur"),
        ("python_fu_blur", "python-fu-blur"),
        ("plug-in-blur", "plug-in-blur"),
        ("file_blur_save", "file-blur-save"),
        ("extension-blur", "extension-blur"),
    ],
)
def test_names_get_the_prefix_of_python_fu(given, name):
    assert registered(given).name == name


@pytest.mark.parametrize(
    ("label", "menu", "names"),
    [
        ("<Image>/Filters/_Blur...", "<Image>/Filters", ["image", "drawable", "n"]),
        ("<Save>/Blur", "<Save>", ["image", "drawable", "filename", "raw-filename", "n"]),
        ("<Load>/Blur", "<Load>", ["filename", "raw-filename", "n"]),
        ("<Toolbox>/Xtns/Blur", "<Toolbox>/Xtns", ["n"]),
        ("Blur", None, ["n"]),
    ],
)
def test_an_old_label_says_the_menu_and_the_first_parameters(label, menu, names):
    script = registered(label=label, params=[(PF_INT, "n", "N", 1)])
    assert (script.menu, [each.name for each in script.params]) == (menu, names)
    assert script.label in ("Blur", "_Blur...")


def test_a_menu_of_its_own_adds_no_parameters():
    script = registered(label="Blur", params=[(PF_INT, "n", "N", 1)], menu="<Image>/Filters")
    assert [each.name for each in script.params] == ["n"]


@pytest.mark.parametrize(
    ("parameter", "type"),
    [
        (Parameter(PF_SPINNER, "n", "N", 1, (0, 10, 1)), 0),
        (Parameter(PF_SPINNER, "n", "N", 1.0, (0.0, 10.0, 1.0)), 0),
        (Parameter(PF_SPINNER, "n", "N", 0, (0, 1, 0.1)), 3),
        (Parameter(PF_SLIDER, "n", "N", 1, (0, 10, 1)), 3),
        (Parameter(PF_RADIO, "n", "N", "a", (("A", "a"),)), 4),
        (Parameter(PF_RADIO, "n", "N", 1, (("A", 1),)), 0),
        (Parameter(registration.PF_FILE, "n", "N", ""), 4),
        (Parameter(registration.PF_BOOL, "n", "N", True), 0),
        (Parameter(registration.PF_COLOR, "n", "N", (0, 0, 0)), 10),
        (Parameter(registration.PF_VECTORS, "n", "N", None), 19),
    ],
)
def test_each_type_has_one_in_the_procedure_database(parameter, type):
    assert parameter.type == type


@pytest.mark.parametrize(
    ("params", "results", "why"),
    [
        ([(PF_INT, "n", "N")], [], "4 parts"),
        ([(PF_INT, "a number", "N", 1)], [], "cannot be named"),
        ([("PF_INT", "n", "N", 1)], [], "no type"),
        ([], [(PF_INT, "n")], "3 parts"),
    ],
)
def test_what_gimp_would_refuse_is_named(params, results, why):
    with pytest.raises(error, match=why):
        registered(params=params, results=results)


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ([(PF_IMAGE, "image"), (PF_DRAWABLE, "drawable"), (PF_INT, "n")], 2),
        ([(PF_IMAGE, "image"), (PF_INT, "n"), (PF_DRAWABLE, "drawable")], 1),
        ([(PF_INT, "n"), (PF_IMAGE, "image")], 0),
        ([(PF_IMAGE, "image"), (PF_DRAWABLE, "drawable"), (registration.PF_LAYER, "other")], 2),
        ([(PF_IMAGE, "i"), (PF_DRAWABLE, "d"), (PF_STRING, "filename"), (PF_STRING, "raw-filename"), (PF_INT, "n")], 4),
        ([(PF_STRING, "filename"), (PF_STRING, "raw-filename")], 2),
    ],
)
def test_what_a_menu_gives_is_not_asked_for(params, count):
    assert running.given_by_gimp(tuple(Parameter(*each, "") for each in params)) == count
