"""Messages of the service about batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.messages import ColorizerName, ErrorContent, FilePath, number
from photochrom_client.protocol import (
    AUTO,
    CHROMA,
    HARMONIZE,
    MAX_BATCH_INPUTS,
    ORIGINALS,
    STYLES,
    BatchFormat,
    BatchState,
    Original,
    Style,
)

if TYPE_CHECKING:
    from photochrom.batch.plan import Patterns
    from photochrom.batch.settings import Settings

Pattern = Annotated[str, Field(min_length=1, max_length=200)]


class NewBatch(BaseModel):
    """Folders to colorize, and how: all but the paths is optional."""

    model_config = ConfigDict(extra="forbid", strict=True)

    inputs: list[FilePath] = Field(
        min_length=1, max_length=MAX_BATCH_INPUTS, description="Photographs, and folders with all that is below them."
    )
    output: FilePath
    include: list[Pattern] = Field(
        [], max_length=32, description="Patterns such as “*.tif” or “album/*”: only files that match one."
    )
    exclude: list[Pattern] = Field([], max_length=32, description="The same for files that are left out.")
    colorizer: ColorizerName = AUTO
    style: Style = Field(STYLES[0], description="“vivid” for more color, “calm” for the most likely colors.")
    chroma: float = number(CHROMA, "Factor of the chroma: 0 gray, 1 as predicted.")
    harmonize: float = number(HARMONIZE, "How far the colors of each object are drawn to its mean color.")
    original: Original = Field(ORIGINALS[0], description="What was scanned, as for a job.")
    format: BatchFormat | None = Field(None, description="Format of the results; null for that of each photograph.")
    include_color: bool = Field(False, description="Whether photographs that are in color already are taken, too.")
    mark: bool = Field(True, description="Whether the results' metadata say that an algorithm made their colors.")
    album: bool = Field(
        False, description="Whether the photographs of each folder belong together: the same things get one color."
    )

    @property
    def settings(self) -> Settings:
        """The settings of the batch."""
        from photochrom.batch.settings import Settings

        return Settings(
            colorizer=self.colorizer,
            chroma=self.chroma,
            style=self.style,
            harmonize=self.harmonize,
            original=self.original,
            format=self.format,
            include_color=self.include_color,
            mark=self.mark,
            album=self.album,
        )

    @property
    def patterns(self) -> Patterns:
        """Which files are taken."""
        from photochrom.batch.plan import Patterns

        return Patterns(tuple(self.include), tuple(self.exclude))


class BatchProgress(BaseModel):
    """How far a batch is."""

    batch: str = Field(description="Its id: the same for the same output folder.")
    output: str = Field(description="Its output folder.")
    state: BatchState
    total: int = Field(ge=0, description="Number of its photographs.")
    done: int = Field(ge=0)
    failed: int = Field(ge=0)
    skipped: int = Field(ge=0, description="Photographs that are in color already.")
    looked: int | None = Field(
        ge=0, description="So many of an album were looked at, which comes before it is colored; null before and after."
    )
    file: str = Field(description="Name of the photograph that was finished last; empty if unknown.")
    seconds_left: float | None = Field(ge=0, description="Estimate, while it is running; null if unknown.")
    report: str = Field(description="Path of its report; empty while there is none.")
    error: ErrorContent | None = Field(description="If failed.")
