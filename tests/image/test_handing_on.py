"""Files for other editors: both layers as they are, in programs that are not ours."""

import struct
import zipfile

import numpy as np
import pytest
import pyvips
from photochrom.errors import BadRequest, Cancelled, OutputFailed
from photochrom.image import handing_on, marking, photoshop_document
from photochrom.image.color_spaces import NAMED
from photochrom.image.mark import Mark
from photochrom.image.metadata import photoshop
from photochrom.image.picture import open_picture
from psd_tools import PSDImage

MARK = Mark("lite", "1.0")
WIDTH, HEIGHT = 301, 203
TYPES = {8: np.uint8, 16: np.uint16}
DOTS = 300 / 25.4
"""Pixels per millimeter."""


def picture(path, samples, icc=NAMED["adobe-rgb"].icc):
    image = pyvips.Image.new_from_array(samples)
    image = image.copy(interpretation="rgb16" if samples.dtype == np.uint16 else "srgb", xres=DOTS, yres=DOTS)
    if icc:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    image.write_to_file(str(path))
    return path


@pytest.fixture(params=[(8, 3), (16, 3), (8, 4), (16, 4)], ids=lambda kind: f"{kind[0]} bits, {kind[1]} bands")
def pair(request, tmp_path):
    """The samples of a photograph and of its color version, and their files."""
    rng = np.random.default_rng(1)
    depth, bands = request.param
    both = [rng.integers(0, 1 << depth, (HEIGHT, WIDTH, bands)).astype(TYPES[depth]) for _ in range(2)]
    if bands == 4:
        both[1][..., 3] = both[0][..., 3]
    return both, [picture(tmp_path / f"{number}.tif", samples) for number, samples in enumerate(both)]


def layers_of(path, depth):
    """Name -> visible, mode, samples as psd-tools reads them."""
    document = PSDImage.open(path)
    found = {}
    for layer in document:
        size = layer.width, layer.height
        planes = [np.frombuffer(each.get_data(*size, depth), f">u{depth // 8}") for each in layer._channels]
        found[layer.name] = layer.visible, layer.blend_mode.name, np.stack(planes, -1).reshape(HEIGHT, WIDTH, -1)
    return document, found


def test_photoshop_document_has_both_as_they_are(pair, tmp_path):
    (photograph, colored), files = pair
    depth, out = 8 * photograph.itemsize, tmp_path / "out.psd"
    handing_on.hand_on(*files, out, mark=MARK)
    document, layers = layers_of(out, depth)
    assert list(layers) == ["Photograph", "Photochrom color"]
    opaque = photograph.shape[2] == 3
    for (name, (visible, mode, samples)), expected in zip(layers.items(), (photograph, colored), strict=True):
        assert mode == "NORMAL"
        assert visible == (opaque or name == "Photochrom color")
        assert np.array_equal(samples, expected)
    merged = open_picture(out)
    assert np.array_equal(merged.pixels().numpy(), colored)
    assert merged.icc == NAMED["adobe-rgb"].icc
    assert (document.width, document.height, document.depth) == (WIDTH, HEIGHT, depth)
    resources = {each.number: each.data for each in photoshop.parse(_block(out))}
    assert b"AISystemUsed" in resources[1060]
    assert int.from_bytes(resources[1005][:4], "big") == 300 << 16


def _block(path):
    data = path.read_bytes()
    size = int.from_bytes(data[30:34], "big")
    return data[34 : 34 + size]


def test_openraster_has_both_as_they_are(pair, tmp_path):
    (photograph, colored), files = pair
    out = tmp_path / "out.ora"
    handing_on.hand_on(*files, out, mark=MARK)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "parts")
    for name, expected in (("source", photograph), ("color", colored)):
        found = open_picture(tmp_path / "parts" / "data" / f"{name}.png")
        assert np.array_equal(found.pixels().numpy(), expected)
        assert found.icc == NAMED["adobe-rgb"].icc
    assert marking.read(out).is_ours


def test_archive_gets_the_color_version_with_profile_and_mark(pair, tmp_path):
    (_photograph, colored), files = pair
    out = tmp_path / "out.tif"
    handing_on.hand_on(*files, out, mark=MARK)
    found = open_picture(out)
    assert np.array_equal(found.pixels().numpy(), colored)
    assert found.icc == NAMED["adobe-rgb"].icc
    assert marking.read(out).is_ours
    handing_on.hand_on(*files, out, mark=None)
    assert not marking.read(out).is_ours


def test_pictures_that_do_not_belong_together_are_refused(tmp_path):
    samples = np.zeros((4, 5, 3), np.uint8)
    one = picture(tmp_path / "one.tif", samples)
    for name, other in (
        ("size", picture(tmp_path / "size.tif", samples[:3])),
        ("depth", picture(tmp_path / "depth.tif", samples.astype(np.uint16))),
        ("profile", picture(tmp_path / "profile.tif", samples, NAMED["display-p3"].icc)),
    ):
        with pytest.raises(BadRequest, match="differ"):
            handing_on.hand_on(one, other, tmp_path / f"{name}.psd", mark=MARK)
    with pytest.raises(BadRequest, match="suffix"):
        handing_on.hand_on(one, one, tmp_path / "out.xcf", mark=MARK)
    with pytest.raises(OutputFailed, match="themselves"):
        handing_on.hand_on(one, one, one, mark=MARK)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["depth.tif", "one.tif", "profile.tif", "size.tif"]


def test_profiles_of_different_moments_belong_together(tmp_path):
    samples, profile = np.zeros((4, 5, 3), np.uint8), NAMED["adobe-rgb"].icc
    later = profile[:24] + struct.pack(">6H", 2026, 11, 29, 22, 13, 28) + profile[36:]
    both = picture(tmp_path / "one.tif", samples), picture(tmp_path / "later.tif", samples, later)
    handing_on.hand_on(*both, tmp_path / "out.tif", mark=None)
    assert open_picture(tmp_path / "out.tif").icc in {profile, later}


def test_photoshop_document_beyond_its_limit_is_refused_before_it_is_written(tmp_path, monkeypatch):
    one = picture(tmp_path / "one.tif", np.zeros((40, 50, 3), np.uint8))
    monkeypatch.setattr(photoshop_document, "MAX_BYTES", 9 * 40 * 50)
    with pytest.raises(OutputFailed, match="too large"):
        handing_on.hand_on(one, one, tmp_path / "out.psd", mark=MARK)
    assert [each.name for each in tmp_path.iterdir()] == ["one.tif"]


@pytest.mark.parametrize("suffix", ["psd", "ora", "tif"])
def test_cancelled_it_leaves_nothing(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (2400, 1800, 3), np.uint8)  # takes long enough to tell how far
    one = picture(tmp_path / "one.tif", noise)

    def stop(done, _doing):
        if done > 0.1:
            raise Cancelled

    with pytest.raises(Cancelled):
        handing_on.hand_on(one, one, tmp_path / f"out.{suffix}", mark=MARK, progress=stop)
    assert [each.name for each in tmp_path.iterdir()] == ["one.tif"]
