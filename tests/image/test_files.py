"""Photographs from files and back: nothing is lost, tones stay, and failures leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from photochrom.errors import BadPicture, Cancelled, OutputFailed
from photochrom.image.color_spaces import NAMED, SRGB
from photochrom.image.files import WRITABLE, write_picture
from photochrom.image.mark import Mark
from photochrom.image.picture import open_picture
from PIL import Image

from .conftest import (
    HEIGHT,
    LARGEST,
    WIDTH,
    color,
    color_science_lab,
    expected_lightness,
    lightness,
    no_color,
    png,
    tiff,
)

MARK = Mark("lite", "0.1.0")


def samples_of(path: Path) -> np.ndarray:
    """The pixels of a file by tifffile or Pillow, not by us."""
    if path.suffix in (".tif", ".tiff"):
        return tifffile.imread(path)
    if path.suffix == ".png":
        return pyvips.Image.new_from_file(str(path)).numpy()  # Pillow has no 16-bit RGB
    return np.asarray(Image.open(path))


# --- writing -------------------------------------------------------------------------------------------


UPRIGHT = (
    lambda a: a,
    np.fliplr,
    lambda a: np.rot90(a, 2),
    np.flipud,
    np.transpose,
    lambda a: np.rot90(a, -1),
    lambda a: np.rot90(np.transpose(a), 2),
    np.rot90,
)
"""What each EXIF orientation, 1 to 8, asks for (EXIF 2.32, 4.6.4)."""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_pictures_are_upright_and_stay_so(tmp_path, gray8, orientation, suffix):
    path, out = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(gray8).save(path, exif=exif, **({"quality": 100} if suffix == ".jpg" else {}))
    upright = UPRIGHT[orientation - 1](gray8)
    picture = open_picture(path)
    assert (picture.height, picture.width) == upright.shape
    assert np.abs(picture.lightness().numpy() - expected_lightness(upright)).max() < 8
    write_picture(picture, no_color(picture.height, picture.width), out, mark=None)
    assert Image.open(out).getexif().get(0x0112, 1) == 1
    assert np.asarray(Image.open(out)).shape[:2] == upright.shape
    assert np.abs(np.asarray(Image.open(out))[..., 0].astype(int) - upright).mean() < 3


ROUNDING = {"uchar": 0.3, "ushort": 0.005, "float": 0.005}
SOURCES = {
    "gray8.png": ("uchar", 1),
    "gray16.png": ("ushort", 1),
    "gray8.tif": ("uchar", 1),
    "gray16.tif": ("ushort", 1),
    "grayf.tif": ("float", 1),
    "ga8.png": ("uchar", 2),
    "rgb8.png": ("uchar", 3),
    "rgb16.tif": ("ushort", 3),
    "rgbf.tif": ("float", 3),
    "rgba8.png": ("uchar", 4),
    "rgba16.png": ("ushort", 4),
    "rgba16.tif": ("ushort", 4),
    "rgbaf.tif": ("float", 4),
    "rgba8.webp": ("uchar", 4),
}


@pytest.fixture(params=SOURCES)
def source(request, tmp_path, rng) -> Path:
    format, bands = SOURCES[request.param]
    kind = {"uchar": np.uint8, "ushort": np.uint16, "float": np.float32}[format]
    data = (rng.random((HEIGHT, WIDTH, bands)) * LARGEST[np.dtype(kind)]).astype(kind)
    interpretation = ("b-w" if bands < 3 else "srgb") if format != "ushort" else "grey16" if bands < 3 else "rgb16"
    image = pyvips.Image.new_from_array(data).copy(interpretation=interpretation)
    path = tmp_path / request.param
    if path.suffix == ".tif":
        extra = {"extrasamples": ["unassalpha"]} if bands in (2, 4) else {}
        tifffile.imwrite(path, data[..., 0] if bands == 1 else data,
                         photometric="minisblack" if bands < 3 else "rgb", **extra)  # fmt: skip
    else:
        image.write_to_file(str(path), **({"lossless": True, "exact": True} if path.suffix == ".webp" else {}))
    return path


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_tones_alpha_and_depth_stay(source, suffix):
    picture = open_picture(source)
    assert picture.format == SOURCES[source.name][0]
    out = source.parent / f"out{suffix}"
    write_picture(picture, color(), out, mark=MARK)
    result = open_picture(out)
    best = {".png": {"float": "ushort"}, ".tif": {}, ".webp": {"ushort": "uchar", "float": "uchar"}}[suffix]
    assert result.format == best.get(picture.format, picture.format)
    rgb = samples_of(out)
    measured = expected_lightness(np.ascontiguousarray(rgb[..., :3]))
    assert np.abs(measured - picture.lightness().numpy()).max() <= ROUNDING[result.format]
    assert np.std(rgb[..., 0].astype(float) - rgb[..., 2]) > 0.01 * LARGEST[rgb.dtype]
    assert result.alpha == picture.alpha
    if picture.alpha and result.format == picture.format:
        before = samples_of(source)[..., -1]
        assert np.array_equal(rgb[..., -1], before)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_without_color_gray_is_unchanged(tmp_path, gray8, suffix):
    Image.fromarray(gray8).save(tmp_path / "in.png")
    write_picture(open_picture(tmp_path / "in.png"), no_color(), tmp_path / f"out{suffix}", mark=None)
    assert np.array_equal(samples_of(tmp_path / f"out{suffix}"), np.repeat(gray8[..., None], 3, -1))


def test_without_color_16_bit_gray_is_unchanged(tmp_path):
    codes = np.arange(65536).astype(np.uint16).reshape(256, 256)
    path = tiff(tmp_path, codes)
    write_picture(open_picture(path), no_color(256, 256), tmp_path / "out.tif", mark=None)
    assert np.array_equal(tifffile.imread(tmp_path / "out.tif"), np.repeat(codes[..., None], 3, -1))


def test_jpeg_is_close_and_whole(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "in.png")
    picture = open_picture(tmp_path / "in.png")
    smooth = pyvips.Image.new_from_array(np.full((HEIGHT, WIDTH, 2), 10, np.float32))
    write_picture(picture, smooth, tmp_path / "out.jpg", mark=MARK)
    assert np.abs(lightness(tmp_path / "out.jpg") - picture.lightness().numpy()).mean() < 0.6
    assert Image.open(tmp_path / "out.jpg").mode == "RGB"


def test_only_the_lightness_of_a_color_source_is_used(tmp_path, gray8):
    sepia = np.stack([gray8, gray8 * 0.8, gray8 * 0.6], -1).astype(np.uint8)
    Image.fromarray(sepia).save(tmp_path / "in.png")
    write_picture(open_picture(tmp_path / "in.png"), no_color(), tmp_path / "out.png", mark=None)
    result = samples_of(tmp_path / "out.png")
    assert np.array_equal(result[..., 0], result[..., 2])
    assert np.abs(expected_lightness(result) - expected_lightness(sepia)).max() <= 0.3


@pytest.mark.parametrize("name", list(NAMED))
def test_a_gray_scan_comes_out_in_the_profile_asked_for(tmp_path, gray8, name):
    Image.fromarray(gray8).save(tmp_path / "in.png")
    picture = open_picture(tmp_path / "in.png")
    write_picture(picture, color(), tmp_path / "out.png", mark=None, profile=name)
    result = Image.open(tmp_path / "out.png")
    assert result.info["icc_profile"] == NAMED[name].icc
    science = {"srgb": "sRGB", "display-p3": "Display P3", "adobe-rgb": "Adobe RGB (1998)"}[name]
    measured = color_science_lab(np.asarray(result) / 255, science)[..., 0]
    assert np.abs(measured - picture.lightness().numpy()).max() <= 0.3


def test_profiles_are_kept_and_srgb_is_the_rule_for_gray(tmp_path, gray8, strange_folder):
    profile = NAMED["adobe-rgb"].icc
    Image.fromarray(gray8).convert("RGB").save(tmp_path / "rgb.tif", icc_profile=profile)
    Image.fromarray(gray8).save(tmp_path / "gray.tif")
    (strange_folder / "mine.icc").write_bytes(NAMED["display-p3"].icc)
    for name, asked, expected in (
        ("rgb.tif", None, profile),
        ("gray.tif", None, SRGB.icc),
        ("gray.tif", str(strange_folder / "mine.icc"), NAMED["display-p3"].icc),
    ):
        write_picture(open_picture(tmp_path / name), color(), tmp_path / "out.tif", mark=None, profile=asked)
        assert Image.open(tmp_path / "out.tif").info["icc_profile"] == expected


def test_a_profile_that_is_none_is_refused(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "in.png")
    picture = open_picture(tmp_path / "in.png")
    for profile in ("no-such-thing", str(tmp_path / "in.png")):
        with pytest.raises(OutputFailed, match="profile") as failure:
            write_picture(picture, color(), tmp_path / "out.png", mark=None, profile=profile)
        assert "srgb" in failure.value.next_step


# --- metadata ------------------------------------------------------------------------------------------


# --- what goes wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.8])
def test_files_cut_off_are_bad_pictures_and_leave_nothing(tmp_path, rng, suffix, share):
    whole = tmp_path / f"whole{suffix}"
    Image.fromarray(rng.integers(0, 256, (300, 200)).astype(np.uint8)).save(whole)
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadPicture, match="cut"):
        picture = open_picture(path)
        with picture.reading():
            picture.lightness().avg()
    with pytest.raises(BadPicture, match="cut"):
        write_picture(open_picture(path), no_color(300, 200), tmp_path / "out.png", mark=None)
    assert sorted(tmp_path.iterdir()) == before


def test_names_with_spaces_umlauts_and_brackets(strange_folder, gray8):
    path = strange_folder / "Großmutter [1]=ä %s.png"
    Image.fromarray(gray8).save(path)
    for suffix in WRITABLE:
        out = strange_folder / f"Ausgabe [x=1] ß{suffix}"
        write_picture(open_picture(path), color(), out, mark=MARK)
        assert out.stat().st_size > 100
    assert len(list(strange_folder.iterdir())) == 1 + len(WRITABLE)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not text exist on Linux")
def test_names_that_are_not_utf8(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "x.png")
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcller.png"))
    (tmp_path / "x.png").rename(path)
    write_picture(open_picture(path), color(), path.with_suffix(".tif"), mark=None)
    assert path.with_suffix(".tif").exists()


@pytest.fixture
def big(tmp_path) -> Path:
    Image.fromarray(np.full((2000, 1500), 120, np.uint8)).save(tmp_path / "big.png")
    return tmp_path / "big.png"


@pytest.mark.parametrize("suffix", WRITABLE)
def test_cancel_stops_the_work_and_leaves_the_old_file(big, suffix):
    out = big.parent / f"out{suffix}"
    out.write_bytes(b"the old file")

    def stop(fraction: float, _: str) -> None:
        assert 0 <= fraction <= 1
        if fraction > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_picture(open_picture(big), no_color(2000, 1500), out, mark=MARK, progress=stop)
    assert out.read_bytes() == b"the old file"
    assert sorted(big.parent.iterdir()) == sorted([big, out])


@pytest.mark.parametrize("suffix", WRITABLE)
def test_progress_rises_to_the_end(big, suffix):
    seen: list[float] = []
    write_picture(open_picture(big), no_color(2000, 1500), big.parent / f"out{suffix}", mark=MARK,
                  progress=lambda fraction, _: seen.append(fraction))  # fmt: skip
    assert seen == sorted(seen)
    assert seen[-1] > 0.9
    assert len(seen) > 3


def test_the_source_is_never_overwritten(big):
    before = big.read_bytes()
    for name in (big, big.parent / "." / "big.png"):
        with pytest.raises(OutputFailed, match="source"):
            write_picture(open_picture(big), no_color(2000, 1500), name, mark=None)
    os.link(big, big.parent / "same.png")
    with pytest.raises(OutputFailed, match="source"):
        write_picture(open_picture(big), no_color(2000, 1500), big.parent / "same.png", mark=None)
    assert big.read_bytes() == before


def test_outputs_that_cannot_be_say_why(big, gray8):
    picture, ab = open_picture(big), no_color(2000, 1500)
    for out, words in (
        (big.parent / "no" / "out.png", "Create the folder"),
        (big / "out.png", "folder"),
        (big.parent / "out.gif", ".png"),
        (big.parent / "out", ".png"),
    ):
        with pytest.raises(OutputFailed) as failure:
            write_picture(picture, ab, out, mark=None)
        assert words in failure.value.next_step
        assert str(out) in failure.value.cause
    alpha = big.parent / "alpha.png"
    Image.merge("LA", [Image.fromarray(gray8)] * 2).save(alpha)
    with pytest.raises(OutputFailed, match="transparency"):
        write_picture(open_picture(alpha), no_color(), big.parent / "out.jpg", mark=None)


def test_webp_is_refused_where_it_is_too_small(tmp_path):
    (tmp_path / "x.png").write_bytes(png(17_000, 2, b"\0" * 34_002))
    with pytest.raises(OutputFailed, match="16383"):
        write_picture(open_picture(tmp_path / "x.png"), no_color(2, 17_000), tmp_path / "x.webp", mark=None)


FILL_THE_DISK = """
import resource, signal, sys
import numpy as np, pyvips
from photochrom.errors import OutputFailed
from photochrom.image.files import write_picture
from photochrom.image.picture import open_picture
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
picture = open_picture(sys.argv[1])
noise = np.random.default_rng(0).uniform(-50, 50, (picture.height, picture.width, 2)).astype(np.float32)
try:
    write_picture(picture, pyvips.Image.new_from_array(noise), sys.argv[2], mark=None)
except OutputFailed as error:
    print(error.cause, "|", error.next_step)
    sys.exit(4)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".ora"])
def test_a_full_disk_is_an_error_that_leaves_nothing(tmp_path, rng, suffix):
    Image.fromarray(rng.integers(0, 256, (300, 300)).astype(np.uint8)).save(tmp_path / "in.png")
    out = tmp_path / f"out{suffix}"
    run = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(tmp_path / "in.png"), str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 4, run.stderr
    assert "Free some disk space" in run.stdout
    assert "Traceback" not in run.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["in.png"]


def test_new_files_have_the_usual_permissions(big):
    out = big.parent / "out.png"
    write_picture(open_picture(big), no_color(2000, 1500), out, mark=None)
    umask = os.umask(0)
    os.umask(umask)
    assert out.stat().st_mode & 0o777 == 0o666 & ~umask
