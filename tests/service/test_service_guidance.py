"""Hints, references, objects, variants and doubt over the socket."""

from __future__ import annotations

import httpx
import numpy as np
import pytest
from living import Living, run_job, send_layer

pytestmark = pytest.mark.slow  # engines of its own


def pixels_of(client: httpx.Client, job: str, width: int, height: int) -> np.ndarray:
    answer = client.get(f"/v1/jobs/{job}/pixels")
    assert answer.status_code == 200, answer.text
    return np.frombuffer(answer.content, "<f4").reshape(height, width, 4)


def picture_of(answer: httpx.Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    size = [int(answer.headers[f"Photochrom-{name}"]) for name in ("Height", "Width", "Bands")]
    return np.frombuffer(answer.content, np.uint8).reshape(size)


def test_hints_change_the_colors_near_them_until_they_are_taken_back(engine: Living) -> None:
    width, height = 320, 240
    paint = np.zeros((60, 80, 4), "<f4")
    paint[20:40, 10:30] = (50, 60, 40, 1)
    with engine.client() as client:
        layer = send_layer(client, width, height)
        made = {}
        for name in ("before", "hinted", "unheeded", "after"):
            if name == "hinted":
                at = {"width": 80, "height": 60}
                sent = client.put(f"/v1/layers/{layer}/hints", params=at, content=paint.tobytes())
                assert sent.status_code == 204
            if name == "after":
                assert client.delete(f"/v1/layers/{layer}/hints").status_code == 204
            job, _ = run_job(client, layer, colorizer="lite", hints=name != "unheeded")
            made[name] = pixels_of(client, job, width, height)[..., 1:3]
    there = made["hinted"][100:140, 60:100].mean((0, 1))
    assert np.linalg.norm(there - (60, 40)) < 25
    assert np.linalg.norm(made["before"][100:140, 60:100].mean((0, 1)) - (60, 40)) > 40
    assert np.array_equal(made["before"], made["after"])
    assert np.array_equal(made["before"], made["unheeded"])


def test_hints_reach_as_far_as_asked(engine: Living) -> None:
    width, height = 320, 240
    paint = np.zeros((60, 80, 4), "<f4")
    paint[20:40, 10:30] = (50, 60, 40, 1)
    with engine.client() as client:
        layer = send_layer(client, width, height)
        job, _ = run_job(client, layer, colorizer="lite", hints=False)
        before = pixels_of(client, job, width, height)[..., 1:3]
        at = {"width": 80, "height": 60}
        assert client.put(f"/v1/layers/{layer}/hints", params=at, content=paint.tobytes()).status_code == 204
        changed = {}
        for reach in (0, 0.5, 1):
            job, _ = run_job(client, layer, colorizer="lite", reach=reach)
            change = np.linalg.norm(pixels_of(client, job, width, height)[..., 1:3] - before, axis=-1)
            changed[reach] = change[:, 200:].mean()  # beyond the sharp edge: another object
        usual, _ = run_job(client, layer, colorizer="lite")
        assert np.array_equal(
            pixels_of(client, usual, width, height)[..., 1:3],
            pixels_of(client, run_job(client, layer, colorizer="lite", reach=0.5)[0], width, height)[..., 1:3],
        )
        assert client.post(f"/v1/layers/{layer}/jobs", json={"reach": 1.5}).status_code == 422
    assert changed[0] < changed[0.5] < changed[1]


def test_hints_of_another_size_than_announced_are_refused(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 64, 48)
        short = client.put(f"/v1/layers/{layer}/hints", params={"width": 8, "height": 8}, content=b"1234")
        large = client.put(f"/v1/layers/{layer}/hints", params={"width": 1025, "height": 8}, content=b"1234")
    assert (short.status_code, large.status_code) == (400, 422)


def test_a_reference_gives_its_palette(engine: Living) -> None:
    reference = np.full((60, 80, 3), (50, 20, -40), "<f4")
    with engine.client() as client:
        layer = send_layer(client, 64, 48)
        without = client.post(f"/v1/layers/{layer}/jobs", json={"reference": "palette"})
        at = {"width": 80, "height": 60}
        sent = client.put(f"/v1/layers/{layer}/reference", params=at, content=reference.tobytes())
        assert sent.status_code == 204, sent.text
        job, _ = run_job(client, layer, colorizer="lite", reference="palette")
        _, by_regions = run_job(client, layer, colorizer="lite", reference="regions")
        mean = pixels_of(client, job, 64, 48)[..., 1:3].mean((0, 1))
    assert without.json()["error"]["code"] == "no-reference"
    assert mean[1] < -15
    assert by_regions[-1]["state"] == "done"


def test_a_job_about_an_object_gives_that_object_alone(engine: Living) -> None:
    width, height = 320, 240
    plane = np.full((height, width), 25, "<f4")
    plane[60:180, 80:240] = 75
    with engine.client() as client:
        layer = client.post(f"/v1/layers?width={width}&height={height}", content=plane.tobytes()).json()["layer"]
        job, events = run_job(client, layer, object={"x": 0.5, "y": 0.5}, color=[30.0, -20.0])
        pixels = pixels_of(client, job, width, height)
        preview = picture_of(client.get(f"/v1/jobs/{job}/preview"))
        nothing = client.post(f"/v1/layers/{layer}/jobs", json={"object": {"selection": True}})
        chosen = np.zeros((24, 32), "<f4")
        chosen[6:18, 8:24] = 1
        client.put(f"/v1/layers/{layer}/selection", params={"width": 32, "height": 24}, content=chosen.tobytes())
        other, _ = run_job(client, layer, object={"selection": True})
        by_selection = pixels_of(client, other, width, height)[..., 3]
    assert len(events[-1]["suggestions"]) >= 5
    assert pixels[120, 160] == pytest.approx([75, 30, -20, 1], abs=0.5)
    assert pixels[20, 20, 3] < 0.05
    assert preview.shape[2] == 4
    assert preview[preview.shape[0] // 2, preview.shape[1] // 2, 3] > 250
    assert nothing.json()["error"]["code"] == "no-selection"
    assert np.abs(by_selection - pixels[..., 3]).mean() < 0.1


def test_variants_differ_and_have_titles(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 320, 240)
        job, events = run_job(client, layer, colorizer="lite", variant=1)
        main, _ = run_job(client, layer, colorizer="lite")
        _, beyond = run_job(client, layer, colorizer="lite", variant=9)
        found = events[-1]
        if found["state"] == "done":
            assert found["variants"] >= 1
            assert found["title"]
            assert np.abs(pixels_of(client, job, 320, 240) - pixels_of(client, main, 320, 240)).max() > 3
        else:
            assert "There is no variant" in str(found["error"])
    assert beyond[-1]["state"] == "done" or "There is no variant 9" in str(beyond[-1]["error"])


def test_what_is_known_is_neither_doubted_nor_asked_for(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 320, 240)
        job, _ = run_job(client, layer, colorizer="lite")
        heat, first = (picture_of(client.get(f"/v1/jobs/{job}/{which}")) for which in ("doubt", "paint-first"))
        left = np.zeros((240, 320), np.float32)
        left[:, :160] = 1
        answer = client.put(f"/v1/layers/{layer}/known?width=320&height=240", content=left.tobytes())
        assert answer.status_code == 204
        known, other = (picture_of(client.get(f"/v1/jobs/{job}/{which}")) for which in ("doubt", "paint-first"))
        client.put(f"/v1/layers/{layer}/known?width=1&height=1", content=np.ones(1, np.float32).tobytes())
        nowhere = picture_of(client.get(f"/v1/jobs/{job}/paint-first"))
        assert client.delete(f"/v1/layers/{layer}/known").status_code == 204
        again = picture_of(client.get(f"/v1/jobs/{job}/doubt"))
    half = known.shape[1] // 2
    inside = known[:, : half - 16].reshape(-1, 4)
    assert np.ptp(inside, 0).max() <= 1
    assert inside[0, 1] > max(inside[0, 0], inside[0, 2])  # green
    assert np.array_equal(known[:, half + 16 :], heat[:, half + 16 :])
    assert np.array_equal(again, heat)
    assert first.any()
    assert (other[:, :half] > 0).sum() <= (first[:, :half] > 0).sum()
    assert not nowhere.any()


def test_hinted_objects_are_known_where_hints_are(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 320, 240)
        paint = np.zeros((24, 32, 4), np.float32)
        paint[10:14, 10:14] = 50, -30, 30, 1
        client.put(f"/v1/layers/{layer}/hints?width=32&height=24", content=paint.tobytes())
        job, _ = run_job(client, layer, colorizer="lite")
        nothing = np.zeros((1, 1), np.float32)
        heats = []
        for hints in (0, 1):
            client.put(f"/v1/layers/{layer}/known?width=1&height=1&hints={hints}", content=nothing.tobytes())
            heats.append(picture_of(client.get(f"/v1/jobs/{job}/doubt")).astype(int))
    assert np.abs(heats[0] - heats[1])[110:130, 110:130].max() > 20


def test_doubt_is_a_heat_map_and_a_mask(engine: Living) -> None:
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, 320, 240), colorizer="lite")
        heat = picture_of(client.get(f"/v1/jobs/{job}/doubt"))
        first = picture_of(client.get(f"/v1/jobs/{job}/paint-first"))
    assert heat.shape[2] == 4
    assert heat[..., 3].any()
    assert set(np.unique(first)) <= {0, 255}
    assert first.any()
