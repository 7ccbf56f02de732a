"""`photochrom route`."""

from __future__ import annotations

import json

import pytest


def test_route_prints_the_shares_of_each_colorizer(run, photograph, damaged):
    done = run("route", photograph, damaged)
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith(f"{photograph}: ")
    shares = dict(part.split() for part in line.removeprefix(f"{photograph}: ").split(", "))
    assert set(shares) == {"lite", "nature", "objects", "people", "scenes"}
    assert sum(map(float, shares.values())) == pytest.approx(1, abs=0.03)
    scores = json.loads(run("route", photograph, "--json").out)["scores"]
    assert {name: f"{score:.2f}" for name, score in scores.items()} == shares
    assert run("route", damaged).code == 3


def test_automatic_color_is_the_routers(run, photograph, tmp_path):
    scores = json.loads(run("route", photograph, "--json").out)["scores"]
    done = run("colorize", photograph, "-o", tmp_path / "auto.png", "--json")
    assert json.loads(done.out)["colorizer"] == next(iter(scores))
