"""Downloads one file over HTTP: complete and not larger than expected, or a clear error.

An interrupted download stays beside the target as NAME.part, with its address and version in NAME.part.json. The next
download resumes from there (RFC 9110, sections 13.1.5 and 14) if the server still has that version.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from photochrom.errors import DownloadFailed, OutputFailed
from photochrom.progress import Progress

PATIENCE = 30.0
"""Timeout in seconds without a byte from the server."""

_TICK = 0.2
"""Seconds between two progress reports, and the longest delay of a cancellation."""

_AGAIN = "Run the command again: the download resumes."
_BY_HAND = "If you have the file from elsewhere: photochrom models import FILE"
_MORE_ROOM = "Free some space, or set PHOTOCHROM_MODELS to a folder on another disk."


@dataclass
class _Part:
    """The downloaded part of a file. `validator`: the server's identifier of this version, "" if it sent none; `total`:
    bytes of the whole file, once known."""

    target: Path
    address: str = ""
    validator: str = ""
    total: int | None = None
    size: int = 0

    @property
    def path(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def _notes(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part.json")

    def recall(self, address: str) -> None:
        """Resumes an earlier download of this address, if that is possible."""
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
            if notes["address"] == address and notes["validator"]:
                self.address, self.validator, self.total = address, notes["validator"], notes["total"]
                self.size = self.path.stat().st_size
        except (OSError, ValueError, KeyError, TypeError):
            self.size = 0

    def begin(self, address: str, validator: str, total: int | None) -> None:
        self.address, self.validator, self.total, self.size = address, validator, total, 0
        self.path.unlink(missing_ok=True)  # Before the notes: they must never speak of another version's bytes.
        notes = {key: value for key, value in asdict(self).items() if key in {"address", "validator", "total"}}
        self._notes.write_text(json.dumps(notes), encoding="utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)
        self.size = 0

    def finish(self) -> None:
        self.path.replace(self.target)
        self._notes.unlink(missing_ok=True)


def download(address: str, target: Path, *, size: int | None, most: int, progress: Progress) -> None:
    """Downloads a file into an existing folder. Proxies are read from the environment.

    Args:
        address: http or https.
        target: the file. It appears complete or not at all; no hash is verified here.
        size: its bytes, if published.
        most: the largest number of bytes to accept, whatever the server says.
        progress: called at least every second, even while the server is silent.

    Raises:
        DownloadFailed: unreachable, refused, interrupted, silent for `PATIENCE`, or not the expected file.
        OutputFailed: no space, or no permission.
        Cancelled: from `progress`.
    """
    part = _Part(target)
    part.recall(address)
    # Not asyncio.run, which would wait for an unresponsive name server at the end.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_watched(_transfer(address, part, size, most), part, progress))
        part.finish()
    except httpx.HTTPError as error:
        raise _failure(address, part, error) from error
    except (httpx.InvalidURL, ImportError) as error:  # The latter: a SOCKS proxy without httpx's support for it.
        raise DownloadFailed(f"{address} cannot be requested: {error}.") from error
    except OSError as error:
        raise OutputFailed(f"{part.path} cannot be written: {error.strerror or error}.", _MORE_ROOM) from error
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _watched(transfer: Coroutine[None, None, None], part: _Part, progress: Progress) -> None:
    """Runs a transfer and reports its progress."""
    task = asyncio.ensure_future(transfer)
    try:
        while not task.done():
            done = f"{part.size / 1e6:.0f}" + (f" of {part.total / 1e6:.0f}" if part.total else "")
            progress(part.size / part.total if part.total else 0.0, f"{part.target.name}: {done} MB")
            await asyncio.wait({task}, timeout=_TICK)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    task.result()


async def _transfer(address: str, part: _Part, size: int | None, most: int) -> None:
    if part.size and part.size == part.total:
        return  # Complete; only the last step was interrupted.
    headers = {"Accept-Encoding": "identity"}  # Lengths and ranges are then those of the file.
    if part.size:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    async with (
        httpx.AsyncClient(follow_redirects=True, timeout=PATIENCE) as client,
        client.stream("GET", address, headers=headers) as response,
    ):
        if response.status_code == 200:
            _refuse_what_is_not_expected(response, address, size, most)
            part.begin(address, _validator(response), _length(response))
        elif part.size and response.status_code in {206, 416}:
            if not _continues(response, part):
                part.forget()
                raise DownloadFailed(
                    f"{address} has changed since the download began.", "Run the command again: it starts over."
                )
        else:
            raise _refusal(response.status_code, address)
        free = shutil.disk_usage(part.target.parent).free
        if part.total and free < part.total - part.size:
            missing = (part.total - part.size - free) / 1e6
            raise OutputFailed(f"{part.target.name} needs {missing:.0f} MB more than the disk has left.", _MORE_ROOM)
        with part.path.open("ab") as file:
            async for block in response.aiter_raw():
                file.write(block)
                part.size += len(block)
                if part.size > (size or part.total or most):
                    part.forget()
                    raise DownloadFailed(f"{address} sent more bytes than the published file has.", _BY_HAND)
    if size is not None and part.size < size:
        raise DownloadFailed(f"{address} ended after {part.size} of {size} bytes.", _AGAIN)


def _refuse_what_is_not_expected(response: httpx.Response, address: str, size: int | None, most: int) -> None:
    """Raises DownloadFailed for what the headers already tell."""
    length = _length(response)
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        cause = f"{address} returned a web page instead of the file."
        raise DownloadFailed(cause, f"Does your network require a login? {_BY_HAND}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise DownloadFailed(f"{address} sends the file compressed, which was not requested.", _BY_HAND)
    if length is not None and (length != size if size is not None else length > most):
        expected = f"has {size}" if size is not None else f"has at most {most}"
        raise DownloadFailed(f"{address} offers {length} bytes; the published file {expected}.", _BY_HAND)


def _length(response: httpx.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _validator(response: httpx.Response) -> str:
    """The value for If-Range: a strong entity tag, else the date of the last change."""
    tag: str = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _continues(response: httpx.Response, part: _Part) -> bool:
    """Whether a response continues this part of the same version."""
    told = response.headers.get("Content-Range", "")
    first, _, rest = told.removeprefix("bytes ").partition("-")
    total = rest.partition("/")[2]
    return (
        response.status_code == 206
        and first == str(part.size)
        and (part.total is None or total == str(part.total))
        and _validator(response) in {"", part.validator}
    )


def _refusal(status: int, address: str) -> DownloadFailed:
    if status in {404, 410}:
        return DownloadFailed(f"{address} does not exist (HTTP {status}).", _BY_HAND)
    if status in {401, 403, 407, 451}:
        return DownloadFailed(f"{address} denies access (HTTP {status}).", _BY_HAND)
    return DownloadFailed(f"The server of {address} returned HTTP {status}.", "Try again later.")


def _failure(address: str, part: _Part, error: httpx.HTTPError) -> DownloadFailed:
    match error:
        case httpx.TooManyRedirects():
            return DownloadFailed(f"{address} redirects in a loop.", _BY_HAND)
        case httpx.UnsupportedProtocol():
            return DownloadFailed(f"{address} redirects to an address that is neither http nor https.", _BY_HAND)
        case httpx.ProxyError():
            return DownloadFailed(f"The proxy refuses the connection to {address}: {error}.", "Check HTTPS_PROXY.")
        case httpx.TimeoutException():
            cause = f"The server of {address} sent nothing for {PATIENCE:.0f} seconds."
        case httpx.ConnectError():
            cause = f"The server of {address} cannot be reached: {error}."
        case _:
            cause = f"The connection to {address} was lost: {error}."
    return DownloadFailed(
        cause, _AGAIN if part.size and part.validator else "Check the network, then run the command again."
    )
