"""Batches to deposit, and what a deposit holds."""

from __future__ import annotations

import csv
import json
import os

import pytest
from photochrom.batch import deposit

from ..report_data import digest

WEB = "https://archive.example/deposits/17/"


class Bag:
    """A finished deposit as its readers find it."""

    def __init__(self, made: deposit.Deposit) -> None:
        self.made, self.path, self.data = made, made.path, made.path / "data"

    def json(self, name: str):
        return json.loads((self.data / "iiif" / name).read_text("utf-8"))

    def events(self):
        with (self.data / "premis-events.csv").open(newline="", encoding="utf-8", errors="surrogateescape") as file:
            return list(csv.DictReader(file))

    def lines(self):
        return [json.loads(line) for line in (self.data / "manifest.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def make():
    """Makes the deposit of a batch."""

    def make_deposit(batch, progress=lambda done, doing: None) -> Bag:
        batch.link_photographs()
        return Bag(deposit.build(batch.out, batch.notes, WEB, 2, progress))

    return make_deposit


def contents(folder):
    """Every file below a folder with its hash; None where there is no folder."""
    if not folder.is_dir():
        return None
    return {os.fsencode(path.relative_to(folder)): digest(path) for path in folder.rglob("*") if path.is_file()}
