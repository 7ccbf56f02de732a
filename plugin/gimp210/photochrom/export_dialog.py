"""The dialog that asks for which program the picture is, and for the file."""

import os

from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import RESPONSE_CANCEL, RESPONSE_OK, gimp_ui, gtk, pack
from gimpfu_compat.libraries import GOBJECT, Int, Pointer, Text, encode, function, taken
from widgets import ALIGNED, Choice, Label, horizontal_box, labeled, show

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit import handing_on

SAVE = 1
SIZE = 900, 620
"""Pixels: GTK's own is lower than its list of files needs."""

PROGRAMS = 220
"""Pixels of the list of programs: its titles are cut where they do not fit."""


def ask(last, folder, name):
    """The path of the file to write, which has the suffix of the chosen program's. `last`: the path of the last one, ""
    at first. `folder` and `name`: of the image's file, "" if it has none. Raises `Cancelled`."""
    toolkit.start("photochrom")
    dialog = _ExportDialog(last, folder, name)
    try:
        return dialog.run()
    finally:
        dialog.close()


class _ExportDialog:
    def __init__(self, last, folder, name):
        self._chooser = _chooser(_("Photochrom: Export for…"), _("_Export"))
        program = handing_on.last_for_gimp(last)
        programs = [(each.name, each.title) for each in handing_on.FOR_GIMP]
        self._programs = Choice(programs, program.name, self._rename)
        self._explained = Label(program.explained, width=-1)
        self._name = handing_on.proposed(name, program)
        _call("set_current_folder", folder or os.path.dirname(last) or os.path.expanduser("~"), self._chooser)
        self._take_name(self._name)
        line = horizontal_box(12)
        gtk("widget_set_size_request", None, Pointer, Int, Int)(self._programs.widget, PROGRAMS, -1)
        pack(line, labeled(_("E_xport for"), self._programs.widget))
        gtk("misc_set_alignment", None, Pointer, *ALIGNED)(self._explained.widget, 0.0, 0.5)
        pack(line, self._explained.widget)
        gtk("file_chooser_set_extra_widget", None, Pointer, Pointer)(self._chooser, line)
        gtk("widget_show_all", None, Pointer)(line)

    def run(self):
        gimp_ui("window_set_transient", None, Pointer)(self._chooser)
        show(self._chooser)
        gtk("window_resize", None, Pointer, Int, Int)(self._chooser, *SIZE)
        while gtk("dialog_run", Int, Pointer)(self._chooser) == RESPONSE_OK:
            path = self._path() or ""
            renamed = handing_on.renamed(path, self._program)
            if path and renamed == path:
                return path
            # So that it is seen, and asked about where there is such a file.
            _call("set_current_folder", os.path.dirname(renamed), self._chooser)
            self._take_name(os.path.basename(renamed))
        raise Cancelled("Cancelled.")

    def close(self):
        gtk("widget_destroy", None, Pointer)(self._chooser)
        toolkit.process_events()

    @property
    def _program(self):
        return next(each for each in handing_on.FOR_GIMP if each.name == self._programs.value)

    def _path(self):
        return taken(gtk("file_chooser_get_filename", Pointer, Pointer)(self._chooser))

    def _rename(self):
        self._explained.set(self._program.explained)
        # GTK 2 tells no name that is in its field, but the path that it leads to.
        name = os.path.basename(self._path() or self._name)
        self._take_name(handing_on.renamed(name, self._program))

    def _take_name(self, name):
        self._name = name
        _call("set_current_name", name, self._chooser)


def _chooser(title, ok):
    """GTK's dialog for files. Not gtk_file_chooser_dialog_new: it is variadic, which ctypes cannot call on every
    processor."""
    kind = gtk("file_chooser_dialog_get_type", Pointer)()
    made = function(GOBJECT, "g_object_new_with_properties", Pointer, *[Pointer] * 4)(kind, None, None, None)
    gtk("window_set_title", None, Pointer, Text)(made, encode(title))
    gtk("file_chooser_set_action", None, Pointer, Int)(made, SAVE)
    gtk("file_chooser_set_do_overwrite_confirmation", None, Pointer, Int)(made, 1)
    add_button = gtk("dialog_add_button", Pointer, Pointer, Text, Int)
    add_button(made, encode("gtk-cancel"), RESPONSE_CANCEL)
    add_button(made, encode(ok), RESPONSE_OK)
    gtk("dialog_set_default_response", None, Pointer, Int)(made, RESPONSE_OK)
    return made


def _call(name, text, chooser):
    gtk(f"file_chooser_{name}", None, Pointer, Text)(chooser, encode(text))
