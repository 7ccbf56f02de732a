"""The gimpfu package, found beside the plug-ins. Most of it needs GIMP 2.10's libraries."""

import sys
from pathlib import Path

COMPAT = Path(__file__).resolve().parents[3] / "plugin" / "gimpfu_compat"
sys.path.insert(0, str(COMPAT))
