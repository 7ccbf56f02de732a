"""The bag's README: what it holds, for a person who finds it without this program."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photochrom import __version__
from photochrom.batch.deposit.bag import finished, identifier
from photochrom.batch.messages import GRAY

if TYPE_CHECKING:
    from photochrom.batch.journal import Journal

NAME: Final = "README.txt"

_WIDTH: Final = 80

_FILES: Final = {
    "results/": "the color versions, in the folders and by the names of the photographs.",
    "manifest.csv, manifest.jsonl": "a line for each file that was looked at, those that failed or were skipped too: "
    "where the photograph was, SHA-256 of photograph and result, whose colors it has (shares), SHA-256 of the "
    "colorizer's files, all settings, the doubt (column uncertainty: 0 sure, 1 not at all), and the seconds it took. "
    "The table opens in a spreadsheet; the other file has the same as JSON.",
    "premis-events.csv": "what happened to each file and when, one event a row; columns and terms are those of PREMIS "
    "3 (Library of Congress).",
    "iiif/collection.json": "all pictures for a IIIF viewer, photograph and color version as a choice. It holds web "
    "addresses: see below.",
    "access/": "small JPEG copies that the viewer shows. They are no originals.",
}


def write(folder: Path, journal: Journal, web: str) -> None:
    """Writes it into `folder`; `web`: where the bag will be on the web."""
    paragraphs = [
        f"This package was made by Photochrom {__version__} from a batch that was last worked on at "
        f"{finished(journal)} (identifier {identifier(journal)}). {_counts(journal)}",
        "THE COLORS ARE GUESSES. An algorithm added them to black-and-white photographs; they are no record of what "
        "was in front of the camera. The tones are the photographs' own: in each result CIE L* (D50) is that of the "
        "photograph, within the rounding of its file format, at every pixel. The photographs themselves are not in "
        "this package; the manifest has their names and hashes.",
        _marked(journal),
    ]
    text = [_filled(each) for each in paragraphs if each]
    text.append("What is in the folder data:")
    text += [textwrap.fill(f"{name}  {says}", _WIDTH, subsequent_indent="    ") for name, says in _FILES.items()]
    text.append(
        _filled(
            "To check that nothing was changed or lost: `sha256sum --check --quiet manifest-sha256.txt` in the folder "
            "above data, or any program for BagIt (RFC 8493), such as `bagit.py --validate`."
        )
    )
    text.append(
        _filled(
            f"The IIIF manifests are for a package that is at {web} on the web. For another place, make the deposit "
            "again with --deposit-url; to look at it on this computer, run `python3 -m http.server` in the folder "
            "above data."
        )
    )
    (folder / NAME).write_text("\n\n".join(text) + "\n", encoding="utf-8")


def _counts(journal: Journal) -> str:
    counts = journal.counts()
    gray = sum(entry.colorizer == GRAY for entry in journal.entries("done"))
    said = [f"{counts.get('done', 0)} of {sum(counts.values())} photographs have a result"]
    said += [f"{gray} of them left gray"] if gray else []
    said += [f"{counts['failed']} failed"] if counts.get("failed") else []
    reasons = Counter(entry.reason for entry in journal.entries("skipped"))
    said += [f"{count} were skipped ({reason})" for reason, count in reasons.items()]
    return f"{'; '.join(said)}."


def _marked(journal: Journal) -> str:
    said = []
    if journal.settings.mark:
        said.append(
            "The XMP metadata of each color version says that its colors were made by an algorithm (IPTC Digital "
            "Source Type), and by which."
        )
    if journal.settings.c2pa_certificate:
        said.append("Color versions carry signed Content Credentials (C2PA), with the photograph as their parent.")
    return " ".join(said)


def _filled(paragraph: str) -> str:
    return textwrap.fill(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
