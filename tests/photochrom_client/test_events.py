"""The engine's events become values, distinguished by their class."""

import pytest

from photochrom_client.errors import Cancelled, EngineGone, JobFailed
from photochrom_client.events import Done, Failed, Running, Stopped, Suggestion, follow, parsed

STEP = {"progress": 0.5, "message": "Choosing colors"}
DONE = {
    **{"state": "done", "colorizer": "lite", "scores": {"lite": 0.7, "people": 0.3}, "titles": {"lite": "General"}},
    **{"title": "red, left", "variants": 4, **STEP},
    "noticed": "negative",
    "suggestions": [{"a": 1.0, "b": 2.0, "probability": 0.5, "rgb": [0.1, 0.2, 0.3]}],
}
ERROR = {"cause": "There is no model x.", "next_step": "Install it.", "code": "model-missing"}


class Lines:
    """A response with these lines."""

    def __init__(self, *lines):
        self._lines = [*lines, b""]

    def line(self):
        return self._lines.pop(0)


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_running_work_reports_its_progress(state):
    assert parsed({"state": state, **STEP}) == Running(0.5, "Choosing colors")


def test_last_event_has_the_result():
    assert parsed(DONE) == Done(
        colorizer="lite",
        scores={"lite": 0.7, "people": 0.3},
        titles={"lite": "General"},
        title="red, left",
        variants=4,
        suggestions=[Suggestion(1.0, 2.0, 0.5, (0.1, 0.2, 0.3))],
        noticed="negative",
    )


def test_download_that_is_done_has_no_result():
    assert parsed({"state": "done", "progress": 1.0, "message": ""}) == Done("", {}, {}, "", 0, [], "print")


def test_other_ends_are_values_of_their_own():
    assert parsed({"state": "failed", "error": ERROR, **STEP}) == Failed(*ERROR.values())
    assert parsed({"state": "cancelled", **STEP}) == Stopped()


def test_events_are_read_up_to_the_last_one():
    steps = []
    lines = Lines(
        b'{"state": "waiting", "progress": 0, "message": "Waiting"}',
        b'{"state": "running", "progress": 0.25, "message": "Starting"}',
        b'{"state": "done", "progress": 1, "message": "", "colorizer": "lite"}',
        b"what follows is not read",
    )
    assert follow(lines, lambda *step: steps.append(step)).colorizer == "lite"
    assert steps == [(0, "Waiting"), (0.25, "Starting")]


@pytest.mark.parametrize(
    ("line", "error", "code"),
    [
        (
            b'{"state": "failed", "error": {"cause": "No.", "next_step": "Stop.", "code": "bad"}, "progress": 0}',
            JobFailed,
            "bad",
        ),
        (b'{"state": "cancelled", "progress": 0, "message": ""}', Cancelled, "cancelled"),
        (b"", EngineGone, "engine"),
    ],
)
def test_work_without_a_result_raises(line, error, code):
    with pytest.raises(error) as raised:
        follow(Lines(line), lambda *step: None)
    assert raised.value.code == code
