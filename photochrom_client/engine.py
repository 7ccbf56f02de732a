"""The engine as an editor sees it: layers go in, jobs run, strips of color come out.

All of it may be called from any thread: every request has its own connection.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from . import engine_words
from .connection import Answer, Connection, gone
from .errors import Cancelled, EngineError, EngineGone, JobFailed, RequestRefused
from .note import Maker
from .protocol import CHANNEL_BYTES, LAB_ALPHA_BYTES, Header, Route
from .start import find_or_start
from .translation import translated as _

Progress = Callable[[float, str], object]
"""Called with a fraction 0…1 and what is being done. Returning False, or raising, stops the work."""


def connect(
    plugin_folder: str | os.PathLike[str], on_progress: Progress | None = None, timeout: float = 60.0
) -> Engine:
    """Finds the user's running engine, or starts it, and waits up to `timeout` seconds until it answers.

    `plugin_folder` holds `engine-command.json`, which `photochrom plugin install` writes beside the plug-in.
    Raises `EngineMissing`, `EngineNotStarted`, `EngineIncompatible` and `Cancelled` when `on_progress` says so.
    """
    connection, status = find_or_start(plugin_folder, _asking(on_progress), timeout)
    return Engine(connection, status)


class Colorizer(NamedTuple):
    """One entry of the pool: `name` goes into the options, `title` is for people."""

    name: str
    title: str


class Model(NamedTuple):
    """A published model that Photochrom knows, installed or not.

    `kind` is "colorizer" or "segmenter"; `bytes` the size of its download, None where nobody has published it, `size`
    the same in words; `fetch` whether `Engine.fetch` may bring it, and `why_not`, where it may not, why and how else.
    `license` and `weights_license` (one sentence) are to be shown to whoever wants it.
    """

    name: str
    kind: str
    good_at: str
    license: str
    weights_license: str
    bytes: int | None
    size: str
    fetch: bool
    why_not: str
    installed: bool


class Segmenter(NamedTuple):
    """One that finds objects: `name` goes into the options, `title` is for people."""

    name: str
    title: str


class Preview(NamedTuple):
    """A small picture: `rgb` holds 8-bit sRGB, row after row; where `bands` is 4, with an alpha after each color."""

    width: int
    height: int
    rgb: bytes
    bands: int = 3


class Mask(NamedTuple):
    """A small mask: `data` holds a byte a pixel, 0…255, row after row."""

    width: int
    height: int
    data: bytes


class Suggestion(NamedTuple):
    """A color that the colorizer finds probable (0…1) for an object: CIE a*, b* D50; `rgb` to show it, sRGB 0…1."""

    a: float
    b: float
    probability: float
    rgb: tuple[float, float, float]


class Strip(NamedTuple):
    """Rows `y` … `y + rows - 1` of the result as "CIE Lab alpha float": 16 · width · rows bytes.

    Lab is CIE L*a*b* D50, L 0…100; alpha 0…1. L and alpha are the source's own.
    """

    y: int
    rows: int
    data: bytes


class Engine:
    """A living engine."""

    def __init__(self, connection: Connection, status: Mapping[str, Any]) -> None:
        self._connection = connection
        self.version: str = status["version"]
        self.pid: int = status["pid"]

    def colorizers(self) -> list[Colorizer]:
        """What can be asked for in the options' "colorizer", the engine's own choice "auto" first."""
        listed = self._connection.ask("GET", Route.COLORIZERS)
        return [Colorizer(each["name"], engine_words.described(each["title"])) for each in listed]

    def segmenters(self) -> list[Segmenter]:
        """Who finds objects, for the options' "segmenter", the one taken by default first."""
        listed = self._connection.ask("GET", Route.SEGMENTERS)
        return [Segmenter(each["name"], engine_words.described(each["title"])) for each in listed]

    def models(self) -> list[Model]:
        """The published models, by name: those that are installed, and those that can be had."""
        listed = self._connection.ask("GET", Route.MODELS)
        models = [Model(*(each[field] for field in Model._fields)) for each in listed]
        translate = engine_words.sentence
        return [
            each._replace(
                good_at=translate(each.good_at),
                weights_license=translate(each.weights_license),
                why_not=translate(each.why_not),
            )
            for each in models
        ]

    def fetch(self, name: str, license: str, on_progress: Progress | None = None) -> None:
        """Downloads a model into the engine's store and returns when it can be used.

        `license`: the model's own, after the user has read and accepted it.
        `on_progress` is called at least every second or so. Raises `RequestRefused`, `JobFailed`, `EngineGone`, and
        `Cancelled` when `on_progress` returned False; then nothing is installed, and the next try goes on from there.
        """
        ask = _asking(on_progress)
        with self._connection.stream(Route.FETCH.format(name=name), {"license": license}) as events:
            _follow(events, ask)

    def mark(self, file: str, colorizer: str) -> bool:
        """Writes into a file's metadata that its colors were made by an algorithm, that of these colorizers; False if
        it says so already. `file` is an absolute path. Raises `RequestRefused` for a file that cannot hold it."""
        wish = {"file": file, "colorizer": colorizer}
        return bool(self._connection.ask("POST", Route.MARKS, wish)["changed"])

    def is_marked(self, file: str) -> bool:
        """Whether a file's metadata says so. Raises `RequestRefused` for one that cannot be read."""
        return bool(self._connection.ask("POST", Route.MARKS, {"file": file, "check": True})["marked"])

    def upload(
        self,
        width: int,
        height: int,
        lightness: Iterable[bytes],
        *,
        alpha: Iterable[bytes] | None = None,
        icc: bytes | None = None,
        on_progress: Progress | None = None,
    ) -> Layer:
        """Sends a layer once, for any number of jobs.

        `lightness`: the rows of "CIE L float" (little-endian float32, 0…100), in pieces of any size that add up
        to 4 · width · height bytes. `alpha`: the same for an alpha plane, 0…1; None means opaque.
        `icc`: the profile of the image, whose gamut the colors will fit; None means sRGB.
        Raises `RequestRefused` for a layer too large or a full disk, ValueError for a wrong number of bytes.
        """
        ask = _asking(on_progress)
        plane = CHANNEL_BYTES * width * height
        total = plane if alpha is None else 2 * plane

        def body() -> Iterator[bytes]:
            sent = 0
            for name, pieces in (("lightness", lightness), ("alpha", alpha or ())):
                end = sent + (plane if name == "lightness" or alpha is not None else 0)
                for piece in pieces:
                    view = memoryview(piece).cast("B")
                    sent += len(view)
                    if sent > end:
                        raise ValueError(f"{name} has more than {plane} bytes")
                    yield view  # type: ignore[misc]  # http.client takes any bytes-like object
                    ask(sent / total, _("Sending the layer"))
                if sent != end:
                    raise ValueError(f"{name} has {plane - (end - sent)} bytes instead of {plane}")

        query = urlencode({"width": width, "height": height, "alpha": int(alpha is not None)})
        answer = self._connection.send("POST", f"{Route.LAYERS}?{query}", body(), total)
        layer = Layer(self._connection, answer["layer"], width, height, self.version)
        if icc is not None:
            try:
                self._connection.send("PUT", Route.PROFILE.format(layer_id=layer.id), [icc], len(icc))
            except BaseException:
                layer.close()
                raise
        return layer


class Layer:
    """A layer that the engine, of this `version`, holds; a context manager that lets it go at the end."""

    def __init__(self, connection: Connection, layer_id: str, width: int, height: int, version: str) -> None:
        self._connection = connection
        self.id = layer_id
        self.width = width
        self.height = height
        self._version = version

    def colorize(self, options: Mapping[str, Any] | None = None, on_progress: Progress | None = None) -> Job:
        """Finds the layer's colors and returns when they are known; then preview and strips can be had.

        `options`, all of them optional:
        "colorizer": "auto", a name, or names joined by "+" for their blend in equal parts;
        "chroma" 0…4, 1 is the colorizer's own; "warmth" -1…1; "neutrals" 0…1, how much of what is almost gray stays
        gray; "tint" [a, b] of toned paper; "style" "vivid" or "calm"; "harmonize" 0…1; "segmenter" "" or a name;
        "hints": whether those of the layer count (True); "reach" 0…1, how far they reach beyond their objects;
        "variant": 0 the main answer, 1…9 others;
        "reference": "" or how that of the layer is followed, "palette" or "regions";
        "object": None, {"x": 0…1, "y": 0…1} or {"selection": True}: the result is that object alone, in "color" [a, b]
        or, without one, in the most probable.
        `on_progress` is called at least every second or so. Raises `JobFailed`, `RequestRefused`, `EngineGone`,
        and `Cancelled` when `on_progress` returned False; what `on_progress` raises comes through, and either
        way the engine stops. The engine also stops when this process dies.
        """
        ask = _asking(on_progress)
        answer = self._connection.ask("POST", Route.JOBS.format(layer_id=self.id), dict(options or {}))
        job = Job(self._connection, answer["job"], self.width, self.height)
        with self._connection.stream(Route.EVENTS.format(job_id=job.id)) as events:
            event = _follow(events, ask)
        job.colorizer = event["colorizer"]
        job.made_by = Maker(job.colorizer, self._version)
        job.scores = event.get("scores") or {}
        job.titles = {name: engine_words.sentence(said) for name, said in (event.get("titles") or {}).items()}
        job.title = engine_words.variant(event.get("title") or "")
        job.variants = event.get("variants") or 0
        job.suggestions = [
            Suggestion(each["a"], each["b"], each["probability"], tuple(each["rgb"]))
            for each in event.get("suggestions") or ()
        ]
        return job

    def hint(self, width: int, height: int, painted: bytes) -> None:
        """What an artist painted over the layer, instead of any before: "CIE Lab alpha float", reduced to at most
        1024 pixels on the long side. Counts for every job from now on."""
        self._put(Route.HINTS, width, height, painted)

    def select(self, width: int, height: int, selected: bytes) -> None:
        """A selection over the layer, float32 0…1, reduced likewise: for the options' "object"."""
        self._put(Route.SELECTION, width, height, selected)

    def refer(self, width: int, height: int, picture: bytes) -> None:
        """A color picture for the options' "reference": "CIE Lab float", at most 768 pixels on the long side."""
        self._put(Route.REFERENCE, width, height, picture)

    def unhint(self) -> None:
        """Lets the hints go."""
        self._connection.ask("DELETE", Route.HINTS.format(layer_id=self.id))

    def _put(self, route: str, width: int, height: int, pixels: bytes) -> None:
        query = urlencode({"width": width, "height": height})
        path = route.format(layer_id=self.id)
        self._connection.send("PUT", f"{path}?{query}", [pixels], len(pixels))

    def close(self) -> None:
        """Lets the engine forget the layer and its jobs. An engine that is gone has forgotten it anyway."""
        with contextlib.suppress(EngineError):
            self._connection.ask("DELETE", Route.LAYER.format(layer_id=self.id))

    def __enter__(self) -> Layer:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


class Job:
    """The colors of a layer, found; `colorizer` says by which colorizer, `made_by` also of which version.

    `scores`: each colorizer's share of the colors, 0…1, together 1, the best (`colorizer`) first; empty unless the
    options left the choice to the engine; `titles` has what they are called, for people. `title` says in what a variant
    differs; `variants` how many there are beside the main answer; `suggestions` are colors for the object that was
    asked for, the most probable first.
    """

    def __init__(self, connection: Connection, job_id: str, width: int, height: int) -> None:
        self._connection = connection
        self.id = job_id
        self.width = width
        self.height = height
        self.colorizer = ""
        self.made_by = Maker("", "")
        self.scores: dict[str, float] = {}
        self.titles: dict[str, str] = {}
        self.title = ""
        self.variants = 0
        self.suggestions: list[Suggestion] = []

    @property
    def shares(self) -> dict[str, float]:
        """The scores by titles."""
        return {self.titles.get(name, name): share for name, share in self.scores.items()}

    def preview(self) -> Preview:
        """The result as a small picture; of an object with its mask as alpha."""
        with self._connection.stream(Route.PREVIEW.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            bands = int(answer.header(Header.BANDS, "3"))
            return Preview(width, height, answer.read(bands * width * height), bands)

    def doubt(self) -> Preview:
        """Where the colorizer guessed, as a heat map with alpha. `RequestRefused` for one that cannot say."""
        with self._connection.stream(Route.DOUBT.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            return Preview(width, height, answer.read(4 * width * height), 4)

    def paint_first(self) -> Mask:
        """Where a hint would help most. `RequestRefused` for a colorizer that cannot say."""
        with self._connection.stream(Route.PAINT_FIRST.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            return Mask(width, height, answer.read(width * height))

    def strips(self, rows: int = 256, on_progress: Progress | None = None) -> Iterator[Strip]:
        """The full-size result from top to bottom, `rows` rows at a time (the last strip may have fewer).

        Computed by the engine as it is read: leaving the loop, or closing the iterator, stops the engine too.
        """
        ask = _asking(on_progress)
        with self._connection.stream(Route.PIXELS.format(job_id=self.id)) as answer:
            for y in range(0, self.height, rows):
                count = min(rows, self.height - y)
                try:
                    data = answer.read(LAB_ALPHA_BYTES * self.width * count)
                except EngineGone as error:
                    raise self._why() or error from None
                yield Strip(y, count, data)
                ask((y + count) / self.height, _("Coloring"))

    def cancel(self) -> None:
        """Stops the job; `colorize` in another thread raises `Cancelled`. A job that is over stays as it is."""
        self._connection.ask("POST", Route.CANCEL.format(job_id=self.id))

    def _why(self) -> EngineError | None:
        """What the engine says about a job whose pixels stopped coming; None if it cannot be asked."""
        try:
            with self._connection.stream(Route.EVENTS.format(job_id=self.id)) as events:
                _follow(events, lambda fraction, message: None)
        except (JobFailed, Cancelled, RequestRefused) as error:
            return error
        except EngineError:
            return None
        return None


def _size(answer: Answer) -> tuple[int, int]:
    return int(answer.header(Header.WIDTH)), int(answer.header(Header.HEIGHT))


def _follow(events: Answer, ask: Callable[[float, str], None]) -> dict[str, Any]:
    """Reads events up to the one that says done, and returns it."""
    while line := events.line():
        event: dict[str, Any] = json.loads(line)
        state = event["state"]
        if state == "done":
            return event
        if state == "failed":
            error = event["error"]
            raise JobFailed(error["cause"], error["next_step"], error["code"])
        if state == "cancelled":
            raise Cancelled("Cancelled.", code="cancelled")
        ask(event["progress"], engine_words.work(event["message"]))
    raise gone(EOFError("the events ended early"))


def _asking(on_progress: Progress | None) -> Callable[[float, str], None]:
    """Progress that raises `Cancelled` when the editor's own returns False."""

    def ask(fraction: float, message: str) -> None:
        if on_progress is not None and on_progress(fraction, message) is False:
            raise Cancelled("Cancelled.", code="cancelled")

    return ask
