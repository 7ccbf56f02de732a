"""Alpha and strips while they are streamed. Knows nothing of GIMP."""

import tempfile

from photochrom_client import Strip


class Coverage:
    """Passes bands of alpha on; then `anything` says whether any of them was not fully transparent."""

    def __init__(self, bands):
        self._bands = bands
        self.anything = False

    def __iter__(self):
        for band in self._bands:
            self.anything = self.anything or band.count(0) != len(band)
            yield band


class SpooledStrips:
    """Strips in a temporary file, which can be iterated repeatedly. A context manager that frees the disk space."""

    def __init__(self, strips, folder):
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed by __exit__)
        self._sizes = []
        try:
            for strip in strips:
                self._file.write(strip.data)
                self._sizes.append((strip.y, strip.rows, len(strip.data)))
        except BaseException:
            self._file.close()
            raise

    def __iter__(self):
        self._file.seek(0)
        for y, rows, size in self._sizes:
            yield Strip(y, rows, self._file.read(size))

    def __enter__(self):
        return self

    def __exit__(self, *_reason):
        self.close()

    def close(self):
        self._file.close()
