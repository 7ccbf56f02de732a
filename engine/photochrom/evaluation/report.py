"""An evaluation as one HTML page that needs nothing beside itself: tables, histograms, and all pictures."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from photochrom.errors import OutputFailed
from photochrom.evaluation.comparison import Comparison, compare_candidates
from photochrom.evaluation.histogram import histogram
from photochrom.evaluation.published import TABLES, PublishedTable
from photochrom.evaluation.results import (
    GRAY,
    ORIGINAL,
    OVERALL,
    Evaluation,
    PictureResult,
    series,
)
from photochrom.evaluation.scores import NEARNESS, SCORES, Group, Score, heading

HISTOGRAM_SCORES = ("psnr", "ciede2000", "colourfulness", "cnr")


def write_report(evaluation: Evaluation, path: Path, comparisons: Sequence[Comparison] = ()) -> None:
    """Write the page. An evaluation that was read from JSON has no pictures, and its page has no sheet.

    Raises OutputFailed when the file cannot be written.
    """
    page = Template(files(__package__).joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(evaluation.dataset),
        about=_about(evaluation),
        headlines=_of_each(evaluation, _headline),
        overall=_all_scores(evaluation, OVERALL),
        oracle=_oracle(evaluation),
        categories=_categories(evaluation),
        comparisons="".join(_comparison(comparison) for comparison in comparisons),
        histograms=_of_each(evaluation, _histograms),
        ours=escape(evaluation.ours),
        shown=len(evaluation.candidates) + 1,
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


def _of_each(evaluation: Evaluation, part: Callable[[Evaluation, str], str]) -> str:
    """A part of the page for each colorizer; ours is open, the others are folded."""
    others = "".join(part(evaluation, name) for name in evaluation.colorizers if name != evaluation.ours)
    folded = f"<details><summary>The other colorizers</summary>{others}</details>" if others else ""
    return part(evaluation, evaluation.ours) + folded


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


def _all_scores(evaluation: Evaluation, category: str) -> str:
    """A table a group of scores."""
    return "".join(_group(evaluation, group, category) for group in evaluation.groups(category))


def _group(evaluation: Evaluation, group: Group, category: str) -> str:
    # FID belongs to the whole set.
    with_fid = group.name == NEARNESS.name and category == OVERALL
    fid = {name: f"{value:.2f}" for name, value in evaluation.fid.items() if with_fid}
    head = [*(heading(score) for score in group.scores), *(["FID ↓"] if fid else [])]
    rows = []
    for candidate in (*evaluation.candidates, *([ORIGINAL] if group.originals else [])):
        cells = [_estimate(evaluation, candidate, score, category) for score in group.scores]
        rows.append((escape(candidate), [*cells, *([fid.get(candidate, "")] if fid else [])]))
    return f"<h4>{escape(group.name)}</h4>" + _table(head, rows)


def _oracle(evaluation: Evaluation) -> str:
    oracle = evaluation.oracle()
    if oracle is None:
        return ""
    head, *rows = oracle.table()
    return (
        f"<section><h2>Choosing among colorizers</h2><p>{escape(oracle.sentence())}</p>"
        + _table(head[1:], [(escape(row[0]), [escape(cell) for cell in row[1:]]) for row in rows])
        + "</section>"
    )


def _categories(evaluation: Evaluation) -> str:
    """PSNR of all candidates at a glance; every score of a category unfolds."""
    (psnr,) = [score for score in SCORES if score.key == "psnr"]
    rows = []
    for category in evaluation.categories:
        cells = [_estimate(evaluation, candidate, psnr, category) for candidate in evaluation.candidates]
        rows.append((escape(category), [str(len(evaluation.of_category(category))), *cells]))
    return _table(["pictures", *evaluation.candidates], rows) + "".join(
        f"<details><summary>{escape(category)}, all scores</summary>{_all_scores(evaluation, category)}</details>"
        for category in evaluation.categories
    )


def _estimate(evaluation: Evaluation, candidate: str, score: Score, category: str) -> str:
    estimate = evaluation.estimate(candidate, score.key, category)
    if estimate is None:
        return ""
    digits = score.digits
    return f"{estimate.value:.{digits}f}<small>{estimate.low:.{digits}f} … {estimate.high:.{digits}f}</small>"


def _table(head: Iterable[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """`head` is text; the first of each row and its cells are HTML."""
    headings = "".join(f"<th>{escape(cell)}</th>" for cell in head)
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


def _histograms(evaluation: Evaluation, colorizer: str) -> str:
    measured = {score.key: score for score in evaluation.measured()}
    drawn = []
    for key in HISTOGRAM_SCORES:
        if key in measured:
            by_name = {
                name: series(evaluation.pictures, name, key)[0]
                for name in (colorizer, GRAY if key in ("psnr", "ciede2000") else ORIGINAL)
            }
            values = {name: column for name, column in by_name.items() if column.size}
            drawn.append(histogram(heading(measured[key]), values))
    return f'<h3>{escape(colorizer)}</h3><div class="charts">{"".join(drawn)}</div>'


def _sheet(evaluation: Evaluation) -> str:
    if not evaluation.images:
        return "<p>This page was made from saved scores; the pictures were not kept.</p>"
    ranked = sorted(evaluation.pictures, key=lambda picture: picture.scores[evaluation.ours]["cpsnr"])
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
    gain = picture.scores[evaluation.ours]["cpsnr"] - picture.scores[GRAY]["cpsnr"]
    return (
        f'<figure><div class="row">{"".join(shown)}</div><figcaption>{escape(picture.name)} · '
        f"{escape(picture.category)} · {picture.width} × {picture.height} · {escape(evaluation.ours)} {gain:+.1f} dB "
        "over gray</figcaption></figure>"
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
    text = (
        "<dt>FID</dt><dd>Fréchet Inception distance: Heusel et al. 2017; of the whole set, 2048 features. It has no "
        "interval: a picture drawn twice makes a set look narrower than it is."
    )
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
