"""Results keep the tree of their photographs, and no two have the same name on any file system."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.batch.naming import Names

TOP = PurePosixPath()


def claim_all(*sources, folder=TOP, suffix=".jpg", names=None):
    names = names or Names()
    return [str(names.claim(folder, Path(each), "", suffix)) for each in sources]


def test_a_jpg_and_a_png_both_live():
    assert claim_all("a.jpg", "a.png") == ["a.jpg", "a-png.jpg"]


def test_third_ones_are_numbered():
    assert claim_all("a.jpg", "a.jpg", "a.jpg") == ["a.jpg", "a-jpg.jpg", "a-2.jpg"]


@pytest.mark.parametrize(
    ("one", "other"), [("A.jpg", "a.jpg"), ("\u00e9.jpg", "e\u0301.jpg"), ("straße.jpg", "STRASSE.jpg")]
)
def test_names_that_some_file_systems_take_as_one_differ(one, other):
    first, second = claim_all(one, other)
    assert first == one
    assert second not in (one, other)


def test_folders_keep_names_apart():
    names = Names()
    assert claim_all("a.jpg", names=names) == ["a.jpg"]
    assert claim_all("a.jpg", folder=PurePosixPath("roll"), names=names) == ["roll/a.jpg"]


def test_a_page_is_part_of_the_name():
    assert Names().claim(TOP, Path("album.tif"), "03", ".tif") == PurePosixPath("album-page-03.tif")


def test_names_in_use_are_not_given_again():
    assert claim_all("a.jpg", names=Names([PurePosixPath("A.JPG")])) == ["a-jpg.jpg"]


def test_folders_of_one_name_are_numbered():
    names = Names()
    assert [str(names.claim_folder("box")) for _ in range(3)] == ["box", "box-2", "box-3"]


@given(st.lists(st.sampled_from(["a", "A", "a-jpg", "a-2", "\u00e9", "e\u0301"]).flatmap(
    lambda stem: st.sampled_from([f"{stem}.jpg", f"{stem}.JPG", f"{stem}.png", stem])), max_size=30))  # fmt: skip
def test_names_never_collide(sources):
    named = claim_all(*sources)
    assert len({each.casefold() for each in named}) == len(sources)
