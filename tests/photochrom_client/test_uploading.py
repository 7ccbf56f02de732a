"""What of a layer is sent, and in which form."""

from __future__ import annotations

from array import array

import pytest

import photochrom_client
from photochrom_client import Cancelled
from photochrom_client.lookup import srgb_lightness

pytestmark = pytest.mark.slow  # engines of its own


@pytest.mark.parametrize(("kind", "protocol"), [("B", 6), ("H", 6), ("B", 5), ("H", 5)])
def test_samples_with_a_table_are_the_same_layer(
    engine: photochrom_client.Engine, monkeypatch: pytest.MonkeyPatch, kind: str, protocol: int
) -> None:
    """Also to an engine that does not know them yet."""
    monkeypatch.setattr(engine, "_protocol", protocol)
    table = srgb_lightness(kind)
    samples = array(kind, [place * (len(table) // 256) for place in range(256)] * 40)
    planes = {"alpha": [array("f", [0.5] * len(samples)).tobytes()]}
    plane = array("f", [table[sample] for sample in samples]).tobytes()
    strips = []
    for given in ({"lightness": [plane]}, {"lightness": [samples[:2560].tobytes(), samples[2560:]], "table": table}):
        with engine.upload(256, 40, **given, **planes) as layer:
            strips.append(b"".join(strip.data for strip in layer.colorize().strips()))
    assert strips[0] == strips[1]


def test_a_layer_given_up_while_it_is_sent_is_not_kept(engine: photochrom_client.Engine) -> None:
    """Neither in the middle, nor when its last byte is there."""
    before = engine._connection.ask("GET", "/v1/status")["layers"]
    for last in (0.6, 1.0):
        with pytest.raises(Cancelled):
            engine.upload(16, 16, [bytes(512), bytes(512)], on_progress=lambda done, _, last=last: done < last)
    assert engine._connection.ask("GET", "/v1/status")["layers"] == before


def test_samples_that_are_too_few_or_too_many_are_refused(engine: photochrom_client.Engine) -> None:
    for given in (255, 257):
        with pytest.raises(ValueError, match="lightness has"):
            engine.upload(16, 16, [bytes(given)], table=srgb_lightness("B"))
