"""Evaluates installed colorizers by name on a folder of color photographs: the work of `photochrom evaluate`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from photochrom import colorizers, models, pipeline, routing
from photochrom.cache import LRUCache
from photochrom.evaluation import stability
from photochrom.evaluation.dataset import Photograph, photographs
from photochrom.evaluation.leak import SegmentFolder
from photochrom.evaluation.lightness_only import CALM, answer, colorize_lightness, options
from photochrom.evaluation.measure import Colorize, measure
from photochrom.evaluation.measure_other_methods import answers_in, measure_other_methods
from photochrom.evaluation.optional_scores import Leak, Probe, Recognition, Stability, Wanted
from photochrom.evaluation.results import ORIGINAL, Evaluation
from photochrom.models import Card
from photochrom.progress import Progress, silent

NOTHING_ELSE = Wanted()

MOST_ANSWERS = 8
"""Number of changed versions of a photograph that are cached: the next candidate may use the same networks."""


def evaluate(
    folder: Path, names: Sequence[str], progress: Progress = silent, wanted: Wanted = NOTHING_ELSE
) -> Evaluation:
    """Scores colorizers on a folder of color photographs.

    `names` are names of installed colorizers, "auto", "lite+people" for a blend in equal parts, or "all" for every
    installed one, followed by "auto" if there is a choice to make; the suffix ":calm" selects calm colors. `wanted`
    adds slower measurements.

    Raises BadRequest or BadPicture if the folder is not a data set, ModelMissing or ModelDamaged if a colorizer
    cannot be used, ExtraMissing if a measurement needs an extra that is not installed.
    """
    candidates = candidates_of(names)
    todo = photographs(folder)
    more = probes(candidates, todo, wanted)
    colorize = colorize_all(candidates)
    theirs = wanted.beside and answers_in(wanted.beside)
    part = len(todo) / (len(todo) + len(theirs or ()))
    found = measure(folder.resolve().name, todo, colorize, lambda done, doing: progress(part * done, doing), more)
    if wanted.beside:
        beside = measure_other_methods(
            wanted.beside, colorize, lambda done, doing: progress(part + (1 - part) * done, doing)
        )
        found = replace(found, beside=beside)
    named = {member for name in candidates for member in routing.fixed(options(name).colorizer).scores}
    used = [card for card in models.installed() if routing.AUTO in named or card.name in named]
    return replace(found, cards={card.name: _card_json(card) for card in used})


def candidates_of(names: Sequence[str]) -> list[str]:
    """Resolves `names` to candidates without duplicates, and loads them, so that a missing model is reported early.

    Raises ModelMissing or ModelDamaged for one that cannot be used.
    """
    pool = [card.name for card in colorizers.available()]
    everyone = pool if len(pool) == 1 else [*pool, routing.AUTO]
    every = {"all": everyone, f"all{CALM}": [name + CALM for name in everyone]}
    wanted = dict.fromkeys(each for name in names for each in every.get(name, [name]))
    for name in wanted:
        if options(name).colorizer != routing.AUTO:
            pipeline.load_all(options(name).colorizer)
    return list(wanted)


def colorize_all(candidates: Iterable[str]) -> dict[str, Colorize]:
    """One function per colorizer; they share a cache of results on the current photograph."""
    photographs = LRUCache(1)
    return {name: partial(colorize_lightness, colorizer=name, photographs=photographs) for name in candidates}


def probes(candidates: Iterable[str], todo: Sequence[Photograph], wanted: Wanted) -> list[Probe]:
    """The probes for `wanted`. Raises BadRequest for a folder without segments, ExtraMissing as they do."""
    photographs = LRUCache(MOST_ANSWERS)
    answers = {name: partial(answer, colorizer=name, photographs=photographs) for name in candidates}
    found: list[Probe] = []
    if wanted.recognition:
        found.append(Recognition(ORIGINAL))
    if wanted.stability:
        found.append(Stability(answers, stability.sample(todo)))
    if wanted.segments:
        found.append(Leak(answers, SegmentFolder(wanted.segments)))
    return found


def _card_json(card: Card) -> dict[str, Any]:
    return {"name": card.name, "system": card.system, "version": card.version, "files": card.files}
