"""The toolkit of Python 2's GIMP, PyGTK, does not exist for Python 3. Scripts that import it are told so, clearly."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import NoReturn


def refuse(name: str) -> NoReturn:
    script = sys.argv[0] or "This script"
    raise ImportError(
        f"{script} needs {name}, which is PyGTK (Python 2 and GTK 2) and does not exist for Python 3. Dialogs that"
        " gimpfu makes of a parameter list work; windows of a script's own must be rewritten, for example with tkinter."
        " Nothing of the script has been registered."
    )
