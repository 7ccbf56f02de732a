"""Evaluation: color photographs are reduced to their lightness, colorized, and compared with the originals."""

from photochrom.evaluation.comparison import Comparison, compare
from photochrom.evaluation.installed import evaluate
from photochrom.evaluation.measure import measure
from photochrom.evaluation.optional_scores import Wanted
from photochrom.evaluation.report import write_report
from photochrom.evaluation.results import Evaluation, read_evaluation
from photochrom.evaluation.sheet import contact_sheet

__all__ = [
    "Comparison",
    "Evaluation",
    "Wanted",
    "compare",
    "contact_sheet",
    "evaluate",
    "measure",
    "read_evaluation",
    "write_report",
]
