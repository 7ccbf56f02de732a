"""What a report's page holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any


def data_of(page: Path) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="batch">(.*?)</script>', page.read_text("utf-8"))
    facts: dict[str, Any] = json.loads(text)
    return facts
