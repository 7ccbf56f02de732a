"""Blends predictions: a weighted mean of their ab and of their distributions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from photochrom.sampling.resize import stretched
from photochrom.values import Distribution, Plane, Prediction


def blend(predictions: Sequence[Prediction], shares: Sequence[float]) -> Prediction:
    """Σ shareᵢ · abᵢ; shares 0…1 that sum to 1. Smaller ab maps are enlarged to the largest.

    The distribution is the same mixture if all have one over the same color classes, else None.
    """
    if len(predictions) == 1:
        return predictions[0]
    height = max(prediction.ab.shape[0] for prediction in predictions)
    width = max(prediction.ab.shape[1] for prediction in predictions)
    ab = _mix([stretched(prediction.ab, height, width) for prediction in predictions], shares)
    calm = [prediction.ab if prediction.calm is None else prediction.calm for prediction in predictions]
    distributions = [prediction.distribution for prediction in predictions]
    return Prediction(
        ab,
        _blend_distributions(distributions, shares),
        _mix([stretched(plane, height, width) for plane in calm], shares),
    )


def _blend_distributions(distributions: Sequence[Distribution | None], shares: Sequence[float]) -> Distribution | None:
    known = [distribution for distribution in distributions if distribution is not None]
    first = known[0] if len(known) == len(distributions) else None
    if first is None or any(
        each.probabilities.shape != first.probabilities.shape or not np.array_equal(each.centers, first.centers)
        for each in known
    ):
        return None
    return Distribution(_mix([each.probabilities for each in known], shares), first.centers)


def _mix(planes: Sequence[Plane], shares: Sequence[float]) -> Plane:
    total = np.zeros_like(planes[0])
    for plane, share in zip(planes, shares, strict=True):
        total += np.float32(share) * plane
    return total
