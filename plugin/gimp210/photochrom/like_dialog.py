"""The dialog that gives a photograph the colors of another picture: that of Colorize, with a reference picture."""

import os

import gimp
import guidance
from colorize_dialog import ColorizeDialog
from gimpfu_compat.dialog.toolkit import gtk
from gimpfu_compat.libraries import Int, Pointer, Text, encode, taken
from widgets import Choice, Table, on

from photochrom_client import translated as _
from photochrom_client.kit.unsuitable import Unsuitable

OPEN = 0
NONE = ("", "")
WAYS = (("palette", _("Its palette")), ("regions", _("Its colors, region by region")))


class LikeDialog(ColorizeDialog):
    TITLE = _("Photochrom: Color Like")

    def __init__(self, image, source, settings):
        self._reference = None
        self._file = settings.reference_file
        super().__init__(image, source, settings)
        self._accept(False)
        self._status.set(_("Choose a color picture as the reference."))
        if self._file and os.path.exists(self._file):
            gtk("file_chooser_set_filename", Int, Pointer, Text)(self._button, os.fsencode(self._file))
            self._take_file(self._file)

    def chosen(self):
        """The `Settings`, and the picture to follow as `guidance.collect` takes it."""
        return super().chosen(), self._reference

    def _rows(self):
        table = Table()
        self._button = gtk("file_chooser_button_new", Pointer, Text, Int)(encode(_("Reference picture")), OPEN)
        on(self._button, "file-set", self._file_set)
        table.row(_("_File"), self._button)
        others = [each for each in gimp.image_list() if each != self._image]
        if others:
            listed = [NONE, *((str(each.ID), each.name) for each in others)]
            self._opened = Choice(listed, "", self._take_image)
            table.row(_("Or an open _image"), self._opened.widget)
        self._way = Choice(WAYS, self._given.reference, self._changed)
        table.row(_("F_ollow"), self._way.widget)
        return [table.widget, *super()._rows()]

    def _file_set(self):
        name = taken(gtk("file_chooser_get_filename", Pointer, Pointer)(self._button))
        if name is not None:
            self._take_file(name)

    def _take_file(self, name):
        try:
            self._reference = guidance.read_reference(name)
        except Unsuitable as failure:
            self._status.set(str(failure))
            return
        self._file = name
        self._follow()

    def _take_image(self):
        if self._opened.value:
            image = gimp.Image.of(int(self._opened.value))
            self._reference, self._file = guidance.reference_of(image), image.filename or ""
            self._follow()

    def _follow(self):
        self._accept(True)
        self._previewer.give(reference=self._reference)
        self._want()

    def _want(self):
        if self._reference is not None:
            super()._want()

    def _settings(self):
        return super()._settings()._replace(reference=self._way.value, reference_file=self._file)
