"""A reference is reduced, whatever its size."""

import numpy as np
import pytest
from photochrom.errors import BadRequest
from photochrom.guidance.reference import SIDE, Reference
from photochrom.options import Options


@pytest.mark.parametrize(("height", "width"), [(320, 640), (81, 40), (1, 1), (3, 900)])
def test_any_size_is_reduced_with_its_aspect(rng, height, width):
    lab = rng.uniform(-40, 40, (height, width, 3)).astype(np.float32)
    reference = Reference(lab)
    rows, columns = reference.lightness.shape
    assert reference.ab.shape == (rows, columns, 2)
    assert min(rows, columns) <= SIDE
    assert max(rows, columns) <= 4 * SIDE
    assert rows / columns == pytest.approx(height / width, rel=0.05) or min(rows, columns) < 20


def test_colors_are_kept():
    lab = np.empty((500, 400, 3), np.float32)
    lab[:] = 60, 20, -30
    reference = Reference(lab)
    np.testing.assert_allclose(reference.lightness, 60, atol=0.01)
    np.testing.assert_allclose(reference.ab, np.broadcast_to((20, -30), reference.ab.shape), atol=0.01)


def test_what_is_no_number_counts_as_nothing():
    lab = np.full((200, 200, 3), 30, np.float32)
    lab[50, 60] = np.nan
    lab[70, 80] = np.inf
    reference = Reference(lab)
    assert np.isfinite(reference.lightness).all()
    assert np.isfinite(reference.ab).all()


def test_features_are_seen_once():
    reference = Reference(np.full((200, 260, 3), 30, np.float32))
    assert reference.features is reference.features


@pytest.mark.parametrize("method", ["palette", "regions"])
def test_a_reference_needs_its_picture(method):
    with pytest.raises(BadRequest, match="no reference picture"):
        Options(reference=method)
