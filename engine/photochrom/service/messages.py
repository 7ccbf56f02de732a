"""Request and response bodies in JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from photochrom.service.error_responses import ErrorResponse
from photochrom.service.layers import Layer
from photochrom_client import given, prompt
from photochrom_client.protocol import (
    AB_RANGE,
    AUTO,
    CHROMA,
    HARMONIZE,
    MAX_CLICKS,
    MAX_GIVEN,
    MAX_TINT,
    MAX_VARIANT,
    NEUTRALS,
    ORIGINALS,
    REACH,
    SIZE,
    STYLES,
    WARMTH,
    Original,
    Range,
    ReferenceMethod,
    Style,
)

if TYPE_CHECKING:
    from photochrom.options import Options
    from photochrom.pipeline.recoloring import Object
    from photochrom.values import Plane


def number(range: Range, description: str) -> Any:
    return Field(range.default, ge=range.least, le=range.most, description=description)


class Status(BaseModel):
    """A running engine."""

    version: str
    protocol: list[int] = Field(
        min_length=2, max_length=2, description="The oldest and the newest protocol version it speaks."
    )
    pid: int
    log: str = Field(description="Path of its log.")
    layers: int = Field(description="Number of layers it holds.")
    jobs: int = Field(description="Number of jobs that wait or run.")


class Choice(BaseModel):
    """An installed colorizer or segmenter."""

    name: str
    title: str = Field(description="For people.")


class ModelEntry(BaseModel):
    """A published model, installed or not."""

    name: str
    kind: Literal["colorizer", "segmenter"]
    good_at: str = Field(description="One line, for people.")
    license: str = Field(description="Show it to the user; send it back to confirm that it was accepted.")
    weights_license: str = Field(description="One sentence about the license of the weights, for people.")
    bytes: int | None = Field(ge=0, description="Size of the download; null if it is not published.")
    size: str = Field(description="The same for people; an estimate if it is not published.")
    fetch: bool = Field(description="Whether the engine can download it.")
    why_not: str = Field(description="Why it cannot, and how to install it, for people; else empty.")
    installed: bool


class Proof(BaseModel):
    """Shows that the engine knows the token of its runtime file."""

    proof: str = Field(
        description="HMAC-SHA256 with the token as key, over the nonce, a space and the port in decimal digits; "
        "in hexadecimal digits."
    )


class Acceptance(BaseModel):
    """Confirmation that the user has read and accepted a license."""

    model_config = ConfigDict(extra="forbid", strict=True)

    license: str = Field(max_length=200, description="The license that /v1/models lists for the model.")


MadeBy = Annotated[
    str,
    Field(
        max_length=400,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Names of the colorizers, for people; empty if unknown.",
    ),
]


ColorsGiven = Annotated[
    str,
    Field(
        max_length=MAX_GIVEN,
        pattern=given.PATTERN,
        description="The colors that a person gave, in the form of the IPTC property AI Prompt Information; empty if "
        "there are none.",
    ),
]


class MarkRequest(BaseModel):
    """A file whose metadata is to say, or to be checked for saying, that a trained algorithm made its colors."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: str = Field(min_length=1, max_length=4096, description="An absolute path.")
    colorizer: MadeBy = ""
    given: ColorsGiven = ""
    check: bool = Field(False, description="Check only, write nothing.")


class Marked(BaseModel):
    """What a file's metadata says."""

    marked: bool = Field(description="Whether it says that Photochrom made its colors, but for those that were given.")
    changed: bool = Field(description="Whether this request wrote that.")


Tint = Annotated[float, Field(ge=-MAX_TINT, le=MAX_TINT)]
Whole = Annotated[
    int, BeforeValidator(lambda given: int(given) if type(given) is float and given.is_integer() else given)
]
"""JSON has one kind of number: 5.0 is the integer 5."""
Channel = Annotated[float, Field(ge=AB_RANGE[0], le=AB_RANGE[1])]


class NewLayer(BaseModel):
    layer: str = Field(description="Its id.")


Across = Annotated[float, Field(ge=0, le=1)]


class ObjectAt(BaseModel):
    """The object at a point."""

    model_config = ConfigDict(extra="forbid", strict=True)

    x: Across = Field(description="0 left … 1 right.")
    y: Across = Field(description="0 top … 1 bottom.")

    def made(self) -> prompt.Click:
        return prompt.Click(self.x, self.y)


class Click(ObjectAt):
    """A point on the object, or off it."""

    away: bool = Field(False, description="Whether the point is off the object.")

    def made(self) -> prompt.Click:
        return prompt.Click(self.x, self.y, self.away)


class ObjectShown(BaseModel):
    """The object that clicks, a box or both show. Without a click on it, a box is needed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    clicks: list[Click] = Field(max_length=MAX_CLICKS)
    box: list[Across] | None = Field(
        None, min_length=4, max_length=4, description="Left, top, right, bottom: around the object."
    )
    size: float = number(SIZE, "How large the object is: -1 as small as it can be … 1 as large.")

    def made(self) -> prompt.Prompt:
        """Raises ErrorResponse (409) if it shows no object."""
        box = None if self.box is None else (self.box[0], self.box[1], self.box[2], self.box[3])
        made = prompt.Prompt(tuple(each.made() for each in self.clicks), box, self.size)
        if not made.shows_object or (box and not (box[0] < box[2] and box[1] < box[3])):
            raise ErrorResponse(
                HTTPStatus.CONFLICT,
                "no-prompt",
                "The clicks and the box show no object.",
                "Send a click on it, or a box with some width and height.",
            )
        return made


class ObjectSelected(BaseModel):
    """The object that the layer's selection surrounds."""

    model_config = ConfigDict(extra="forbid", strict=True)

    selection: Literal[True]


ColorizerName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_.+-]{0,63}$",
        description="Name of a colorizer, “auto”, or names joined by “+” to blend them in equal parts.",
    ),
]


class JobSettings(BaseModel):
    """The user's settings for one job. `photochrom_client.Settings` has the same fields."""

    model_config = ConfigDict(extra="forbid", strict=True)

    colorizer: ColorizerName = AUTO
    chroma: float = number(CHROMA, "Factor of the chroma: 0 gray, 1 as predicted.")
    warmth: float = number(WARMTH, "-1 cold … 1 warm.")
    neutrals: float = number(NEUTRALS, "How much of what is almost gray stays gray.")
    tint: list[Tint] = Field(
        [0.0, 0.0],
        min_length=2,
        max_length=2,
        description="a*, b* of toned paper, to which the colors are added: sepia stays.",
    )
    style: Style = Field(
        STYLES[0],
        description="“vivid” for more color, “calm” for the most likely colors; some colorizers have one style only.",
    )
    harmonize: float = number(HARMONIZE, "How far the colors of each object are drawn to its mean color.")
    segmenter: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9_.-]{0,63})?$",
        description="Name of the segmenter that finds objects; empty for the best one installed.",
    )

    reference: Literal["", ReferenceMethod] = Field(
        "",
        description="How to follow the layer's reference picture: its “palette”, or by “regions” that look alike; "
        "empty to ignore it.",
    )
    hints: bool = Field(True, description="Whether to use the layer's hints, if it has any.")
    reach: float = number(REACH, "How far hints reach beyond the objects they are on: 0 not at all.")
    original: Original = Field(
        ORIGINALS[0],
        description="What was scanned: the colorizer sees a “negative”'s positive, and the tones of a “faded” print "
        "stretched. The result keeps the layer's own tones.",
    )
    variant: Whole = Field(0, ge=0, le=MAX_VARIANT, description="0 for the main answer, 1 and up for variants.")
    object: ObjectAt | ObjectShown | ObjectSelected | None = Field(
        None, description="Recolors this object only: the result is the object in a single color."
    )
    color: list[Channel] | None = Field(
        None, min_length=2, max_length=2, description="a*, b* of the object; null for the most probable color."
    )

    def options(self, layer: Layer) -> Options:
        """The pipeline's options for a layer.

        Raises ErrorResponse (409) if a reference is to be followed and the layer has none.
        """
        from photochrom.adjustments import Adjustments
        from photochrom.options import Options

        if self.reference and layer.reference_picture is None:
            raise ErrorResponse(
                HTTPStatus.CONFLICT, "no-reference", "The layer has no reference picture.", "Send one first."
            )
        return Options(
            colorizer=self.colorizer,
            adjustments=Adjustments(
                chroma=self.chroma, warmth=self.warmth, neutrals=self.neutrals, tint=(self.tint[0], self.tint[1])
            ),
            harmonize=self.harmonize,
            segmenter=self.segmenter,
            hints=layer.hints if self.hints else None,
            variant=self.variant,
            reference=self.reference,
            reference_picture=layer.reference_picture,
            style=self.style,
            reach=self.reach,
            original=self.original,
        )

    def wanted(self, selection: Plane | None) -> Object | None:
        """The object to recolor, if any; `selection` is the layer's.

        Raises ErrorResponse (409) if nothing shows it: it is the selected one and the layer has no selection, or
        there are neither a click on it nor a box.
        """
        from photochrom.pipeline.recoloring import Object

        if self.object is None:
            return None
        color = (self.color[0], self.color[1]) if self.color else None
        if isinstance(self.object, ObjectAt):
            return Object(prompt.Prompt((self.object.made(),)), None, color)
        if isinstance(self.object, ObjectShown):
            return Object(self.object.made(), None, color)
        if selection is None:
            raise ErrorResponse(HTTPStatus.CONFLICT, "no-selection", "The layer has no selection.", "Send one first.")
        return Object(None, selection, color)


class SuggestedColor(BaseModel):
    """A color for an object."""

    a: float
    b: float
    probability: float = Field(ge=0, le=1)
    rgb: list[float] = Field(min_length=3, max_length=3, description="The same as sRGB, 0…1, to show it.")


class NewJob(BaseModel):
    job: str = Field(description="Its id.")


class ErrorContent(BaseModel):
    cause: str = Field(description="What happened, for people.")
    next_step: str = Field(description="What to do about it, for people.")
    code: str = Field(description="What happened, for programs.")


class ErrorAnswer(BaseModel):
    error: ErrorContent


class Event(BaseModel):
    """The state of a job or download."""

    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float = Field(ge=0, le=1)
    message: str = Field(description="Current step, in English, for people.")
    error: ErrorContent | None = Field(None, description="If failed.")


class JobEvent(Event):
    """The state of a job. What is new here is present only when it is done."""

    colorizer: str | None = Field(
        None, description="The colorizer, as requested; for “auto” the one with the largest share."
    )
    scores: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = Field(
        None,
        description="Share of each colorizer in the colors, summing to 1, the largest first; empty unless the "
        "colorizer is “auto”.",
    )
    titles: dict[str, str] | None = Field(None, description="Titles of the colorizers named here, for people.")
    title: str | None = Field(None, description="What distinguishes this variant, for people.")
    variants: int | None = Field(None, ge=0, description="Number of variants, if one was requested.")
    noticed: Original | None = Field(
        None, description="What the layer looks scanned from by its tones; “print” where nothing is noticed."
    )
    suggestions: list[SuggestedColor] | None = Field(
        None, description="Colors for the object, the most probable first, if the job is about one."
    )


FilePath = Annotated[
    str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]*$", description="An absolute path.")
]
