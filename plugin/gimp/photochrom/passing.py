"""What goes by while a layer is colored: progress, alpha, strips. Knows nothing of GIMP."""

import tempfile

from photochrom_client import Strip


def stage(start, end, show):
    """A callback for a stage's own progress (0…1) that shows it as `start`…`end` of the whole."""

    def on_progress(fraction, message):
        show(start + (end - start) * min(1.0, max(0.0, fraction)), message)

    return on_progress


class Coverage:
    """Bands of alpha that go by; `anything` says whether any of them was not fully transparent."""

    def __init__(self, bands):
        self._bands = bands
        self.anything = False

    def __iter__(self):
        for band in self._bands:
            self.anything = self.anything or band.count(0) != len(band)
            yield band


class SpooledStrips:
    """Strips kept on disk, to be read as often as wanted. A context manager that lets the disk space go."""

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
