"""What a batch was asked for: the same for all of its files, kept in its journal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from photochrom.batch.messages import GRAY
from photochrom.batch.urls import Url
from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from pathlib import Path

    from photochrom.batch.urls import Source
    from photochrom.image.flat_files import Encoding
    from photochrom.options import Options
    from photochrom_client.protocol import Original, Style


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`colorizer`, `chroma` (0…4), `style`, `original`, `harmonize` (0…1), `segmenter`: see `pipeline.Options`.
    `format`: suffix of the results without its dot, None for that of each photograph. `depth` (8 or 16 bits a sample)
    and `quality` (1…100, JPEG and WebP): None for the format's own. `profile`, `mark`: see `pipeline.colorize_file`.
    `page`: number of the picture in files with several; `all_pages`: every one. `include_color`: photographs that are
    in color too. `c2pa_key`, `c2pa_certificate`: files for Content Credentials, None for none. `results`: address of
    the folder in a store where results go; None for the output folder.

    Raises:
        BadRequest: a depth, a quality or a place that cannot be written, both of `page` and `all_pages`, or layers that
            are to be signed.
    """

    colorizer: str = "auto"
    chroma: float = 1.0
    style: Style = "vivid"
    original: Original = "print"
    harmonize: float = 0.0
    segmenter: str = ""
    format: str | None = None
    depth: Literal[8, 16] | None = None
    quality: int | None = None
    profile: str | None = None
    mark: bool = True
    page: int | None = None
    all_pages: bool = False
    include_color: bool = False
    album: bool = False
    c2pa_key: str | None = None
    c2pa_certificate: str | None = None
    results: str | None = None

    def __post_init__(self) -> None:
        if self.depth not in (None, 8, 16):
            raise BadRequest(f"A depth of {self.depth} bits is not possible.", "Choose 8 or 16.")
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise BadRequest(f"A quality of {self.quality} is not possible.", "Choose one from 1 to 100.")
        if self.page is not None and self.all_pages:
            raise BadRequest("Either one page is taken or all are.", "Give --page or --all-pages, not both.")
        if self.c2pa_key is not None and self.format == "ora":
            raise BadRequest(
                "OpenRaster files have no place for Content Credentials.", "Leave out --layered or --c2pa."
            )
        if self.store is not None and self.store.scheme != "s3":
            raise BadRequest(f"Results cannot be written to {self.results}.", "Give an address that begins with s3://.")

    @property
    def store(self) -> Url | None:
        """Where in a store results go; None where they go into the output folder."""
        return Url(self.results) if self.results is not None else None

    def place(self, out: Path) -> Source:
        """The folder with the results of the batch in the output folder `out`."""
        return self.store or out

    @property
    def options(self) -> Options:
        """What the pipeline is asked for, for every file."""
        from photochrom.adjustments import Adjustments
        from photochrom.options import Options

        return Options(
            colorizer=self.colorizer,
            adjustments=Adjustments(self.chroma),
            harmonize=self.harmonize,
            segmenter=self.segmenter,
            style=self.style,
            original=self.original,
        )

    def options_for(self, wanted: str | None) -> Options:
        """The same for a file that is wanted in other colors: `journal.Entry.colorizer_wanted`, None for no other."""
        if wanted in (None, GRAY):
            return self.options
        return replace(self.options, **chosen(str(wanted)))

    @property
    def encoding(self) -> Encoding:
        """How the results are encoded."""
        from photochrom.image.flat_files import Encoding

        return Encoding(self.depth, self.quality)

    def as_json(self) -> str:
        """The settings as JSON, the same for equal ones."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The settings that `as_json` wrote."""
        return cls(**json.loads(text))

    @property
    def digest(self) -> str:
        """SHA-256 of `as_json`, lower-case hexadecimal."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def chosen(wanted: str) -> dict[str, Any]:
    """The settings that `journal.Entry.colorizer_wanted` names for its file."""
    return dict(zip(("colorizer", "style", "original"), wanted.split(":"), strict=False))
