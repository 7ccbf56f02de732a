"""What the frames of an album agreed on is kept, whole or not at all; and an album is a folder, in its order."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from photochrom.album.moves import Painted
from photochrom.batch import publishing
from photochrom.batch.agreements import Agreements, Frame
from photochrom.batch.album import albums, natural


@pytest.fixture
def notes(batch):
    with closing(Agreements(publishing.journal_path(batch.out))) as notes:
        yield notes


def moves(*frames):
    return [Frame(id, matching, move) for id, matching, move in frames]


def test_what_was_agreed_on_is_read_back(of_three, notes):
    move = np.float32([[[1, -2], [3, 4]]])
    notes.keep(moves((1, 2, move), (2, 0, None)))
    np.testing.assert_array_equal(notes.move(1), move)
    assert notes.move(2) is None
    assert notes.move(3) is None
    assert notes.agreed() == {1, 2}
    assert notes.counts() == (1, 1)


def test_an_album_that_is_ended_keeps_nothing(of_three, notes):
    def ended():
        yield Frame(1, 1, np.zeros((1, 1, 2), np.float32))
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        notes.keep(ended())
    assert notes.agreed() == set()


def test_objects_are_kept_in_their_order(of_three, notes):
    masks = np.zeros((2, 5, 11), bool)
    masks[0, 1, 10] = masks[1, :, 3] = True
    notes.paint([(2, Painted(masks[0], (1.0, 2.0)))])
    notes.paint([(1, Painted(masks[0], (5.0, 6.0))), (2, Painted(masks[1], (3.0, 4.0)))])
    found = notes.painted(2)
    assert [each.color for each in found] == [(1.0, 2.0), (3.0, 4.0)]
    np.testing.assert_array_equal([each.mask for each in found], masks)


def test_names_are_sorted_as_people_number_them():
    names = ["9.jpg", "10.jpg", "b2.jpg", "B10.jpg", "x.jpg", "x1y20.jpg", "x1y3.jpg"]
    in_order = sorted(names, key=lambda name: natural(Path(name)))
    assert in_order == ["9.jpg", "10.jpg", "b2.jpg", "B10.jpg", "x1y3.jpg", "x1y20.jpg", "x.jpg"]


def test_an_album_is_a_folder_with_something_new(of_three):
    of_three.notes.requeue_one(1)
    of_three.notes.requeue_one(3)
    found = [[entry.id for entry in album] for album in albums(of_three.notes, set())]
    assert sorted(found) == [[1], [3]]
    assert [[entry.id for entry in album] for album in albums(of_three.notes, {1, 2, 3})] == []
    assert [[entry.id for entry in album] for album in albums(of_three.notes, {2, 3})] == [[2, 1]]
