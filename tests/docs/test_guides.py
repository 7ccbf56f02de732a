"""The guides for contributors, followed literally: their files are written as printed, and work."""

import json
import re
import runpy

import pytest
from photochrom import colorizers, editors
from photochrom.editors import assembly

from docs.pages import REPOSITORY


def blocks(page, language):
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture
def gradient_map(tmp_path, monkeypatch, forget):
    """The guide's colorizer: its module beside the others, its model in the store. Returns the guide's test."""
    module, test = blocks("add-a-colorizer.md", "python")
    stops, card = blocks("add-a-colorizer.md", "json")
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "gradient_map.py").write_text(module)
    monkeypatch.setattr(colorizers, "__path__", [*colorizers.__path__, str(tmp_path / "modules")])
    model = tmp_path / "store" / "gradient-map"
    model.mkdir(parents=True)
    (model / "stops.json").write_text(stops)
    (model / "card.json").write_text(card)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))
    (tmp_path / "test_gradient_map.py").write_text(test)
    forget()
    yield tmp_path / "test_gradient_map.py"
    forget()


def test_the_guides_colorizer_passes_its_own_test(gradient_map):
    tests = [value for name, value in runpy.run_path(str(gradient_map)).items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()


def test_the_guides_colorizer_is_listed_and_colorizes(gradient_map, tmp_path, run):
    listed = run("models", "list", "--json")
    assert "gradient-map" in {json.loads(line)["name"] for line in listed.out.splitlines()}
    photograph = REPOSITORY / "examples" / "dust-bowl-home.jpg"
    done = run("colorize", photograph, "-c", "gradient-map", "-o", tmp_path / "poster.jpg", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["colorizer"] == "gradient-map"


def test_the_guides_editor_is_installed_checked_and_removed(tmp_path, monkeypatch):
    module = tmp_path / "paint.py"
    module.write_text(blocks("add-a-host.md", "python")[1])
    paint = runpy.run_path(str(module))["PAINT"]
    monkeypatch.setitem(editors.EDITORS, paint.name, paint)
    monkeypatch.setenv("HOME", str(tmp_path))
    plugin = tmp_path / "plugin" / "paint" / "photochrom"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text("import photochrom_client\n")
    monkeypatch.setattr(assembly, "source", lambda: tmp_path / "plugin")
    (tmp_path / ".paint").mkdir()
    place = tmp_path / ".paint" / "plugins" / "photochrom"
    assert any(str(place) in str(action) for action in editors.install(["paint"], dry_run=True))
    assert not place.exists()
    editors.install(["paint"])
    assert (place / "photochrom_client" / "__init__.py").is_file() and (place / "engine-command.json").is_file()
    (profile,) = editors.detect(["paint"])
    assert all(finding.good for finding in profile.check())
    editors.remove(["paint"])
    assert not place.exists()
