"""The dialog that changes colors that are there: how strong, how warm, how much of the neutrals and of the paper."""

import arguments
import coloring
import hints
from preview_dialog import PreviewDialog, text, whole
from view import BeforeAfter

from photochrom_client import translated as _


class AdjustDialog(PreviewDialog):
    TITLE = _("Photochrom: adjust colors")
    OK = _("_Adjust")

    def __init__(self, procedure, config, image, source, made_with):
        self._made_with = made_with
        arguments.set_all(config, arguments.ADJUSTMENTS, made_with)
        # Sent whole as for the result: then the engine knows the photograph, and asks no network once more.
        view, reduced = BeforeAfter(source), whole(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=arguments.ADJUSTMENTS)
        self._previewer.give(hints=hints.painted(image, source))
        if made_with.reference:
            self._previewer.give(reference=coloring.read_reference(made_with.reference_file))
        self._want()

    def _rows(self):
        names = self._scales("chroma", "harmonize", "warmth", "neutrals")
        yield self._window.fill_box("photochrom-adjustments", [*names, "keep-tint"])
        yield text(
            _(
                "Opacity, mode and mask of the layer stay. Where something is selected, colors change only there: so "
                "regions can be made weaker or stronger. What was painted on the layer is replaced."
            )
        )

    def _options(self):
        return arguments.adjusting(self._config, self._made_with, self._source).options()

    def _show(self, said):
        self._view.show_after(said["preview"])
        return _("Move the line with the mouse or ← →.")
