"""Recognizes file types that cannot be read, for errors that name the type and tell how to convert it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_EXPORT: Final = "Save it as TIFF or PNG with the program that created it."
_DEVELOP: Final = "Save it as a 16-bit TIFF with the tones you want, for instance with darktable or GIMP."
_PAGES: Final = "Export its pages as TIFF or PNG, and colorize those."
_FRAME: Final = "Save the frame you want as PNG or TIFF."
_UNPACK: Final = "Unpack it first."
_GIMP: Final = "Open it in GIMP and colorize it there, or export it as TIFF or PNG."
_KRITA: Final = "Open it in Krita and colorize it there, or export it as TIFF or PNG."

_PDF: Final = ("a PDF document", "Take the scans out of it (pdfimages -all), or export its pages as TIFF or PNG.")
_SVG: Final = ("an SVG drawing", "Export it as PNG.")
_VIDEO: Final = ("a video", _FRAME)

_SIGNATURES: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"%PDF-", *_PDF),
    (0, b"%!PS", "a PostScript document", _PAGES),
    (0, b"\xc5\xd0\xd3\xc6", "an EPS document", _PAGES),
    (0, b"AT&TFORM", "a DjVu document", _PAGES),
    (0, b"gimp xcf", "a GIMP document (XCF)", _GIMP),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture of high dynamic range", _DEVELOP),
    (0, b"#?RADIANCE", "a Radiance picture of high dynamic range (HDR)", _DEVELOP),
    (0, b"#?RGBE", "a Radiance picture of high dynamic range (HDR)", _DEVELOP),
    (0, b"PF\n", "a floating-point picture (PFM)", _DEVELOP),
    (0, b"Pf\n", "a floating-point picture (PFM)", _DEVELOP),
    (0, b"SIMPLE  =", "a FITS file (astronomy)", _DEVELOP),
    (128, b"DICM", "a DICOM file (medicine)", _EXPORT),
    (0, b"II\xbc\x01", "a JPEG XR picture", _EXPORT),
    (0, b"SDPX", "a DPX frame of film", _DEVELOP),
    (0, b"XPDS", "a DPX frame of film", _DEVELOP),
    (0, b"\x80\x2a\x5f\xd7", "a Cineon frame of film", _DEVELOP),
    (2048, b"PCD_IPI", "a Kodak Photo CD picture", "Convert it to TIFF, for instance with pcdtojpeg or ImageMagick."),
    (0, b"BPG\xfb", "a BPG picture", _EXPORT),
    (0, b"qoif", "a QOI picture", _EXPORT),
    (0, b"farbfeld", "a farbfeld picture", _EXPORT),
    (0, b"\0\0\1\0", "an icon (ICO)", _EXPORT),
    (0, b"\x0a\x05\x01", "a PCX picture", _EXPORT),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of Microsoft Office, or a FlashPix picture", _EXPORT),
    (0, b"\x01\x00\x00\x00\x6c\x00\x00\x00", "a drawing (EMF)", _EXPORT),
    (0, b"\xd7\xcd\xc6\x9a", "a drawing (WMF)", _EXPORT),
    (0, b"CSFCHUNK", "a Clip Studio document", _EXPORT),
    (0, b"\x00\xff\x4b\x41", "an Affinity document", _EXPORT),
    (0, b"\x1a\x45\xdf\xa3", *_VIDEO),
    (8, b"AVI ", *_VIDEO),
    (0, b"\0\0\1\xba", *_VIDEO),
    (0, b"\0\0\1\xb3", *_VIDEO),
    (0, b"\x1f\x8b", "a gzip archive", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
)
"""Offset, signature, the type of file that has it, and the next step."""

_ZIPPED: Final = {
    b"application/x-krita": ("a Krita document", _KRITA),
    b"image/openraster": ("an OpenRaster document", "Open it in GIMP or Krita, and export it as TIFF or PNG."),
    b"application/vnd.oasis": ("an OpenDocument file", _EXPORT),
}
"""ZIP archives by the media type in their first entry."""

_TARGA: Final = b"TRUEVISION-XFILE.\0"


def identify(path: Path, head: bytes) -> tuple[str, str]:
    """Returns the type of the file `path` with the first bytes `head`, with its article, and the next step; both are
    "" if it is unknown."""
    for start, signature, what, way_out in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return what, way_out
    if head[:4] == b"PK\3\4":
        return next((found for mime, found in _ZIPPED.items() if mime in head[:100]), ("a ZIP archive", _UNPACK))
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"mif1", b"msf1", b"miaf"):
            return "a HEIF picture of a rare kind", "Save it as JPEG with the phone or program that created it."
        return _VIDEO
    return _VIDEO if head[4:8] in (b"moov", b"mdat", b"wide") else _text(path, head)


def _text(path: Path, head: bytes) -> tuple[str, str]:
    """Recognizes text formats, and Targa by its end."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in text):
        return _SVG
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page", "Save the picture on it by itself."
    return ("a Targa picture (TGA)", _EXPORT) if _is_targa(path) else ("", "")


def _is_targa(path: Path) -> bool:
    """Whether the file ends with the signature of Targa."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - len(_TARGA)))
            return file.read() == _TARGA
    except OSError:
        return False
