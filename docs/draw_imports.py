"""Draws which package of Photochrom imports which, as a graph for Graphviz's `dot`.

    python docs/draw_imports.py | dot -Tsvg -o docs/imports.svg

Each box is a module or package directly under `engine/photochrom/`, or `photochrom_client`. An arrow means that any of
its code names the other, in type annotations and inside functions too. Arrows that follow from a longer path are left
out, and so are those to the ground floor, which everybody may import. Arrows that run in a circle are red; `--check`
lists the circles instead of drawing and exits with 1 if there are any.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
ENGINE = REPOSITORY / "engine" / "photochrom"
CLIENT = REPOSITORY / "photochrom_client"

Graph = dict[str, set[str]]


def imports() -> Graph:
    """Box -> the boxes that it imports."""
    graph: Graph = {}
    for folder in (ENGINE, CLIENT):
        for path in sorted(folder.rglob("*.py")):
            names = path.relative_to(folder.parent).with_suffix("").parts
            if len(names) == 2 and names[0] == "photochrom" and names[1] in {"__init__", "__main__"}:
                continue  # the public names and the entry point: they stand outside the floors
            box = _box(names)
            assert box is not None
            found = graph.setdefault(box, set())
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found.update(target for name in _named(node) if (target := _box(name.split("."))) not in {None, box})
    # `from photochrom import __version__` names no module.
    return {box: {target for target in targets if target in graph} for box, targets in graph.items()}


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _box(names: list[str] | tuple[str, ...]) -> str | None:
    if names[0] == "photochrom_client":
        return "photochrom_client"
    return names[1] if names[0] == "photochrom" and len(names) > 1 else None


def circles(graph: Graph) -> list[list[str]]:
    """The boxes that reach one another, each group once."""
    reach = {box: _reached(graph, box) for box in graph}
    groups = {tuple(sorted(other for other in reach[box] if box in reach[other])) for box in graph}
    return [list(group) for group in sorted(groups) if group]


def _reached(graph: Graph, box: str) -> set[str]:
    """All that can be reached in one step or more."""
    reached: set[str] = set()
    waiting = [box]
    while waiting:
        for target in graph[waiting.pop()] - reached:
            reached.add(target)
            waiting.append(target)
    return reached


def ground(graph: Graph) -> set[str]:
    """The modules (no packages) that import nothing but one another."""
    boxes = {box for box in graph if (ENGINE / f"{box}.py").is_file()}
    while above := {box for box in boxes if not graph[box] <= boxes}:
        boxes -= above
    return boxes


def needed(graph: Graph) -> Graph:
    """The graph without arrows that a longer path implies. Arrows of a circle all stay."""
    reach = {box: _reached(graph, box) for box in graph}

    def implied(box: str, target: str) -> bool:
        others = graph[box] - {target}
        return any(
            target in reach[other] and other not in reach[target] and box not in reach[other] for other in others
        )

    return {box: {target for target in targets if not implied(box, target)} for box, targets in graph.items()}


def dot(graph: Graph) -> str:
    """The picture in Graphviz's language; always the same text for the same graph."""
    below = ground(graph)
    above = {box: targets - below for box, targets in graph.items() if box not in below}
    lines = [
        "digraph imports {",
        '  graph [rankdir=TB, nodesep=0.25, ranksep=0.45, bgcolor="white", fontname="Helvetica"]',
        '  node [shape=box, style="rounded,filled", fillcolor="#f4f1ea", color="#7a6f5a"]',
        '  node [fontname="Helvetica", fontsize=12]',
        '  edge [color="#7a6f5a", arrowsize=0.6]',
    ]
    for box in sorted(above):
        package = box == "photochrom_client" or (ENGINE / box).is_dir()
        lines.append(f'  {box} [label="{box}{"/" if package else ".py"}"]')
    for box, targets in sorted(needed(above).items()):
        for target in sorted(targets):
            back = ' [color="#c0392b", penwidth=2]' if box in _reached(above, target) else ""
            lines.append(f"  {box} -> {target}{back}")
    names = "   ".join(f"{box}.py" for box in sorted(below))
    lines.append(f'  ground [label="{names}", fillcolor="#e2dccd"]')
    lines += [f"  {box} -> ground [style=invis]" for box in sorted(above) if not above[box]]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    drawn = imports()
    if sys.argv[1:] == ["--check"]:
        for circle in circles(drawn):
            print("circle:", " ".join(circle), file=sys.stderr)
        sys.exit(1 if circles(drawn) else 0)
    print(dot(drawn), end="")
