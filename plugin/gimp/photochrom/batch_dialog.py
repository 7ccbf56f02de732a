"""The dialog that colorizes folders of photographs: closed at any time, it finds the batch again when it is opened."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import batch
from coloring import FOLDER
from colorize_dialog import Named, row
from gi.repository import GimpUi, GLib, Gtk
from preview_dialog import BINARY, text, window

from photochrom_client import translated as _
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.batch import Colorizers, Follower, Reached, open_report, shown
from photochrom_client.kit.texts import automatic
from photochrom_client.protocol import AUTO

WIDTH = 560
"""Pixels."""

RESET = 1
"""The response of GIMP's button of that name: it would be in the way of those that a batch needs."""


def show(procedure, config):
    """Runs the dialog until the user closes it; a batch goes on."""
    GimpUi.init(BINARY)
    dialog = BatchDialog(procedure, config)
    try:
        dialog.run()
    finally:
        dialog.close()


class BatchDialog:
    """Everything here runs on the main thread but the follower."""

    def __init__(self, procedure, config):
        self._config = config
        self._closed = False
        self._shown = shown(None)
        self._window = window(procedure, config, _("Photochrom: Batch"), _("_Start"))
        self._window.get_widget_for_response(Gtk.ResponseType.CANCEL).set_label(_("_Close"))
        reset = self._window.get_widget_for_response(RESET)
        if reset is not None:
            reset.hide()
        self._colorizers = Named(config, "colorizer")
        self._colorizers.show([(AUTO, automatic({}))])
        self._lay_out()
        self._handlers = [config.connect(f"notify::{name}", self._chosen) for name, _label, _what in batch.FOLDERS]
        self._follower = Follower(FOLDER, lambda message: GLib.idle_add(self._hear, message))
        self._show(self._shown)
        self._chosen()

    def run(self):
        # Not the procedure dialog's own `run`, which takes the first click on Start for the end.
        while GimpUi.Dialog.run(self._window) == Gtk.ResponseType.OK:
            photographs, results = batch.folders(self._config)
            self._follower.start([photographs], results, batch.settings(self._config))

    def close(self):
        self._closed = True
        self._follower.close()
        for handler in self._handlers:
            self._config.disconnect(handler)
        self._window.destroy()

    def _lay_out(self):
        strength, _objects = (self._window.get_scale_entry(name, 1.0) for name in ("chroma", "harmonize"))
        note = self._window.get_widget("note", Gtk.CheckButton).get_child()
        note.set_line_wrap(True)
        note.set_max_width_chars(60)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, width_request=WIDTH)
        names = ["style", "original", "chroma", "harmonize", "format", "include-color", "album", "note"]
        self._status = text()
        self._status.set_max_width_chars(70)
        self._bar = Gtk.ProgressBar(show_text=True, valign=Gtk.Align.CENTER)
        self._act = Gtk.Button(use_underline=True)
        self._stop = Gtk.Button(label=_("Stop"))
        self._report = Gtk.Button(label=_("Open R_eport"), use_underline=True)
        self._act.connect("clicked", lambda _button: self._follower.tell_batch(self._shown.what))
        self._stop.connect("clicked", lambda _button: self._follower.tell_batch("stop"))
        self._report.connect("clicked", lambda _button: open_report(self._shown.report, self._tell_later))
        first = [row(label, self._folder(name, what)) for name, label, what in batch.FOLDERS]
        first.append(row(_("Co_lorizer"), self._colorizers.widget))
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        for each in first:
            labels.add_widget(each.get_children()[0])
            each.get_children()[0].set_xalign(0)
        labels.add_widget(strength.get_label())
        for each in (
            *first,
            self._window.fill_box("photochrom-options", names),
            Gtk.Separator(),
            self._status,
            row("", self._bar, self._act, self._stop, self._report),
        ):
            box.pack_start(each, False, False, 0)
        box.show_all()
        self._window.get_content_area().pack_start(box, True, True, 0)

    def _folder(self, name, what):
        """A button that chooses the folder of an argument, or makes a new one."""
        button = Gtk.FileChooserButton(title=what, action=Gtk.FileChooserAction.SELECT_FOLDER, tooltip_text=what)
        file = self._config.get_property(name)
        if file is not None:
            button.set_file(file)
        button.connect("file-set", lambda chooser: self._config.set_property(name, chooser.get_file()))
        return button

    def _chosen(self, *_what):
        """Folders were chosen: the output folder may have a batch that can be resumed."""
        _photographs, results = batch.folders(self._config)
        if results:
            self._follower.look_into(results)
        self._let_start()

    def _let_start(self):
        ready = self._shown.startable and all(batch.folders(self._config))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, ready)

    def _tell_later(self, message):
        GLib.idle_add(self._hear, message)

    def _hear(self, message):
        """What the follower tells; dropped after the end."""
        if self._closed:
            return GLib.SOURCE_REMOVE
        match message:
            case Colorizers(colorizers):
                titles = [(name, automatic({}) if name == AUTO else title) for name, title in colorizers]
                self._colorizers.show(titles)
            case Reached(progress):
                self._show(shown(progress))
            case Working(words):
                self._status.set_text(f"{words}…")
                self._shown = self._shown._replace(text="")  # so that its text is shown again, whatever it is
            case Failed(error):
                self._status.set_text(str(error))
        return GLib.SOURCE_REMOVE

    def _show(self, now):
        if now != self._shown or not self._status.get_text():
            self._status.set_text(now.text)
        self._shown = now
        self._bar.set_visible(now.fraction is not None)
        self._bar.set_fraction(now.fraction or 0.0)
        self._bar.set_text(now.bar)
        self._act.set_label(now.label)
        self._act.set_visible(bool(now.label))
        self._stop.set_visible(now.stoppable)
        self._report.set_visible(bool(now.report))
        self._let_start()
