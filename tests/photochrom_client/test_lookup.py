"""Tables of what samples mean."""

from __future__ import annotations

from array import array

import colour
import numpy as np
import pytest

from photochrom_client.lookup import KINDS, form_of, looked_up, srgb_lightness
from photochrom_client.protocol import TABLE_ENTRIES


@pytest.mark.parametrize(("samples", "kind"), KINDS.items())
def test_srgb_has_the_lightness_that_cie_gives_it(samples, kind):
    table = np.array(srgb_lightness(kind))
    assert len(table) == TABLE_ENTRIES[samples]
    assert form_of(table) == samples
    linear = colour.models.eotf_sRGB(np.linspace(0, 1, len(table)))
    assert table == pytest.approx(colour.colorimetry.lightness_CIE1976(100 * linear), abs=2e-5)


@pytest.mark.parametrize("kind", KINDS.values())
def test_each_sample_is_looked_up(kind):
    table = srgb_lightness(kind)
    for samples in ([], [7], [7] * 20, list(range(0, len(table), 5))):
        found = array("f", looked_up(table, array(kind, samples)))
        assert found == array("f", [table[sample] for sample in samples])


@pytest.mark.parametrize("entries", [0, 255, 300])
def test_a_table_of_another_length_is_refused(entries):
    with pytest.raises(ValueError, match=f"not {entries}"):
        form_of([0.0] * entries)
