"""What the tools told about themselves, as tests look at it: layers and masks that were kept, and outcomes."""

import numpy as np

from .test_gimp import planes


def layer(tools, name):
    """(n, 4): L, a, b, alpha of a layer that was kept."""
    return planes(tools.out / f"{name}.lab", 4)


def mask(tools, name, size):
    width, height = size
    return planes(tools.out / f"{name}.mask", 1).reshape(height, width)


def same(tools, one, other):
    """Equal but for the last of 16 bits. What the engine sends is equal to the last bit, which the tests of the service
    say; what GIMP makes of it and reads again was not always so on a busy machine."""
    return np.abs(layer(tools, one) - layer(tools, other)).max() < 0.01


def names(result):
    return [each["name"] for each in result["document"]["layers"]]


def good(result):
    assert result["status"] == "success", result["error"]
    return result


def refused(result, *words):
    assert result["status"] == "calling-error"
    assert all(word in result["error"] for word in words), result["error"]
