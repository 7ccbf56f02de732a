"""L* and alpha of gray pixels of 8 or 16 bits, by tables of all their values: a conversion by Krita costs more. A
photograph is gray although its layer is RGB, as a rule: such pixels, too.
"""

from array import array

from .photochrom_client.lookup import looked_up
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
        return looked_up(self._lightness, grays), looked_up(self._alpha, values[self._alpha_at :: pixel])
