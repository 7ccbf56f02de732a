"""A layer goes to a real engine and its colours come back, on a thread of its own."""

import struct
import time

import pytest

WIDTH, HEIGHT = 60, 40


def planes(load, width=WIDTH, height=HEIGHT):
    row = struct.pack(f"<{width}f", *(100 * x / width for x in range(width)))
    return load("errand").Planes(width, height, [row] * height, None, None)


def heard(errand, seconds=60):
    """All that comes back up to the end."""
    said, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        told = errand.heard()
        if told is None:
            time.sleep(0.01)
            continue
        said.append(told)
        if "colorizer" in told:
            return said
    raise AssertionError(f"no end after {said[-1:]}")


def test_strips_come_back_from_top_to_bottom(load, place, client):
    said = heard(load("errand").Errand(place, planes(load), load("settings").Settings().wish(), 16))
    strips = [told["strip"] for told in said if "strip" in told]
    assert [(strip.y, strip.rows) for strip in strips] == [(0, 16), (16, 16), (32, 8)]
    assert all(len(strip.data) == 16 * WIDTH * strip.rows for strip in strips)
    first = struct.unpack_from("<4f", strips[0].data, 16 * 30)
    assert first[0] == pytest.approx(50) and first[3] == 1
    fractions = [told["fraction"] for told in said if "fraction" in told]
    assert fractions == sorted(fractions) and fractions[0] >= 0 and fractions[-1] == 1


def test_engine_s_no_is_raised_where_it_is_heard(load, place, client):
    errand = load("errand").Errand(place, planes(load), {"colorizer": "no-such-colorizer"}, 16)
    with pytest.raises(client.EngineError, match="no-such-colorizer"):
        heard(errand)


def test_stopped_errand_says_nothing_more_and_its_engine_rests(load, place, client):
    errand = load("errand").Errand(place, planes(load, 1500, 1500), {}, 16)
    while errand.heard() is None:
        time.sleep(0.01)
    errand.stop()
    engine = client.connect(place)
    end = time.monotonic() + 30
    while engine._connection.ask("GET", "/v1/status")["layers"]:
        assert time.monotonic() < end, "the engine keeps the layer"
        time.sleep(0.1)
