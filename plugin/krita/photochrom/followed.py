"""What was scanned, in the docker: that of one photograph says nothing about the next."""

from . import document, sources
from .photochrom_client.protocol import ORIGINALS


class FollowedOriginal:
    """Sets what was scanned in the `controls` when another photograph comes to the front: to what it was colored as."""

    def __init__(self, controls):
        self._controls = controls
        self._photograph = ""

    def look(self):
        """Looks at what is in front. While that is the same photograph, what the user has chosen stays."""
        now = document.active()
        source = sources.photograph_or_none(now)
        if source is None:
            return
        before, self._photograph = self._photograph, source.uniqueId().toString()
        if before == self._photograph:
            return
        original = sources.original_of(now, source) or (ORIGINALS[0] if before else "")
        if original:
            self._controls.take_original(original)
