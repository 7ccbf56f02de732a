"""Events in PREMIS' terms: each file's, and the package's."""

from __future__ import annotations

import uuid

TYPES = {"creation", "fixity check", "information package creation"}


def test_each_event_has_its_row(of_three, make):
    bag = make(of_three)
    events = bag.events()
    assert [sum(each["eventType"] == kind for each in events) for kind in sorted(TYPES)] == [4, 3, 1]
    assert {each["eventType"] for each in events} == TYPES
    assert len({uuid.UUID(each["eventIdentifierValue"]) for each in events}) == len(events)
    assert all(each["eventDateTime"].endswith("+00:00") for each in events)
    made = [each for each in events if each["eventType"] == "creation" and each["eventOutcome"] == "success"]
    for each in made:
        assert each["linkingObjectRole"] == "source"
        assert each["linkingObject2Role"] == "outcome"
        assert (bag.data / each["linkingObject2IdentifierValue"]).is_file()


def test_failures_are_events_too(of_three, make):
    (failed,) = [each for each in make(of_three).events() if each["eventOutcome"] == "fail"]
    assert failed["eventOutcomeDetailNote"] == "It is damaged."
    assert failed["linkingObjectIdentifierValue"] == str(of_three.box / "broken.jpg")
    assert failed["linkingObject2IdentifierValue"] == ""
