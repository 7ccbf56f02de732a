from __future__ import annotations

import numpy as np
from photochrom.album import agreement
from photochrom.album.agreement import agree
from photochrom.album.matching import match


def apart(looks, moves):
    """How far matching cells are apart, in ab units, on average."""
    there, _ = match(*looks)
    colors = [(each.colors + move).reshape(-1, 2) for each, move in zip(looks, moves, strict=True)]
    partners = np.einsum("nk,nkc->nc", there.shares, colors[1][there.partners])
    return np.linalg.norm(colors[0][there.cells] - partners, axis=1).mean()


def test_matching_places_come_to_one_color(looks):
    agreed = list(agree((each, None) for each in looks))
    before = apart(looks, [np.zeros_like(each.colors) for each in looks])
    assert before > 10
    assert apart(looks, [each.move for each in agreed]) < 0.1 * before
    assert [each.matching for each in agreed] == [1, 1]


def test_a_frame_that_matches_nothing_stays_exactly_as_it_is(looks, unrelated):
    *others, alone = agree((each, None) for each in (*looks, unrelated))
    assert alone.move is None
    assert alone.matching == 0
    assert all(each.matching == 1 for each in others)


def test_a_frame_that_agreed_earlier_is_held_and_others_follow(looks):
    one, other = looks
    held = np.full_like(one.colors, 3)
    first, second = agree([(one, held), (other, None)])
    np.testing.assert_array_equal(first.move, held)
    assert apart(looks, [held, second.move]) < 0.1 * apart(looks, [held, np.zeros_like(other.colors)])


def test_vivid_frames_are_not_made_dull_by_gray_ones(looks):
    one, other = looks
    gray = type(other)(other.lightness, np.zeros_like(other.colors), other.features)
    first, second = agree([(one, None), (gray, None)])
    chroma = np.linalg.norm(one.colors, axis=-1).mean()
    assert np.linalg.norm(one.colors + first.move, axis=-1).mean() > 0.55 * chroma
    assert np.linalg.norm(second.move, axis=-1).mean() > 0.45 * chroma


def test_frames_are_few_in_memory_and_agree_across_blocks(looks, monkeypatch):
    monkeypatch.setattr(agreement, "BLOCK", 4)
    taken = []

    def frames():
        for number in range(10):
            taken.append(number)
            yield looks[number % 2], None

    agreed, ahead = [], []
    for each in agree(frames()):
        agreed.append(each)
        ahead.append(len(taken) - len(agreed))
    assert len(agreed) == 10
    assert max(ahead) < 4
    for first in range(9):
        pair = (looks, agreed) if first % 2 == 0 else (looks[::-1], agreed)
        assert apart(pair[0], [each.move for each in agreed[first : first + 2]]) < 3


def test_the_same_frames_agree_on_the_same_bytes(looks):
    one, other = ([each.move.tobytes() for each in agree((each, None) for each in looks)] for _ in range(2))
    assert one == other


def test_no_frames():
    assert list(agree([])) == []
