"""The engine's preview of a layer, computed beside the dialog so that the dialog never waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..engine import Colorizer, Job, Layer, Preview, Segmenter, Suggestion, connect
from ..errors import Cancelled, EngineError, EngineGone, RequestRefused, Unexpected
from ..protocol import LAYER_GONE, ORIGINALS
from .background import Background, Failed, Working
from .guidance import Guidance, Raster

SHORT_SIDE = 512
"""Short side of what is sent for a preview: more than the engine looks at, so that preview and result agree."""


class Reduced(NamedTuple):
    """A reduced layer: `lightness` is "CIE L float" (4 · width · height bytes)."""

    width: int
    height: int
    lightness: bytes
    icc: bytes | None


class Choices(NamedTuple):
    """The colorizers and segmenters that are installed."""

    colorizers: list[Colorizer]
    segmenters: list[Segmenter]


class Colored(NamedTuple):
    """A preview: the colorizer of that title made it; `scores` are `Job.shares`; `suggestions` are colors for its
    object, if any; `noticed` as of `Job`."""

    preview: Preview
    colorizer: str
    scores: dict[str, float]
    suggestions: list[Suggestion]
    noticed: str = ORIGINALS[0]


class Doubt(NamedTuple):
    """Where the colorizer was unsure about the last preview, as a heat map; None where it cannot tell."""

    heat: Preview | None


Message = Working | Choices | Colored | Doubt | Failed


class Previewer:
    """Asks the engine for previews, always with the newest options: older requests are dropped.

    `tell` is called on the previewer's own thread.
    """

    def __init__(
        self, plugin_folder: str | os.PathLike[str], layer: Reduced, tell: Callable[[Message], object]
    ) -> None:
        self._folder = plugin_folder
        self._layer = layer
        self._tell = tell
        self._changed = threading.Condition()
        self._wanted: tuple[dict[str, Any], bool] | None = None
        self._guidance = Guidance()
        self._closed = False
        self._thread = Background("preview", self._run, tell)

    def want(self, options: Mapping[str, Any], doubt: bool = False) -> None:
        """Asks for a preview with these options instead of any other; then, with `doubt`, for its `Doubt`."""
        with self._changed:
            self._wanted = dict(options), doubt
            self._changed.notify()

    def give(self, **guidance: Raster | None) -> None:
        """Replaces fields of the `Guidance` of the next previews."""
        with self._changed:
            self._guidance = self._guidance._replace(**guidance)

    def close(self) -> None:
        """Stops the work, the engine's too, and waits until it has stopped."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.stop()
        self._thread.join()

    def _run(self, _thread: Background) -> None:
        layer, sent = None, Guidance()
        while (wanted := self._next()) is not None:
            options, doubt = wanted
            # The engine may have dropped the layer, or ended, while the dialog was open: then try once more.
            last_try = layer is None
            while True:
                try:
                    if layer is None:
                        layer, sent = self._upload(), Guidance()
                    with self._changed:
                        guidance = self._guidance
                    guidance.send(layer, sent)
                    sent = guidance
                    job = layer.colorize(options, self._on_progress)
                    self._tell(Colored(job.preview(), job.colorizer_title, job.shares, job.suggestions, job.noticed))
                    if doubt and not self._outdated():
                        self._tell(Doubt(_heat_of(job)))
                except Cancelled:
                    pass
                except EngineError as error:
                    if isinstance(error, EngineGone) or error.code == LAYER_GONE:
                        _delete(layer)
                        layer = None
                        if not last_try:
                            last_try = True
                            continue
                    self._tell(Failed(error))
                except Exception as error:  # the next request may succeed
                    _delete(layer)
                    layer = None
                    self._tell(Failed(Unexpected(error)))
                break
        _delete(layer)

    def _upload(self) -> Layer:
        engine = connect(self._folder, self._on_progress)
        self._tell(Choices(engine.colorizers(), engine.segmenters()))
        return engine.upload(
            self._layer.width,
            self._layer.height,
            [self._layer.lightness],
            icc=self._layer.icc,
            on_progress=self._on_progress,
        )

    def _next(self) -> tuple[dict[str, Any], bool] | None:
        """Waits for a request and returns the newest; None when the dialog is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wanted is not None)
            wanted, self._wanted = self._wanted, None
            return None if self._closed else wanted

    def _on_progress(self, _fraction: float, message: str) -> bool:
        """Progress for the client: False as soon as there is a newer request."""
        if self._outdated():
            return False
        self._tell(Working(message))
        return True

    def _outdated(self) -> bool:
        with self._changed:
            return self._closed or self._wanted is not None


def _delete(layer: Layer | None) -> None:
    if layer is not None:
        layer.close()


def _heat_of(job: Job) -> Preview | None:
    try:
        return job.doubt()
    except RequestRefused:
        return None


def fit(width: int, height: int, max_width: int, max_height: int) -> tuple[int, int]:
    """The largest size with the same proportions, at least 1×1, within both the picture's own size and the bounds."""
    scale = min(1.0, max_width / width, max_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def scale_for(width: int, height: int, short_side: int = SHORT_SIDE, long_side: int = 4 * SHORT_SIDE) -> float:
    """The factor (at most 1) that reduces the short side to `short_side`, or the long one to `long_side`."""
    return min(1.0, short_side / min(width, height), long_side / max(width, height))
