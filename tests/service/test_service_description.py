"""The OpenAPI description is true: schemathesis tries all of it on a real engine."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from living import Living, run_job, send_layer
from patience import patience
from photochrom.image.color_spaces import SRGB
from photochrom.service.batches import Batches
from photochrom.service.downloads import Downloads
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.recent_batches import RecentBatches
from photochrom.service.routes import create_app
from photochrom.service.turns import Turns
from schemathesis import Case

from photochrom_client.protocol import MAX_BATCH_INPUTS, MAX_JSON_BYTES, PROTOCOL
from photochrom_client.runtime_file import RuntimeFile

pytestmark = pytest.mark.slow  # engines of its own


PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
BANDS = {"hints": 4, "known": 1, "reference": 3, "selection": 1}
ID = re.compile(r"[0-9a-f]{16}\Z")

TURNS = Turns()
FILE = RuntimeFile(1, "token", 1, "0", PROTOCOL)
schema = schemathesis.openapi.from_dict(
    create_app(Layers(Path()), Jobs(TURNS), Downloads(), Batches(TURNS, RecentBatches(Path())), FILE).openapi()
)


def test_events_are_described() -> None:
    described = schema.raw_schema
    events = described["paths"]["/v1/jobs/{job_id}/events"]["get"]["responses"]["200"]["content"]
    line = events["application/x-ndjson"]["itemSchema"]
    own = {"colorizer", "scores", "titles", "title", "variants", "suggestions", "noticed"}
    assert {"state", "progress", "message", "error"} | own == set(line["properties"])
    assert "$ref" not in json.dumps(line)
    assert "rgb" in json.dumps(line)


@pytest.fixture
def existing(engine: Living) -> Iterator[dict[str, str]]:
    """A layer, a finished job of it, and a batch, by the names of the paths' parameters."""
    with engine.client() as client:
        layer = send_layer(client, 16, 16)
        job, _ = run_job(client, layer, colorizer="lite")
        asked = {"inputs": [picture()], "output": colored()}
        begun = client.post("/v1/batches", json=asked)  # refused while that of another test is under way
        batch = begun.json() if begun.status_code == 201 else client.get("/v1/batches").json()[0]
        yield {"layer_id": layer, "job_id": job, "batch_id": batch["batch"]}
        client.delete(f"/v1/layers/{layer}")  # and its jobs, which nobody follows


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described(case: Case, engine: Living) -> None:
    fit_body(case)
    check(case, engine)


@schema.include(path_regex="_id}").parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described_for_what_exists(case: Case, engine: Living, existing: dict[str, str]) -> None:
    given = case.path_parameters or {}
    case.path_parameters = {name: existing[name] if ID.match(str(value)) else value for name, value in given.items()}
    fit_body(case)
    check(case, engine)


def check(case: Case, engine: Living) -> None:
    """Sends it. An upload may wait for room longer than schemathesis waits for an answer by default."""
    headers = {"Authorization": f"Bearer {engine.token}"}
    case.call_and_validate(base_url=engine.url, headers=headers, timeout=patience(30))


@cache
def picture() -> str:
    """A photograph that may be marked."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return str(shutil.copy(PHOTOGRAPH, folder))


@cache
def colored() -> str:
    """A folder for results."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def fit_body(case: Case) -> None:
    """Fills bodies with what a schema cannot express: a layer as long as its size, a valid profile, an existing file to
    mark, two to export, a batch that keeps to folders of its own."""
    if case.path == "/v1/batches" and case.method == "POST":
        confine(case.body)
    if case.path == "/v1/exports" and isinstance(case.body, dict) and "/" in str(case.body.get("output", "")):
        case.body["output"] = f"{colored()}/export.tif"
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.path == "/v1/layers" and case.method == "POST":
        for side in ("width", "height"):
            case.query[side] = min(int(case.query[side]), 300)
        planes = 1 + int(case.query.get("alpha", 0))
        case.body = bytes(4 * planes * case.query["width"] * case.query["height"])
    elif case.method == "PUT" and (bands := BANDS.get(case.path.rpartition("/")[2])):
        for side in ("width", "height"):
            case.query[side] = min(int(case.query[side]), 300)
        case.body = bytes(4 * bands * case.query["width"] * case.query["height"])
    elif case.path.endswith("/marks"):
        case.body["file"] = picture()
    elif case.path.endswith("/exports"):
        case.body |= {"photograph": picture(), "colored": picture(), "output": f"{colored()}/export.tif"}
    elif case.path == "/v1/batches" and case.method == "POST":
        case.body |= {"inputs": [picture()], "output": colored()}
    elif case.path.endswith("/profile"):
        case.body = SRGB.icc


def confine(body: object) -> None:
    """Takes whole paths out of the body of a batch, valid or not: it would colorize whatever is there. And keeps it
    small enough to be looked at."""
    if isinstance(body, dict):
        if len(json.dumps(body)) > MAX_JSON_BYTES:
            body["inputs"] = ["0"] * (MAX_BATCH_INPUTS + 1)
        inputs = body.get("inputs")
        if isinstance(inputs, list):
            body["inputs"] = [picture() if isinstance(each, str) and "/" in each else each for each in inputs]
        if "/" in str(body.get("output", "")):
            body["output"] = colored()
