"""The LRU cache."""

from photochrom.cache import LRUCache


def test_value_is_computed_once_for_each_key():
    cache = LRUCache(2)
    assert cache.get("hut", lambda: "brown") == "brown"
    assert cache.get("hut", lambda: "green") == "brown"
    assert cache.get("face", lambda: "pink") == "pink"


def test_least_recently_used_value_is_dropped_first():
    cache = LRUCache(3)
    for photograph in range(3):
        cache.get(photograph, lambda photograph=photograph: photograph)
    cache.get(0, lambda: "again")
    cache.get("one more", lambda: "new")
    assert cache.get(0, lambda: "again") == 0
    assert cache.get(1, lambda: "again") == "again"
