"""Runs inside a Krita whose plug-in has no engine: its window gets one; then a photograph is colored."""

from common import OUT, U16, button, colorize, opened, panel, tell, until


def main():
    docker = panel().parentWidget()
    docker.setVisible(True)
    docker.raise_()
    window = panel()._installation
    yield from until(window.isVisible, "the window")
    yield from until(lambda: button("Get the engine", window), "the offer of the engine")
    said = {"missing": window._text.text()}
    window.grab().save(str(OUT / "krita-no-engine.png"))
    button("Get the engine", window).click()
    yield from until(lambda: "is installed on this computer" in window._text.text(), "the engine", 180)
    said["ready"] = window._text.text()
    window.grab().save(str(OUT / "krita-installation.png"))
    button("Close", window).click()
    document, _ = yield from opened(*U16)
    said["error"] = yield from colorize(document)
    said["layers"] = [node.name() for node in document.rootNode().childNodes()]
    docker.setVisible(False)
    yield 0.3
    docker.setVisible(True)
    yield 1
    window.show_if_due()
    said["again"] = window.isVisible()
    tell("first_start", said)
