"""The window about the installation, closed in whatever way."""

import sys
import types

import pytest


class Recorder:
    """In the place of the kit's `Installation`: what the window asked of it."""

    def __init__(self, *_):
        self.asked = []

    def look(self):
        self.asked.append("look")

    def no(self):
        self.asked.append("no")

    def hear(self, message):
        pass


@pytest.fixture
def window(load, monkeypatch, tmp_path):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "krita", types.SimpleNamespace(Krita=None))
    try:
        widgets = load("qt").QtWidgets
    except ImportError as error:
        pytest.skip(str(error))
    application = widgets.QApplication.instance() or widgets.QApplication([])
    module = load("installation")
    monkeypatch.setattr(module, "Installation", Recorder)
    window = module.InstallationWindow(None, tmp_path)
    window.show()
    yield window
    window.deleteLater()
    application.processEvents()


@pytest.mark.parametrize("way", ["close", "reject"])  # as Escape does
def test_closing_the_window_stops_what_it_does(window, way):
    recorder = window._installation
    assert recorder.asked == ["look"]
    getattr(window, way)()
    assert not window.isVisible() and "no" in recorder.asked
    window.show()
    assert recorder.asked[-1] == "look"
