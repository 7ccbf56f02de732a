"""Runs inside a GIMP with windows: opens the batch dialog, anew whenever it was closed, and tells what came of it."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import OUT, call_batch, tell  # isort: skip
from gi.repository import Gimp

number = 0
while not (OUT / "stop").exists():
    folders = {} if number else {"input": os.environ["PHOTOCHROM_SCANS"], "output": os.environ["PHOTOCHROM_COLORED"]}
    tell(f"batch-{number}", call_batch(Gimp.RunMode.INTERACTIVE, **folders))
    number += 1
