"""The dialog that shows other answers to the same photograph, to choose from."""

import threading

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import hints
import photochrom_client
import variants
from colouring import FOLDER
from dialog import BINARY, becomes_rgb, text, whole
from gi.repository import GdkPixbuf, GimpUi, GLib, Gtk
from photochrom_client import Cancelled, EngineError, JobFailed
from photochrom_client import translated as _
from preview import fit
from view import pixbuf

THUMBNAIL = (240, 170)


def ask(procedure, config, image, source, settings):
    """Shows the dialog; `config` holds what was chosen. False when the user cancelled."""
    GimpUi.init(BINARY)
    dialog = VariantsDialog(procedure, config, image, source, settings)
    try:
        return dialog.run()
    finally:
        dialog.close()


class VariantsDialog:
    """The window runs on the main thread; the thumbnails come from `Answers` beside it."""

    def __init__(self, procedure, config, image, source, settings):
        self._config = config
        self._chosen = []
        self._window = GimpUi.ProcedureDialog.new(procedure, config, _("Photochrom: variants"))
        self._window.set_ok_label(_("_Insert"))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        help_button = self._window.get_widget_for_response(Gtk.ResponseType.HELP)
        if help_button is not None:
            help_button.hide()  # GIMP's help browser has no page for it
        self._grid = Gtk.FlowBox(
            selection_mode=Gtk.SelectionMode.NONE, min_children_per_line=3, max_children_per_line=3, homogeneous=True
        )
        self._status = text(_("Choose one or several."))
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        box.pack_start(self._grid, True, True, 0)
        box.pack_start(self._status, False, False, 0)
        note = becomes_rgb(image)
        if note is not None:
            box.pack_start(note, False, False, 0)
        box.set_size_request(3 * THUMBNAIL[0] + 60, 3 * (THUMBNAIL[1] + 40))
        box.show_all()
        self._window.get_content_area().pack_start(box, True, True, 0)
        given = whole(image, source), hints.painted(image, source)
        self._answers = Answers(*given, settings, lambda said: GLib.idle_add(self._hear, said))

    def run(self):
        return self._window.run()

    def close(self):
        self._hear = lambda _said: False  # what is still on its way has nobody to reach
        self._answers.close()
        self._window.destroy()

    def _hear(self, said):
        if "preview" in said:
            self._add(said["key"], said["title"], said["preview"])
        elif "error" in said:
            self._status.set_text(str(said["error"]))
        elif "working" in said:
            self._status.set_text(f"{said['working']}…")
        else:
            self._status.set_text(_("Choose one or several."))
        return GLib.SOURCE_REMOVE

    def _add(self, key, title, preview):
        size = fit(preview.width, preview.height, *THUMBNAIL)
        thumbnail = pixbuf(preview).scale_simple(*size, GdkPixbuf.InterpType.BILINEAR)
        inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        inside.pack_start(Gtk.Image.new_from_pixbuf(thumbnail), True, True, 0)
        inside.pack_start(Gtk.Label(label=title, ellipsize=3, max_width_chars=26), False, False, 0)
        button = Gtk.ToggleButton()
        button.add(inside)
        button.connect("toggled", self._toggle, key)
        button.show_all()
        self._grid.add(button)
        self._grid.show_all()

    def _toggle(self, button, key):
        if button.get_active():
            self._chosen.append(key)
        else:
            self._chosen.remove(key)
        self._config.set_property("choice", ",".join(self._chosen))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, bool(self._chosen))


class Answers:
    """Asks the engine for one answer after the other, on a thread of its own.

    `tell` is called there with {"working": message}, {"key", "title", "preview"} for each, {"error": EngineError}, and
    {} when all have come.
    """

    def __init__(self, layer, painted, settings, tell):
        self._layer, self._painted, self._settings, self._tell = layer, painted, settings, tell
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="photochrom-variants", daemon=True)
        self._thread.start()

    def close(self):
        self._closed.set()
        self._thread.join(5)

    def _run(self):
        try:
            self._ask()
        except Cancelled:
            pass
        except EngineError as error:
            self._tell({"error": error})

    def _ask(self):
        engine = photochrom_client.connect(FOLDER, self._go_on)
        layer = self._layer
        with engine.upload(layer.width, layer.height, [layer.lightness], icc=layer.icc) as sent:
            if self._painted is not None:
                sent.hint(*self._painted)
            names = [each.name for each in engine.colorizers()]
            for key in variants.keys(self._count(sent), names):
                job = sent.colorize(variants.wish(self._settings, key).options(), self._go_on)
                title = variants.title(key, job.title)
                self._tell({"key": key, "title": title, "preview": job.preview()})
        self._tell({})

    def _count(self, sent):
        """How many variants there are: the engine counts them when it is asked for one, and fails if there is none."""
        try:
            return sent.colorize(variants.wish(self._settings, "1").options(), self._go_on).variants
        except JobFailed as failed:
            if failed.code != "bad-request":
                raise
            return 0

    def _go_on(self, _fraction, message):
        if not self._closed.is_set():
            self._tell({"working": message})
        return not self._closed.is_set()
