"""Which files take part: pictures by suffix or content, patterns, the tree, and what was planned before."""

import os
from pathlib import Path, PurePosixPath

import pytest
from photochrom.batch.plan import Patterns, plan
from photochrom.batch.settings import Settings
from photochrom.errors import BadRequest


def outputs(found):
    return [str(each.output) for each in found.pictures]


@pytest.fixture
def box(tmp_path, write):
    """A tree of photographs and other things."""
    box = tmp_path / "box"
    for name in ("b.jpg", "a.png", "roll 1/a.jpg", "roll 1/a.png", "roll 1/deep.er/ü.tif"):
        write(box / name)
    (box / "notes.txt").write_text("written on the back")
    (box / "empty.jpg").touch()
    (box / ".hidden.jpg").write_bytes((box / "b.jpg").read_bytes())
    (box / "no suffix").write_bytes((box / "b.jpg").read_bytes())
    return box


def test_the_tree_is_kept(box, tmp_path):
    found = plan([box], tmp_path / "out", Settings())
    assert outputs(found) == [
        *("a.png", "b.jpg", "empty.jpg", "no suffix.jpg"),
        *("roll 1/a.jpg", "roll 1/a.png", "roll 1/deep.er/ü.tif"),
    ]
    assert all(each.source == box / str(each.source.relative_to(box)) for each in found.pictures)


def test_what_is_no_picture_is_named_apart(box, tmp_path):
    assert plan([box], tmp_path / "out", Settings()).others == [box / "notes.txt"]


def test_one_format_for_all(box, tmp_path):
    found = plan([box / "roll 1"], tmp_path / "out", Settings(format="jpeg"))
    assert outputs(found) == ["a.jpeg", "a-png.jpeg", "deep.er/ü.jpeg"]


def test_patterns(box, tmp_path):
    def matching(include, exclude=()):
        return outputs(plan([box], tmp_path / "out", Settings(), Patterns(include, exclude)))

    assert matching(("*.PNG",)) == ["a.png", "roll 1/a.png"]
    assert matching(("roll 1/*",), ("*.tif",)) == ["roll 1/a.jpg", "roll 1/a.png"]


def test_several_folders_have_one_each(box, tmp_path, write):
    write(tmp_path / "other" / "box" / "b.jpg")
    found = plan([box / "roll 1", box, tmp_path / "other" / "box"], tmp_path / "out", Settings(), Patterns(("b.jpg",)))
    assert outputs(found) == ["box/b.jpg", "box-2/b.jpg"]


def test_a_file_named_twice_is_taken_once(box, tmp_path):
    assert outputs(plan([box / "b.jpg", box / "b.jpg"], tmp_path / "out", Settings())) == ["b.jpg"]


def test_the_output_folder_inside_of_the_input_is_left_out(box, write):
    write(box / "color" / "b.jpg")
    assert not [each for each in outputs(plan([box], box / "color", Settings())) if each.startswith("color")]


def test_the_input_itself_is_no_output_folder(box):
    with pytest.raises(BadRequest, match="itself one of the inputs"):
        plan([box], box / "roll 1" / "..", Settings())


def test_an_input_that_does_not_exist(tmp_path):
    with pytest.raises(BadRequest, match="no file or folder"):
        plan([tmp_path / "nothing"], tmp_path / "out", Settings())


def test_names_given_before_are_kept(box, tmp_path):
    known = [(box / "roll 1" / "a.png", 0, PurePosixPath("a.jpeg"))]
    found = plan([box / "roll 1"], tmp_path / "out", Settings(format="jpeg"), known=known)
    assert outputs(found) == ["a-jpg.jpeg", "a.jpeg", "deep.er/ü.jpeg"]


def test_every_page(tmp_path, small):
    album = tmp_path / "box" / "album.tif"
    album.parent.mkdir()
    pages = small.join(small, "vertical")
    pages.write_to_file(str(album), page_height=small.height)
    found = plan([album], tmp_path / "out", Settings(all_pages=True))
    assert [(each.page, str(each.output)) for each in found.pictures] == [
        (1, "album-page-1.tif"),
        (2, "album-page-2.tif"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_not_text(tmp_path, write):
    name = os.fsdecode(b"box/caf\xe9.jpg")
    source = tmp_path / name
    source.parent.mkdir()
    os.rename(write(tmp_path / "x.jpg"), source)
    assert plan([tmp_path / "box"], tmp_path / "out", Settings()).pictures[0].source == Path(source)


@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_a_link_to_nothing_is_named(box, tmp_path):
    (box / "lost.jpg").symlink_to(tmp_path / "disk" / "b.jpg")
    (box / "found.jpg").symlink_to(box / "b.jpg")
    (box / "lost.txt").symlink_to(tmp_path / "nothing")
    (box / ".lost.jpg").symlink_to(tmp_path / "nothing")
    found = plan([box], tmp_path / "out", Settings())
    assert "found.jpg" in outputs(found)
    (said,) = found.unreadable
    assert str(box / "lost.jpg") in said and str(tmp_path / "disk" / "b.jpg") in said
