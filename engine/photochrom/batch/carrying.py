"""A correction made to one result, taken over to the same thing in the other results of its folder.

First the object is found, in the frame it is pointed out in and, going outward from there, in the others: a frame is
compared with the one that was pointed at and with the last one on the way in which the object was found. Nothing is
written by that; `write` queues the frames to be done again, with the object in its color.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom import pipeline
from photochrom.album.carry import Known, found, known
from photochrom.album.looks import look
from photochrom.album.moves import Painted, painted
from photochrom.batch import stores
from photochrom.batch.album import natural
from photochrom.batch.applying import applied
from photochrom.batch.messages import GRAY
from photochrom.batch.reading import guide_of, open_held
from photochrom.errors import BadRequest, PhotochromError
from photochrom.harmonization.recolor import mean_lightness
from photochrom.pipeline.recoloring import Object, recolor_object
from photochrom.pipeline.segmented import embedded_segments
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image
from photochrom_client.prompt import Prompt

if TYPE_CHECKING:
    from photochrom.album.looks import Look
    from photochrom.batch.agreements import Agreements
    from photochrom.batch.journal import Entry, Journal
    from photochrom.batch.settings import Settings
    from photochrom.guidance.color_names import Color
    from photochrom.pipeline import Colors
    from photochrom.values import Plane


@dataclass(frozen=True)
class Place:
    """Where the object is in a file; and how `alike` it is, 0…1, 1 in the frame that was pointed at."""

    entry: Entry
    object: Painted
    alike: float


@dataclass(frozen=True)
class View:
    """What becomes of a file: the lightness of its proxy (H, W) 0…100, and its ab (h, w, 2) `before` and `after`."""

    place: Place
    guide: Plane
    before: Plane
    after: Plane


class Album:
    """The results of a batch that lie in one folder with `name`: a result, relative to the output folder `out` or from
    here, or its photograph.

    Raises:
        BadRequest: there is no such result.
    """

    def __init__(self, out: Path, journal: Journal, notes: Agreements, name: Path) -> None:
        self._settings, self._notes = journal.settings, notes
        done = [entry for entry in journal.entries("done") if entry.colorizer_wanted != GRAY]
        names = {name, Path(name).resolve()}
        chosen = next(
            (each for each in done if names & {Path(each.output), out.resolve() / each.output, each.source}), None
        )
        if chosen is None:
            raise BadRequest(f"There is no result {name} in {out}.", "Name a result that is done, and not left gray.")
        self._frames = [each for each in done if each.source.parent == chosen.source.parent]
        self._frames.sort(key=lambda each: (natural(each.source), each.page))
        self._at = self._frames.index(chosen)

    def __len__(self) -> int:
        return len(self._frames)

    def views(self, prompt: Prompt, color: Color, note: str = "") -> Iterator[tuple[Entry, View | None]]:
        """Each frame, the one that is pointed at first, then outward from it; and where the object that the prompt
        shows is in it, if it is there. One that cannot be read any more has none. `note`: how the color is known.

        Raises:
            BadRequest: there is no object at the point. BadPicture: the frame itself cannot be read. ModelMissing,
                ModelDamaged: the colorizer cannot be used.
        """
        chosen = self._frames[self._at]
        first = _Seen(chosen, self._settings)
        recolored = recolor_object(first.proxy, first.options, Object(prompt))
        own = Painted(recolored.mask, color.ab(mean_lightness(recolored.proxy, recolored.mask)), note)
        source = known(first.look, recolored.mask)
        yield chosen, self._view(first, own, 1.0)
        for way in (self._frames[self._at + 1 :], self._frames[: self._at][::-1]):
            last = source
            for entry in way:
                view, last = self._found(entry, [source, last], own)
                yield entry, view

    def _found(self, entry: Entry, objects: list[Known], own: Painted) -> tuple[View | None, Known]:
        try:
            seen = _Seen(entry, self._settings)
        except PhotochromError:
            return None, objects[-1]
        lightness, segments = embedded_segments(seen.proxy)
        there = found(objects, seen.look, lightness, segments)
        if there is None:
            return None, objects[-1]
        mask, alike = there
        return self._view(seen, replace(own, mask=mask), alike), known(seen.look, mask)

    def _view(self, seen: _Seen, object: Painted, alike: float) -> View:
        own = seen.options == self._settings.options
        before = applied(seen.colors, seen.entry.id, self._notes, own)
        after = painted(seen.colors.guide, before, [object])
        return View(Place(seen.entry, object, alike), seen.colors.guide, before, after)


class _Seen:
    """A file, read and predicted.

    Raises:
        BadPicture: it cannot be read. ModelMissing, ModelDamaged: as `pipeline.predict`.
    """

    look: Look
    colors: Colors

    def __init__(self, entry: Entry, settings: Settings) -> None:
        self.entry, self.options = entry, settings.options_for(entry.colorizer_wanted)
        with stores.local(entry.source) as path:
            guide = guide_of(open_held(path, entry.page or None), pipeline.guide_side(self.options))
        self.proxy = Proxy(as_image(guide))
        self.colors = pipeline.predict(self.proxy, self.options)
        self.look = look(guide, self.colors.ab)


def write(places: list[Place], journal: Journal, notes: Agreements) -> None:
    """Queues the files again, with the object in its color; their results are replaced by the next run.

    Raises:
        OutputFailed: the journal cannot be written.
    """
    notes.paint((place.entry.id, place.object) for place in places)
    for place in places:
        journal.requeue_one(place.entry.id)
