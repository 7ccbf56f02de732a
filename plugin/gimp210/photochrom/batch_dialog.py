"""The dialog that colorizes folders of photographs: closed at any time, it finds the batch again when it is opened."""

import queue

from coloring import FOLDER, preferences
from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import RESPONSE_OK, gtk, pack
from gimpfu_compat.libraries import Double, Int, Pointer, Text, encode, taken
from preview_dialog import LOOK, put_into, window
from widgets import Button, Check, Choice, Label, Table, Timer, column, horizontal_box, on, tip
from widgets import show as show_widget

from photochrom_client import BatchSettings
from photochrom_client import translated as _
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.batch import ALBUM, ALBUM_MEANING, FORMATS, Colorizers, Follower, Reached, open_report, shown
from photochrom_client.kit.texts import ORIGINAL, SEEN_AS, STYLES, automatic
from photochrom_client.protocol import AUTO
from photochrom_client.settings import RANGES

WIDTH = 560
"""Pixels."""

SELECT_FOLDER = 2
KEPT = "batch"
"""Name of the preference with what was chosen last."""


def show():
    """Runs the dialog until the user closes it; a batch goes on."""
    toolkit.start("photochrom")
    dialog = BatchDialog()
    try:
        dialog.run()
    finally:
        dialog.close()


class BatchDialog:
    """Everything here runs on the main thread but the follower."""

    def __init__(self):
        kept = preferences().saved(KEPT, {})
        self._kept = kept if isinstance(kept, dict) else {}
        self._shown = shown(None)
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._window = window(_("Photochrom: Batch"), _("_Start"), _("_Close"))
        self._lay_out()
        self._follower = Follower(FOLDER, self._told.put)
        self._timer = Timer(LOOK, self._look)
        self._show(self._shown)
        self._chosen()

    def run(self):
        while gtk("dialog_run", Int, Pointer)(self._window) == RESPONSE_OK:
            settings = self._settings()
            preferences().save(KEPT, {"folders": self._paths(), "settings": settings.to_json()})
            photographs, results = self._paths()
            self._follower.start([photographs], results, settings)

    def close(self):
        self._timer.close()
        self._follower.close()
        gtk("widget_destroy", None, Pointer)(self._window)
        toolkit.process_events()

    def _settings(self):
        return BatchSettings(
            colorizer=self._colorizers.value,
            style=self._style.value,
            original=self._original.value,
            chroma=self._chroma.value,
            harmonize=self._harmonize.value,
            format=self._format.value,
            include_color=self._include_color.value,
            mark=self._note.value,
            album=self._album.value,
        )

    def _lay_out(self):
        last, table = BatchSettings.from_json(str(self._kept.get("settings"))), Table()
        folders = self._kept.get("folders")
        first, second = folders if isinstance(folders, list) and len(folders) == 2 else ("", "")
        self._folders = [
            self._folder(table, _("_Photographs"), _("Folder of photographs, with all that is below it"), first),
            self._folder(table, _("_Results"), _("Folder of the color versions"), second),
        ]
        self._colorizers = Choice([(AUTO, automatic({}))], last.colorizer, lambda: None)
        self._style = Choice(STYLES, last.style, lambda: None)
        self._original = Choice(SEEN_AS, last.original, lambda: None)
        tip(self._original.widget, ORIGINAL)
        self._format = Choice(FORMATS, last.format, lambda: None)
        table.row(_("Co_lorizer"), self._colorizers.widget)
        table.row(_("C_olors"), self._style.widget)
        table.row(_("Or_iginal"), self._original.widget)
        self._chroma = table.scale(_("Stren_gth"), last.chroma, *RANGES["chroma"], lambda: None)
        self._harmonize = table.scale(_("E_ven out object colors"), last.harmonize, *RANGES["harmonize"], lambda: None)
        table.row(_("_Format"), self._format.widget)
        self._include_color = Check(_("Photographs that are in color alrea_dy, too"), last.include_color, width=WIDTH)
        self._album = Check(ALBUM, last.album, width=WIDTH)
        tip(self._album.widget, ALBUM_MEANING)
        note = _("Note in the results' me_tadata that their colors were made by an algorithm")
        self._note = Check(note, last.mark, width=WIDTH)
        table.wide(self._include_color.widget)
        table.wide(self._album.widget)
        table.wide(self._note.widget)
        self._status = Label(width=WIDTH)
        self._bar = gtk("progress_bar_new", Pointer)()
        self._act = Button(_("Pause"), lambda: self._follower.tell_batch(self._shown.what))
        self._stop = Button(_("Stop"), lambda: self._follower.tell_batch("stop"))
        self._report = Button(_("Open R_eport"), lambda: open_report(self._shown.report, self._told.put))
        line = horizontal_box()
        pack(line, self._bar, expand=True)
        for button in (self._act, self._stop, self._report):
            pack(line, button.widget)
        put_into(self._window, column(table.widget, gtk("hseparator_new", Pointer)(), self._status.widget, line))

    def _folder(self, table, label, what, path):
        """A button that chooses a folder, or makes a new one."""
        button = gtk("file_chooser_button_new", Pointer, Text, Int)(encode(what), SELECT_FOLDER)
        if path:
            gtk("file_chooser_set_filename", Int, Pointer, Text)(button, encode(path))
        on(button, "selection-changed", self._chosen)
        table.row(label, button)
        return button

    def _paths(self):
        read = gtk("file_chooser_get_filename", Pointer, Pointer)
        return [taken(read(button)) or "" for button in self._folders]

    def _chosen(self):
        """Folders were chosen: the output folder may have a batch that can be resumed."""
        results = self._paths()[1]
        if results:
            self._follower.look_into(results)
        self._let_start()

    def _let_start(self):
        ready = self._shown.startable and all(self._paths())
        gtk("dialog_set_response_sensitive", None, Pointer, Int, Int)(self._window, RESPONSE_OK, ready)

    def _look(self):
        while not self._told.empty():
            self._hear(self._told.get())

    def _hear(self, message):
        """What the follower tells."""
        match message:
            case Colorizers(colorizers):
                self._colorizers.list((name, automatic({}) if name == AUTO else title) for name, title in colorizers)
            case Reached(progress):
                self._show(shown(progress))
            case Working(words):
                self._status.set(f"{words}…")
            case Failed(error):
                self._status.set(str(error))

    def _show(self, now):
        self._shown = now
        self._status.set(now.text)
        show_widget(self._bar, now.fraction is not None)
        gtk("progress_bar_set_fraction", None, Pointer, Double)(self._bar, now.fraction or 0.0)
        gtk("progress_bar_set_text", None, Pointer, Text)(self._bar, encode(now.bar))
        self._act.set(now.label)
        for button, there in ((self._act, now.label), (self._stop, now.stoppable), (self._report, now.report)):
            show_widget(button.widget, bool(there))
        self._let_start()
