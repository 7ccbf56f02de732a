"""A batch as an archive takes it: a BagIt bag around its results, with what is known of them.

The bag is made from the journal when a batch has ended, under another name, and is in its place only when it is whole;
equal journals and results give equal bags. What takes long, small copies to look at, is kept from one try to the next.

    bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt
    data/README.txt                     what this is, in words
    data/results/                       the results, in their tree of folders
    data/manifest.jsonl, manifest.csv   a line for each file of the batch
    data/premis-events.csv              what happened to it, in PREMIS' terms
    data/iiif/                          the pictures for IIIF viewers, photograph and color as a choice
    data/access/                        small copies of both, which the viewers show
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photochrom.batch import manifest
from photochrom.batch.deposit import bag, iiif, premis, words
from photochrom.batch.deposit.access import Copies
from photochrom.batch.deposit.payload import Payload, sync
from photochrom.batch.journal import Journal
from photochrom.batch.publishing import HIDDEN
from photochrom.errors import BadRequest, OutputFailed
from photochrom.extras import need
from photochrom.progress import Progress, part, silent

NAME: Final = "deposit"
"""The bag, in the output folder."""

WEB: Final = "http://localhost:8000/"
"""Where the bag is on the web unless somebody says so: what `python3 -m http.server` in it gives."""

_DRAFT: Final = "deposit-unfinished"
_OLD: Final = "deposit-old"


@dataclass(frozen=True)
class Deposit:
    """A finished bag: its `path`, its `results`, and how many of their photographs could not be copied from, because
    they are gone or have changed."""

    path: Path
    results: int
    out_of_reach: int


def check(web: str) -> None:
    """Whether a deposit can be made, before there is work.

    Raises:
        ExtraMissing: a library is not installed. BadRequest: `web` is no address.
    """
    need("archive", "bagit", "iiif_prezi3")
    if not web.startswith(("http://", "https://")):
        raise BadRequest(f"{web} is no address on the web.", "Give one that begins with https:// or http://.")


def build(out: Path, journal: Journal, web: str, jobs: int, progress: Progress = silent) -> Deposit:
    """Makes the bag of the batch in `out`, which replaces an earlier one. The caller holds `publishing.claim(out)`.

    `web`: the address that the bag will have on the web; `jobs`: how many pictures are reduced at a time.

    Raises:
        OutputFailed: it cannot be written, or results are gone or were changed. Cancelled: by `progress`.
        ExtraMissing, BadRequest: see `check`.
    """
    check(web)
    if journal.settings.store is not None:
        raise BadRequest(
            f"The results are in {journal.settings.store}; a deposit is made of a folder.", "Copy them into one first."
        )
    final, hidden = out.resolve() / NAME, out.resolve() / HIDDEN
    draft, old = hidden / _DRAFT, hidden / _OLD
    bag.check_ours(final, journal)
    try:
        for left in (draft, old):
            shutil.rmtree(left, ignore_errors=True)
        done = sorted(journal.entries("done"), key=lambda entry: entry.output)
        payload = Payload(draft, done)
        payload.link_results(out, part(progress, 0, 0.05))
        copies = Copies(hidden, out)
        copies.make(done, jobs, part(progress, 0.05, 0.6))
        copies.link(draft, payload)
        manifest.write(draft, journal, payload.place)
        premis.write(draft, journal, payload.place)
        iiif.write(draft, journal, payload, web, part(progress, 0.6, 0.7))
        words.write(draft, journal, web)
        bag.make(draft, journal, payload, part(progress, 0.7, 1))
        sync()
        if final.exists():
            final.replace(old)
        draft.replace(final)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise OutputFailed(
            f"{final} cannot be written: {error.strerror or error}.", "Make room on the disk, then resume."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Deposit(final, len(done), copies.missing)
