"""What the engine and its clients agree on: versions, paths, headers, and the names, ranges and limits of what is sent.

Both sides import it, so nothing in here depends on either.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args


class Versions(NamedTuple):
    """The oldest and the newest protocol that one side speaks."""

    oldest: int
    newest: int


PROTOCOL = Versions(2, 6)
"""Spoken by this version of engine and client. The newest is raised with every addition that clients ask for, the
oldest when a change would break an older client."""

PROOFS = 3
"""The protocol since which an engine proves that it knows the token, before a client sends it."""

TABLES = 6
"""The protocol since which a layer may come as samples with a table of their lightness."""


class Range(NamedTuple):
    """Limits of a number, both included, and its default."""

    least: float
    most: float
    default: float


CHROMA = Range(0.0, 4.0, 1.0)
"""Factor of the colors' chroma: 0 gray, 1 as predicted."""
WARMTH = Range(-1.0, 1.0, 0.0)
"""-1 cold … 1 warm."""
NEUTRALS = Range(0.0, 1.0, 0.0)
"""How much of what is almost gray stays gray."""
HARMONIZE = Range(0.0, 1.0, 0.0)
"""How far each object is drawn to its own mean color."""
REACH = Range(0.0, 1.0, 0.5)
"""How far hints reach beyond the objects they are on."""

SIZE = Range(-1.0, 1.0, 0.0)
"""How large the object is that a prompt means: -1 as small as it can be … 1 as large."""

MAX_TINT = 40.0
"""Limit of |a*| and |b*| of the paper's tint: no toned paper is as colorful."""
AB_RANGE = (-128.0, 127.0)
"""Limits of a* and b* of an object's color."""
MAX_CLICKS = 64
"""Clicks that show one object."""
MAX_NOTE = 300
"""Characters that say how a color is known."""
MAX_GIVEN = 16_384
"""Characters about all colors of a picture that a person gave."""
MAX_VARIANT = 9
"""Variants are numbered 1…9; 0 is the main answer."""

AUTO = "auto"
"""Stands for a colorizer's name where the engine chooses, for each photograph or for each of its regions."""
BLEND = "+"
"""Joins names of colorizers into a blend in equal parts, as in "lite+people"."""

Style = Literal["vivid", "calm"]
"""Vivid for more color, calm for the most likely colors, where a colorizer tells them apart."""
STYLES: tuple[Style, ...] = get_args(Style)
"""The first is the default."""

Original = Literal["print", "negative", "faded"]
"""What was scanned, for the colorizer: a print, whose tones it sees as they are; a negative, of which it sees the
positive; or a faded print, of which it sees the tones stretched from black to white."""
ORIGINALS: tuple[Original, ...] = get_args(Original)
"""The first is the default."""

ReferenceMethod = Literal["palette", "regions"]
"""How a reference picture is followed: its palette as a whole, or its colors where regions look alike."""
REFERENCE_METHODS: tuple[ReferenceMethod, ...] = get_args(ReferenceMethod)

MAX_SIDE = 524_288
"""Width and height of a layer in pixels: GIMP's own limit."""
MAX_PIXELS = 1_000_000_000
"""Of a layer, or of a picture in a file: a gigapixel, more than any scanner bed gives."""
MAX_GUIDANCE_SIDE = 1024
"""Width and height of hints, selection and reference in pixels. They are compared with a proxy: more is of no use."""
REFERENCE_SIDE = 768
"""Long side to which clients reduce a reference picture."""
MAX_PROFILE_BYTES = 16 * 1024 * 1024
MAX_JSON_BYTES = 64 * 1024

CHANNEL_BYTES = 4
"""Planes are little-endian float32."""

LayerForm = Literal["lightness", "u8", "u16"]
"""What a layer comes as: L* as float32; or samples of 8 or 16 bits, after a table with the L* of each possible one."""
SAMPLE_BYTES: dict[LayerForm, int] = {"lightness": CHANNEL_BYTES, "u8": 1, "u16": 2}
TABLE_ENTRIES: dict[LayerForm, int] = {"lightness": 0, "u8": 1 << 8, "u16": 1 << 16}
PixelForm = Literal["lab", "rgb8", "rgb16"]
"""Of a result's pixels: CIE L*, a*, b* (D50) and alpha as float32; or R, G, B and alpha of 8 or 16 bits in the image's
RGB space."""
PIXEL_BYTES: dict[PixelForm, int] = {"lab": 4 * CHANNEL_BYTES, "rgb8": 4, "rgb16": 8}

LAYER_GONE = "layer-gone"
"""Code of the error for a layer that the engine does not have any more."""

MAX_BATCH_INPUTS = 64
"""Files and folders that one request names."""
BatchFormat = Literal["png", "tiff", "jpeg", "webp", "ora"]
"""Of a batch's results: the suffix of their files."""
BATCH_FORMATS: tuple[BatchFormat, ...] = get_args(BatchFormat)
BatchState = Literal["planning", "running", "paused", "stopping", "reporting", "done", "stopped", "failed"]
"""The last three are of a batch that has ended; only the first of them has nothing left to do."""


DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""Value of the IPTC property Digital Source Type in pictures with our colors."""
AI_SYSTEM = "Photochrom"
"""Start of the IPTC property AI System Used in pictures with our colors."""


class Route:
    """Paths of the requests. Names in braces are filled in with `str.format`."""

    OPENAPI = "/v1/openapi.json"
    STATUS = "/v1/status"
    PROOF = "/v1/proof"
    COLORIZERS = "/v1/colorizers"
    SEGMENTERS = "/v1/segmenters"
    MODELS = "/v1/models"
    FETCH = "/v1/models/{name}/fetch"
    MARKS = "/v1/marks"
    EXPORTS = "/v1/exports"
    LAYERS = "/v1/layers"
    LAYER = "/v1/layers/{layer_id}"
    PROFILE = "/v1/layers/{layer_id}/profile"
    HINTS = "/v1/layers/{layer_id}/hints"
    REFERENCE = "/v1/layers/{layer_id}/reference"
    SELECTION = "/v1/layers/{layer_id}/selection"
    KNOWN = "/v1/layers/{layer_id}/known"
    JOBS = "/v1/layers/{layer_id}/jobs"
    EVENTS = "/v1/jobs/{job_id}/events"
    PREVIEW = "/v1/jobs/{job_id}/preview"
    DOUBT = "/v1/jobs/{job_id}/doubt"
    PAINT_FIRST = "/v1/jobs/{job_id}/paint-first"
    PIXELS = "/v1/jobs/{job_id}/pixels"
    CANCEL = "/v1/jobs/{job_id}/cancel"
    BATCHES = "/v1/batches"
    BATCH = "/v1/batches/{batch_id}"
    BATCH_PAUSE = "/v1/batches/{batch_id}/pause"
    BATCH_CONTINUE = "/v1/batches/{batch_id}/continue"
    BATCH_RETRY = "/v1/batches/{batch_id}/retry"
    BATCH_STOP = "/v1/batches/{batch_id}/stop"


class Header:
    """Of an answer: size and form of the picture in its body."""

    WIDTH = "Photochrom-Width"
    HEIGHT = "Photochrom-Height"
    BANDS = "Photochrom-Bands"
    FORM = "Photochrom-Form"
    """The `PixelForm` of a result; without it, "lab"."""
