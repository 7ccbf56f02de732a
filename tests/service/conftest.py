"""Engines for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from living import Living, end, ready, spawn


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """One engine for all tests of a module."""
    base = tmp_path_factory.mktemp("engine")
    process = spawn(base)
    try:
        yield ready(base, process)
    finally:
        end(process)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Living]]:
    """Starts engines of a test's own: `start("service.run arguments")`."""
    begun = []

    def start_one(arguments: str = "") -> Living:
        process = spawn(tmp_path, code=f"from photochrom import service; service.run({arguments})")
        begun.append(process)
        return ready(tmp_path, process)

    yield start_one
    for process in begun:
        end(process)
