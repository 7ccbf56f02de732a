"""The dialog that asks for which program the picture is, and for the file."""

import os

from . import preferences
from .photochrom_client import translated as _
from .photochrom_client.kit import handing_on
from .qt import QtCore, QtWidgets
from .texts import readable


class ExportDialog(QtWidgets.QFileDialog):
    """`chosen` is emitted with the path of the file to write, which has the suffix of the chosen program's. `file`: the
    path of the document's, "" if it has none; `name` is its name."""

    chosen = QtCore.pyqtSignal(str)

    def __init__(self, parent, file, name):
        super().__init__(
            parent, _("Photochrom: Export for…"), os.path.dirname(file) or readable(os.path.expanduser("~"))
        )
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QtWidgets.QFileDialog.FileMode.AnyFile)
        self._programs = {
            _("For {program} (*{suffix})").format(program=each.title, suffix=each.suffix): each
            for each in handing_on.FOR_KRITA
        }
        self.setNameFilters(list(self._programs))
        last = preferences.saved("export", "")
        words, program = next(
            ((words, each) for words, each in self._programs.items() if each.name == last),
            next(iter(self._programs.items())),
        )
        self.selectNameFilter(words)
        self.setDefaultSuffix(program.suffix.removeprefix("."))
        self.selectFile(handing_on.proposed(name, program))
        self.filterSelected.connect(self._rename)
        self.fileSelected.connect(self._accept)

    def accept(self):
        """Qt's: with the suffix in the name before Qt looks whether there is such a file."""
        field = self.findChild(QtWidgets.QLineEdit)
        if field is not None and field.text().strip():
            program = self._programs[self.selectedNameFilter()]
            field.setText(handing_on.renamed(field.text().strip(), program))
        super().accept()

    def _rename(self, words):
        program = self._programs[words]
        self.setDefaultSuffix(program.suffix.removeprefix("."))
        files = self.selectedFiles()
        if files:
            self.selectFile(os.path.basename(handing_on.renamed(files[0], program)))

    def _accept(self, path):
        program = self._programs[self.selectedNameFilter()]
        preferences.save("export", program.name)
        self.chosen.emit(handing_on.renamed(path, program))
