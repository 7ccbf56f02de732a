"""Addresses of photographs and results that lie in no folder of this machine: in an S3 store, or on a web server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from photochrom.errors import BadRequest

READ_BY: Final = {"s3": "s3fs", "http": "aiohttp", "https": "aiohttp"}
"""Kinds of addresses, and the package that fsspec needs for each."""

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")


@dataclass(frozen=True)
class Url:
    """An address, such as "s3://bucket/roll/1.tif", with as much of `Path` as files in either place share.

    Raises:
        BadRequest: it is of a kind that cannot be read, or has a password, which would be kept in the journal.
    """

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.rstrip("/"))
        scheme, _, rest = self.text.partition("://")
        if scheme not in READ_BY or not rest:
            raise BadRequest(f"{self} cannot be read.", f"Addresses begin with {', '.join(READ_BY)}, and ://.")
        if "@" in rest.partition("/")[0]:
            raise BadRequest(
                "An address with a password in it would be kept in the journal.",
                "Leave the password out; docs/cluster.md says where it goes.",
            )

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, below: str | PurePosixPath) -> Url:
        return Url(f"{self.text}/{below}")

    @property
    def scheme(self) -> str:
        """What it begins with: one of `READ_BY`."""
        return self.text.partition("://")[0]

    @property
    def name(self) -> str:
        """The last part, as people read it."""
        if self.scheme == "s3":
            return self.text.rpartition("/")[2]
        return unquote(urlsplit(self.text).path.rpartition("/")[2])

    @property
    def parent(self) -> Url:
        """The folder that it is in."""
        return Url(self.text.rpartition("/")[0])

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The suffix of the name with its dot."""
        return PurePosixPath(self.name).suffix


Source = Path | Url
"""Where a photograph lies, or a folder of them."""


def is_url(text: str) -> bool:
    """Whether this is an address, not the name of a file; also one that went through `Path`, which takes a slash."""
    return _SCHEME.match(text) is not None


def source_of(text: str) -> Source:
    """The file, folder or address of that name.

    Raises:
        BadRequest: as `Url`.
    """
    return Url(text) if is_url(text) else Path(text)
