"""The dialog that asks how the color of an object, or of the hints, is known."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GimpUi, Gtk
from preview_dialog import BINARY, text, window

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit.texts import KNOWN_EXPLAINED


def ask(procedure, config, layer, note):
    """Lets the user change the `note` on a layer, in the configuration. Raises `Cancelled`."""
    GimpUi.init(BINARY)
    config.set_property("note", note)
    dialog = window(procedure, config, _("Photochrom: Known Color"), _("_Note"))
    rows = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
    for each in (
        text(_("About “{name}”.").format(name=layer.get_name())),
        dialog.get_widget("note", GimpUi.LabelEntry),
        text(KNOWN_EXPLAINED),
    ):
        rows.pack_start(each, False, False, 0)
    rows.show_all()
    dialog.get_content_area().pack_start(rows, True, True, 0)
    try:
        if not dialog.run():
            raise Cancelled("Cancelled.")
    finally:
        dialog.destroy()
