"""Colorizes a folder of old photographs for comparison with other methods' results in the same folder.

A photograph is “NAME.scan.jpg”, and other methods' results have the same name: “NAME.deoldify.jpg”.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from photochrom.errors import BadRequest, ExtraMissing
from photochrom.evaluation import metrics, variety
from photochrom.evaluation.dataset import read_srgb
from photochrom.evaluation.measure import Colorize
from photochrom.evaluation.metrics import Pixels, lab
from photochrom.evaluation.other_methods import SCAN, OtherMethods, OthersPicture
from photochrom.evaluation.sheet import encode
from photochrom.image.kinds import SUFFIXES
from photochrom.progress import Progress, silent


def answers_in(folder: Path) -> dict[str, dict[str, Path]]:
    """The files of a folder by photograph, then by method, SCAN among the methods of each.

    Raises:
        BadRequest: the folder is missing, or no photograph in it has another method's result.
    """
    if not folder.is_dir():
        raise BadRequest(f"{folder} is not a folder.", "Give one with NAME.scan.jpg and NAME.someone.jpg.")
    files: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()):
        name, _, answer = path.stem.rpartition(".")
        if path.suffix.lower() in SUFFIXES and name:
            files.setdefault(name, {})[answer] = path
    found = {name: answers for name, answers in files.items() if SCAN in answers and len(answers) > 1}
    if not found:
        raise BadRequest(
            f"{folder} contains no photograph with another method's result.",
            "They are named NAME.scan.jpg and NAME.someone.jpg.",
        )
    return found


def measure_other_methods(
    folder: Path, candidates: Mapping[str, Colorize], progress: Progress = silent
) -> OtherMethods:
    """Colorizes the scans of a folder and scores the results beside other methods'.

    Raises:
        BadRequest: see `answers_in`; or another method has the name of a candidate.
        BadPicture: a picture cannot be read.
    """
    found = answers_in(folder)
    others = sorted({name for answers in found.values() for name in answers} - {SCAN})
    if same := set(others) & set(candidates):
        raise BadRequest(
            f"{folder} has other methods' results under the names of ours: {', '.join(same)}.", "Rename those files."
        )
    pictures, images = [], {}
    for number, (name, files) in enumerate(found.items()):
        progress(number / len(found), f"{name} ({number + 1} of {len(found)})")
        scan = read_srgb(files[SCAN])
        ours = {each: colorize(scan)[0] for each, colorize in candidates.items()}
        theirs = {each: read_srgb(path) for each, path in files.items() if each != SCAN}
        pictures.append(compared(name, ours, theirs))
        images[name] = {each: encode(picture) for each, picture in {SCAN: scan, **ours, **theirs}.items()}
    progress(1.0, "")
    return OtherMethods(folder.resolve().name, tuple(candidates), tuple(others), tuple(pictures), images)


def compared(name: str, ours: Mapping[str, Pixels], theirs: Mapping[str, Pixels]) -> OthersPicture:
    """Scores the results for one photograph, pictures (H, W, 3) sRGB by name. Without scikit-image, ΔE00 is missing."""
    scores = {
        each: {**variety.own_scores(lab(picture)[..., 1:]), "colorfulness": metrics.colorfulness(picture)}
        for each, picture in {**ours, **theirs}.items()
    }
    try:
        apart = {each: _apart(picture, theirs) for each, picture in ours.items()}
    except ExtraMissing:
        apart = {}
    return OthersPicture(name, scores, apart)


def _apart(picture: Pixels, others: Mapping[str, Pixels]) -> dict[str, float]:
    return {name: metrics.ciede2000(other, picture) for name, other in others.items() if other.shape == picture.shape}
