"""Results never overwrite each other, and an impossible name is reported at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.cli.output_names import name_outputs
from photochrom.errors import BadRequest


def names(paths):
    return [path.name for path in paths]


def test_one_photograph_into_one_file(tmp_path):
    assert name_outputs([Path("a.jpg")], tmp_path / "b.tif", None) == [tmp_path / "b.tif"]


def test_into_a_folder_under_their_own_names(tmp_path):
    assert name_outputs([Path("x/a.jpg"), Path("y/b.png")], tmp_path, None) == [tmp_path / "a.jpg", tmp_path / "b.png"]


def test_into_a_folder_that_is_not_there_yet(tmp_path):
    assert name_outputs([Path("a.jpg")], tmp_path / "color", "webp") == [tmp_path / "color" / "a.webp"]


def test_beside_the_photograph_without_an_output():
    assert name_outputs([Path("box/a.jpg")], None, None) == [Path("box/a-color.jpg")]


def test_files_that_differ_in_their_suffix_alone_are_kept_apart(tmp_path):
    assert names(name_outputs([Path("a.jpg"), Path("a.png")], tmp_path, "tiff")) == ["a.tiff", "a-png.tiff"]


def test_files_of_one_name_from_different_folders_are_kept_apart(tmp_path):
    sources = [Path("x/a.jpg"), Path("y/a.jpg"), Path("z/a.jpg")]
    assert len(set(name_outputs(sources, tmp_path, None))) == 3


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(["a", "b", "a-jpg"]), st.sampled_from([".jpg", ".png"])))
)
def test_no_two_results_share_a_path(parts):
    sources = [Path(folder) / f"{stem}{suffix}" for folder, stem, suffix in parts]
    outputs = name_outputs(sources, Path("out"), "png")
    assert len(set(outputs)) == len(sources)


@pytest.mark.parametrize(
    ("sources", "output", "suffix", "said"),
    [
        (["a.jpg", "b.jpg"], "c.jpg", None, "cannot go into one file"),
        (["a.jpg"], "c.bmp", None, "cannot write .bmp"),
        (["a.jpg"], "c.png", "jpeg", "not the name of a JPEG"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, sources, output, suffix, said):
    with pytest.raises(BadRequest, match=said):
        name_outputs([Path(s) for s in sources], tmp_path / output, suffix)


def test_tif_and_jpg_are_names_of_their_formats(tmp_path):
    assert name_outputs([Path("a.png")], tmp_path / "a.JPG", "jpeg") == [tmp_path / "a.JPG"]
    assert name_outputs([Path("a.png")], tmp_path / "a.tif", "tiff") == [tmp_path / "a.tif"]


def test_pages_are_in_the_names():
    album = Path("box/album.tif")
    assert names(name_outputs([album, album], None, None, ["09", "10"])) == [
        "album-page-09-color.tif",
        "album-page-10-color.tif",
    ]
