"""What stays known of photographs."""

from photochrom.known import MOST_PHOTOGRAPHS, Known


def test_what_was_found_on_one_photograph_is_not_known_of_another():
    known = Known()
    known.on("hut")["colours"] = "brown"
    assert known.on("hut") == {"colours": "brown"}
    assert known.on("face") == {}


def test_the_photograph_that_did_not_come_for_the_longest_is_forgotten():
    known = Known()
    for photograph in range(MOST_PHOTOGRAPHS):
        known.on(photograph)["found"] = photograph
    known.on(0)
    known.on("one more")
    assert known.on(0) == {"found": 0}
    assert known.on(1) == {}
