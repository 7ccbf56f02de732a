"""The dialog that adjusts existing colors: strength, warmth, neutrals, the paper's tint."""

import arguments
import guidance
from preview_dialog import PreviewDialog, text, whole
from view import BeforeAfter

from photochrom_client import translated as _


class AdjustDialog(PreviewDialog):
    TITLE = _("Photochrom: Adjust Colors")
    OK = _("_Adjust")

    def __init__(self, procedure, config, image, source, layer, made_with):
        self._layer = layer
        self._made_with = made_with
        arguments.set_all(config, arguments.ADJUSTMENTS, made_with)
        # Sent at full size as for the result: the engine recognizes the photograph and runs no network again.
        view, reduced = BeforeAfter(source), whole(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=arguments.ADJUSTMENTS)
        self._previewer.give(**guidance.collect(image, source, [made_with])._asdict())
        self._want()

    def _about(self):
        return _("Adjusts “{name}”, the colors of “{photograph}”.").format(
            name=self._layer.get_name(), photograph=self._source.get_name()
        )

    def _rows(self):
        names = self._scales("chroma", "harmonize", "warmth", "neutrals")
        yield self._window.fill_box("photochrom-adjustments", [*names, "keep-tint"])
        yield text(
            _(
                "The layer keeps its opacity, mode and mask. Colors change within the selection if there is one, so "
                "that regions can be made weaker or stronger. What was painted on the layer is replaced."
            )
        )

    def _options(self):
        return arguments.adjusting(self._config, self._made_with, self._source).options()

    def _show(self, colored):
        self._view.show_after(colored.preview)
        return _("Move the line with the mouse or ← →.")
