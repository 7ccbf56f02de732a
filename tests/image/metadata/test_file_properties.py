"""What was true of the source alone, read by exiftool in the result."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.image.metadata import builders as b

pytestmark = b.needs_exiftool

ALL = [".jpg", ".png", ".tif", ".webp"]


def thumbnail() -> bytes:
    made = io.BytesIO()
    Image.fromarray(b.GRAY).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("out", [".jpg", ".tif", ".png"])
def test_gray_thumbnails_are_left_out(tmp_path, out):
    picture = thumbnail()
    head = struct.pack(">6I2H", 1, b.WIDTH, b.HEIGHT, b.WIDTH * 3, b.WIDTH * 3 * b.HEIGHT, len(picture), 24, 1)
    resource = b"8BIM" + struct.pack(">HHI", 1036, 0, len(head + picture)) + head + picture + b"\0" * (len(picture) % 2)
    block = bytearray(b.structure({271: b.text("Epson")}))
    (first,) = struct.unpack_from("<I", block, 4)
    after = first + 2 + 12
    following = len(block)
    block[after : after + 4] = struct.pack("<I", following)
    entries = [(259, 3, 1, 6), (513, 4, 1, following + 2 + 36 + 4), (514, 4, 1, len(picture))]
    block += struct.pack("<H", 3) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + b"\0\0\0\0" + picture
    source = b.jpeg(b.segment(0xE1, b"Exif\0\0" + bytes(block)), b.segment(0xED, b"Photoshop 3.0\0" + resource))
    (tmp_path / "check.jpg").write_bytes(source)
    assert {"IFD1:ThumbnailImage", "Photoshop:PhotoshopThumbnail"} <= set(b.exiftool(tmp_path / "check.jpg"))
    result, _ = b.colorized(tmp_path, source, ".jpg", out)
    said = b.exiftool(result)
    assert said["IFD0:Make"] == "Epson"
    assert not any("Thumbnail" in name for name in said)


TURNED = b.xmp(
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/x-raw"'
    f' tiff:Orientation="6" tiff:ImageWidth="{b.WIDTH}" tiff:ImageLength="{b.HEIGHT}"'
    f' exif:PixelXDimension="{b.WIDTH}" exif:PixelYDimension="{b.HEIGHT}">'
)


@pytest.mark.parametrize("out", ALL)
def test_a_rotated_picture_is_recorded_as_upright_with_its_new_size(tmp_path, out):
    block = b.structure(
        {274: b.short(6), 282: b.rational(600, 1), 283: b.rational(300, 1), 296: b.short(2)},
        {40962: b.long(b.WIDTH), 40963: b.long(b.HEIGHT)},
    )
    segments = (
        b.segment(0xE1, b"Exif\0\0" + block),
        b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + TURNED.encode()),
    )
    result, _ = b.colorized(tmp_path, b.jpeg(*segments), ".jpg", out)
    said = b.exiftool(result)
    assert said.get("IFD0:Orientation") == 1
    assert said["XMP-tiff:Orientation"] == 1
    assert (said["ExifIFD:ExifImageWidth"], said["ExifIFD:ExifImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["XMP-tiff:ImageWidth"], said["XMP-tiff:ImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["XMP-exif:ExifImageWidth"], said["XMP-exif:ExifImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["IFD0:XResolution"], said["IFD0:YResolution"]) == (300, 600)
    container = {".jpg": "jpeg", ".tif": "tiff"}.get(out, out[1:])
    assert said["XMP-dc:Format"] == f"image/{container}"


SIDEWAYS = b.structure({274: b.short(6), 315: b.text("N. N.")})


def raw(name: str, block: bytes) -> bytes:
    """A block as ImageMagick writes it: in hexadecimal, as a compressed text."""
    text = f"\n{name}\n{len(block):8d}\n{block.hex()}\n".encode()
    return b.chunk(b"zTXt", f"Raw profile type {name}".encode() + b"\0\0" + zlib.compress(text))


@pytest.mark.parametrize(
    "source",
    [
        b.png(after=(b.chunk(b"eXIf", SIDEWAYS),)),
        b.png(b.chunk(b"eXIf", SIDEWAYS)),
        b.png(b.chunk(b"eXIf", b"Exif\0\0" + SIDEWAYS)),
        b.png(raw("exif", b"Exif\0\0" + SIDEWAYS)),
        b.png(raw("APP1", b"Exif\0\0" + SIDEWAYS)),
        b.png(after=(raw("exif", SIDEWAYS),)),
        b.jpeg(b.segment(0xE1, b"Exif\0\0" + SIDEWAYS)),
        b.jpeg(b.segment(0xE1, b"Exif\0\xff" + SIDEWAYS)),
        b"\0\n\0" + b.jpeg(b.segment(0xE1, b"Exif\0\xff" + SIDEWAYS)),
        b.jpeg(b.segment(0xE1, b"Exif\0\0" + b.structure({274: b.long(6), 315: b.text("N. N.")}))),
    ],
)
def test_what_becomes_upright_in_the_metadata_is_turned(tmp_path, source):
    suffix = ".png" if source.startswith(b"\x89PNG") else ".jpg"
    result, _ = b.colorized(tmp_path, source, suffix, ".png")
    said = b.exiftool(result)
    assert (said["IFD0:Orientation"], said["IFD0:Artist"]) == (1, "N. N.")
    with Image.open(result) as turned:
        assert turned.size == (b.HEIGHT, b.WIDTH)
        rows = np.asarray(turned.convert("L")).mean(axis=0)
    assert rows[0] > rows[-1]  # the first row, which is the darkest, is now on the right


GRAY_MASTER = b.xmp(
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
    ' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
    ' photoshop:ColorMode="1" photoshop:ICCProfile="Dot Gain 20%" tiff:SamplesPerPixel="1"'
    ' crs:ConvertToGrayscale="True"'
    ' tiff:PhotometricInterpretation="1" exif:ColorSpace="65535" tiff:Compression="5" tiff:NativeDigest="256,257;AB">'
    "<tiff:BitsPerSample><rdf:Seq><rdf:li>8</rdf:li></rdf:Seq></tiff:BitsPerSample>"
)


@pytest.mark.parametrize("out", [".jpg", ".png", ".tif"])
def test_a_gray_master_in_color_does_not_say_it_is_gray(tmp_path, out):
    result, _ = b.colorized(tmp_path, b.tiff({700: (1, GRAY_MASTER.encode())}, {40961: b.short(65535)}), ".tif", out)
    said = b.exiftool(result)
    assert (said["XMP-photoshop:ColorMode"], said["XMP-photoshop:ICCProfileName"]) == (3, "sRGB")
    assert (said["XMP-tiff:SamplesPerPixel"], said["XMP-tiff:PhotometricInterpretation"]) == (3, 2)
    assert said["XMP-tiff:BitsPerSample"] == [8, 8, 8]
    assert (said["XMP-exif:ColorSpace"], said["ExifIFD:ColorSpace"]) == (1, 1)
    assert said["XMP-crs:ConvertToGrayscale"] is False
    assert not {"XMP-tiff:Compression", "XMP-tiff:NativeDigest"} & set(said)


def test_faces_turn_with_the_picture(tmp_path):
    area = 'stArea:x="0.25" stArea:y="0.2" stArea:w="0.1" stArea:h="0.3" stArea:unit="normalized"'
    packet = b.xmp(
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
        ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#">'
        '<mwg-rs:Regions rdf:parseType="Resource">'
        '<mwg-rs:AppliedToDimensions stDim:w="24" stDim:h="16" stDim:unit="pixel"/>'
        '<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Oma" mwg-rs:Type="Face">'
        f"<mwg-rs:Area {area}/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    source = b.tiff({274: b.short(6), 700: (1, packet.encode())})
    result, _ = b.colorized(tmp_path, source, ".tif", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-mwg-rs:RegionName"] in ("Oma", ["Oma"])

    def number(name: str) -> float:
        value = said[f"XMP-mwg-rs:{name}"]
        return float(value[0] if isinstance(value, list) else value)

    assert [number(f"RegionArea{axis}") for axis in "XYWH"] == pytest.approx([0.8, 0.25, 0.3, 0.1])
    assert (number("RegionAppliedToDimensionsW"), number("RegionAppliedToDimensionsH")) == (16, 24)


def test_no_metadata_refer_to_a_removed_gain_map_or_video(tmp_path):
    packet = b.xmp(
        'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:C="http://ns.google.com/photos/1.0/container/"'
        ' xmlns:I="http://ns.google.com/photos/1.0/container/item/" xmlns:G="http://ns.google.com/photos/1.0/camera/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="Box 12"'
        ' hdrgm:Version="1.0" G:MotionPhoto="1" G:MicroVideoOffset="99" G:SpecialTypeID="kept"><C:Directory><rdf:Seq>'
        '<rdf:li rdf:parseType="Resource"><C:Item I:Semantic="GainMap" I:Mime="image/jpeg" I:Length="99"/></rdf:li>'
        "</rdf:Seq></C:Directory>"
    )
    source = b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())) + thumbnail()
    result, notes = b.colorized(tmp_path, source, ".jpg", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-dc:Source"] == "Box 12"
    assert not [name for name in said if "hdrgm" in name or "GContainer" in name or "Motion" in name or "Micro" in name]
    assert any("gain map" in note for note in notes) and any("film" in note for note in notes)
    assert result.read_bytes().count(b"\xff\xd8\xff") == 1


def test_a_file_of_several_views_says_so_and_the_result_has_one(tmp_path):
    view = Image.fromarray(b.GRAY).convert("RGB")
    view.save(tmp_path / "two.mpo", "MPO", save_all=True, append_images=[view])
    result, notes = b.colorized(tmp_path, (tmp_path / "two.mpo").read_bytes(), ".jpg", ".jpg")
    assert any("2 pictures" in note for note in notes)
    assert b"MPF\0" not in result.read_bytes()


def test_content_credentials_of_the_source_are_left_out_with_a_note(tmp_path):
    result, notes = b.colorized(tmp_path, b.png(b.chunk(b"caBX", b"jumb" * 9)), ".png", ".png")
    assert any("Content Credentials" in note for note in notes)
    assert b"caBX" not in result.read_bytes()


def test_orientation_recorded_in_xmp_alone_stays_there(tmp_path):
    source = b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + TURNED.encode()))
    result, _ = b.colorized(tmp_path, source, ".jpg", ".jpg")
    said = b.exiftool(result)
    assert (said["XMP-tiff:Orientation"], said["XMP-tiff:ImageWidth"]) == (6, b.WIDTH)


def test_photoshop_layers_beside_the_picture_are_left_out_with_a_note(tmp_path):
    result, notes = b.colorized(
        tmp_path, b.tiff({37724: (7, b"Adobe Photoshop Document Data Block\0")}), ".tif", ".tif"
    )
    assert any("layers" in note for note in notes)
    assert b"Data Block" not in result.read_bytes()


@pytest.mark.parametrize("description", ['{"shape": [16, 24]}', "ImageJ=1.53\nimages=3"])
def test_descriptions_of_arrays_are_not_copied_to_another_array(tmp_path, description):
    result, _ = b.colorized(tmp_path, b.tiff({270: b.text(description), 315: b.text("N. N.")}), ".tif", ".tif")
    said = b.exiftool(result)
    assert "IFD0:ImageDescription" not in said
    assert said["IFD0:Artist"] == "N. N."
