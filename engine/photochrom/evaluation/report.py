"""An evaluation as one self-contained HTML page: tables, histograms, and all pictures."""

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
from photochrom.evaluation.report_other_methods import beside_section
from photochrom.evaluation.results import (
    GRAY,
    ORIGINAL,
    OVERALL,
    Evaluation,
    PictureResult,
    series,
)
from photochrom.evaluation.scores import SCORES, Group, Score, heading

HISTOGRAM_SCORES = ("psnr", "ciede2000", "colorfulness", "cnr")


def write_report(evaluation: Evaluation, path: Path, comparisons: Sequence[Comparison] = ()) -> None:
    """Writes the page. An evaluation read from JSON has no pictures, so its page has no sheet.

    Raises OutputFailed if the file cannot be written.
    """
    page = Template(files(__package__).joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(evaluation.dataset),
        about=_about(evaluation),
        headlines=_of_each(evaluation, _headline),
        overall=_all_scores(evaluation, OVERALL),
        oracle=_oracle(evaluation),
        categories=_categories(evaluation),
        beside=beside_section(evaluation.beside) if evaluation.beside else "",
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
        f"{count} color photograph{'s' if count != 1 else ''}, {len(evaluation.categories)} "
        f"categor{'ies' if len(evaluation.categories) != 1 else 'y'} · {', '.join(evaluation.colorizers)} "
        f"· Photochrom {evaluation.version}"
    )


def _of_each(evaluation: Evaluation, part: Callable[[Evaluation, str], str]) -> str:
    """One part of the page per colorizer; ours is expanded, the others are collapsed."""
    others = "".join(part(evaluation, name) for name in evaluation.colorizers if name != evaluation.ours)
    folded = f"<details><summary>The other colorizers</summary>{others}</details>" if others else ""
    return part(evaluation, evaluation.ours) + folded


def _headline(evaluation: Evaluation, colorizer: str) -> str:
    """A colorizer's summary in four numbers."""
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
    for key, label in (("spread_ratio", "of the originals' spread"), ("toned", "toned pictures")):
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
    """One table per group of scores."""
    return "".join(_group(evaluation, group, category) for group in evaluation.groups(category))


def _group(evaluation: Evaluation, group: Group, category: str) -> str:
    head = [heading(score) for score in group.scores]
    whole = evaluation.distances(group, category)
    rows = []
    for candidate in evaluation.rows_of(group, category):
        cells = [_estimate(evaluation, candidate, score, category) for score in group.scores]
        cells += [f"{distances[candidate]:.2f}" if candidate in distances else "" for distances in whole.values()]
        rows.append((escape(candidate), cells))
    return f"<h4>{escape(group.name)}</h4>" + _table([*head, *whole], rows)


def _oracle(evaluation: Evaluation) -> str:
    oracle = evaluation.oracle()
    if oracle is None:
        return ""
    head, *rows = oracle.table()
    return (
        f"<section><h2>Choosing among colorizers</h2><p>{escape(oracle.sentence())}</p>"
        + _text_table(head, rows)
        + "</section>"
    )


def _categories(evaluation: Evaluation) -> str:
    """The main scores of each category and folder, for each colorizer, with expandable tables of all scores."""
    return _of_each(evaluation, _parts) + "".join(
        f"<details><summary>{escape(part)}, all scores</summary>{_all_scores(evaluation, part)}</details>"
        for part in evaluation.parts
        if part != OVERALL
    )


def _parts(evaluation: Evaluation, colorizer: str) -> str:
    head, *rows = evaluation.parts_table(colorizer)
    return f"<h3>{escape(colorizer)}</h3>" + _text_table(head, rows)


def _estimate(evaluation: Evaluation, candidate: str, score: Score, category: str) -> str:
    estimate = evaluation.estimate(candidate, score.key, category)
    if estimate is None:
        return ""
    digits = score.digits
    return f"{estimate.value:.{digits}f}<small>{estimate.low:.{digits}f} … {estimate.high:.{digits}f}</small>"


def _table(head: Iterable[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """`head` is text; the label and the cells of each row are HTML."""
    headings = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr><th>{first}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for first, cells in rows)
    return f'<div class="wide"><table><thead><tr><td></td>{headings}</tr></thead><tbody>{body}</tbody></table></div>'


def _text_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _table(head[1:], [(escape(row[0]), [escape(cell) for cell in row[1:]]) for row in rows])


def _comparison(comparison: Comparison) -> str:
    head, *rows = comparison.table()
    unpaired = f", {comparison.unpaired} in one run only" if comparison.unpaired else ""
    return (
        f"<section><h2>Against an earlier run</h2><p>{escape(comparison.after)} now, "
        f"{escape(comparison.before)} then; {comparison.pictures} pictures in both{unpaired}. The intervals "
        "are of the difference, pictures drawn in pairs.</p>" + _text_table(head, rows) + "</section>"
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
        return "<p>This page was created from saved scores, which do not include the pictures.</p>"
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
    items.append(
        "<dt>Fréchet, Lite0</dt><dd>Fréchet distance (Dowson and Landau 1982) of the whole set, in the 1280 features "
        "of EfficientNet-Lite0 before its last layer; covariances shrunk after Ledoit and Wolf 2004. n is the number "
        "of pictures: compare only sets of one size. It is not FID.</dd>"
    )
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
