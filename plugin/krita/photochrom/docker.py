"""What is registered with Krita: a docker, and a menu action that presses its button."""

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension, Krita

from .panel import Panel
from .photochrom_client import translated as _

DOCKER = "photochrom_docker"
ACTION = "photochrom_colorize"


class Docker(DockWidget):
    """One a window."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle("Photochrom")
        self.setWidget(Panel())

    def canvasChanged(self, _canvas):  # noqa: N802  (Krita's name; it must be there)
        pass


class Photochrom(Extension):
    def setup(self):
        pass

    def createActions(self, window):  # noqa: N802  (Krita's name)
        text = _("Photochrom: Colorize")
        action = window.createAction(ACTION, text, "tools/scripts")
        # Krita has taken both from photochrom.action, which knows one language.
        action.setText(text)
        action.setToolTip(_("Adds the colors of the selected layer as a layer above it"))
        action.triggered.connect(colorize)


def colorize():
    """Colors in the window in front. Its docker comes up: progress and Cancel are there."""
    docker = next(each for each in Krita.instance().activeWindow().dockers() if each.objectName() == DOCKER)
    if Krita.instance().activeDocument() is not None:
        docker.setVisible(True)
        docker.raise_()
    docker.findChild(Panel).colorize()


def register():
    application = Krita.instance()
    extension = Photochrom(application)
    application.addExtension(extension)
    application.addDockWidgetFactory(DockWidgetFactory(DOCKER, DockWidgetFactoryBase.DockRight, Docker))
    return extension
