"""The dialog that asks for which program the picture is, and for the file."""

import os

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GimpUi, Gtk
from preview_dialog import BINARY

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit import handing_on

SIZE = 900, 620
"""Pixels: GTK's own is higher than a small screen."""


def ask(last, folder, name):
    """The path of the file to write, which has the suffix of the chosen program's. `last`: the path of the last one, ""
    at first. `folder` and `name`: of the image's file, "" if it has none. Raises `Cancelled`."""
    GimpUi.init(BINARY)
    dialog = _ExportDialog(last, folder, name)
    try:
        return dialog.run()
    finally:
        dialog.close()


class _ExportDialog:
    def __init__(self, last, folder, name):
        self._chooser = Gtk.FileChooserDialog(title=_("Photochrom: Export for…"), action=Gtk.FileChooserAction.SAVE)
        self._chooser.add_button(_("_Cancel"), Gtk.ResponseType.CANCEL)
        self._chooser.add_button(_("_Export"), Gtk.ResponseType.OK)
        self._chooser.set_default_response(Gtk.ResponseType.OK)
        self._chooser.set_do_overwrite_confirmation(True)
        self._programs = Gtk.ComboBoxText()
        self._explained = Gtk.Label()
        chosen = handing_on.last_for_gimp(last)
        for program in handing_on.FOR_GIMP:
            self._programs.append(program.name, program.title)
        self._programs.set_active_id(chosen.name)
        self._chooser.set_current_folder(folder or os.path.dirname(last) or os.path.expanduser("~"))
        self._chooser.set_current_name(handing_on.proposed(name, chosen))
        label = Gtk.Label.new_with_mnemonic(_("Export _for"))
        label.set_mnemonic_widget(self._programs)
        line = Gtk.Box(orientation=Gtk.Orientation.HORIZONTAL, spacing=6)
        for widget in (label, self._programs, self._explained):
            line.pack_start(widget, False, False, 0)
        line.show_all()
        self._chooser.set_extra_widget(line)
        self._programs.connect("changed", lambda _programs: self._rename())
        self._rename()

    def run(self):
        self._chooser.show()
        self._chooser.resize(*SIZE)  # after it is shown: then it has set its own size
        while self._chooser.run() == Gtk.ResponseType.OK:
            path = self._chooser.get_filename()
            renamed = handing_on.renamed(path, self._program)
            if renamed == path:
                return path
            # So that it is seen, and asked about where there is such a file.
            self._chooser.set_current_folder(os.path.dirname(renamed))
            self._chooser.set_current_name(os.path.basename(renamed))
        raise Cancelled("Cancelled.")

    def close(self):
        self._chooser.destroy()

    @property
    def _program(self):
        return next(each for each in handing_on.FOR_GIMP if each.name == self._programs.get_active_id())

    def _rename(self):
        self._explained.set_text(self._program.explained)
        self._chooser.set_current_name(handing_on.renamed(self._chooser.get_current_name(), self._program))
