"""A deposit is a whole bag of a batch's results, or there is none; made again, it is the same."""

from __future__ import annotations

import os
import sys

import bagit
import pytest
from photochrom.batch import deposit
from photochrom.batch.publishing import HIDDEN
from photochrom.errors import BadRequest, Cancelled, OutputFailed

from .conftest import WEB, Bag, contents


def test_a_bag_that_others_find_valid(of_three, make):
    bag = make(of_three)
    assert bag.path == of_three.out.resolve() / "deposit"
    there = bagit.Bag(str(bag.path))
    there.validate()
    results = {entry.output: entry.result_sha256 for entry in of_three.notes.entries("done")}
    assert len(results) == 3
    for output, sha256 in results.items():
        assert there.payload_entries()[f"data/results/{output}"]["sha256"] == sha256
    assert bag.made.results == 3
    assert bag.made.out_of_reach == 0


def test_results_take_no_room_twice(of_three, make):
    bag = make(of_three)
    assert (bag.data / "results" / "sure.png").samefile(of_three.out / "sure.png")


def test_its_manifest_has_a_line_for_each_file(of_three, make):
    lines = {line["output"]: line for line in make(of_three).lines()}
    assert set(lines) == {"results/sure.png", "results/doubtful.png", "results/roll/between.png", "results/broken.jpg"}
    line = lines["results/sure.png"]
    assert line["uncertainty"] == 0.1
    assert line["shares"] == {"people": 0.62, "lite": 0.38}
    assert line["settings"]["colorizer"] == "auto"
    assert {"source_sha256", "result_sha256", "model_sha256", "seconds"} <= set(line)
    assert lines["results/broken.jpg"]["reason"] == "It is damaged."


def test_its_readme_says_what_it_is(of_three, make):
    text = (make(of_three).data / "README.txt").read_text("utf-8")
    assert "3 of 4 photographs have a result; 1\nfailed." in text
    assert "THE COLORS ARE GUESSES" in text
    assert max(map(len, text.splitlines())) <= 80


def test_made_again_it_is_the_same(of_three, make):
    first = contents(make(of_three).path)
    assert contents(make(of_three).path) == first
    assert not list((of_three.out / HIDDEN).glob("deposit-*"))


def test_interrupted_anywhere_it_is_whole_or_absent(of_three, make):
    whole = contents(make(of_three).path)
    for earlier in (False, True):
        for step in range(earlier, 1000, 3):
            if not earlier:
                for left in (of_three.out / "deposit", of_three.out / HIDDEN / "access"):
                    os.rename(left, of_three.out.parent / f"{left.name}-{step}") if left.exists() else None
            left = step

            def progress(_done, _doing):
                nonlocal left
                left -= 1
                if left < 0:
                    raise Cancelled

            try:
                make(of_three, progress)
            except Cancelled:
                assert contents(of_three.out / "deposit") == (whole if earlier else None)
            else:
                break
        assert step > 15
        assert contents(of_three.out / "deposit") == whole


def test_copies_are_kept_for_the_next_try(of_three, make):
    def progress(_done, doing):
        if doing == "Hashing the deposit":
            raise Cancelled

    with pytest.raises(Cancelled):
        make(of_three, progress)
    copies = sorted((of_three.out / HIDDEN / "access").rglob("*.jpg"))
    before = {path: path.stat().st_mtime_ns for path in copies}
    assert len(before) == 3 + 1  # the three photographs are the same
    make(of_three)
    assert {path: path.stat().st_mtime_ns for path in copies} == before


def test_a_result_that_was_changed_is_not_deposited(of_three, make):
    whole = contents(make(of_three).path)
    changed = (of_three.out / "sure.png").read_bytes() + b"\0"
    (of_three.out / "sure.png").unlink()
    (of_three.out / "sure.png").write_bytes(changed)
    with pytest.raises(OutputFailed, match=r"changed since the batch wrote them: sure\.png\."):
        make(of_three)
    assert contents(of_three.out / "deposit") == whole


def test_a_result_that_is_gone_is_named(of_three, make):
    (of_three.out / "roll" / "between.png").unlink()
    with pytest.raises(OutputFailed, match=r"between\.png is gone"):
        make(of_three)
    assert not (of_three.out / "deposit").exists()


def test_a_folder_of_somebody_else_is_kept(of_three, make):
    (of_three.out / "deposit").mkdir()
    (of_three.out / "deposit" / "theirs.txt").write_text("theirs")
    with pytest.raises(OutputFailed, match="not the deposit of this batch"):
        make(of_three)
    assert (of_three.out / "deposit" / "theirs.txt").read_text() == "theirs"


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_photographs_that_are_not_what_they_were_are_not_shown(of_three, make, what):
    of_three.link_photographs()
    for entry in of_three.notes.entries("done"):
        content = entry.source.read_bytes()
        entry.source.unlink()
        if what == "changed":
            entry.source.write_bytes(content + b"\0")
    bag = Bag(deposit.build(of_three.out, of_three.notes, WEB, 2))
    assert bag.made.out_of_reach == 3
    assert len(list((bag.data / "access").rglob("*.color.jpg"))) == len(list((bag.data / "access").rglob("*.jpg"))) == 3
    canvases = [canvas for number in (1, 2) for canvas in bag.json(f"manifest-{number}.json")["items"]]
    assert [canvas["items"][0]["items"][0]["body"]["type"] for canvas in canvases] == ["Image"] * 3


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has no such names")
def test_names_that_readers_of_bags_disagree_about(batch, make):
    odd = ["100%0A.png", "100_0A.png", "two\nlines.png", os.fsdecode(b"no text \xff.png"), "  spaces  .png", "Öl.png"]
    for name in odd:
        batch.add(name)
    bag = make(batch)
    bagit.Bag(str(bag.path)).validate()
    places = {line["output"] for line in bag.lines()}
    assert len(places) == len(odd)
    assert all((bag.data / place).is_file() for place in places)
    assert {"results/  spaces  .png", "results/Öl.png", "results/100_0A.png"} <= places


def test_what_is_no_address_is_refused(of_three):
    with pytest.raises(BadRequest, match="no address"):
        deposit.build(of_three.out, of_three.notes, "archive.example", 2)
