"""Camera raw files and DNG, developed neutrally by LibRaw (rawpy): camera white balance, no brightening, no curve.

The result is 16-bit sRGB, upright. Only its lightness is used: that of the light on the sensor, with white at
saturation. For other tones, develop the file in a raw converter and colorize the result.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image.color_spaces import SRGB
from photochrom.image.formats.samples import Samples, check_page, decoding, image_of, once
from photochrom.image.limits import check_size
from photochrom.image.stored_image import StoredImage

if TYPE_CHECKING:
    from rawpy import RawPy

_NAME: Final = "camera raw"
_DEVELOP: Final = "Develop it with darktable, RawTherapee or the camera's program, and save it as a 16-bit TIFF."
_DEVELOPED: Final = "it is a camera raw file, developed with the camera's white balance and no tone curve."
_NO_METADATA: Final = "metadata of this maker's raw files cannot be read and are left out."
_SRGB_GAMMA: Final = (2.4, 12.92)
_TURNED: Final = (5, 6)
"""LibRaw's flips that swap width and height."""


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`."""
    check_page(path, number, 1)
    with decoding(path, _NAME, _DEVELOP), _open(path) as raw:
        sizes = raw.sizes
        turned = sizes.flip in _TURNED
        width, height = (sizes.iheight, sizes.iwidth) if turned else (sizes.iwidth, sizes.iheight)
    check_size(path, width, height, max_pixels, whole=True, pixel_bytes=16)

    def decode() -> pyvips.Image:
        with decoding(path, _NAME, _DEVELOP), _open(path) as raw:
            return image_of(_developed(raw))

    return StoredImage(
        width=width,
        height=height,
        format="ushort",
        color="rgb",
        load=once(decode),
        space=SRGB,
        whole=True,
        notes=(_DEVELOPED,) if _is_tiff(path) else (_DEVELOPED, _NO_METADATA),
    )


def _open(path: Path) -> RawPy:
    import rawpy

    try:
        return rawpy.imread(str(path))
    except rawpy.LibRawFileUnsupportedError as error:
        raise BadPicture(f"{path} is a camera raw file of a kind that LibRaw does not support.", _DEVELOP) from error


def _developed(raw: RawPy) -> Samples:
    """Returns (h, w, 3) 16-bit sRGB."""
    import rawpy

    samples = raw.postprocess(
        **_white_balance(raw),
        no_auto_bright=True,
        adjust_maximum_thr=0.0,
        output_bps=16,
        gamma=_SRGB_GAMMA,
        output_color=rawpy.ColorSpace.sRGB,
    )
    return samples if samples.shape[2] == 3 else np.repeat(samples[..., :1], 3, axis=2)


def _is_tiff(path: Path) -> bool:
    """Whether the file is structured as TIFF, like DNG and most makers' raw files; its tags are then kept."""
    with path.open("rb") as file:
        return file.read(4) in (b"II*\0", b"MM\0*")


def _white_balance(raw: RawPy) -> dict[str, Any]:
    """LibRaw's options for the camera's white balance, else daylight, else equal channels."""
    if raw.camera_whitebalance[0] > 0:
        return {"use_camera_wb": True}
    daylight = raw.daylight_whitebalance
    return {"user_wb": [*daylight[:3], daylight[3] or daylight[1]] if min(daylight[:3]) > 0 else [1.0, 1.0, 1.0, 1.0]}
