"""How colors lie over the photograph of an RGB or gray document: in Lab they always follow it."""

from . import preferences
from .controls import Choices
from .photochrom_client import translated as _
from .qt import QtWidgets

EXACT, LAB, FOLLOWING = "exact", "lab", "color"

CHOICES = (
    (EXACT, _("Exact, for the photograph as it is now")),
    (LAB, _("Exact, follows retouching: converts to Lab")),
    (FOLLOWING, _("Approximate, follows retouching: mode Color")),
)
HELP = _(
    "Exact: the tones of the photograph stay; after you retouch it, refresh its colors. "
    "In Lab, colors follow all your retouching, with exact tones. "
    "Mode Color follows it in RGB, but changes tones a little."
)


class LayerOption(QtWidgets.QWidget):
    """A row of the docker; remembered across sessions."""

    def __init__(self):
        super().__init__()
        self._choices = Choices(CHOICES, HELP)
        self._choices.choose(self.wanted)
        self._choices.chosen.connect(lambda name: preferences.save("layer", name))
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(_("Layer"), self._choices)

    @property
    def wanted(self):
        saved = preferences.saved("layer", EXACT)
        return saved if saved in dict(CHOICES) else EXACT
