"""L* and alpha of gray pixels of 8 or 16 bits, by tables of all their values: a conversion by Krita costs more. A
photograph is gray although its layer is RGB, as a rule: such pixels, too.
"""

from array import array

from .pixels import CHANNELS

KIND = {"U8": "B", "U16": "H"}


class GrayTable:
    """For `space`, gray or RGB, whose depth is in `KIND`. The L* in the table are those that Krita converts to."""

    def __init__(self, space, converter):
        self._kind = KIND[space.depth]
        self._alpha_at = CHANNELS[space.model] - 1
        full = 0xFF if self._kind == "B" else 0xFFFF
        every = array(self._kind, [value for gray in range(full + 1) for value in (*[gray] * self._alpha_at, full)])
        lab = memoryview(converter.to_lab(every.tobytes(), space, full + 1, 1)).cast("f")
        self._lightness = lab[0::4].tolist()
        self._alpha = [value / full for value in range(full + 1)]

    def planes(self, data):
        """L* and alpha (bytes of float32 each) of pixels as Krita keeps them; None where one of them is not gray."""
        values, pixel = array(self._kind, data), self._alpha_at + 1
        grays = values[0::pixel]
        if any(values[channel::pixel] != grays for channel in range(1, self._alpha_at)):
            return None
        return _looked_up(self._lightness, grays), _looked_up(self._alpha, values[self._alpha_at :: pixel])


def _looked_up(table, values):
    if len(values) and values.count(values[0]) == len(values):  # alpha mostly
        return array("f", [table[values[0]]]).tobytes() * len(values)
    if values.itemsize == 1:
        return _translated(table, values.tobytes())
    return array("f", [table[value] for value in values]).tobytes()


def _translated(table, values):
    """Four times as fast for bytes as one by one: each byte of the floats has a table of its own."""
    floats = array("f", table).tobytes()
    found = bytearray(4 * len(values))
    for byte in range(4):
        found[byte::4] = values.translate(floats[byte::4])
    return bytes(found)
