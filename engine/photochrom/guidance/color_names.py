"""Names for colors, by a few examples in CIE Lab D50; and colors that people write as a name or as sRGB."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.errors import BadRequest
from photochrom.image import lab

if TYPE_CHECKING:
    from photochrom.values import Plane

COLORS: Final = {
    "black": ("#000000", "#1c1c1c"),
    "gray": ("#555555", "#888888", "#bbbbbb"),
    "white": ("#eeeeee", "#ffffff"),
    "beige": ("#d8c8a8", "#bfae8e", "#efe3cc"),
    "brown": ("#3b2614", "#5a3a1e", "#7b5530", "#96704a"),
    "rosy": ("#c99a7f", "#e3b99f"),
    "red": ("#4a0d0d", "#8c1c1c", "#c0322c", "#d9534a"),
    "pink": ("#d98a9a", "#e8aebb", "#b0607a"),
    "orange": ("#c8642a", "#e08a48", "#a84e18"),
    "yellow": ("#c9a63a", "#e2c860", "#f2e29a", "#94791e"),
    "olive": ("#4c4a1c", "#70702f", "#98985a"),
    "green": ("#1b3a1a", "#33692f", "#559650", "#8fc088"),
    "teal": ("#0f4644", "#2e7d7a", "#6fb5b0"),
    "blue": ("#14244f", "#27479a", "#4a78c4", "#8fb0e0", "#3f6a8c"),
    "violet": ("#331a4a", "#5e3a86", "#8d6ab4", "#b79fd0"),
    "magenta": ("#6a1c58", "#a03c88", "#c77ab4"),
}
"""Examples of each name in sRGB, dark and light: a light brown is called orange."""

_NAMES: Final = [name for name, examples in COLORS.items() for _ in examples]
_EXAMPLES: Final = lab.lab_from_srgb(
    np.array([list(bytes.fromhex(each[1:])) for examples in COLORS.values() for each in examples]) / 255
)


@dataclass(frozen=True)
class Color:
    """A color that somebody asked for: examples in Lab (n, 3), one if it was given exactly."""

    examples: Plane

    def ab(self, lightness: float) -> tuple[float, float]:
        """(a, b) of the example nearest to this lightness, 0…100."""
        _, a, b = self.examples[abs(self.examples[:, 0] - lightness).argmin()]
        return float(a), float(b)


def parsed(text: str) -> Color:
    """ "#556b2f", in sRGB, or a name such as "green".

    Raises:
        BadRequest: it is neither.
    """
    wanted = COLORS.get(text.strip().lower(), (text.strip(),))
    if not all(re.fullmatch("#?[0-9a-fA-F]{6}", each) for each in wanted):
        raise BadRequest(f"{text} is no color.", f"Give one such as #556b2f, or a name: {', '.join(COLORS)}.")
    rgb = np.array([[*bytes.fromhex(each.removeprefix("#"))] for each in wanted])
    return Color(np.asarray(lab.lab_from_srgb(rgb / 255), np.float32))


def color_name(lightness: float, ab: Plane) -> str:
    """Lightness 0…100 and (a, b) -> the name of the nearest example; lightness counts half."""
    apart = (_EXAMPLES - np.array([lightness, *ab])) * np.array([0.5, 1, 1])
    return _NAMES[int((apart**2).sum(-1).argmin())]
