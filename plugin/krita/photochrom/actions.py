"""The entries in Tools ▸ Scripts and in the docker's menu of tools, in the order of work."""

from typing import NamedTuple

from .photochrom_client import translated as _


class Tool(NamedTuple):
    """An entry: the method of the panel that it calls, its label, its help, and whether the docker's menu has it."""

    name: str
    label: str
    help: str
    in_menu: bool = True

    @property
    def id(self):
        """Its name in Krita and in photochrom.action."""
        return f"photochrom_{self.name}"

    @property
    def title(self):
        """What it is called among the entries of other scripts."""
        return f"Photochrom: {self.label}"


TOOLS = (
    Tool("colorize", _("Colorize"), _("Adds the colors of the selected layer as a layer above it"), False),
    Tool(
        "run_again",
        _("Run Again"),
        _("Colors the photograph once more with the settings of the selected color layer"),
        False,
    ),
    Tool("adjust", _("Adjust Colors…"), _("Changes strength, warmth and neutrals of existing colors in their place")),
    Tool("variants", _("Variants…"), _("Shows other answers to the same photograph")),
    Tool("hints", _("Hints Layer"), _("Shows the layer on which colors are painted as hints for every coloring")),
    Tool(
        "paint_first",
        _("Paint Here First"),
        _("Selects where a color hint helps most, and the hints layer to paint it on"),
    ),
    Tool("recolor", _("Recolor Object…"), _("Gives one object of a photograph another color")),
    Tool("known", _("Known Color…"), _("Notes how the color of an object, or of the hints, is known")),
    Tool("color_like", _("Color Like…"), _("Gives a photograph the colors of another picture")),
    Tool("uncertainty", _("Show Uncertainty"), _("Adds a layer that shows where the colorizer is unsure")),
    Tool(
        "export",
        _("Export for…"),
        _("Writes a file that looks in GIMP, in Photoshop or in an archive as it does here"),
    ),
    Tool("batch", _("Batch…"), _("Colorizes folders of photographs"), False),
    Tool(
        "installation",
        _("Installation"),
        _("Shows what is installed, what can be fetched, and what is out of date"),
        False,
    ),
)
