"""What is registered with Krita: a docker, and menu entries that press its buttons."""

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension, Krita

from .actions import TOOLS
from .batch_dialog import BatchDialog
from .panel import Panel

DOCKER = "photochrom_docker"


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
        for tool in TOOLS:
            action = window.createAction(tool.id, tool.title, "tools/scripts")
            # Krita has taken both from photochrom.action, which knows one language.
            action.setText(tool.title)
            action.setToolTip(tool.help)
            action.triggered.connect(lambda _checked=False, name=tool.name: use(name))


def use(name):
    """Uses a tool in the window in front. Its docker comes up: progress and Cancel are there."""
    if name == "batch":
        colorize_folders()
        return
    docker = _docker()
    if name != "installation" and Krita.instance().activeDocument() is not None:
        docker.setVisible(True)
        docker.raise_()
    docker.findChild(Panel).use(name)


def colorize_folders():
    """Opens the dialog of batches, or raises that which is open."""
    window = Krita.instance().activeWindow().qwindow()
    dialog = window.findChild(BatchDialog) or BatchDialog(window)
    dialog.show()
    dialog.raise_()


def _docker():
    """That of the window in front."""
    return next(each for each in Krita.instance().activeWindow().dockers() if each.objectName() == DOCKER)


def register():
    application = Krita.instance()
    extension = Photochrom(application)
    application.addExtension(extension)
    application.addDockWidgetFactory(DockWidgetFactory(DOCKER, DockWidgetFactoryBase.DockRight, Docker))
    return extension
