"""How many of the poor results are among the most doubtful."""

import numpy as np
import pytest
from photochrom.evaluation.triage import caught

ERROR = np.arange(100.0)


@pytest.mark.parametrize(("looked_at", "expected"), [(0.0, 0.0), (0.1, 1.0), (0.05, 0.5), (1.0, 1.0)])
def test_doubt_that_orders_like_the_error(looked_at, expected):
    assert caught(ERROR**2, ERROR, 0.1, looked_at) == expected


def test_doubt_that_orders_the_other_way():
    assert caught(-ERROR, ERROR, 0.1, 0.9) == 0


def test_uninformative_doubt_catches_its_share():
    doubt = np.random.default_rng(3).random(20000)
    error = np.random.default_rng(4).random(20000)
    assert caught(doubt, error, 0.1, 0.25) == pytest.approx(0.25, abs=0.03)
