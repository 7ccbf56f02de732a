"""What the routes take and give, in JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from photochrom.service.layers import Layer
from photochrom.service.refusals import Refusal
from photochrom_client.protocol import (
    AB_RANGE,
    AUTO,
    CHROMA,
    HARMONIZE,
    MAX_TINT,
    MAX_VARIANT,
    NEUTRALS,
    REACH,
    WARMTH,
    Range,
)

if TYPE_CHECKING:
    from photochrom.options import Options
    from photochrom.pipeline.recoloring import Object
    from photochrom.values import Plane


def _number(range: Range, description: str) -> Any:
    return Field(range.default, ge=range.least, le=range.most, description=description)


class Status(BaseModel):
    """A living engine."""

    version: str
    protocol: list[int] = Field(min_length=2, max_length=2, description="The oldest and the newest protocol it speaks.")
    pid: int
    log: str = Field(description="Where its log is.")
    layers: int = Field(description="Layers it holds.")
    jobs: int = Field(description="Jobs waiting or running.")


class Choice(BaseModel):
    """One that can be asked for by name."""

    name: str
    title: str


class ModelEntry(BaseModel):
    """One published model, in the store or not."""

    name: str
    kind: Literal["colorizer", "segmenter"]
    good_at: str = Field(description="One line, for people.")
    license: str = Field(description="To be shown; what is sent to fetch the model says that it was accepted.")
    weights_license: str = Field(description="One sentence about the license of the weights, for people.")
    bytes: int | None = Field(ge=0, description="Size of its download; null where nobody has published it.")
    size: str = Field(description="The same for people; a guess where nobody has published it.")
    fetch: bool = Field(description="Whether it may be fetched from here.")
    why_not: str = Field(description="Why it may not be, and how to bring it, for people; empty where it may.")
    installed: bool


class Acceptance(BaseModel):
    """That the user has read and accepted a license."""

    model_config = ConfigDict(extra="forbid", strict=True)

    license: str = Field(max_length=200, description="The model's, as it was shown.")


class MarkWish(BaseModel):
    """A file that is to say, or is asked whether it says, that a trained algorithm made its colors."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: str = Field(min_length=1, max_length=4096, description="Where it is: an absolute path.")
    colorizer: str = Field(
        "", max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$", description="By whose colors, for people; empty: not known."
    )
    check: bool = Field(False, description="Only look.")


class Marked(BaseModel):
    """What a file says now."""

    marked: bool = Field(description="Whether it says that Photochrom made its colors.")
    changed: bool = Field(description="Whether that was written just now.")


Tint = Annotated[float, Field(ge=-MAX_TINT, le=MAX_TINT)]
Whole = Annotated[
    int, BeforeValidator(lambda given: int(given) if type(given) is float and given.is_integer() else given)
]
"""JSON has one kind of number: 5.0 is the integer 5."""
Channel = Annotated[float, Field(ge=AB_RANGE[0], le=AB_RANGE[1])]


class NewLayer(BaseModel):
    layer: str


class ObjectAt(BaseModel):
    """The object at a point."""

    model_config = ConfigDict(extra="forbid", strict=True)

    x: float = Field(ge=0, le=1, description="0 left … 1 right.")
    y: float = Field(ge=0, le=1, description="0 top … 1 bottom.")


class ObjectSelected(BaseModel):
    """The object that the layer's selection means."""

    model_config = ConfigDict(extra="forbid", strict=True)

    selection: Literal[True]


class Wish(BaseModel):
    """What the user chose."""

    model_config = ConfigDict(extra="forbid", strict=True)

    colorizer: str = Field(
        AUTO,
        pattern=r"^[a-z0-9][a-z0-9_.+-]{0,63}$",
        description="A name of the pool, “auto”, or names joined by “+”: they are blended in equal parts.",
    )
    chroma: float = _number(CHROMA, description="0 gray, 1 as predicted.")
    warmth: float = _number(WARMTH, description="-1 cold … 1 warm.")
    neutrals: float = _number(NEUTRALS, description="How much of what is almost gray stays gray.")
    tint: list[Tint] = Field(
        [0.0, 0.0],
        min_length=2,
        max_length=2,
        description="a*, b* of toned paper, which the colors are laid over: sepia is kept.",
    )
    style: Literal["vivid", "calm"] = Field(
        "vivid", description="Whether it dares colors or keeps to likely ones, where the colorizer tells them apart."
    )
    harmonize: float = _number(HARMONIZE, description="How far each object is drawn to its own color.")
    segmenter: str = Field(
        "", pattern=r"^([a-z0-9][a-z0-9_.-]{0,63})?$", description="Who finds the objects; empty: the best there is."
    )

    reference: Literal["", "palette", "regions"] = Field(
        "", description="How the layer's reference picture is followed: in its palette, or where places look alike."
    )
    hints: bool = Field(True, description="Whether the layer's hints are heeded, where it has any.")
    reach: float = _number(REACH, description="How far hints reach beyond the objects they are on: 0 not at all.")
    variant: Whole = Field(0, ge=0, le=MAX_VARIANT, description="0 the main answer, else which of the others.")
    object: ObjectAt | ObjectSelected | None = Field(
        None, description="The job is then about this object alone: its result is the object in one color."
    )
    color: list[Channel] | None = Field(
        None, min_length=2, max_length=2, description="a*, b* of the object; without it, the most probable one."
    )

    def options(self, layer: Layer) -> Options:
        """What the pipeline is asked for.

        Raises Refusal (409) where a reference is to be followed and the layer has none.
        """
        from photochrom.adjustments import Adjustments
        from photochrom.options import Options

        adjustments = Adjustments(self.chroma, self.warmth, self.neutrals, (self.tint[0], self.tint[1]))
        if self.reference and layer.reference is None:
            raise Refusal(HTTPStatus.CONFLICT, "no-reference", "The layer has no reference picture.", "Send it first.")
        return Options(
            self.colorizer,
            adjustments,
            self.harmonize,
            self.segmenter,
            layer.paint if self.hints else None,
            self.variant,
            layer.reference if self.reference else None,
            self.reference or "palette",
            self.style,
            self.reach,
        )

    def wanted(self, selection: Plane | None) -> Object | None:
        """The object to recolor, if it is about one; `selection`: the layer's.

        Raises Refusal (409) where a selection is meant and the layer has none.
        """
        from photochrom.pipeline.recoloring import Object

        if self.object is None:
            return None
        color = (self.color[0], self.color[1]) if self.color else None
        if isinstance(self.object, ObjectAt):
            return Object((self.object.x, self.object.y), None, color)
        if selection is None:
            raise Refusal(HTTPStatus.CONFLICT, "no-selection", "The layer has no selection.", "Send it first.")
        return Object(None, selection, color)


class SuggestedColor(BaseModel):
    """A color for an object."""

    a: float
    b: float
    probability: float = Field(ge=0, le=1)
    rgb: list[float] = Field(min_length=3, max_length=3, description="As it will look, sRGB 0…1.")


class NewJob(BaseModel):
    job: str


class ErrorContent(BaseModel):
    cause: str = Field(description="What happened, for people.")
    next_step: str = Field(description="What to do about it, for people.")
    code: str = Field(description="What happened, for programs.")


class ErrorAnswer(BaseModel):
    error: ErrorContent


class Event(BaseModel):
    """One line of the events."""

    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float = Field(ge=0, le=1)
    message: str
    error: ErrorContent | None = Field(None, description="Why; when failed.")


class JobEvent(Event):
    """One line of a job's events."""

    colorizer: str | None = Field(
        None, description="Who chose the colors: what was asked for, or who has the largest share; when done."
    )
    scores: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = Field(
        None,
        description="Each one's share of the colors, together 1, the largest first; when done. "
        "Empty when a colorizer was asked for by name.",
    )
    titles: dict[str, str] | None = Field(
        None, description="What those with a share are called, for people; when done."
    )
    title: str | None = Field(None, description="What is different in a variant, for people; when done.")
    variants: int | None = Field(
        None, ge=0, description="How many variants there are, where one was asked for; when done."
    )
    suggestions: list[SuggestedColor] | None = Field(
        None, description="Colors for the object, the most probable first; when done, of a job about an object."
    )
