"""The page on the protocol, against a real engine: its session with curl, and its lists."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from urllib.request import Request, urlopen

import numpy as np
import pytest
from checkout import PYTHONPATH
from patience import patience

from docs.pages import REPOSITORY
from photochrom_client import protocol

PAGE = (REPOSITORY / "docs" / "protocol.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    """The environment of an engine that runs."""
    base = tmp_path_factory.mktemp("protocol")
    environment = {
        **os.environ,
        "PYTHONPATH": PYTHONPATH,
        "PHOTOCHROM_RUNTIME_DIR": str(base / "run"),
        "XDG_STATE_HOME": str(base / "state"),
        "XDG_CACHE_HOME": str(base / "cache"),
        "XDG_DATA_HOME": str(base / "data"),
    }
    engine = subprocess.Popen([sys.executable, "-m", "photochrom", "serve"], env=environment, stdout=subprocess.DEVNULL)
    until = time.monotonic() + patience(120)
    while not (base / "run" / "engine.json").exists():
        assert engine.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    yield environment
    engine.send_signal(signal.SIGTERM)
    engine.wait(60)


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_session_with_curl_returns_colors(tmp_path, surroundings):
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert '"state": "done"' in done.stdout
    assert '"state":"done","total":1,"done":1' in done.stdout
    assert done.stdout.endswith("}gradient.png\nreport.html\nreport_files\n")
    size = {name: int(re.search(rf"{name}: (\d+)", done.stdout, re.IGNORECASE)[1]) for name in ("width", "height")}
    assert (tmp_path / "preview.rgb").stat().st_size == 3 * size["width"] * size["height"]
    lab = np.fromfile(tmp_path / "pixels.raw", "<f4").reshape(48, 64, 4)
    assert np.abs(lab[..., 0] - np.linspace(0, 100, 64)).max() < 0.1
    assert lab[20:28, 44:52, 1].mean() > 10
    assert (lab[..., 3] == 1).all()


def test_every_route_and_option_is_on_the_page(surroundings):
    with open(os.path.join(surroundings["PHOTOCHROM_RUNTIME_DIR"], "engine.json"), encoding="utf-8") as file:
        runtime = json.load(file)
    shown = re.search(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[1]
    assert json.loads(shown).keys() == runtime.keys()
    request = Request(
        f"http://127.0.0.1:{runtime['port']}/v1/openapi.json", headers={"Authorization": f"Bearer {runtime['token']}"}
    )
    with urlopen(request, timeout=60) as answer:
        described = json.load(answer)
    for path in described["paths"]:
        spoken = path.replace("{layer_id}", "LAYER").replace("{job_id}", "JOB").replace("{name}", "NAME")
        spoken = spoken.replace("{batch_id}", "BATCH")
        assert spoken in PAGE, path
    for route in (protocol.Route.JOBS, protocol.Route.BATCHES):
        body = described["paths"][route]["post"]["requestBody"]
        schema = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        options = described["components"]["schemas"][schema]["properties"]
        rows = " ".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
        assert [name for name in options if f"`{name}`" not in rows] == []


def test_limits_on_the_page_are_those_of_the_protocol():
    limits = [f"{protocol.MAX_SIDE:,}", f"{protocol.MAX_PIXELS:,}", f"| {protocol.MAX_GUIDANCE_SIDE} pixels"]
    limits += [f"| {protocol.MAX_PROFILE_BYTES >> 20} MiB", f"| {protocol.MAX_JSON_BYTES >> 10} KiB"]
    limits += [f"`inputs` of a batch | {protocol.MAX_BATCH_INPUTS} |"]
    limits += [f"`chroma` | {protocol.CHROMA.least:g} to {protocol.CHROMA.most:g}, {protocol.CHROMA.default:g} as"]
    limits += [f"`variant` | 0 to {protocol.MAX_VARIANT} ", f"each −{protocol.MAX_TINT:g} to {protocol.MAX_TINT:g} "]
    assert [limit for limit in limits if limit not in PAGE] == []
