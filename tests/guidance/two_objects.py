"""A scene of two objects, one striped and dark, one checked and light, and how it looks in other pictures."""

import numpy as np

RED, GREEN = (55.0, 35.0), (-45.0, 40.0)


def scene(height, width, *, swapped=False, colors=(RED, GREEN)):
    """Lab (height, width, 3) and where each object is (2, height, width). `swapped`: they have changed places."""
    y, x = np.mgrid[:height, :width]
    short = min(height, width)
    first = np.hypot(y - height * 0.5, x - width * 0.27) < short * 0.3
    second = (abs(y - height * 0.5) < short * 0.27) & (abs(x - width * 0.73) < short * 0.27)
    if swapped:
        first, second = first[:, ::-1], second[:, ::-1]
    step = max(2, short // 40)
    lab = np.zeros((height, width, 3), np.float32)
    lab[..., 0] = 90
    lab[..., 0][first] = (30 + 15 * (y // step % 2))[first]
    lab[..., 0][second] = (60 + 15 * ((y // (2 * step) + x // (2 * step)) % 2))[second]
    lab[first, 1:] = colors[0]
    lab[second, 1:] = colors[1]
    return lab, np.stack([first, second])
