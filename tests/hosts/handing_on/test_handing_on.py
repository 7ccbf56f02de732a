"""The rows of docs/handing-on.md: what arrives of a colored photograph in another editor.

Rows about the files of others hold for the versions on that page. Where one of these tests fails with a newer version,
correct the row.
"""

import zipfile

import numpy as np
import pytest
import tifffile
from photochrom.image import marking
from photochrom.image.picture import open_picture

from .conftest import chroma, off

pytestmark = pytest.mark.host

RIGHT = 0.4
"""The largest difference in L* that is due to the rounding of 8 bits: about one of their steps, 100 : 255."""

LCH_COLOR, NORMAL = "lch-color", "normal"
OURS = ["Photograph", "Photochrom color"]


def names(told, who):
    """The layers' names, from the bottom up, with their modes."""
    layers = told["layers"]
    if who == "krita":
        return [(name, mode) for name, _type, mode, _visible, _filled in layers]
    return [(layer["name"], layer["mode"]) for layer in reversed(layers)]


def arrived(opened, name, wrote, as_name, limit=RIGHT):
    """What an editor told of a file that it shows as its writer did."""
    told = opened(name)
    assert told["opened"], name
    mean, most = off(opened.lab(name), wrote.lab(as_name))
    assert most <= limit, (name, mean, most)
    assert chroma(opened.lab(name)) == pytest.approx(chroma(wrote.lab(as_name)), rel=0.02)
    return told


# GIMP 3 to others


def test_xcf_is_empty_in_krita(written, in_krita):
    assert chroma(written.lab("gimp3")) > 5
    told = in_krita("gimp3.xcf")
    assert told["opened"]
    assert told["layers"] == []
    assert in_krita.lab("gimp3.xcf")[:, 0].max() == 0


def test_xcf_arrives_in_gimp_2_10_but_not_with_live_filters(written, in_gimp210):
    arrived(in_gimp210, "gimp3.xcf", written, "gimp3")
    assert not in_gimp210("gimp3-live.xcf")["opened"]


def test_psd_arrives_in_gimp_and_nearly_in_krita(written, in_krita, in_gimp, in_gimp210):
    for opened in (in_gimp, in_gimp210):
        arrived(opened, "gimp3.psd", written, "gimp3")
    told = arrived(in_krita, "gimp3.psd", written, "gimp3", limit=2.5)
    assert names(told, "krita")[1][1] == "color"
    assert off(in_krita.lab("gimp3.psd"), written.lab("gimp3"))[1] > 1


def test_psd_of_linear_samples_is_too_bright_in_gimp_2_10(written, in_gimp, in_gimp210):
    arrived(in_gimp, "gimp3-linear.psd", written, "gimp3-linear")
    mean, most = off(in_gimp210.lab("gimp3-linear.psd"), written.lab("gimp3-linear"))
    assert mean > 10
    assert most > 25


def test_openraster_arrives_as_a_normal_layer(written, in_krita, in_gimp):
    told = arrived(in_krita, "gimp3.ora", written, "gimp3")
    assert [mode for _name, mode in names(told, "krita")] == [NORMAL, NORMAL]
    told = arrived(in_gimp, "gimp3.ora", written, "gimp3")
    assert [mode for _name, mode in names(told, "gimp")] == [NORMAL, NORMAL]


def test_a_tiff_by_gimp_is_read_although_its_thumbnail_has_no_strips(written):
    with tifffile.TiffFile(written.out / "scan.tif") as file:
        assert [273 in page.tags for page in file.pages] == [True, False]
    picture = open_picture(written.out / "scan.tif")
    assert (picture.pages, picture.notes) == (1, ())
    assert np.abs(picture.lightness().numpy().ravel() - written.lab("scan")[:, 0]).max() < RIGHT


# Krita, in Lab, to others


def test_layered_psd_of_lab_is_not_read_by_krita_itself(in_krita, in_gimp, in_gimp210):
    assert in_krita("krita_lab")["error"] == ""
    assert not in_krita("krita-lab.psd")["opened"]
    assert not in_gimp210("krita-lab.psd")["opened"]
    arrived(in_gimp, "krita-lab.psd", in_krita, "krita-lab")


def test_tiff_of_lab_is_empty_in_gimp(in_krita, in_gimp, in_gimp210):
    for opened in (in_gimp, in_gimp210):
        assert opened("krita-lab.tif")["opened"]
        assert chroma(opened.lab("krita-lab.tif")) < 0.01
    arrived(in_krita, "krita-lab.tif", in_krita, "krita-lab")


def test_png_of_lab_arrives_in_gimp(in_krita, in_gimp, in_gimp210):
    for opened in (in_gimp, in_gimp210):
        arrived(opened, "krita-lab.png", in_krita, "krita-lab")


def test_kra_is_for_krita_alone(in_krita, in_gimp, in_gimp210):
    arrived(in_krita, "krita-lab.kra", in_krita, "krita-lab", limit=0)
    for opened in (in_gimp, in_gimp210):
        assert not opened("krita-lab.kra")["opened"]


# Export for…


@pytest.mark.parametrize("name", ["gimp3", "gimp3-linear", "gimp3-float", "gimp3-live"])
def test_what_gimp_exports_looks_the_same_everywhere(written, in_krita, in_gimp, in_gimp210, name):
    for opened, who, suffixes in (
        (in_krita, "krita", ("ora", "psd", "tif")),
        (in_gimp, "gimp", ("ora", "psd", "tif")),
        (in_gimp210, "gimp", ("psd", "tif")),  # Debian's GIMP 2.10 has no OpenRaster: that is in Python
    ):
        for suffix in suffixes:
            told = arrived(opened, f"{name}-export.{suffix}", written, name)
            if suffix != "tif":
                assert [each for each, _mode in names(told, who)] == OURS


@pytest.mark.parametrize("name", ["krita-lab", "krita-rgb"])
def test_what_krita_exports_looks_the_same_everywhere(in_krita, in_gimp, in_gimp210, name):
    told = in_krita(name.replace("-", "_"))
    assert told["error"] == ""
    assert told["unchanged"]
    for opened, who, suffixes in (
        (in_krita, "krita", ("ora", "psd", "tif")),
        (in_gimp, "gimp", ("ora", "psd", "tif")),
        (in_gimp210, "gimp", ("psd", "tif")),
    ):
        for suffix in suffixes if name == "krita-lab" else set(suffixes) & {"ora"}:
            told = arrived(opened, f"{name}-export.{suffix}", in_krita, name)
            if suffix != "tif":
                assert [each for each, _mode in names(told, who)] == OURS


@pytest.mark.parametrize("name", ["gimp3-export", "gimp3-live-more", "krita-lab-export", "krita-rgb-export"])
def test_photograph_below_is_without_colors(written, files, tmp_path, name):
    with zipfile.ZipFile(files / f"{name}.ora") as archive:
        for member in ("source", "color"):
            archive.extract(f"data/{member}.png", tmp_path)
    below, above = (open_picture(tmp_path / "data" / f"{each}.png") for each in ("source", "color"))
    samples = below.pixels().numpy()[..., :3].astype(int)
    if name.startswith("gimp3"):
        assert below.format == above.format == "uchar"
        photograph = np.fromfile(written.out / "photograph.rgb", np.uint8).reshape(samples.shape)
        assert np.array_equal(samples, photograph)
    else:
        assert below.format == above.format == "ushort"
        assert np.ptp(samples, axis=-1).max() <= 2  # it is gray
    assert np.abs(below.lightness().numpy() - above.lightness().numpy()).max() < RIGHT
    assert marking.read(files / f"{name}.ora").is_ours


def test_hints_and_uncertainty_are_no_part_of_it(written, in_krita):
    assert written("gimp3_live")["layers"] == 4
    assert written("gimp3_live")["result"]["status"] == "success"
    arrived(in_krita, "gimp3-live-more.ora", written, "gimp3-live")


def test_what_cannot_be_exported_is_refused_in_words(written):
    told = written("refused")
    assert "no colors in this image" in told["nothing"]
    assert "Name the file" in told["nameless"]
    assert "suffix" in told["other"]
    assert [each.name for each in written.out.glob("refused.*")] == ["refused.json"]


def test_dialog_of_krita_proposes_a_name_with_the_suffix_of_the_program(in_krita):
    for program, suffix in (("GIMP", "ora"), ("Photoshop", "psd"), ("archive", "tif")):
        (proposed,) = in_krita("krita_lab")[program]
        assert proposed.endswith(f"photograph-color.{suffix}")


def test_krita_s_docker_explains_an_empty_xcf(in_krita):
    told = in_krita("explained")
    text = next(each for each in told["said"] if "GIMP file" in each)
    assert "Export for…" in text
    assert "GIMP file" in told["error"]
    assert "no colors in this image" in told["nothing"]
