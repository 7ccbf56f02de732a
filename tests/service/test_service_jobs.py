"""What the routes do with layers and jobs, in a real engine with the real pipeline."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
from living import Living, end, folders, lightness, run_job, send_layer, spawn
from patience import patience
from photochrom.image import gamut
from photochrom.image.color_spaces import NAMED, SRGB
from photochrom.image.color_spaces import SRGB_GRAY as GRAY_PROFILE
from photochrom.image.picture import open_picture
from photochrom.options import Options
from photochrom.service.messages import JobEvent

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"

pytestmark = pytest.mark.slow  # engines of its own


def test_job_gives_colors_and_keeps_lightness_and_alpha(engine: Living) -> None:
    width, height = 301, 157
    plane = lightness(width, height)
    alpha = np.linspace(0, 1, width * height, dtype="<f4").tobytes()
    with engine.client() as client:
        answer = client.post(f"/v1/layers?width={width}&height={height}&alpha=1", content=plane + alpha)
        layer = answer.json()["layer"]
        assert client.put(f"/v1/layers/{layer}/profile", content=SRGB.icc).status_code == 204
        job, events = run_job(client, layer)
        pixels = client.get(f"/v1/jobs/{job}/pixels")
        assert client.delete(f"/v1/layers/{layer}").status_code == 204
        assert client.get(f"/v1/jobs/{job}/events").status_code == 404
    assert events[-1]["state"] == "done"
    progress = [event["progress"] for event in events]
    assert progress == sorted(progress)
    result = np.frombuffer(pixels.content, "<f4").reshape(height, width, 4)
    assert result[..., 0].tobytes() == plane
    assert result[..., 3].tobytes() == alpha
    assert np.abs(result[..., 1:3]).max() > 1


def test_automatic_job_reports_the_shares_of_the_pool(engine: Living) -> None:
    with engine.client() as client:
        _, events = run_job(client, send_layer(client, 64, 48), colorizer="auto")
        pool = [each["name"] for each in client.get("/v1/colorizers").json()[1:]]
    for event in events:
        JobEvent.model_validate(event)
        assert set(event) <= set(JobEvent.model_fields)
        assert ("scores" in event) == (event["state"] == "done")
    scores = events[-1]["scores"]
    assert isinstance(scores, dict)
    assert set(scores) <= set(pool)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert sum(scores.values()) == pytest.approx(1)
    assert next(iter(scores)) == events[-1]["colorizer"]
    assert events[-1]["titles"].keys() == scores.keys()
    assert events[-1]["titles"]["people"] == "Portraits"


def test_job_with_a_named_colorizer_has_no_shares(engine: Living) -> None:
    with engine.client() as client:
        _, events = run_job(client, send_layer(client, 64, 48), colorizer="lite")
    assert events[-1]["colorizer"] == "lite"
    assert events[-1]["scores"] == {}


def test_names_joined_by_plus_are_understood(engine: Living) -> None:
    with engine.client() as client:
        _, events = run_job(client, send_layer(client, 64, 48), colorizer="lite+nobody")
    assert "'nobody'" in str(events[-1]["error"])


def test_strips_join_without_seams(engine: Living) -> None:
    """A layer whose pixels take several strips is the same as the pipeline's own whole result."""
    from photochrom import pipeline
    from photochrom.adjustments import Adjustments
    from photochrom.image.layer import LayerPixels, compose_lab
    from photochrom.sampling.proxy import Proxy

    width, height = 1200, 700
    plane = lightness(width, height)
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, width, height), colorizer="lite", chroma=0.5)
        streamed = np.frombuffer(client.get(f"/v1/jobs/{job}/pixels").content, "<f4")
    assert streamed.nbytes > 3 * 4 * 1024 * 1024
    layer = LayerPixels.from_planes(width, height, plane, alpha=False)
    colors = pipeline.predict(Proxy(layer.lightness), Options("lite", Adjustments(0.5)))
    whole = compose_lab(layer, colors.full_ab(layer.lightness)).numpy().ravel()
    np.testing.assert_allclose(streamed, whole, atol=0.02)


@pytest.mark.parametrize(("form", "kind"), [("rgb8", "<u1"), ("rgb16", "<u2")])
def test_samples_are_the_lab_pixels_encoded(engine: Living, form: str, kind: str) -> None:
    width, height = 700, 900
    with engine.client() as client:
        layer = send_layer(client, width, height)
        assert client.put(f"/v1/layers/{layer}/profile", content=NAMED["adobe-rgb"].icc).status_code == 204
        job, _ = run_job(client, layer, colorizer="lite")
        pixels = [client.get(f"/v1/jobs/{job}/pixels", params={"form": each}) for each in ("lab", form)]
        nonsense = client.get(f"/v1/jobs/{job}/pixels", params={"form": "rgb9"})
    assert [each.headers["Photochrom-Form"] for each in pixels] == ["lab", form]
    assert nonsense.status_code == 422
    lab = np.frombuffer(pixels[0].content, "<f4").reshape(height, width, 4)
    samples = np.frombuffer(pixels[1].content, kind).reshape(height, width, 4)
    planes = [pyvips.Image.new_from_array(np.ascontiguousarray(each)) for each in (lab[..., 0], lab[..., 1:3])]
    space = NAMED["adobe-rgb"]
    expected = space.encode(gamut.linear_rgb(*planes, space), "float").numpy() * np.iinfo(kind).max
    assert np.abs(samples[..., :3] - expected).max() < (0.6 if form == "rgb8" else 4)
    assert (samples[..., 3] == np.iinfo(kind).max).all()


def test_samples_of_an_unknown_space_are_lab(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 64, 48)
        assert client.put(f"/v1/layers/{layer}/profile", content=GRAY_PROFILE).status_code == 204
        job, _ = run_job(client, layer, colorizer="lite")
        answer = client.get(f"/v1/jobs/{job}/pixels", params={"form": "rgb8"})
        only, _ = run_job(client, layer, object={"x": 0.5, "y": 0.5}, color=[30.0, -20.0])
        client.put(f"/v1/layers/{layer}/profile", content=SRGB.icc)
        of_object = client.get(f"/v1/jobs/{only}/pixels", params={"form": "rgb8"})
    for each in (answer, of_object):
        assert each.headers["Photochrom-Form"] == "lab"
        assert len(each.content) == 16 * 64 * 48


def test_preview_is_a_small_picture_of_the_whole(engine: Living) -> None:
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, 800, 400), colorizer="lite")
        answer = client.get(f"/v1/jobs/{job}/preview")
    width, height = int(answer.headers["Photochrom-Width"]), int(answer.headers["Photochrom-Height"])
    picture = np.frombuffer(answer.content, np.uint8).reshape(height, width, 3)
    assert width / height == pytest.approx(2, abs=0.02)
    assert picture[:, -1].mean() > picture[:, 0].mean() + 60


def test_gray_when_chroma_is_zero(engine: Living) -> None:
    with engine.client() as client:
        job, _ = run_job(client, send_layer(client, 64, 48), colorizer="lite", chroma=0)
        pixels = np.frombuffer(client.get(f"/v1/jobs/{job}/pixels").content, "<f4").reshape(-1, 4)
    assert np.abs(pixels[:, 1:3]).max() < 1e-3


def test_style_is_applied(engine: Living) -> None:
    photograph = open_picture(PHOTOGRAPH).lightness().resize(0.2, kernel="linear")
    size = f"width={photograph.width}&height={photograph.height}"
    with engine.client() as client:
        layer = client.post(f"/v1/layers?{size}", content=photograph.numpy().astype("<f4").tobytes()).json()["layer"]
        spread = {}
        for style in ("vivid", "calm"):
            job, _ = run_job(client, layer, style=style)
            pixels = np.frombuffer(client.get(f"/v1/jobs/{job}/pixels").content, "<f4").reshape(-1, 4)
            spread[style] = pixels[:, 1:3].std(0).sum()
        answer = client.post(f"/v1/layers/{layer}/jobs", json={"style": "loud"})
    assert 0 < spread["calm"] < spread["vivid"]
    assert answer.status_code == 422


def test_a_negative_is_noticed_and_gets_the_colors_of_its_positive(engine: Living) -> None:
    photograph = open_picture(PHOTOGRAPH).lightness().resize(0.25, kernel="linear").numpy().astype("<f4")
    height, width = photograph.shape
    found, noticed = {}, {}
    with engine.client() as client:
        for name, plane, options in (
            ("positive", photograph, {}),
            ("negative", 100 - photograph, {}),
            ("right", 100 - photograph, {"original": "negative"}),
        ):
            sent = client.post(f"/v1/layers?width={width}&height={height}", content=plane.tobytes())
            job, events = run_job(client, sent.json()["layer"], **options)
            noticed[name] = events[-1]["noticed"]
            pixels = np.frombuffer(client.get(f"/v1/jobs/{job}/pixels").content, "<f4").reshape(height, width, 4)
            assert pixels[..., 0].tobytes() == plane.tobytes()
            found[name] = pixels[..., 1:3]
        refused = client.post(f"/v1/layers/{sent.json()['layer']}/jobs", json={"original": "slide"})
    assert noticed == {"positive": "print", "negative": "negative", "right": "negative"}
    assert refused.status_code == 422
    # The gamut is narrower where the negative is dark and the positive light, and the other way around.
    assert np.abs(found["right"] - found["positive"]).mean() < 1.5
    assert np.abs(found["negative"] - found["positive"]).mean() > 3


def test_adjustments_are_applied(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 64, 48)
        means = {}
        for name, wish in {"plain": {}, "warm": {"warmth": 1.0}, "tinted": {"tint": [10.0, 30.0], "chroma": 0}}.items():
            job, _ = run_job(client, layer, colorizer="lite", **wish)
            pixels = np.frombuffer(client.get(f"/v1/jobs/{job}/pixels").content, "<f4").reshape(-1, 4)
            means[name] = pixels[:, 1:3].mean(0)
    assert means["warm"][1] > means["plain"][1] + 3
    assert np.all(means["tinted"] > (3, 10))


def test_objects_are_harmonized_by_a_segmenter_that_is_listed(engine: Living) -> None:
    with engine.client() as client:
        segmenters = [each["name"] for each in client.get("/v1/segmenters").json()]
        layer = send_layer(client, 64, 48)
        _, events = run_job(client, layer, harmonize=1.0, segmenter=segmenters[0])
        _, unknown = run_job(client, layer, harmonize=1.0, segmenter="nobody")
    assert events[-1]["state"] == "done"
    assert "Finding objects" in {event["message"] for event in events}
    assert "no segmenter named 'nobody'" in str(unknown[-1]["error"])


def test_unknown_colorizer_fails_with_cause_and_next_step(engine: Living) -> None:
    with engine.client() as client:
        job, events = run_job(client, send_layer(client, 64, 64), colorizer="nobody")
        pixels = client.get(f"/v1/jobs/{job}/pixels")
    error = events[-1]["error"]
    assert isinstance(error, dict)
    assert events[-1]["state"] == "failed"
    assert "nobody" in error["cause"]
    assert "lite" in error["next_step"]
    assert pixels.status_code == 409
    assert pixels.json()["error"] == error


def test_waiting_job_is_cancelled_at_once(engine: Living) -> None:
    with engine.client() as client:
        layer = send_layer(client, 2000, 1500)
        jobs = [client.post(f"/v1/layers/{layer}/jobs", json={}).json()["job"] for _ in range(6)]
        assert client.post(f"/v1/jobs/{jobs[-1]}/cancel").status_code == 204
        last = client.get(f"/v1/jobs/{jobs[-1]}/events").text
        assert '"cancelled"' in last
        assert client.get(f"/v1/jobs/{jobs[-1]}/pixels").json()["error"]["code"] == "cancelled"
        assert client.delete(f"/v1/layers/{layer}").status_code == 204


def test_cancel_stops_the_pixels_between_strips(engine: Living) -> None:
    width, height = 2400, 1800
    with engine.client() as client, engine.client() as other:
        layer = send_layer(client, width, height)
        job, _ = run_job(client, layer, colorizer="lite")
        received = 0
        with client.stream("GET", f"/v1/jobs/{job}/pixels") as answer, pytest.raises(Exception, match="peer closed"):
            for chunk in answer.iter_raw(1 << 16):
                if not received:
                    assert other.post(f"/v1/jobs/{job}/cancel").status_code == 204
                received += len(chunk)
        assert 0 < received < width * height * 16 / 2
        other.delete(f"/v1/layers/{layer}")


def test_closing_the_pixels_stops_the_work(engine: Living) -> None:
    width, height = 2400, 1800
    with engine.client() as client, engine.client() as other:
        layer = send_layer(client, width, height)
        job, _ = run_job(client, layer, colorizer="lite")
        with client.stream("GET", f"/v1/jobs/{job}/pixels") as answer:
            next(answer.iter_raw(1 << 16))
        until = time.monotonic() + patience(60)
        while not (read := re.search(rf"job {job}: (\d+) of {height} rows read", engine.log)):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert int(read[1]) < height / 2
        # The job is still good: a client may read again.
        assert len(other.get(f"/v1/jobs/{job}/pixels").content) == width * height * 16
        other.delete(f"/v1/layers/{layer}")


def wait_for_log(engine: Living, text: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while text not in engine.log:
        assert time.monotonic() < until, f"never said: {text}"
        time.sleep(0.05)


FOLLOWER = """
import json, os, sys, httpx
from pathlib import Path
said = json.loads(Path(os.environ["PHOTOCHROM_RUNTIME_DIR"], "engine.json").read_text())
client = httpx.Client(base_url=f"http://127.0.0.1:{said['port']}", headers={"Authorization": "Bearer " + said["token"]})
layer = client.post("/v1/layers?width=3000&height=2000", content=bytes(3000 * 2000 * 4)).json()["layer"]
job = client.post(f"/v1/layers/{layer}/jobs", json={}).json()["job"]
with client.stream("GET", f"/v1/jobs/{job}/events") as events:
    for line in events.iter_lines():
        print(job, flush=True)
        sys.stdin.read()
"""


def test_killed_client_cancels_its_job(start: Callable[..., Living]) -> None:
    engine = start()  # cold: the first job imports and loads for a second, so there is something to cancel
    follower = subprocess.Popen(
        [sys.executable, "-c", FOLLOWER],
        env=folders(engine.base),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert follower.stdout and follower.stdin
    job = follower.stdout.readline().strip()
    follower.kill()
    follower.wait()
    follower.stdout.close()
    follower.stdin.close()
    wait_for_log(engine, f"job {job} cancelled")


def test_idle_layer_expires_and_models_are_unloaded(start: Callable[..., Living]) -> None:
    engine = start(f"unload_after=0.2, layer_life={patience(3)}, idle_exit=0")
    with engine.client() as client:
        layer = send_layer(client, 64, 64)
        run_job(client, layer, colorizer="lite")
        wait_for_log(engine, "expired")
        answer = client.get("/v1/status").json()
        assert answer["layers"] == 0
        gone = client.post(f"/v1/layers/{layer}/jobs", json={})
        assert gone.status_code == 404
        assert gone.json()["error"]["code"] == "layer-gone"
        wait_for_log(engine, "models unloaded")


def test_idle_engine_leaves(tmp_path: Path) -> None:
    process = spawn(tmp_path, code="from photochrom import service; service.run(idle_exit=0.5)")
    try:
        assert process.wait(120) == 0
        assert "idle for" in (tmp_path / "state" / "photochrom" / "engine.log").read_text(encoding="utf-8")
        assert not (tmp_path / "run" / "engine.json").exists()
        assert not list((tmp_path / "cache" / "photochrom").glob("spool/*"))
    finally:
        end(process)


def test_engine_that_may_stay_for_ever_stays(start: Callable[..., Living]) -> None:
    engine = start("idle_exit=0, layer_life=0.2")
    with engine.client() as client:
        send_layer(client, 8, 8)
    # Whoever lets go of what nobody uses has looked at all of it by then, the engine itself too.
    wait_for_log(engine, "expired")
    with engine.client() as client:
        assert client.get("/v1/status").status_code == 200


def test_full_disk_is_reported(start: Callable[..., Living]) -> None:
    """A file-size limit stands in for the disk: the write itself fails."""
    engine = start()

    resource.prlimit(engine.process.pid, resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    with engine.client() as client:
        answer = client.post("/v1/layers?width=1024&height=1024", content=lightness(1024, 1024))
        assert answer.status_code == 507
        assert answer.json()["error"]["code"] == "disk-full"
        assert "Free some space" in answer.json()["error"]["next_step"]
        send_layer(client, 64, 64)
