"""One object of a photograph in another color."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from photochrom import routing, segmenters
from photochrom.errors import BadRequest
from photochrom.harmonization import recolor
from photochrom.harmonization.recolor import Suggestion
from photochrom.options import Options
from photochrom.pipeline import predict
from photochrom.pipeline.guided import predicted
from photochrom.pipeline.segmented import segmented, segmenter_name
from photochrom.progress import Progress, part, silent
from photochrom.sampling.proxy import Proxy
from photochrom.values import Mask, Plane
from photochrom_client.prompt import Prompt

if TYPE_CHECKING:
    import pyvips


@dataclass(frozen=True)
class Object:
    """What to recolor: the object that clicks or a box show, or the one inside a rough selection (h, w) 0…1; and its
    new color (a, b), by default the most probable one."""

    prompt: Prompt | None = None
    selection: Plane | None = None
    color: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Recolored:
    """One object of a photograph in one color, at proxy size: its `mask` (h, w) on `proxy`, the photograph's lightness
    of the same size; `mean`, the mean L* inside; its color (a, b); and the `suggestions`, the most probable first.
    `guide` and `colorizer` as in `Colors`."""

    colorizer: str
    guide: Plane
    proxy: Plane
    mask: Mask
    mean: float
    color: tuple[float, float]
    suggestions: list[Suggestion]

    def full_ab(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> the object's ab (2 bands float), as if it filled it. Lazy."""
        return recolor.colored(lightness, self.mean, *self.color)

    def full_mask(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> where the object is (1 band float, 0…1). Lazy."""
        return recolor.full_mask(lightness, self.proxy, self.mask)


def recolor_object(proxy: Proxy, options: Options, wanted: Object, progress: Progress = silent) -> Recolored:
    """Finds one object of a photograph, and colors for it.

    Raises:
        BadRequest: there is no object, or nothing is selected.
        ModelMissing, ModelDamaged, ExtraMissing: the colorizer or the segmenter cannot be used.
        Cancelled: from `progress`.
    """
    segmenter = segmenters.load(segmenter_name(options), part(progress, 0.0, 0.2))
    colors = predict(proxy, options, part(progress, 0.2, 0.6))
    progress(0.6, "Finding the object")
    lightness = proxy.at(segmenter.proxy_side)
    if wanted.prompt is not None:
        mask = recolor.object_at(segmenter, lightness, wanted.prompt)
    elif wanted.selection is not None:
        embedded = segmenter_name(options) == segmenters.EMBEDDED
        finder = segmented(proxy, segmenters.EMBEDDED)[1] if embedded else segmenter
        mask = recolor.object_in(finder, lightness, wanted.selection)
    else:
        raise BadRequest("Nothing is selected.", "Select the object, or point at it.")
    progress(0.9, "Choosing colors")
    distribution = colors.prediction.distribution or predicted(proxy, routing.DEFAULT, options).distribution
    assert distribution is not None  # The embedded colorizer always has one.
    suggestions = recolor.suggestions(distribution, lightness, mask)
    color = wanted.color or (suggestions[0].a, suggestions[0].b)
    mean = recolor.mean_lightness(lightness, mask)
    progress(1.0, "Object found")
    return Recolored(
        colorizer=colors.colorizer,
        guide=proxy.guide,
        proxy=lightness,
        mask=mask,
        mean=mean,
        color=color,
        suggestions=suggestions,
    )
