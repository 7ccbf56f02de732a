"""A layer goes to a real engine and its colors come back, on a thread of its own."""

import struct
import time

import pytest

pytestmark = pytest.mark.slow  # engines of its own


WIDTH, HEIGHT = 60, 40


def planes(load, width=WIDTH, height=HEIGHT):
    row = struct.pack(f"<{width}f", *(100 * x / width for x in range(width)))
    return load("errand").Planes(width, height, [row] * height, None, None)


def coloring(load, place, planes, wishes, **beside):
    errand = load("errand")
    return errand.Errand(place, planes, beside, errand.colors(wishes, 16))


def heard(errand, seconds=60):
    """All that comes back up to the end."""
    said, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        told = errand.heard()
        if told is None:
            time.sleep(0.01)
            continue
        said.append(told)
        if "done" in told:
            return said
    raise AssertionError(f"no end after {said[-1:]}")


def test_strips_come_back_from_top_to_bottom(load, place, client):
    said = heard(coloring(load, place, planes(load), [load("photochrom_client.settings").Settings().options()]))
    strips = [told["strip"] for told in said if "strip" in told]
    assert [(strip.y, strip.rows) for strip in strips] == [(0, 16), (16, 16), (32, 8)]
    assert all(len(strip.data) == 16 * WIDTH * strip.rows for strip in strips)
    first = struct.unpack_from("<4f", strips[0].data, 16 * 30)
    assert first[0] == pytest.approx(50) and first[3] == 1
    fractions = [told["fraction"] for told in said if "fraction" in told]
    assert fractions == sorted(fractions) and fractions[0] >= 0 and fractions[-1] == 1


def test_engine_s_no_is_raised_where_it_is_heard(load, place, client):
    errand = coloring(load, place, planes(load), [{"colorizer": "no-such-colorizer"}])
    with pytest.raises(client.EngineError, match="no-such-colorizer"):
        heard(errand)


def test_stopped_errand_says_nothing_more_and_its_engine_rests(load, place, client):
    errand = coloring(load, place, planes(load, 1500, 1500), [{}])
    while errand.heard() is None:
        time.sleep(0.01)
    errand.stop()
    engine = client.connect(place)
    end = time.monotonic() + 30
    while engine._connection.ask("GET", "/v1/status")["layers"]:
        assert time.monotonic() < end, "the engine keeps the layer"
        time.sleep(0.1)


def test_each_wish_has_its_strips_and_its_job(load, place, client):
    settings = load("photochrom_client.settings").Settings()
    wishes = [settings.options(), settings._replace(chroma=0.0).options()]
    said = [told for told in heard(coloring(load, place, planes(load), wishes)) if "fraction" not in told]
    assert [next(iter(told)) for told in said] == [*["strip"] * 3, "job", *["strip"] * 3, "job", "done"]
    gray = struct.unpack_from("<4f", said[4]["strip"].data, 16 * 30)
    assert gray[1:3] == pytest.approx((0, 0), abs=1e-3)


def test_hints_that_are_sent_beside_the_layer_are_heeded(load, place, client):
    hints = WIDTH, HEIGHT, struct.pack("<4f", 50.0, 60.0, -40.0, 1.0) * (WIDTH * HEIGHT)
    said = heard(
        coloring(load, place, planes(load), [load("photochrom_client.settings").Settings().options()], hints=hints)
    )
    strip = next(told["strip"] for told in said if "strip" in told)
    _, a, b, _ = struct.unpack_from("<4f", strip.data, 16 * 30)
    assert a > 20 and b < -10


def test_what_is_asked_of_a_job_comes_back(load, place, client):
    errand = load("errand")
    wish = load("photochrom_client.settings").Settings().options()
    asking = errand.Errand(place, planes(load), {}, errand.asked(wish, lambda job: job.doubt()))
    heat = heard(asking)[-1]["done"]
    assert heat.bands == 4 and len(heat.rgb) == 4 * heat.width * heat.height
