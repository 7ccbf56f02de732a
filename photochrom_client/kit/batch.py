"""The batch dialog of every editor: follows a batch on a thread, and says what its widgets show.

The engine runs the batch. A dialog that is opened again, in this editor or another, finds it where it is.
"""

from __future__ import annotations

import os
import queue
import time
import webbrowser
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from ..batches import Batch, BatchProgress, BatchSettings
from ..engine import Colorizer, Engine, Progress, connect
from ..errors import Cancelled, EngineError, EngineGone, RequestRefused
from ..translation import translated as _
from .background import Background, Failed, Working, reporting_errors

POLL = 1.0
"""Seconds between two looks at a batch that is under way."""

FORMATS = (
    ("", _("As the photographs")),
    ("png", "PNG"),
    ("tiff", "TIFF"),
    ("jpeg", "JPEG"),
    ("webp", "WebP"),
    ("ora", _("OpenRaster, with layers")),
)
"""Formats of the results, each with its title."""

ALBUM = _("_Album: in each folder, the same things get the same colors")
ALBUM_MEANING = _("For one roll, session or film; each photograph is read twice")


class Colorizers(NamedTuple):
    """A message: those that are installed."""

    colorizers: list[Colorizer]


class Reached(NamedTuple):
    """A message: how far the latest batch is; None if there is none."""

    progress: BatchProgress | None


Message = Colorizers | Reached | Working | Failed
Wish = Callable[[Engine], None]


class Follower:
    """Follows the latest batch, and tells the engine what the user wants.

    `tell` is called on a thread: with `Colorizers` first, then with `Reached` again and again; with `Failed` where
    something is not possible.
    """

    def __init__(self, plugin_folder: str | os.PathLike[str], tell: Callable[[Message], object]) -> None:
        self._folder = plugin_folder
        self._tell = tell
        self._wishes: queue.Queue[Wish] = queue.Queue()
        self._again: Wish | None = None
        self._batch: Batch | None = None
        self._thread = Background("batch", self._work, tell)

    def start(self, inputs: list[str], output: str, settings: BatchSettings) -> None:
        """Starts a batch; or goes on with that in the folder `output`, if it has the same settings."""

        def wish(engine: Engine) -> None:
            self._batch = engine.start_batch(inputs, output, settings)

        self._wishes.put(wish)

    def look_into(self, output: str) -> None:
        """Takes the batch in this folder for the latest, if there is one; unless another one is under way."""

        def wish(engine: Engine) -> None:
            if self._batch is None or not self._batch.progress.under_way:
                self._find(engine, output)

        self._wishes.put(wish)

    def tell_batch(self, what: str) -> None:
        """ "pause", "resume", "retry" or "stop"."""

        def wish(_engine: Engine) -> None:
            if self._batch is not None:
                getattr(self._batch, what)()

        self._wishes.put(wish)

    def close(self) -> None:
        """Ends the following; the batch goes on."""
        self._thread.stop()
        self._wishes.put(lambda _engine: None)

    def _work(self, thread: Background) -> None:
        def report(error: EngineError) -> None:
            if not thread.stopped:
                self._tell(Failed(error))

        while not thread.stopped:
            with reporting_errors(report):
                self._follow(thread)
            if not thread.stopped:  # no engine, for example: with the next wish it is tried again
                self._wishes.put(self._wishes.get())

    def _follow(self, thread: Background) -> None:
        engine = self._connected(thread)
        self._tell(Colorizers(engine.colorizers()))
        self._find(engine)
        while not thread.stopped:
            self._tell(Reached(self._batch.progress if self._batch else None))
            wish = self._wish()
            try:
                wish(engine)
            except RequestRefused as error:
                self._tell(Failed(error))
            except EngineGone:
                # Another engine takes its place, offers the batch for resuming, and is told once what the user wanted.
                engine = self._connected(thread)
                self._find(engine)
                if wish not in {self._again, self._look}:
                    self._again = wish
                    self._wishes.put(wish)

    def _connected(self, thread: Background) -> Engine:
        def on_progress(_fraction: float, message: str) -> bool:
            self._tell(Working(message))
            return not thread.stopped

        return connect(self._folder, on_progress)

    def _find(self, engine: Engine, output: str = "") -> None:
        self._batch = next(iter(engine.batches(output)), None)

    def _wish(self) -> Wish:
        """What the user wants next; while there is nothing, to know how far a batch is that is under way. Otherwise
        nobody is asked: an open dialog must not keep the engine from ending."""
        try:
            return self._wishes.get(timeout=POLL if self._batch and self._batch.progress.under_way else None)
        except queue.Empty:
            return self._look

    def _look(self, _engine: Engine) -> None:
        if self._batch is not None:
            self._batch.refresh()


def run(
    plugin_folder: str | os.PathLike[str],
    inputs: list[str],
    output: str,
    settings: BatchSettings,
    on_progress: Progress,
    *,
    wait: bool,
) -> BatchProgress:
    """Starts a batch without a dialog, and waits for its end where that is wanted; how far it is then.

    Raises `EngineError`, also that of the batch, and `Cancelled` if `on_progress` returned False: the batch goes on.
    """
    batch = connect(plugin_folder, on_progress).start_batch(inputs, output, settings)
    while wait and batch.progress.under_way:
        now = shown(batch.progress)
        if on_progress(now.fraction or 0.0, now.bar) is False:
            raise Cancelled("Cancelled.", code="cancelled")
        time.sleep(POLL)
        batch.refresh()
    if batch.progress.error is not None:
        raise batch.progress.error
    return batch.progress


class Shown(NamedTuple):
    """What the dialog shows: `text`, a bar with the text `bar` at `fraction` (None: no bar), whether a batch can be
    started, the label of the button that tells the batch `what` ("" for none), whether it can be stopped, and the path
    of its report ("" for none)."""

    text: str
    bar: str = ""
    fraction: float | None = None
    startable: bool = True
    label: str = ""
    what: str = ""
    stoppable: bool = False
    report: str = ""


def shown(now: BatchProgress | None) -> Shown:
    """For the batch as it is now."""
    if now is None:
        return Shown(_("Choose a folder of photographs, and a folder for their color versions."))
    label, what = _offered(now)
    ended = now.ended if now.looked is None else min(now.looked, now.total)
    return Shown(
        text=_text(now),
        bar=_("{ended} of {total}").format(ended=ended, total=now.total) if now.total else "",
        fraction=ended / now.total if now.total else 0.0 if now.under_way else None,
        startable=not now.under_way,
        label=label,
        what=what,
        stoppable=now.state in {"running", "paused"},
        report="" if now.under_way else now.report,
    )


def _offered(now: BatchProgress) -> tuple[str, str]:
    if now.state == "running":
        return _("Pause"), "pause"
    if now.state == "paused":
        return _("Continue"), "resume"
    # A batch whose report could not be written has failed with nothing left to color.
    if (now.state == "failed" and now.total) or (now.state == "stopped" and now.ended < now.total):
        return _("Resume"), "resume"
    if now.state == "done" and now.failed:
        return _("Retry Failed"), "retry"
    return "", ""


def _text(now: BatchProgress) -> str:
    if now.error is not None:
        return str(now.error)
    texts = {
        "planning": _("Looking for photographs…"),
        "running": _("Colorizing. This window and the editor may be closed meanwhile: the batch goes on.")
        if now.looked is None
        else _("Looking at the photographs of the album first. This window and the editor may be closed meanwhile."),
        "paused": _("Paused."),
        "stopping": _("Stopping when the photographs in hand are finished…"),
        "reporting": _("Writing the report…"),
        "stopped": _("{left} photographs are left. Resume goes on where it was.").format(left=now.total - now.ended),
        "done": _("{done} photographs are done.").format(done=now.done),
    }
    said = [texts.get(now.state, now.state)]
    if now.seconds_left is not None:
        said.append(_time_left(now.seconds_left))
    if now.skipped:
        said.append(_("In color already: {skipped}.").format(skipped=now.skipped))
    if now.failed:
        said.append(_("Failed: {failed}; the report says why.").format(failed=now.failed))
    return f"{now.output}\n{' '.join(said)}"


def _time_left(seconds: float) -> str:
    if seconds < 90:
        return _("About {seconds} seconds left.").format(seconds=round(seconds))
    if seconds < 5400:
        return _("About {minutes} minutes left.").format(minutes=round(seconds / 60))
    return _("About {hours} hours left.").format(hours=round(seconds / 3600))


def open_report(path: str, tell: Callable[[Failed], object]) -> None:
    """Shows a report in the user's browser, which some wait for: on a thread. `tell` as in `Background`."""
    name = path.replace("\\", "/")
    # Not by pathlib: inside Krita, Python's file system encoding is ASCII, whatever the names of the user's folders.
    address = f"file://{'' if name.startswith('/') else '/'}{quote(name, safe='/:')}"

    def work(_thread: Background) -> None:
        if not webbrowser.open(address):
            raise EngineError(_("No browser could be opened."), _("Open {path} in one.").format(path=path))

    Background("report", work, tell)
