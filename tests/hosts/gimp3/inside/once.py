"""Runs inside GIMP: colors one image, and says when it begins. PHOTOCHROM_SCALE makes the photograph larger,
PHOTOCHROM_SETTINGS are the procedure's, in JSON."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import colorize, document, photograph, run_all, tell  # isort: skip


def case():
    image = photograph(float(os.environ["PHOTOCHROM_SCALE"]))
    before = document(image)
    tell(f"{case.__name__}-begins", {})
    result, _ = colorize(image, image.get_layers(), **json.loads(os.environ.get("PHOTOCHROM_SETTINGS", "{}")))
    return {"before": before, **result}


case.__name__ = os.environ["PHOTOCHROM_CASE"]
run_all([case])
