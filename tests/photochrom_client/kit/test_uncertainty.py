"""The legend's colors are those of the engine's map."""

import numpy as np
from photochrom.guidance import uncertainty as engines

from photochrom_client.kit.uncertainty import RAMP


def test_legend_has_the_colors_of_the_map():
    steps = np.linspace(0, 1, len(RAMP), dtype=np.float32)[None]
    drawn = engines.heat_map(steps)[0, :, :3]
    assert np.array_equal(np.round(255 * drawn).astype(int), np.array(RAMP))
