"""The dialog that gives a photograph the colors of another picture: that of Colorize, with a reference picture."""

import arguments
import guidance
from colorize_dialog import ColorizeDialog, row
from gi.repository import Gimp, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.unsuitable import Unsuitable


class LikeDialog(ColorizeDialog):
    TITLE = _("Photochrom: Color Like")

    def __init__(self, procedure, config, image, source):
        self._reference = None
        super().__init__(procedure, config, image, source)
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._handlers.append(config.connect("notify::follow", self._changed))
        self._status.set_text(_("Choose a color picture as the reference."))
        self._take_file(config.get_property("reference"))

    def chosen(self):
        """The picture to follow, as `guidance.reference_of` returns it."""
        return self._reference

    def _rows(self):
        self._file = Gtk.FileChooserButton(title=_("Reference picture"), action=Gtk.FileChooserAction.OPEN)
        self._file.connect("file-set", lambda button: self._take_file(button.get_file()))
        yield row(_("_File"), self._file)
        others = [each for each in Gimp.get_images() if each != self._image]
        if others:
            opened = Gtk.ComboBoxText()
            for each in others:
                opened.append(str(each.get_id()), each.get_name() or "")
            opened.connect("changed", lambda combo: self._take_image(Gimp.Image.get_by_id(int(combo.get_active_id()))))
            yield row(_("Or an open _image"), opened)
        yield self._window.fill_box("photochrom-follow", ["follow"])
        yield from super()._rows()

    def _take_file(self, file):
        if file is None or not file.get_path():
            return
        try:
            self._reference = guidance.read_reference(file.get_path())
        except Unsuitable as error:
            self._status.set_text(str(error))
            return
        if self._file.get_file() is None:
            self._file.set_file(file)
        self._config.set_property("reference", file)
        self._follow()

    def _take_image(self, image):
        self._reference = guidance.reference_of(image)
        self._config.set_property("reference", image.get_file() or image.get_imported_file())
        self._follow()

    def _follow(self):
        self._window.set_response_sensitive(Gtk.ResponseType.OK, True)
        self._previewer.give(reference=self._reference)
        self._want()

    def _want(self):
        if self._reference is not None:
            super()._want()

    def _options(self):
        return arguments.following(self._config, self._source).options()
