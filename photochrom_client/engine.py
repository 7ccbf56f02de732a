"""The engine for an editor: upload layers, run jobs, read their colors.

Everything here may be called from any thread: each request has a connection of its own.
"""

from __future__ import annotations

import contextlib
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from . import engine_words
from .batches import Batch, BatchSettings
from .connection import Answer, Connection, understanding
from .errors import Cancelled, EngineError, EngineGone, JobFailed, RequestRefused
from .events import Ask, Done, follow
from .events import Suggestion as Suggestion  # noqa: PLC0414  # with the other values of a job
from .models import Colorizer as Colorizer  # noqa: PLC0414  # with the other values of an engine
from .models import Model as Model  # noqa: PLC0414
from .models import Segmenter as Segmenter  # noqa: PLC0414
from .note import Maker
from .protocol import BLEND, PIXEL_BYTES, TABLES, Header, PixelForm, Route
from .running import Status
from .settings import Settings
from .start import find_or_start
from .translation import translated as _
from .uploading import Upload, expanded

Progress = Callable[[float, str], object]
"""Called with a fraction 0…1 and the current step. Returning False, or raising, stops the work."""


def connect(
    plugin_folder: str | os.PathLike[str], on_progress: Progress | None = None, timeout: float = 60.0
) -> Engine:
    """Finds the user's running engine, or starts it, and waits up to `timeout` seconds until it answers.

    `plugin_folder` holds `engine-command.json`, which `photochrom plugin install` writes beside the plug-in.
    Raises `EngineMissing`, `EngineNotStarted`, `EngineIncompatible`, and `Cancelled` if `on_progress` returned False.
    """
    connection, status = find_or_start(plugin_folder, _asking(on_progress), timeout)
    return Engine(connection, status)


class Preview(NamedTuple):
    """A small picture: `rgb` is 8-bit sRGB, row by row; with `bands` of 4, each color is followed by its alpha."""

    width: int
    height: int
    rgb: bytes
    bands: int = 3


class Mask(NamedTuple):
    """A small mask: `data` has one byte per pixel, 0…255, row by row."""

    width: int
    height: int
    data: bytes


class Strip(NamedTuple):
    """Rows `y` … `y + rows - 1` of the result, as its `form` says.

    "lab" is "CIE Lab alpha float", 16 · width · rows bytes: CIE L*a*b* D50, L 0…100; alpha 0…1. L and alpha are the
    source's own. For "rgb8" and "rgb16" see `PixelForm`.
    """

    y: int
    rows: int
    data: bytes
    form: PixelForm = "lab"


class Engine:
    """A running engine."""

    def __init__(self, connection: Connection, status: Status) -> None:
        self._connection = connection
        self.version = status.version
        self.pid = status.pid
        self._protocol = status.protocol

    def colorizers(self) -> list[Colorizer]:
        """The installed colorizers, "auto" first."""
        listed = self._connection.ask("GET", Route.COLORIZERS)
        with understanding():
            return [Colorizer(each["name"], engine_words.described(each["title"])) for each in listed]

    def segmenters(self) -> list[Segmenter]:
        """The installed segmenters, the default one first."""
        listed = self._connection.ask("GET", Route.SEGMENTERS)
        with understanding():
            return [Segmenter(each["name"], engine_words.described(each["title"])) for each in listed]

    def models(self) -> list[Model]:
        """The published models that Photochrom knows, by name, installed or not."""
        listed = self._connection.ask("GET", Route.MODELS)
        with understanding():
            models = [Model(*(each[field] for field in Model._fields)) for each in listed]
            return [
                each._replace(
                    good_at=engine_words.sentence(each.good_at),
                    weights_license=engine_words.sentence(each.weights_license),
                    why_not=engine_words.sentence(each.why_not),
                )
                for each in models
            ]

    def fetch(self, name: str, license: str, on_progress: Progress | None = None) -> None:
        """Downloads a model into the engine's store and returns when it is ready for use.

        `license` is the model's, which the user has read and accepted. `on_progress` is called about every second.
        Raises `RequestRefused`, `JobFailed`, `EngineGone`, and `Cancelled` if `on_progress` returned False; nothing is
        installed then, and the next attempt resumes the download.
        """
        ask = _asking(on_progress)
        with self._connection.stream(Route.FETCH.format(name=name), {"license": license}) as events:
            follow(events, ask)

    def mark(self, file: str, colorizer: str, given: str = "") -> bool:
        """Writes into a file's metadata that these colorizers made its colors, but for those `given` (`given.written`).
        False if it already says so. The path is absolute. Raises `RequestRefused` for a file that cannot hold it."""
        answer = self._connection.ask("POST", Route.MARKS, {"file": file, "colorizer": colorizer, **_said(given)})
        with understanding():
            return bool(answer["changed"])

    def is_marked(self, file: str, given: str = "") -> bool:
        """Whether a file's metadata says so. Raises `RequestRefused` for a file that cannot be read."""
        answer = self._connection.ask("POST", Route.MARKS, {"file": file, "check": True, **_said(given)})
        with understanding():
            return bool(answer["marked"])

    def export(
        self,
        photograph: str,
        colored: str,
        output: str,
        colorizer: str,
        mark: bool,
        on_progress: Progress | None = None,
        given: str = "",
    ) -> None:
        """Writes what an editor shows into the file `output`, so that other programs show the same: with layers for the
        suffixes .ora and .psd, without for .tif. A file of that name is replaced.

        `photograph` and `colored`: files with the photograph and its color version, RGB of one size, depth and profile.
        `mark`: whether its metadata say that an algorithm, of these colorizers, made its colors, but for those that a
        person gave (`given.written`). All paths are absolute. Raises `RequestRefused`, `JobFailed`, `EngineGone`, and
        `Cancelled` if `on_progress` returned False.
        """
        paths = {"photograph": photograph, "colored": colored, "output": output}
        content = {**paths, "colorizer": colorizer, "mark": mark, **_said(given if mark else "")}
        with self._connection.stream(Route.EXPORTS, content) as events:
            follow(events, _asking(on_progress))

    def batches(self, output: str = "") -> list[Batch]:
        """The batch in the folder `output`, if that is given and there is one, then those of lately, the latest first;
        also those that an earlier engine left unfinished."""
        query = f"?{urlencode({'output': output})}" if output else ""
        listed = self._connection.ask("GET", f"{Route.BATCHES}{query}")
        with understanding():
            return [Batch(self._connection, said) for said in listed]

    def start_batch(self, inputs: Sequence[str], output: str, settings: BatchSettings) -> Batch:
        """Colorizes photographs, and folders with all that is below them, into the folder `output`: absolute paths. The
        batch needs nobody who follows it. In a folder that has a batch with the same settings, that goes on.

        Raises `RequestRefused` while another batch is under way; what else is wrong is the batch's own error.
        """
        content = {"inputs": list(inputs), "output": output, **settings.options()}
        return Batch(self._connection, self._connection.ask("POST", Route.BATCHES, content))

    def upload(
        self,
        width: int,
        height: int,
        lightness: Iterable[bytes],
        *,
        alpha: Iterable[bytes] | None = None,
        icc: bytes | None = None,
        table: array[float] | None = None,
        on_progress: Progress | None = None,
    ) -> Layer:
        """Uploads a layer once, for any number of jobs.

        `lightness`: the rows of "CIE L float" (little-endian float32, 0…100), in pieces of any size that add up
        to 4 · width · height bytes. `alpha`: the same for an alpha plane, 0…1; None means opaque.
        `table`: the L* (float32) of every sample where `lightness` are samples instead, of 8 bits (256 entries) or
        16 (65,536): a quarter or half of the bytes; pieces are whole samples then.
        `icc`: the profile of the image, in whose gamut the colors will be; None means sRGB.
        Raises `RequestRefused` for a layer too large or a full disk, ValueError for a wrong number of bytes or entries.
        """
        if table is not None and self._protocol < TABLES:
            lightness, table = expanded(lightness, table), None
        upload = Upload(width, height, lightness, alpha, table)
        path = f"{Route.LAYERS}?{urlencode(upload.query)}"
        ask = _asking(on_progress)
        answer = self._connection.send("POST", path, upload.body(ask), upload.size)
        with understanding():
            layer = Layer(self._connection, str(answer["layer"]), width, height, self.version)
        try:
            ask(1.0, _("Sending the layer"))
            if icc is not None:
                self._connection.send("PUT", Route.PROFILE.format(layer_id=layer.id), [icc], len(icc))
        except BaseException:
            layer.close()
            raise
        return layer


class Layer:
    """A layer in an engine of this `version`; a context manager that deletes it at the end."""

    def __init__(self, connection: Connection, layer_id: str, width: int, height: int, version: str) -> None:
        self._connection = connection
        self.id = layer_id
        self.width = width
        self.height = height
        self._version = version

    def colorize(
        self, settings: Settings | Mapping[str, Any] | None = None, on_progress: Progress | None = None
    ) -> Job:
        """Predicts the layer's colors and returns when preview and strips can be read.

        `settings`, or any of them in their JSON form:
        "colorizer": "auto", a name, or names joined by "+" for their blend in equal parts;
        "chroma" 0…4, 1 is the colorizer's own; "warmth" -1…1; "neutrals" 0…1, how much of what is almost gray stays
        gray; "tint" [a, b] of toned paper; "style" "vivid" or "calm"; "harmonize" 0…1; "segmenter" "" or a name;
        "hints": whether those of the layer count (True); "reach" 0…1, how far they reach beyond their objects;
        "original": what was scanned, one of `ORIGINALS`; "variant": 0 the main answer, 1…9 others;
        "reference": "" or how that of the layer is followed, "palette" or "regions";
        "object": None, {"selection": True}, or clicks, a box and a size as `Prompt.to_json` gives them: the result is
        that object alone, in "color" [a, b] or, without one, in the most probable.
        `on_progress` is called about every second. Raises `JobFailed`, `RequestRefused`, `EngineGone`, and `Cancelled`
        if `on_progress` returned False; exceptions of `on_progress` propagate. Either way the job is canceled, and so
        it is when this process dies.
        """
        ask = _asking(on_progress)
        content = settings.options() if isinstance(settings, Settings) else dict(settings or {})
        answer = self._connection.ask("POST", Route.JOBS.format(layer_id=self.id), content)
        with understanding():
            job_id = str(answer["job"])
        with self._connection.stream(Route.EVENTS.format(job_id=job_id)) as events:
            done = follow(events, ask)
        return Job(self._connection, job_id, self.width, self.height, done, self._version)

    def hint(self, width: int, height: int, painted: bytes) -> None:
        """Sets the hints: colors painted over the layer, "CIE Lab alpha float", reduced to at most `MAX_GUIDANCE_SIDE`
        pixels on the long side. They apply to jobs that start from now on."""
        self._put(Route.HINTS, width, height, painted)

    def select(self, width: int, height: int, selected: bytes) -> None:
        """Sets the selection over the layer, float32 0…1, reduced likewise: for a job about the object in it."""
        self._put(Route.SELECTION, width, height, selected)

    def know(self, width: int, height: int, known: bytes, hints: bool) -> None:
        """Sets where colors are known, float32 0…1, reduced likewise; with `hints` those of hinted objects are, too."""
        self._put(Route.KNOWN, width, height, known, hints=int(hints))

    def refer(self, width: int, height: int, picture: bytes) -> None:
        """Sets the reference picture: "CIE Lab float", reduced to `REFERENCE_SIDE` pixels on the long side."""
        self._put(Route.REFERENCE, width, height, picture)

    def unhint(self) -> None:
        """Deletes the hints."""
        self._connection.ask("DELETE", Route.HINTS.format(layer_id=self.id))

    def _put(self, route: str, width: int, height: int, pixels: bytes, **more: int) -> None:
        path = f"{route.format(layer_id=self.id)}?{urlencode({'width': width, 'height': height, **more})}"
        self._connection.send("PUT", path, [pixels], len(pixels))

    def close(self) -> None:
        """Deletes the layer and its jobs; nothing is left to delete if the engine has ended."""
        with contextlib.suppress(EngineError):
            self._connection.ask("DELETE", Route.LAYER.format(layer_id=self.id))

    def __enter__(self) -> Layer:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


class Job:
    """The colors of a layer. `colorizer` predicted them; `made_by` adds the engine's version.

    `scores`: the share of each colorizer in the colors, 0…1, summing to 1, the largest first; empty unless the
    colorizer was "auto". `titles` are for people: those of the parts of `colorizer`, and of all in `scores`. `title`
    tells what distinguishes a variant, `variants` how many there are beside the main answer. `suggestions` are colors
    for the object to be recolored, the most probable first; `noticed`, one of `ORIGINALS`, what was scanned."""

    def __init__(self, connection: Connection, job_id: str, width: int, height: int, done: Done, version: str) -> None:
        self._connection = connection
        self.id = job_id
        self.width = width
        self.height = height
        self.colorizer = done.colorizer
        self.made_by = Maker(done.colorizer, version)
        self.scores = done.scores
        self.titles = done.titles
        self.title = done.title
        self.variants = done.variants
        self.suggestions = done.suggestions
        self.noticed = done.noticed

    @property
    def shares(self) -> dict[str, float]:
        """The scores by titles."""
        return {self.titles.get(name, name): share for name, share in self.scores.items()}

    @property
    def colorizer_title(self) -> str:
        """The title of the colorizer, or of those that are blended, the largest share first."""
        names = self.scores or self.colorizer.split(BLEND)
        return " + ".join(self.titles.get(name, name) for name in names)

    def preview(self) -> Preview:
        """The result as a small picture; that of an object has its mask as alpha."""
        with self._connection.stream(Route.PREVIEW.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            with understanding():
                bands = int(answer.header(Header.BANDS, "3"))
            return Preview(width, height, answer.read(bands * width * height), bands)

    def doubt(self) -> Preview:
        """Where the colorizer was unsure, as a heat map with alpha. Raises `RequestRefused` if it cannot tell."""
        with self._connection.stream(Route.DOUBT.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            return Preview(width, height, answer.read(4 * width * height), 4)

    def paint_first(self) -> Mask:
        """Where a hint would help most. Raises `RequestRefused` if the colorizer cannot tell."""
        with self._connection.stream(Route.PAINT_FIRST.format(job_id=self.id)) as answer:
            width, height = _size(answer)
            return Mask(width, height, answer.read(width * height))

    def strips(self, rows: int = 256, on_progress: Progress | None = None, form: PixelForm = "lab") -> Iterator[Strip]:
        """The full-size result from top to bottom, `rows` rows at a time (the last strip may have fewer).

        Computed by the engine as it is read: leaving the loop, or closing the iterator, stops the engine too. An engine
        that cannot give the `form` (it is older, the result is one object, or the image's profile has no closed form)
        gives "lab": each strip says which.
        """
        ask = _asking(on_progress)
        with self._connection.stream(f"{Route.PIXELS.format(job_id=self.id)}?form={form}") as answer:
            given: PixelForm = "lab" if answer.header(Header.FORM, "lab") == "lab" else form
            for y in range(0, self.height, rows):
                count = min(rows, self.height - y)
                try:
                    data = answer.read(PIXEL_BYTES[given] * self.width * count)
                except EngineGone as error:
                    raise self._why() or error from None
                yield Strip(y, count, data, given)
                ask((y + count) / self.height, _("Coloring"))

    def cancel(self) -> None:
        """Cancels the job; `colorize` in another thread raises `Cancelled`. Pixels of one that is done end early."""
        self._connection.ask("POST", Route.CANCEL.format(job_id=self.id))

    def _why(self) -> EngineError | None:
        """The error of a job whose pixels ended early; None if the engine does not answer."""
        try:
            with self._connection.stream(Route.EVENTS.format(job_id=self.id)) as events:
                follow(events, lambda fraction, message: None)
        except (JobFailed, Cancelled, RequestRefused) as error:
            return error
        except EngineError:
            return None
        return None


def _said(given: str) -> dict[str, str]:  # nothing, where an older engine would reject it
    return {"given": given} if given else {}


def _size(answer: Answer) -> tuple[int, int]:
    with understanding():
        return int(answer.header(Header.WIDTH)), int(answer.header(Header.HEIGHT))


def _asking(on_progress: Progress | None) -> Ask:
    """Progress that raises `Cancelled` when the editor's own returns False."""

    def ask(fraction: float, message: str) -> None:
        if on_progress is not None and on_progress(fraction, message) is False:
            raise Cancelled("Cancelled.", code="cancelled")

    return ask
