"""The pages that people read."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

PAGES = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").glob("*.md"),
        *(REPOSITORY / "findings").glob("*.md"),
        *(REPOSITORY / "engine").rglob("*.md"),
    ]
)


def commands(page):
    """The lines of a page's blocks of shell, without comments; a line that ends in a backslash goes on."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in (re.sub(r"\s+# .*|^#.*", "", line).strip() for line in lines) if line]
