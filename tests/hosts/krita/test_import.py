"""Krita with nothing but the archive that its own importer takes: the plug-in loads, gets the engine, and colors."""

import pytest

from ..published import archives, published
from . import editor
from .conftest import told_by

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def imported(krita, display, tmp_path_factory):
    """What Krita told when it imported the archive, and when it was started again.

    The user has a plain name here: Krita 5.2.9's own importer fails in a folder with an umlaut.
    """
    other = editor.find(tmp_path_factory.mktemp("import") / "Ann (1)")
    other.prepare()
    text = other.settings.read_text(encoding="utf-8").replace("installation=first\n", "")
    other.settings.write_text(text.replace("[python]\n", "[python]\nenable_plugin_importer=true\n"), encoding="utf-8")
    archive = archives(other.home.parent / "dist")["krita"]
    with published(other.home.parent / "release") as release:
        first = told_by(other, display, "importing", **release, PHOTOCHROM_ARCHIVE=str(archive))("imported")
        second = told_by(other, display, "first_start", **release)("first_start")
    yield {**first, **second, "home": other}
    other.stop_engines()


def test_archive_is_imported_by_krita_itself(imported):
    assert imported["messages"] == 1 and "Photochrom" in imported["message"]
    pykrita = imported["home"].resources / "pykrita"
    assert (pykrita / "photochrom" / "__init__.py").is_file() and (pykrita / "photochrom.desktop").is_file()
    assert "enable_photochrom=true" in imported["home"].settings.read_text(encoding="utf-8")


def test_window_offers_the_engine_with_size_and_hash_and_gets_it(imported):
    assert "finds no Photochrom engine" in imported["missing"]
    assert "9.9.9" in imported["missing"] and "SHA-256: " in imported["missing"]
    assert "is installed on this computer" in imported["ready"]
    assert "ddcolor" in imported["ready"]


def test_photograph_is_colored_by_the_engine_that_was_fetched(imported):
    assert imported["error"] == ""
    assert imported["layers"][1].endswith(" (Photochrom)")
    assert (imported["home"].home / ".local" / "share" / "photochrom" / "engine" / "photochrom").is_file()


def test_window_shows_itself_once(imported):
    assert imported["again"] is False
