"""How long tests wait."""

import os


def patience(seconds: float) -> float:
    """What takes so long on a machine with nothing else to do may take longer here, by as much as is to be done."""
    return seconds * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))
