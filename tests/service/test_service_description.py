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
from photochrom.image.spaces import SRGB
from photochrom.service.downloads import Downloads
from photochrom.service.jobs import Jobs
from photochrom.service.layers import Layers
from photochrom.service.routes import create_app
from schemathesis import Case

pytestmark = pytest.mark.slow  # engines of its own


PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
BANDS = {"hints": 4, "reference": 3, "selection": 1}
ID = re.compile(r"[0-9a-f]{16}\Z")

schema = schemathesis.openapi.from_dict(create_app(Layers(Path()), Jobs(), Downloads()).openapi())


def test_events_are_described() -> None:
    described = schema.raw_schema
    events = described["paths"]["/v1/jobs/{job_id}/events"]["get"]["responses"]["200"]["content"]
    line = events["application/x-ndjson"]["itemSchema"]
    own = {"colorizer", "scores", "titles", "title", "variants", "suggestions"}
    assert {"state", "progress", "message", "error"} | own == set(line["properties"])
    assert "$ref" not in json.dumps(line)
    assert "rgb" in json.dumps(line)


@pytest.fixture
def existing(engine: Living) -> Iterator[dict[str, str]]:
    """A layer and a finished job of it, by the names of the paths' parameters."""
    with engine.client() as client:
        layer = send_layer(client, 16, 16)
        job, _ = run_job(client, layer, colorizer="lite")
        yield {"layer_id": layer, "job_id": job}
        client.delete(f"/v1/layers/{layer}")  # and its jobs, which nobody follows


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described(case: Case, engine: Living) -> None:
    fit_body(case)
    case.call_and_validate(base_url=engine.url, headers={"Authorization": f"Bearer {engine.token}"})


@schema.include(path_regex="_id}").parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described_for_what_exists(case: Case, engine: Living, existing: dict[str, str]) -> None:
    given = case.path_parameters or {}
    case.path_parameters = {name: existing[name] if ID.match(str(value)) else value for name, value in given.items()}
    fit_body(case)
    case.call_and_validate(base_url=engine.url, headers={"Authorization": f"Bearer {engine.token}"})


@cache
def picture() -> str:
    """A photograph that may be marked."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return str(shutil.copy(PHOTOGRAPH, folder))


def fit_body(case: Case) -> None:
    """Gives bodies what no schema can say: a layer as long as its size says, a profile that is one, a file to mark that
    is there."""
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
    elif case.path.endswith("/profile"):
        case.body = SRGB.icc
