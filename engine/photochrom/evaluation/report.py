"""An evaluation as one HTML page that needs nothing beside itself: tables, histograms, and all pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from photochrom.errors import OutputFailed
from photochrom.evaluation.comparison import Comparison, compare_candidates
from photochrom.evaluation.histogram import histogram
from photochrom.evaluation.metrics import SCORES, Score
from photochrom.evaluation.published import TABLES, PublishedTable
from photochrom.evaluation.results import (
    GRAY,
    ORIGINAL,
    OVERALL,
    Evaluation,
    PictureResult,
    heading,
    series,
)

CATEGORY_SCORES = ("psnr", "chroma_ratio", "cnr", "ciede2000")
HISTOGRAM_SCORES = ("psnr", "ciede2000", "colourfulness", "cnr")


def write_report(evaluation: Evaluation, path: Path, comparisons: Sequence[Comparison] = ()) -> None:
    """Write the page. An evaluation that was read from JSON has no pictures, and its page has no sheet.

    Raises OutputFailed when the file cannot be written.
    """
    page = Template(files(__package__).joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(evaluation.dataset),
        about=_about(evaluation),
        headlines="".join(_headline(evaluation, colorizer) for colorizer in evaluation.colorizers),
        overall=_overall(evaluation),
        categories=_categories(evaluation),
        comparisons="".join(_comparison(comparison) for comparison in comparisons),
        histograms=_histograms(evaluation),
        sheet=_sheet(evaluation),
        scores=_scores(evaluation),
        published="".join(_published(table) for table in TABLES),
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise OutputFailed(f"{path} cannot be written: {problem.strerror}.") from problem


def _about(evaluation: Evaluation) -> str:
    count = len(evaluation.pictures)
    return escape(
        f"{count} colour photograph{'s' if count != 1 else ''}, {len(evaluation.categories)} "
        f"categor{'ies' if len(evaluation.categories) != 1 else 'y'} · {', '.join(evaluation.colorizers)} "
        f"· Photochrom {evaluation.version}"
    )


def _headline(evaluation: Evaluation, colorizer: str) -> str:
    """What a colorizer comes to, in four numbers."""
    against_gray = compare_candidates(evaluation, colorizer, evaluation, GRAY)
    gain = next(change for change in against_gray.changes[OVERALL] if change.score.key == "psnr")
    tiles = [
        (
            f"{gain.difference.value:+.2f} dB",
            "PSNR over gray",
            f"{gain.difference.low:+.2f} … {gain.difference.high:+.2f}",
        ),
        (f"{gain.better} of {against_gray.pictures}", "pictures better than gray", f"{gain.worse} worse"),
    ]
    for key, label in (("chroma_ratio", "of the originals' chroma"), ("cnr", "of their color classes (CNR)")):
        estimate = evaluation.estimate(colorizer, key)
        if estimate:
            tiles.append(
                (f"{estimate.value:.0%}", label, f"{estimate.low:.0%} … {estimate.high:.0%}"),
            )
    cells = "".join(
        f'<div class="tile"><strong>{escape(value)}</strong><span>{escape(label)}</span>'
        f"<small>{escape(range_)}</small></div>"
        for value, label, range_ in tiles
    )
    return f'<h3>{escape(colorizer)}</h3><div class="tiles">{cells}</div>'


def _overall(evaluation: Evaluation) -> str:
    scores = evaluation.measured()
    head = [*(heading(score) for score in scores), *(["FID ↓"] if evaluation.fid else [])]
    rows = []
    for candidate in (*evaluation.candidates, ORIGINAL):
        cells = [_estimate(evaluation, candidate, score, OVERALL) for score in scores]
        if evaluation.fid:
            cells.append(f"{evaluation.fid[candidate]:.2f}" if candidate in evaluation.fid else "")
        rows.append((escape(candidate), cells))
    return _table(head, rows)


def _categories(evaluation: Evaluation) -> str:
    measured = {score.key: score for score in evaluation.measured()}
    scores = [measured[key] for key in CATEGORY_SCORES if key in measured]
    columns = [(score, candidate) for score in scores for candidate in evaluation.candidates]
    # Gray has no chroma and next to no classes: its columns would say nothing.
    columns = [
        (score, candidate)
        for score, candidate in columns
        if candidate != GRAY or score.key not in ("chroma_ratio", "cnr")
    ]
    head = ["pictures", *(f"{heading(score)}\n{candidate}" for score, candidate in columns)]
    rows = [
        (
            escape(category),
            [
                str(len(evaluation.of_category(category))),
                *(_estimate(evaluation, candidate, score, category) for score, candidate in columns),
            ],
        )
        for category in evaluation.categories
    ]
    return _table(head, rows)


def _estimate(evaluation: Evaluation, candidate: str, score: Score, category: str) -> str:
    estimate = evaluation.estimate(candidate, score.key, category)
    if estimate is None:
        return ""
    digits = score.digits
    return f"{estimate.value:.{digits}f}<small>{estimate.low:.{digits}f} … {estimate.high:.{digits}f}</small>"


def _table(head: Iterable[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """`head` is text; the first of each row and its cells are HTML."""
    headings = "".join(f"<th>{escape(cell).replace(chr(10), '<br>')}</th>" for cell in head)
    body = "".join(f"<tr><th>{first}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for first, cells in rows)
    return f'<div class="wide"><table><thead><tr><td></td>{headings}</tr></thead><tbody>{body}</tbody></table></div>'


def _comparison(comparison: Comparison) -> str:
    head, *rows = comparison.table()
    unpaired = f", {comparison.unpaired} in one run only" if comparison.unpaired else ""
    return (
        f"<section><h2>Against an earlier run</h2><p>{escape(comparison.after)} now, "
        f"{escape(comparison.before)} then; {comparison.pictures} pictures in both{unpaired}. The intervals "
        "are of the difference, pictures drawn in pairs.</p>"
        + _table(head[1:], [(escape(row[0]), [escape(cell) for cell in row[1:]]) for row in rows])
        + "</section>"
    )


def _histograms(evaluation: Evaluation) -> str:
    measured = {score.key: score for score in evaluation.measured()}
    charts = []
    for colorizer in evaluation.colorizers:
        drawn = []
        for key in HISTOGRAM_SCORES:
            if key in measured:
                by_name = {
                    name: series(evaluation.pictures, name, key)[0]
                    for name in (colorizer, GRAY if key in ("psnr", "ciede2000") else ORIGINAL)
                }
                values = {name: column for name, column in by_name.items() if column.size}
                drawn.append(histogram(heading(measured[key]), values))
        charts.append(f'<h3>{escape(colorizer)}</h3><div class="charts">{"".join(drawn)}</div>')
    return "".join(charts)


def _sheet(evaluation: Evaluation) -> str:
    if not evaluation.images:
        return "<p>This page was made from saved scores; the pictures were not kept.</p>"
    first = evaluation.colorizers[0] if evaluation.colorizers else GRAY
    ranked = sorted(evaluation.pictures, key=lambda picture: picture.scores[first]["cpsnr"])
    return "".join(_pictures(evaluation, picture) for picture in ranked)


def _pictures(evaluation: Evaluation, picture: PictureResult) -> str:
    shown = []
    for candidate in (GRAY, *evaluation.colorizers, ORIGINAL):
        data = base64.b64encode(evaluation.images[picture.name].files[candidate]).decode("ascii")
        label = candidate
        if candidate in picture.chosen:
            label += f" ({picture.chosen[candidate]})"
        if candidate != ORIGINAL:
            label += f" {picture.scores[candidate]['cpsnr']:.1f} dB"
        shown.append(
            f'<button type="button"><img alt="{escape(picture.name)}, {escape(candidate)}" '
            f'src="data:image/webp;base64,{data}"><span>{escape(label)}</span></button>'
        )
    gray = picture.scores[GRAY]["cpsnr"]
    gains = ", ".join(f"{picture.scores[colorizer]['cpsnr'] - gray:+.1f} dB" for colorizer in evaluation.colorizers)
    return (
        f'<figure><div class="row">{"".join(shown)}</div><figcaption>{escape(picture.name)} · '
        f"{escape(picture.category)} · {picture.width} × {picture.height} · {gains} over gray</figcaption>"
        "</figure>"
    )


def _scores(evaluation: Evaluation) -> str:
    taken = {score.key for score in evaluation.measured()} | {"cpsnr"}
    items = []
    for score in SCORES:
        text = f"<dt>{escape(score.label)}</dt><dd>{escape(score.title)}: {escape(score.source)}."
        if score.key in evaluation.left_out:
            share = "In part left out" if score.key in taken else "Left out"
            text += f" <em>{share}: {escape(evaluation.left_out[score.key])}</em>"
        items.append(text + "</dd>")
    text = "<dt>FID</dt><dd>Fréchet Inception distance: Heusel et al. 2017; of the whole set, 2048 features."
    if "fid" in evaluation.left_out:
        text += f" <em>Left out: {escape(evaluation.left_out['fid'])}</em>"
    items.append(text + "</dd>")
    return f"<dl>{''.join(items)}</dl>"


def _published(table: PublishedTable) -> str:
    decimals = [
        max((len(f"{row[column]:g}".partition(".")[2]) for _, row in table.rows if row[column] is not None))
        for column in range(len(table.columns))
    ]
    rows = [
        (
            escape(system),
            ["–" if value is None else f"{value:.{places}f}" for value, places in zip(values, decimals, strict=True)],
        )
        for system, values in table.rows
    ]
    return (
        f"<details><summary>{escape(table.title)}</summary><p>{escape(table.source)}. "
        f"{escape(table.note)}</p>{_table(table.columns, rows)}</details>"
    )
