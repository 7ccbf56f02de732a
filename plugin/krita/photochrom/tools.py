"""The tools with a dialog, of which one at a time is open: variants, a reference picture, recoloring."""

from . import document
from .commands import Commands, photograph_or_none
from .errors import Unsuitable
from .guidance import selection_over
from .like_dialog import LikeDialog
from .live_preview import LivePreview
from .pixels import bounds_of
from .qt import QtCore
from .recolor_dialog import RecolorDialog
from .tool_dialog import ToolDialog
from .variants_dialog import VariantsDialog


class Tools(QtCore.QObject):
    """Dialogs of the window `parent`; what the user accepts is done by `commands`."""

    def __init__(self, parent, plugin_folder, controls, commands: Commands, preview: LivePreview):
        super().__init__(parent)
        self._window = parent
        self._folder = plugin_folder
        self._controls = controls
        self._commands = commands
        self._preview = preview
        self._dialog: ToolDialog | None = None

    def show_variants(self):
        """Shows variants to choose from."""
        self._commands.on_photograph(self._show_variants)

    def color_like(self):
        """Gives the photograph another picture's colors."""
        self._commands.on_photograph(self._color_like)

    def recolor(self):
        """Gives one object another color."""
        self._commands.on_photograph(self._recolor)

    def _show_variants(self, now, source):
        settings = self._commands.settings_of_colors(now)
        dialog = VariantsDialog(self._window, self._folder, now, source, settings)
        self._open(dialog)
        dialog.given.connect(lambda: self._commands.color_if_free(now, source, dialog.chosen))

    def _color_like(self, now, source):
        dialog = LikeDialog(self._window, now)
        self._open(dialog)

        def wanted():
            method = dialog.method if dialog.picture is not None else ""
            return self._controls.settings._replace(reference=method, reference_file=dialog.path)

        def update():
            if dialog.picture is not None:
                self._preview.give(reference=dialog.picture)
                self._preview.refresh()

        self._preview.follow(wanted)
        dialog.changed.connect(update)
        dialog.given.connect(lambda: self._commands.color_if_free(now, source, [wanted()], dialog.picture))

    def _recolor(self, now, source):
        dialog = RecolorDialog(self._window, source, now.selection() is not None)
        self._open(dialog)
        self._preview.switch_on()
        view = self._preview.view
        view.set_pointing(True)

        def wanted():
            return self._controls.settings._replace(object=dialog.object, color=dialog.color, tint=(0.0, 0.0))

        def update():
            try:
                if dialog.object == {"selection": True}:
                    self._preview.give(selection=selection_over(now, bounds_of(source)))
            except Unsuitable as error:
                dialog.fail(str(error))
                return
            self._preview.refresh()

        def close_for_another():
            if photograph_or_none(document.active()) != source:
                dialog.reject()

        connections = (
            (view.pointed, dialog.point),
            (self._preview.suggested, dialog.offer),
            (self._preview.failed, dialog.fail),
            (self._preview.replaced, close_for_another),
        )
        for signal, slot in connections:
            signal.connect(slot)

        def leave(_result):
            for signal, slot in connections:
                signal.disconnect(slot)
            view.set_pointing(False)

        self._preview.follow(wanted)
        dialog.changed.connect(update)
        dialog.given.connect(lambda: self._commands.color_if_free(now, source, [wanted()]))
        dialog.finished.connect(leave)
        if dialog.object is not None:
            update()

    def _open(self, dialog):
        if self._dialog is not None:
            self._dialog.reject()
        self._dialog = dialog
        dialog.finished.connect(lambda _result: self._forget(dialog))
        dialog.show()

    def _forget(self, dialog):
        if self._dialog is dialog:
            self._dialog = None
            self._preview.follow()
            self._preview.refresh()
