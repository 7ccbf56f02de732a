"""What stays known."""

from photochrom.cache import Known


def test_what_was_found_of_one_is_not_known_of_another():
    known = Known(2)
    assert known.get("hut", lambda: "brown") == "brown"
    assert known.get("hut", lambda: "green") == "brown"
    assert known.get("face", lambda: "pink") == "pink"


def test_what_was_not_asked_for_the_longest_is_forgotten():
    known = Known(3)
    for photograph in range(3):
        known.get(photograph, lambda photograph=photograph: photograph)
    known.get(0, lambda: "again")
    known.get("one more", lambda: "new")
    assert known.get(0, lambda: "again") == 0
    assert known.get(1, lambda: "again") == "again"
