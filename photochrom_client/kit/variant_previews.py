"""Thumbnails of other answers to the same photograph, one after the other, on a thread of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..engine import Job, Layer, Preview, connect
from ..errors import Cancelled, EngineError, JobFailed, RequestRefused
from ..protocol import AUTO, BLEND, STYLES
from ..settings import Settings
from ..translation import translated as _
from . import variants
from .background import Background, Failed, Working
from .guidance import Guidance
from .preview import Reduced


class Variant(NamedTuple):
    """One answer: `key` as in `variants.keys`, the settings that lead to it, and its picture."""

    key: str
    title: str
    settings: Settings
    preview: Preview


class Complete(NamedTuple):
    """All answers have been told; `text` is for the user."""

    text: str


Message = Working | Variant | Complete | Failed


class VariantPreviews:
    """Asks the engine for the variants of a `layer` under `guidance`.

    `tell` is called on the thread with `Working`, a `Variant` for each answer, and at the end `Complete` or `Failed`. A
    style that changes nothing is left out: some colorizers have one answer only. A colorizer that is not installed any
    more is replaced by the automatic choice, and an answer that fails is left out: the text at the end says so.
    """

    def __init__(
        self,
        plugin_folder: str | os.PathLike[str],
        layer: Reduced,
        guidance: Guidance,
        settings: Settings,
        tell: Callable[[Message], object],
    ) -> None:
        self._folder = plugin_folder
        self._layer = layer
        self._guidance = guidance
        self._settings = settings
        self._tell = tell
        self._thread = Background("variants", self._run, tell)

    def stop(self) -> None:
        """Ends the work, the engine's too; nothing more is told."""
        self._thread.stop()

    def close(self) -> None:
        """Stops and waits until the work has ended."""
        self._thread.stop()
        self._thread.join()

    def _run(self, thread: Background) -> None:
        def on_progress(_fraction: float, message: str) -> bool:
            if not thread.stopped:
                self._tell(Working(message))
            return not thread.stopped

        text = self._ask(on_progress)
        if not thread.stopped:
            self._tell(Complete(text))

    def _ask(self, on_progress: Callable[[float, str], bool]) -> str:
        """Tells the answers; returns the text for the end."""
        engine = connect(self._folder, on_progress)
        layer = self._layer
        with engine.upload(layer.width, layer.height, [layer.lightness], icc=layer.icc) as sent:
            self._guidance.send(sent)
            installed = [each.name for each in engine.colorizers()]
            missing = [name for name in self._settings.colorizer.split(BLEND) if name not in installed]
            settings = self._settings._replace(colorizer=AUTO) if missing else self._settings
            others = [name for name in installed if name != settings.colorizer]  # its answer is the main one
            keys = variants.keys(_count(sent, settings, on_progress), others, settings.style)
            failed = self._answer(sent, settings, keys, on_progress)
        lines = []
        if missing:
            text = _("No longer installed: {names}. These are answers of the automatic choice.")
            lines.append(text.format(names=", ".join(missing)))
        lines += [_("Left out: {names} ({why})").format(names=", ".join(failed[why]), why=why) for why in failed]
        return "\n".join([*lines, _("Choose one or several.")])

    def _answer(
        self, sent: Layer, settings: Settings, keys: Sequence[str], on_progress: Callable[[float, str], bool]
    ) -> dict[str, list[str]]:
        """Tells the answers that succeed; returns the titles of the others by the reason. Raises the last one's error
        if all fail."""
        failed: dict[str, list[str]] = {}
        last: EngineError | None = None
        main: Preview | None = None
        for key in keys:
            wanted = variants.settings_of(settings, key)
            try:
                job: Job = sent.colorize(wanted.options(), on_progress)
                preview = job.preview()
            except (JobFailed, RequestRefused) as error:
                failed.setdefault(error.cause.partition("\n")[0], []).append(variants.title(key))
                last = error
                continue
            if self._thread.stopped:
                raise Cancelled("Cancelled.", code="cancelled")
            if key in STYLES and preview == main:
                continue
            main = preview if main is None else main
            self._tell(Variant(key, variants.title(key, job.title or _by(job)), wanted, preview))
        if last is not None and sum(len(titles) for titles in failed.values()) == len(keys):
            raise last
        return failed


def _by(job: Job) -> str:
    return _("colorizer: {name}").format(name=job.colorizer_title)


def _count(sent: Layer, settings: Settings, on_progress: Callable[[float, str], bool]) -> int:
    """The number of variants. The engine counts them when it is asked for one, and fails if there is none."""
    try:
        return sent.colorize(variants.settings_of(settings, "1").options(), on_progress).variants
    except (JobFailed, RequestRefused):
        return 0  # if anything else is wrong, the main answer will fail with it, too
