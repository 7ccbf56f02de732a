"""Small sound pictures of every kind that is read, in several forms each, which mutations begin with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
import pyvips
import tifffile
from photochrom.image.color_spaces import NAMED
from PIL import Image

from tests.image.formats.test_camera_raw import dng, filters
from tests.image.formats.test_photoshop import GRAY, RGB, planes_of, psd
from tests.image.metadata import builders

HEIGHT, WIDTH = 23, 37
GRAY8 = np.linspace(0, 255, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.uint8)
GRAY16 = GRAY8.astype(np.uint16) * 257
RGB8 = np.dstack([GRAY8, 255 - GRAY8, GRAY8 // 2])
RGBA8 = np.dstack([RGB8, 255 - GRAY8])
ICC = NAMED["adobe-rgb"].icc


def samples(folder: Path) -> dict[str, bytes]:
    """Name with suffix -> content. `folder` is for files on the way."""
    return {
        **dict(by_vips()),
        **dict(by_pillow()),
        **dict(tiffs()),
        **dict(by_imagecodecs()),
        **dict(documents(folder)),
        "metadata.jpg": metadata_jpeg(),
    }


def by_vips() -> Iterator[tuple[str, bytes]]:
    gray, deep, color, clear = (
        pyvips.Image.new_from_array(each, interpretation=space)
        for each, space in ((GRAY8, "b-w"), (GRAY16, "grey16"), (RGB8, "srgb"), (RGBA8, "srgb"))
    )
    yield "gray.png", gray.write_to_buffer(".png")
    yield "deep.png", deep.write_to_buffer(".png")
    yield "interlaced.png", clear.write_to_buffer(".png", interlace=True)
    yield "palette.png", color.write_to_buffer(".png", palette=True, bitdepth=4)
    yield "gray.jpg", gray.write_to_buffer(".jpg")
    yield "progressive.jpg", color.write_to_buffer(".jpg", interlace=True, restart_interval=2)
    yield "cmyk.jpg", color.icc_export(output_profile="cmyk").write_to_buffer(".jpg", keep="none")
    yield "lossless.webp", clear.write_to_buffer(".webp", lossless=True)
    yield "lossy.webp", color.write_to_buffer(".webp")
    yield "still.gif", color.write_to_buffer(".gif")
    yield "interlaced.gif", clear.write_to_buffer(".gif", interlace=True)


def by_pillow() -> Iterator[tuple[str, bytes]]:
    color, gray = Image.fromarray(RGB8), Image.fromarray(GRAY8)
    several = [color, gray.convert("RGB")]
    pillow_heif.register_heif_opener()
    for name, image, kind, options in (
        ("profile.png", color, "PNG", {"icc_profile": ICC}),
        ("color.bmp", color, "BMP", {}),
        ("gray.bmp", gray, "BMP", {}),
        ("gray.pgm", gray, "PPM", {}),
        ("color.ppm", color, "PPM", {}),
        ("bits.pbm", gray.convert("1"), "PPM", {}),
        ("moving.gif", several[0], "GIF", {"save_all": True, "append_images": several[1:]}),
        ("moving.webp", several[0], "WEBP", {"save_all": True, "append_images": several[1:]}),
        ("color.heic", color, "HEIF", {"quality": 80}),
        ("color.avif", color, "AVIF", {"icc_profile": ICC}),
        ("color.jp2", color, "JPEG2000", {}),
    ):
        file = io.BytesIO()
        image.save(file, kind, **options)
        yield name, file.getvalue()


def tiffs() -> Iterator[tuple[str, bytes]]:
    for name, data, options in (
        ("plain.tif", GRAY8, {}),
        ("deep.tif", GRAY16, {"byteorder": ">", "rowsperstrip": 5}),
        ("tiled.tif", RGB8, {"tile": (16, 16), "compression": "zlib", "iccprofile": ICC}),
        (
            "planes.tif",
            np.moveaxis(RGB8, -1, 0),
            {"photometric": "rgb", "planarconfig": "separate", "compression": "lzw"},
        ),
        ("float.tif", GRAY8.astype(np.float32) / 255, {"bigtiff": True}),
        ("lab.tif", RGB8, {"photometric": "cielab"}),
        ("palette.tif", GRAY8, {"photometric": "palette", "colormap": np.zeros((3, 256), np.uint16)}),
        ("several.tif", np.stack([GRAY8] * 3), {"photometric": "minisblack", "compression": "packbits"}),
    ):
        file = io.BytesIO()
        tifffile.imwrite(file, data, **options)
        yield name, file.getvalue()


def by_imagecodecs() -> Iterator[tuple[str, bytes]]:
    yield "gray.avif", imagecodecs.avif_encode(GRAY8, level=80)
    yield "deep.j2k", imagecodecs.jpeg2k_encode(GRAY16, level=0, codecformat="j2k", reversible=True)
    yield "deep.jp2", imagecodecs.jpeg2k_encode(GRAY16, level=0, codecformat="jp2", reversible=True)
    yield "bare.jxl", imagecodecs.jpegxl_encode(RGB8, lossless=True, usecontainer=False)
    yield "boxed.jxl", imagecodecs.jpegxl_encode(GRAY16, distance=1.0, usecontainer=True)


def documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "gray.psd", psd(folder / "gray.psd", planes_of(GRAY16), GRAY).read_bytes()
    yield "color.psd", psd(folder / "color.psd", planes_of(RGB8), RGB).read_bytes()
    yield "large.psb", psd(folder / "large.psb", planes_of(GRAY8), GRAY, version=2).read_bytes()
    yield "linear.dng", dng(folder / "linear.dng", np.dstack([GRAY16] * 3), "linear_raw", 65535).read_bytes()
    mosaic = np.tile(GRAY16 >> 2, (2, 2))
    yield "filters.dng", dng(folder / "filters.dng", mosaic, "cfa", 16383, filters()).read_bytes()
    yield "gray.pam", b"P7\nWIDTH 37\nHEIGHT 23\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n" + GRAY8.tobytes()


def metadata_jpeg() -> bytes:
    """One with EXIF and a packet of XMP."""
    exif = builders.structure({274: builders.short(6), 270: builders.text("Family")}, {40962: builders.long(24)}, {})
    packet = builders.xmp('xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title/>')
    return builders.jpeg(
        builders.segment(0xE1, b"Exif\0\0" + exif),
        builders.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()),
    )
