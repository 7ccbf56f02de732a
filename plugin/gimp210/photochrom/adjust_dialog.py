"""The dialog that adjusts existing colors: strength, warmth, neutrals, the paper's tint."""

import coloring
import guidance
from preview_dialog import PreviewDialog, whole
from view import BeforeAfter
from widgets import Check, Label, Table

from photochrom_client import translated as _
from photochrom_client.settings import RANGES


class AdjustDialog(PreviewDialog):
    TITLE = _("Photochrom: Adjust Colors")
    OK = _("_Adjust")

    def __init__(self, image, source, layer, made_with):
        self._layer = layer
        self._made_with = made_with
        # Sent at full size as for the result: the engine recognizes the photograph and runs no network again.
        super().__init__(image, source, view=BeforeAfter(source), reduced=whole(image, source))
        self._previewer.give(**guidance.collect(image, source, [made_with])._asdict())
        self._want()

    def chosen(self):
        """The `Settings`."""
        return self._made_with._replace(
            **{name: number.value for name, number in self._numbers.items()},
            tint=coloring.paper_tint(self._source) if self._tint.value else (0.0, 0.0),
        )

    def _about(self):
        return _("Adjusts “{name}”, the colors of “{photograph}”.").format(
            name=self._layer.name, photograph=self._source.name
        )

    def _rows(self):
        table = Table()
        labels = {
            "chroma": _("Stren_gth"),
            "harmonize": _("E_ven out object colors"),
            "warmth": _("_Warmth"),
            "neutrals": _("Protect _neutrals"),
        }
        self._numbers = {
            name: table.scale(label, getattr(self._made_with, name), *RANGES[name], self._changed)
            for name, label in labels.items()
        }
        self._tint = Check(_("_Keep the paper's tint"), any(self._made_with.tint or ()), self._changed)
        table.wide(self._tint.widget)
        explained = _(
            "The layer keeps its opacity, mode and mask. Colors change within the selection if there is one, so "
            "that regions can be made weaker or stronger. What was painted on the layer is replaced."
        )
        return [table.widget, Label(explained).widget]

    def _options(self):
        return self.chosen().options()

    def _show(self, colored):
        self._view.show_after(colored.preview)
        return _("Move the line with the mouse or ← →.")
