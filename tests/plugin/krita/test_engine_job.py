"""A layer goes to a real engine and its colors come back, on a thread of its own."""

import struct
import time

import pytest
from patience import patience

pytestmark = pytest.mark.slow  # engines of its own


WIDTH, HEIGHT = 60, 40


def planes(load, width=WIDTH, height=HEIGHT):
    row = struct.pack(f"<{width}f", *(100 * x / width for x in range(width)))
    return load("engine_job").Planes(width, height, [row] * height, None, None)


def coloring(load, place, planes, wishes, **beside):
    module = load("engine_job")
    guidance = load("photochrom_client.kit.guidance").Guidance(**beside)
    return module.EngineJob(place, planes, guidance, module.coloring(wishes, 16, "lab"))


def kind(told):
    return type(told).__name__


def heard(job, seconds=60):
    """All reports up to the last."""
    said, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        told = job.next_message()
        if told is None:
            time.sleep(0.01)
            continue
        said.append(told)
        if kind(told) == "Done":
            return said
    raise AssertionError(f"no end after {said[-1:]}")


def test_strips_come_back_from_top_to_bottom(load, place, client):
    said = heard(coloring(load, place, planes(load), [load("photochrom_client.settings").Settings().options()]))
    strips = [told for told in said if kind(told) == "Strip"]
    assert [(strip.y, strip.rows) for strip in strips] == [(0, 16), (16, 16), (32, 8)]
    assert all(len(strip.data) == 16 * WIDTH * strip.rows for strip in strips)
    first = struct.unpack_from("<4f", strips[0].data, 16 * 30)
    assert first[0] == pytest.approx(50) and first[3] == 1
    fractions = [told.fraction for told in said if kind(told) == "Progress"]
    assert fractions == sorted(fractions) and fractions[0] >= 0 and fractions[-1] == 1


def test_engine_s_no_is_raised_where_it_is_heard(load, place, client):
    job = coloring(load, place, planes(load), [{"colorizer": "no-such-colorizer"}])
    with pytest.raises(client.EngineError, match="no-such-colorizer"):
        heard(job)


def test_stopped_job_reports_nothing_more_and_its_engine_is_idle(load, place, client):
    job = coloring(load, place, planes(load, 1500, 1500), [{}])
    while job.next_message() is None:
        time.sleep(0.01)
    job.stop()
    engine = client.connect(place)
    end = time.monotonic() + patience(30)
    while engine._connection.ask("GET", "/v1/status")["layers"]:
        assert time.monotonic() < end, "the engine keeps the layer"
        time.sleep(0.1)


def test_each_wish_has_its_strips_and_its_job(load, place, client):
    settings = load("photochrom_client.settings").Settings()
    wishes = [settings.options(), settings._replace(chroma=0.0).options()]
    said = [told for told in heard(coloring(load, place, planes(load), wishes)) if kind(told) != "Progress"]
    assert [kind(told) for told in said] == [*["Strip"] * 3, "Job", *["Strip"] * 3, "Job", "Done"]
    gray = struct.unpack_from("<4f", said[4].data, 16 * 30)
    assert gray[1:3] == pytest.approx((0, 0), abs=1e-3)


def test_hints_sent_with_the_layer_are_used(load, place, client):
    hints = WIDTH, HEIGHT, struct.pack("<4f", 50.0, 60.0, -40.0, 1.0) * (WIDTH * HEIGHT)
    said = heard(
        coloring(load, place, planes(load), [load("photochrom_client.settings").Settings().options()], hints=hints)
    )
    strip = next(told for told in said if kind(told) == "Strip")
    _, a, b, _ = struct.unpack_from("<4f", strip.data, 16 * 30)
    assert a > 20 and b < -10


def test_the_requested_result_of_a_job_is_returned(load, place, client):
    module = load("engine_job")
    guidance = load("photochrom_client.kit.guidance").Guidance()
    wish = load("photochrom_client.settings").Settings().options()
    asking = module.EngineJob(place, planes(load), guidance, module.asking(wish, lambda job: job.doubt()))
    heat = heard(asking)[-1].result
    assert heat.bands == 4 and len(heat.rgb) == 4 * heat.width * heat.height
