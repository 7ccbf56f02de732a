"""Files that an editor has exported, looked at and marked beside its windows so that they never wait."""

import threading

from ..engine import connect
from ..errors import EngineError, Unexpected
from ..note import colorizers

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".ora")
"""Of the files that can be marked."""


class Exported:
    """One file with colors by `makers`.

    `tell` is called on a thread with {"file", "marked": whether it says who made its colors}, or with {"file", "error":
    EngineError}.
    """

    def __init__(self, plugin_folder, file, makers, tell):
        self.file = file
        self._folder = plugin_folder
        self._makers = makers
        self._tell = tell

    def look(self):
        """Asks whether it says so already."""
        self._begin(lambda engine: engine.is_marked(self.file))

    def mark(self):
        """Writes it into the file."""

        def write(engine):
            engine.mark(self.file, colorizers(self._makers))
            return True

        self._begin(write)

    def _begin(self, what):
        threading.Thread(target=self._do, args=(what,), name="photochrom-exported", daemon=True).start()

    def _do(self, what):
        try:
            self._tell({"file": self.file, "marked": what(connect(self._folder))})
        except EngineError as error:
            self._tell({"file": self.file, "error": error})
        except Exception as error:  # on a thread nobody would hear of it
            self._tell({"file": self.file, "error": Unexpected(error)})
