"""The session with curl in docs/protocol.md, against a real engine."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from checkout import PYTHONPATH

from docs.pages import REPOSITORY

PAGE = (REPOSITORY / "docs" / "protocol.md").read_text(encoding="utf-8")


@pytest.fixture
def session(tmp_path):
    """A function that runs a script in Bash beside an engine of its own."""
    run = tmp_path / "run"
    environment = {
        **os.environ,
        "PYTHONPATH": PYTHONPATH,
        "PHOTOCHROM_RUNTIME_DIR": str(run),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    engine = subprocess.Popen([sys.executable, "-m", "photochrom", "serve"], env=environment, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (run / "engine.json").exists():
        assert engine.poll() is None and time.monotonic() < until
        time.sleep(0.05)

    def bash(script):
        command = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    yield bash
    engine.send_signal(signal.SIGTERM)
    engine.wait(30)


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_session_with_curl_brings_colors(tmp_path, session):
    done = session("\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)))
    assert done.returncode == 0, done.stderr + done.stdout
    assert '"state": "done"' in done.stdout
    size = {name: int(re.search(rf"{name}: (\d+)", done.stdout, re.IGNORECASE)[1]) for name in ("width", "height")}
    assert (tmp_path / "preview.rgb").stat().st_size == 3 * size["width"] * size["height"]
    lab = np.fromfile(tmp_path / "pixels.raw", "<f4").reshape(48, 64, 4)
    assert np.abs(lab[..., 0] - np.linspace(0, 100, 64)).max() < 0.1
    assert lab[20:28, 44:52, 1].mean() > 10
    assert (lab[..., 3] == 1).all()


def test_every_route_and_option_is_on_the_page():
    from photochrom.service.fetches import Fetches
    from photochrom.service.jobs import Jobs
    from photochrom.service.layers import Layers
    from photochrom.service.routes import create_app

    described = create_app(Layers(REPOSITORY), Jobs(), Fetches()).openapi()
    for path in described["paths"]:
        spoken = path.replace("{layer_id}", "LAYER").replace("{job_id}", "JOB").replace("{name}", "NAME")
        assert spoken in PAGE, path
    body = described["paths"]["/v1/layers/{layer_id}/jobs"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    options = described["components"]["schemas"][body["$ref"].rpartition("/")[2]]["properties"]
    assert [name for name in options if f"| `{name}` |" not in PAGE] == []
