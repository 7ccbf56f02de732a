"""The colors of a batch's photographs: what the network is asked, and what the journal keeps of its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from photochrom import colorizers, pipeline, routing
from photochrom.batch.applying import coefficients
from photochrom.batch.messages import GRAY, Coloring, Guide, Refusal
from photochrom.errors import ModelDamaged, ModelMissing, PhotochromError
from photochrom.guidance import uncertainty
from photochrom.sampling.proxy import Proxy
from photochrom_client.given import Given, written

if TYPE_CHECKING:
    from photochrom.album.moves import Painted
    from photochrom.batch.agreements import Agreed, Agreements
    from photochrom.batch.journal import Entry
    from photochrom.batch.settings import Settings
    from photochrom.options import Options
    from photochrom.pipeline import Colors

Facts = dict[str, Any]
"""What the journal keeps of a photograph's colors: values of its columns, by name."""


class Colorist:
    """Colors photographs as `settings` say; the network is run inside `turn()`."""

    def __init__(
        self,
        settings: Settings,
        turn: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._settings, self._options, self._turn = settings, settings.options, turn
        self._models: dict[str, str] = {}
        self._sides: dict[str, int] = {}

    def color(self, entry: Entry, guide: Guide, notes: Agreements | Agreed) -> tuple[Coloring | Refusal, Facts]:
        """The colors of a photograph, and the facts. `notes`: what its album agreed on.

        Raises:
            ModelMissing, ModelDamaged: the other photographs would fail in the same way.
        """
        import pyvips

        if entry.colorizer_wanted == GRAY:
            facts = {"colorizer": GRAY, "shares": "{}", "uncertainty": None, "model_sha256": None, "given": ""}
            return Coloring(np.zeros((1, 1, 4), np.float32), GRAY), facts
        options = self._settings.options_for(entry.colorizer_wanted)
        try:
            with self._turn():
                colors = pipeline.predict(Proxy(pyvips.Image.new_from_array(guide.lightness)), options)
        except (ModelMissing, ModelDamaged):
            raise
        except PhotochromError as error:
            return Refusal(error.cause, error.next_step), {}
        except Exception as error:  # a network that a picture's shape upsets
            return Refusal(f"{entry.source}: {type(error).__name__}: {error}", "Report this, with the file."), {}
        lines = coefficients(colors, entry.id, notes, own=options == self._options)
        given = tuple(_given(each) for each in notes.painted(entry.id))
        return Coloring(lines.planes, colors.colorizer, given), self._facts(colors, options) | {"given": written(given)}

    def guide_side(self, wanted: str | None = None) -> int:
        """`pipeline.guide_side`: of one batch's options, colorizer and style alone may differ. `wanted`:
        `Entry.colorizer_wanted`.

        Raises:
            ModelMissing, ModelDamaged: as there.
        """
        options = self._settings.options_for(wanted)
        if options.colorizer not in self._sides:
            self._sides[options.colorizer] = pipeline.guide_side(options)
        return self._sides[options.colorizer]

    def model(self, name: str | None = None) -> str:
        """SHA-256 over the names and hashes of all files of the models that a colorizer's name stands for; None: that
        of the settings."""
        name = name or self._options.colorizer
        if name not in self._models:
            files = [sorted(colorizers.load(each).card.files.items()) for each in routing.stands_for(name)]
            self._models[name] = hashlib.sha256(json.dumps(files).encode()).hexdigest()
        return self._models[name]

    def _facts(self, colors: Colors, options: Options) -> Facts:
        distribution = colors.prediction.distribution
        shares = colors.scores or colors.prediction.shares
        return {
            "colorizer": colors.colorizer,
            "shares": json.dumps({name: round(share, 4) for name, share in shares.items()}),
            "uncertainty": float(uncertainty.uncertainty(distribution).mean()) if distribution else None,
            "model_sha256": self.model(options.colorizer),
            "noticed": colors.noticed,
        }


def _given(painted: Painted) -> Given:
    """An object that a person gave its color, at the middle of its mask."""
    rows, columns = np.nonzero(painted.mask)
    at = None
    if rows.size:
        height, width = painted.mask.shape
        at = round(100 * float(columns.mean() + 0.5) / width), round(100 * float(rows.mean() + 0.5) / height)
    return Given("object", at, painted.color, painted.note)
