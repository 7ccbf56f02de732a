"""What networks look at, and what stays photographs of a photograph."""

import numpy as np
import pyvips
from photochrom.cache import LRUCache
from photochrom.sampling.proxy import CACHED_VALUES, GUIDE_SIDE, Proxy, reduce


def even(width, height):
    return pyvips.Image.black(width, height).cast("float") + 50


def test_the_proxy_does_not_grow_with_the_picture():
    assert reduce(even(600, 400), 384).shape == reduce(even(6000, 4000), 384).shape == (384, 576)


def test_a_long_strip_gets_a_smaller_short_side():
    assert reduce(even(8000, 100), 160).shape == (8, 640)


def test_proxies_are_reduced_from_the_largest_that_was_asked_for():
    proxy = Proxy(even(900, 700))
    proxy.prepare(512)
    assert proxy.guide.shape == (512, 658)
    assert proxy.at(160).shape == (160, 206)
    assert proxy.guide.shape == (512, 658)


def test_the_guide_is_never_smaller_than_previews_need():
    proxy = Proxy(even(900, 700))
    proxy.prepare(100)
    assert proxy.guide.shape[0] == GUIDE_SIDE


def test_a_photograph_is_reduced_once(tmp_path):
    path = tmp_path / "streamed.png"
    even(800, 600).cast("uchar").write_to_file(str(path))
    proxy = Proxy(pyvips.Image.new_from_file(str(path), access="sequential").cast("float"))
    first = proxy.at(160)
    assert proxy.at(160) is first  # a second pass over a file read from top to bottom would fail
    assert proxy.at(200).shape[0] == 200


def test_the_guide_is_what_was_asked_for_last_whatever_was_before(rng):
    picture = pyvips.Image.new_from_array(rng.uniform(0, 100, (700, 900)).astype(np.float32))
    fresh, used = Proxy(picture), Proxy(picture)
    used.prepare(512)
    used.at(160)
    used.prepare(160)
    np.testing.assert_array_equal(used.guide, fresh.guide)
    np.testing.assert_array_equal(used.at(160), fresh.at(160))


def test_values_are_cached_with_the_guide_they_were_computed_from():
    proxy, asked = Proxy(even(900, 700), LRUCache(2)), []

    def compute():
        asked.append(1)
        return np.zeros(3)

    assert proxy.cached("colors", compute) is proxy.cached("colors", compute)
    assert len(asked) == 1
    proxy.prepare(GUIDE_SIDE + 1)
    proxy.cached("colors", compute)
    assert len(asked) == 2
    proxy.prepare(GUIDE_SIDE)
    proxy.cached("colors", compute)
    assert len(asked) == 2


def test_least_recently_used_value_is_dropped_first():
    proxy = Proxy(even(40, 40))
    for number in range(CACHED_VALUES):
        proxy.cached(number, lambda number=number: number)
    assert proxy.cached(0, lambda: "again") == 0
    proxy.cached(CACHED_VALUES, lambda: CACHED_VALUES)
    assert proxy.cached(0, lambda: "again") == 0
    assert proxy.cached(1, lambda: "again") == "again"


def test_values_of_a_photograph_are_cached_for_its_next_proxy():
    photographs = LRUCache(2)
    Proxy(even(900, 700), photographs).cached("colors", lambda: 1)
    assert Proxy(even(900, 700) + 1, photographs).cached("colors", lambda: 2) == 2
    assert Proxy(even(900, 700), photographs).cached("colors", lambda: 3) == 1
