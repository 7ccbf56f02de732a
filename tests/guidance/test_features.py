"""The embedded encoder's features: one vector for each cell, of what the cell shows."""

import numpy as np
import pytest
from photochrom.errors import ModelDamaged
from photochrom.guidance import features as encoder
from photochrom.guidance.features import CELL, features
from photochrom.models.loaded import LOADED


@pytest.mark.parametrize(("height", "width"), [(160, 200), (1, 1), (33, 70), (8, 300)])
def test_each_cell_has_its_features(rng, height, width):
    seen = features(rng.uniform(0, 100, (height, width)).astype(np.float32))
    for plane in (seen.fine, seen.coarse):
        assert plane.shape[:2] == (-(-height // CELL), -(-width // CELL))
        assert np.isfinite(plane).all()


def test_what_is_moved_by_a_whole_stride_has_its_features_moved(rng):
    patch = rng.uniform(0, 100, (32, 32)).astype(np.float32)
    first, second = np.full((2, 256, 256), 50, np.float32)
    first[64:96, 64:96] = patch
    second[96:128, 128:160] = patch
    seen, moved = features(first), features(second)
    np.testing.assert_allclose(moved.fine[11:17, 15:21], seen.fine[7:13, 7:13], atol=1e-3)
    assert not np.allclose(moved.fine[7:13, 7:13], seen.fine[7:13, 7:13], atol=0.1)


def test_a_network_without_that_encoder_is_refused(monkeypatch):
    monkeypatch.setattr(encoder, "JOINS", ("no such place",))
    LOADED.clear()
    try:
        with pytest.raises(ModelDamaged, match="encoder of lite"):
            features(np.zeros((64, 64), np.float32))
    finally:
        LOADED.clear()
