"""The tools with a dialog, of which one at a time is open: variants, adjusting, a reference picture, recoloring;
and the export."""

from . import document, metadata
from .adjust_dialog import AdjustDialog
from .commands import Commands
from .errors import Unsuitable
from .export_dialog import ExportDialog
from .guidance import selection_over
from .known import KnownDialog, to_be_noted
from .like_dialog import LikeDialog
from .live_preview import LivePreview
from .origins import recall
from .photochrom_client import translated as _
from .photochrom_client.kit.unsuitable import NO_COLORS
from .photochrom_client.settings import SELECTED
from .pixels import bounds_of
from .qt import QtCore
from .recolor_dialog import RecolorDialog
from .sources import colors_of, photograph_or_none, whole_colors_of
from .tool_dialog import ToolDialog
from .variants_dialog import VariantsDialog


class Tools(QtCore.QObject):
    """Dialogs of the window `parent`; what the user accepts is done by `commands`."""

    def __init__(self, parent, plugin_folder, commands: Commands, preview: LivePreview):
        super().__init__(parent)
        self._window = parent
        self._folder = plugin_folder
        self._commands = commands
        self._preview = preview
        self._dialog: ToolDialog | None = None

    def show_variants(self):
        """Shows variants to choose from."""
        self._commands.on_photograph(self._show_variants)

    def adjust(self):
        """Changes existing colors in their place."""
        self._commands.on_photograph(self._adjust)

    def color_like(self):
        """Gives the photograph another picture's colors."""
        self._commands.on_photograph(self._color_like)

    def recolor(self):
        """Gives one object another color."""
        self._commands.on_photograph(self._recolor)

    def note_known_color(self):
        """Notes how the color of an object, or of the hints, is known."""
        now = document.active()
        try:
            layer = to_be_noted(now)
        except Unsuitable as error:
            self._commands.refused.emit(str(error))
            return
        self._open(KnownDialog(self._window, now, layer))

    def export(self):
        """Writes a file for another program."""
        now = document.active()
        if now is None or not metadata.makers(now):
            self._commands.refused.emit(NO_COLORS)
            return
        dialog = ExportDialog(self._window, now.fileName(), document.name_of(now))
        dialog.chosen.connect(lambda path: self._commands.export(now, path))
        dialog.open()

    def _show_variants(self, target):
        settings = self._commands.settings_of_colors(target)
        dialog = VariantsDialog(self._window, self._folder, target.document, target.source, settings)
        self._open(dialog)
        dialog.given.connect(lambda: self._commands.color_if_free(target, dialog.chosen))

    def _adjust(self, target):
        now, source, _space = target
        active = now.activeNode()
        layer = active if active in list(colors_of(now, source)) else next(whole_colors_of(now, source), None)
        if layer is None:
            self._commands.refused.emit(_("There are no colors in this image that Photochrom made."))
            return
        settings = recall(now, layer).settings
        if settings.object is not None:
            self._commands.refused.emit(
                _("This layer colors one object: give it another color with “Recolor Object…”.")
            )
            return
        dialog = AdjustDialog(self._window, layer.name(), source.name(), settings)
        self._open(dialog)
        self._preview.follow(lambda: dialog.settings)
        self._preview.refresh()
        dialog.changed.connect(self._preview.refresh)
        dialog.given.connect(lambda: self._commands.color_if_free(target, [dialog.settings], replaced=layer))

    def _color_like(self, target):
        dialog = LikeDialog(self._window, target.document)
        self._open(dialog)

        def wanted():
            method = dialog.method if dialog.picture is not None else ""
            return self._commands.settings_shown(target)._replace(reference=method, reference_file=dialog.path)

        def update():
            if dialog.picture is not None:
                self._preview.give(reference=dialog.picture)
                self._preview.refresh()

        self._preview.follow(wanted)
        dialog.changed.connect(update)
        dialog.given.connect(lambda: self._commands.color_if_free(target, [wanted()], dialog.picture))

    def _recolor(self, target):
        now, source, _space = target
        bare = now.selection() is None and next(whole_colors_of(now, source), None) is None
        dialog = RecolorDialog(self._window, now, source, now.selection() is not None, bare)
        self._open(dialog)
        dialog.show_colors(self._preview.view.after)
        self._preview.switch_on()

        def wanted():
            return given(dialog.chosen)

        def given(chosen):
            return self._commands.settings_shown(target)._replace(**chosen._asdict(), tint=(0.0, 0.0))

        def wishes():
            """The topmost layer first: the whole photograph lies below its objects."""
            rest = [self._commands.settings_shown(target)] if dialog.rest else []
            return [*map(given, reversed(dialog.objects)), *rest]

        def update():
            try:
                if dialog.object == SELECTED:
                    self._preview.give(selection=selection_over(now, bounds_of(source)))
            except Unsuitable as error:
                dialog.fail(str(error))
                return
            self._preview.refresh()

        def close_for_another():
            if photograph_or_none(document.active()) != source:
                dialog.reject()

        connections = (
            (self._preview.colored, dialog.show_colors),
            (self._preview.recolored, dialog.offer),
            (self._preview.failed, dialog.fail),
            (self._preview.replaced, close_for_another),
        )
        for signal, slot in connections:
            signal.connect(slot)

        def leave(_result):
            for signal, slot in connections:
                signal.disconnect(slot)

        self._preview.follow(wanted)
        dialog.changed.connect(update)
        dialog.given.connect(lambda: self._commands.color_if_free(target, wishes()))
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
