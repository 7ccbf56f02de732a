"""The section of the report with our results beside other methods', each with its spread, tint and colorfulness."""

from __future__ import annotations

import base64
from html import escape

from photochrom.evaluation.other_methods import SCAN, OtherMethods, OthersPicture


def beside_section(beside: OtherMethods) -> str:
    """The section: a table, and the pictures, sorted by our spread relative to the others', lowest first."""
    head, *rows = beside.table()
    headings = "".join(f"<th>{escape(cell)}</th>" for cell in head[1:])
    body = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>" for row in rows
    )
    count = len(beside.pictures)
    return (
        f"<section><h2>Beside others’ answers: {escape(beside.folder)}</h2><p>{count} old photographs whose true "
        "colors are unknown: how much color each answer has, and how it varies. Means with half of their "
        "95 % intervals.</p>"
        f'<div class="wide"><table><thead><tr><td></td>{headings}</tr></thead><tbody>{body}</tbody></table></div>'
        f'<div class="sheet" style="--shown: {1 + len(beside.ours) + len(beside.others)}">{_pictures(beside)}</div>'
        "</section>"
    )


def _pictures(beside: OtherMethods) -> str:
    if not beside.images:
        return ""
    return "".join(
        _figure(beside, picture) for picture in sorted(beside.pictures, key=lambda each: _least(beside, each))
    )


def _least(beside: OtherMethods, picture: OthersPicture) -> float:
    """The spread of our first answer for each unit of the others' least."""
    theirs = [picture.scores[name]["spread"] for name in beside.others if name in picture.scores]
    return picture.scores[beside.ours[0]]["spread"] / max(min(theirs), 1e-9)


def _figure(beside: OtherMethods, picture: OthersPicture) -> str:
    shown = []
    files = beside.images[picture.name]
    for name in (SCAN, *beside.ours, *beside.others):
        if name not in files:
            continue
        data = base64.b64encode(files[name]).decode("ascii")
        label = name
        if name in picture.scores:
            scores = picture.scores[name]
            label += (
                f" spread {scores['spread']:.1f} · tint {scores['tint']:.1f} · "
                f"colorfulness {scores['colorfulness']:.0f}"
            )
        shown.append(
            f'<button type="button"><img alt="{escape(picture.name)}, {escape(name)}" '
            f'src="data:image/webp;base64,{data}"><span>{escape(label)}</span></button>'
        )
    return f'<figure><div class="row">{"".join(shown)}</div><figcaption>{escape(picture.name)}</figcaption></figure>'
