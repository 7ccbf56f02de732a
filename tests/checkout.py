"""Where the packages under test are imported from, for processes that tests start."""

import os
from pathlib import Path

import photochrom

import photochrom_client

SOURCES = [str(Path(package.__file__).parents[1]) for package in (photochrom, photochrom_client)]
PYTHONPATH = os.pathsep.join(SOURCES)
