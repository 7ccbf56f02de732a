"""What is registered with Krita: a docker, and menu entries that press its buttons."""

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension, Krita

from .actions import TOOLS
from .batch_dialog import BatchDialog
from .panel import Panel
from .qt import QtCore, QtWidgets
from .requirement import refusal

DOCKER = "photochrom_docker"


class Docker(DockWidget):
    """One a window."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle("Photochrom")
        why_not = refusal(Krita.instance().version())
        self.setWidget(_notice(why_not) if why_not else Panel())

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
    """Uses a tool in the window in front. Its docker comes up: progress and Cancel are there, or the reason."""
    docker = _docker()
    panel = docker.findChild(Panel)
    if name == "batch" and panel is not None:
        colorize_folders()
        return
    if panel is None or (name != "installation" and Krita.instance().activeDocument() is not None):
        docker.setVisible(True)
        docker.raise_()
    if panel is not None:
        panel.use(name)


def colorize_folders():
    """Opens the dialog of batches, or raises that which is open."""
    window = Krita.instance().activeWindow().qwindow()
    dialog = window.findChild(BatchDialog) or BatchDialog(window)
    dialog.show()
    dialog.raise_()


def _docker():
    """That of the window in front."""
    # Not by `Window.dockers`, which a Krita that is too old lacks.
    return Krita.instance().activeWindow().qwindow().findChild(QtWidgets.QDockWidget, DOCKER)


def _notice(text):
    label = QtWidgets.QLabel(text)
    label.setWordWrap(True)
    label.setMargin(12)
    label.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
    return label


def register():
    application = Krita.instance()
    extension = Photochrom(application)
    application.addExtension(extension)
    application.addDockWidgetFactory(DockWidgetFactory(DOCKER, DockWidgetFactoryBase.DockRight, Docker))
    return extension
