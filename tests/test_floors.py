"""The engine is a house: a package imports from its own floor or from those below it, never from above."""

import ast
from pathlib import Path

import photochrom

ENGINE = Path(photochrom.__file__).parent

FLOORS = [
    {"allocator", "cache", "errors", "extras", "frozen", "progress", "scratch", "values"},
    {"adjustments", "image"},
    {"sampling"},
    {"models", "runtime"},
    {"colorizers", "segmenters"},
    {"album", "guidance", "harmonization", "originals", "routing"},
    {"options"},
    {"pipeline"},
    {"batch", "evaluation", "service", "training"},
    {"cli", "doctor", "editors"},
]


def imports(path):
    """The engine's packages and modules, by their first name, that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("photochrom."))


def packages():
    """Each package or module of the engine -> its files."""
    found = {}
    for path in ENGINE.rglob("*.py"):
        first, *_ = path.relative_to(ENGINE).with_suffix("").parts
        if not first.startswith("_"):
            found.setdefault(first, []).append(path)
    return found


def test_every_package_has_its_floor():
    assert set(packages()) == set().union(*FLOORS)


def test_no_package_imports_from_a_floor_above():
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    wrong = {
        f"{path.relative_to(ENGINE)} imports {name}"
        for package, paths in packages().items()
        for path in paths
        for name in imports(path)
        if name in floor and floor[name] > floor[package]
    }
    assert not wrong


def test_values_import_nothing_of_the_engine():
    assert not list(imports(ENGINE / "values.py"))
