"""What a batch was asked for: the same for all of its files, kept in its journal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from photochrom.image.flat import Encoding
    from photochrom.options import Options
    from photochrom_client.protocol import Style


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`colorizer`, `chroma` (0…4), `style`, `harmonize` (0…1), `segmenter`: see `pipeline.Options`. `format`: suffix of
    the results without its dot, None for that of each photograph. `depth` (8 or 16 bits a sample) and `quality`
    (1…100, JPEG and WebP): None for the format's own. `profile`, `mark`: see `pipeline.colorize_file`. `page`: number
    of the picture in files with several; `all_pages`: every one. `include_color`: photographs that are in color too.

    Raises:
        BadRequest: a depth or a quality that cannot be written, or both of `page` and `all_pages`.
    """

    colorizer: str = "auto"
    chroma: float = 1.0
    style: Style = "vivid"
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

    def __post_init__(self) -> None:
        if self.depth not in (None, 8, 16):
            raise BadRequest(f"A depth of {self.depth} bits is not possible.", "Choose 8 or 16.")
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise BadRequest(f"A quality of {self.quality} is not possible.", "Choose one from 1 to 100.")
        if self.page is not None and self.all_pages:
            raise BadRequest("Either one page is taken or all are.", "Give --page or --all-pages, not both.")

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
        )

    @property
    def encoding(self) -> Encoding:
        """How the results are encoded."""
        from photochrom.image.flat import Encoding

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
