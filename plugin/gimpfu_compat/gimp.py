"""GIMP's objects and functions, as Python-Fu had them."""

from __future__ import annotations

import ctypes as _ctypes

from gimpfu_compat import look_in_last as _look_in_last
from gimpfu_compat.errors import error
from gimpfu_compat.libraries import BASE as _BASE
from gimpfu_compat.libraries import GIMP as _GIMP
from gimpfu_compat.libraries import GLIB as _GLIB
from gimpfu_compat.libraries import Double as _Double
from gimpfu_compat.libraries import Int as _Int
from gimpfu_compat.libraries import Text as _Text
from gimpfu_compat.libraries import decode as _decode
from gimpfu_compat.libraries import encode as _encode
from gimpfu_compat.libraries import function as _function
from gimpfu_compat.libraries import version as _version
from gimpfu_compat.plugin_process import (
    install_procedure,
    install_temp_proc,
    main,
    menu_register,
    uninstall_temp_proc,
)
from gimpfu_compat.procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

    from gimpfu_compat.images import Display, Image
    from gimpfu_compat.parasites import Parasite

_look_in_last()
version = _version()
_FOLDERS = ("directory", "data_directory", "locale_directory", "sysconf_directory", "plug_in_directory")
_LATE = {
    **dict.fromkeys(("Image", "Display"), "images"),
    **dict.fromkeys(("Layer", "GroupLayer"), "layers"),
    **dict.fromkeys(("Item", "delete"), "items"),
    **dict.fromkeys(("Vectors", "VectorsStroke", "VectorsBezierStroke"), "paths"),
    **dict.fromkeys(("get_data", "set_data"), "shelf"),
    **{"Channel": "channels", "Drawable": "drawables", "Parasite": "parasites", "PixelFetcher": "fetcher"},
    **{"PixelRgn": "regions", "Tile": "tiles"},
}
"""Which module has a name of this one that is imported when it is used: most scripts use few of them."""


def __getattr__(name: str) -> Any:
    found: Any
    if name in _FOLDERS:
        found = _decode(_function(_BASE, f"gimp_{name}", _Text)()) or ""
    elif name in _LATE:
        found = getattr(__import__(f"gimpfu_compat.{_LATE[name]}", fromlist=[name]), name)
    else:
        raise AttributeError(f"module 'gimp' has no attribute {name!r}")
    globals()[name] = found
    return found


_progress_init = _function(_GIMP, "gimp_progress_init", _Int, _Text)
_progress_update = _function(_GIMP, "gimp_progress_update", _Int, _Double)
_progress_set_text = _function(_GIMP, "gimp_progress_set_text", _Int, _Text)


def quit() -> None:
    """Ends the script at once."""
    _function(_GIMP, "gimp_quit", None)()


exit = quit


def message(text: Any) -> None:
    """Shows text where messages are shown now: in a box, on the error console, or on standard error."""
    pdb.call("gimp-message", (str(text),))


def progress_init(text: str = "Processing...") -> None:
    _progress_init(_encode(text))


def progress_update(fraction: float) -> None:
    """How much is done, 0…1."""
    _progress_update(float(fraction))


def progress_set_text(text: str) -> None:
    _progress_set_text(_encode(text))


def displays_flush() -> None:
    """Shows all changes."""
    pdb.call("gimp-displays-flush", ())


def default_display() -> Display | None:
    from gimpfu_compat.images import Display

    number = _function(_GIMP, "gimp_default_display", _Int)()
    return Display.of(number) if number > 0 else None


def image_list() -> list[Image]:
    """The open images, the last one first."""
    from gimpfu_compat.images import Image

    return [Image.of(number) for number in pdb.call("gimp-image-list", ())[1]]


def get_foreground() -> Any:
    return pdb.call("gimp-context-get-foreground", ())


def get_background() -> Any:
    return pdb.call("gimp-context-get-background", ())


def set_foreground(*color: Any) -> None:
    """A color, or its three or four channels."""
    pdb.call("gimp-context-set-foreground", (color[0] if len(color) == 1 else color,))


def set_background(*color: Any) -> None:
    """A color, or its three or four channels."""
    pdb.call("gimp-context-set-background", (color[0] if len(color) == 1 else color,))


def context_push() -> None:
    pdb.call("gimp-context-push", ())


def context_pop() -> None:
    pdb.call("gimp-context-pop", ())


def gradients_get_list(pattern: str = "") -> tuple[str, ...]:
    return tuple(pdb.call("gimp-gradients-get-list", (pattern,))[1])


def gradients_get_gradient() -> str:
    return str(pdb.call("gimp-context-get-gradient", ()))


def gradients_set_gradient(name: str) -> None:
    pdb.call("gimp-context-set-gradient", (name,))


def gradients_sample_uniform(count: int, reverse: bool = False) -> list[tuple[float, ...]]:
    """Colors of the current gradient at even distances, as r, g, b, a of 0…1."""
    name = gradients_get_gradient()
    return _fours(pdb.call("gimp-gradient-get-uniform-samples", (name, count, reverse))[1])


def gradients_sample_custom(positions: Any, reverse: bool = False) -> list[tuple[float, ...]]:
    """Colors of the current gradient at positions of 0…1."""
    name = gradients_get_gradient()
    return _fours(pdb.call("gimp-gradient-get-custom-samples", (name, len(positions), positions, reverse))[1])


def _fours(samples: Any) -> list[tuple[float, ...]]:
    return [tuple(samples[begin : begin + 4]) for begin in range(0, len(samples), 4)]


def fonts_refresh() -> None:
    pdb.call("gimp-fonts-refresh", ())


def parasite_find(name: str) -> Parasite | None:
    try:
        found: Parasite = pdb.call("gimp-get-parasite", (name,))
    except error:
        return None
    return found


def parasite_attach(parasite: Parasite) -> None:
    pdb.call("gimp-attach-parasite", (parasite,))


def attach_new_parasite(name: str, flags: int, data: Any) -> None:
    from gimpfu_compat.parasites import Parasite

    parasite_attach(Parasite(name, flags, data))


def parasite_detach(name: str) -> None:
    pdb.call("gimp-detach-parasite", (name,))


def parasite_list() -> tuple[str, ...]:
    return tuple(pdb.call("gimp-get-parasite-list", ())[1])


def domain_register(name: str, folder: str | None = None) -> None:
    """Which catalog GIMP translates the labels of the menus by."""
    register = _function(_GIMP, "gimp_plugin_domain_register", None, _Text, _Text)
    register(_encode(name), _encode(folder) if folder else None)


def register_load_handler(name: str, extensions: str, prefixes: str) -> None:
    pdb.call("gimp-register-load-handler", (name, extensions, prefixes))


def register_magic_load_handler(name: str, extensions: str, prefixes: str, magics: str) -> None:
    pdb.call("gimp-register-magic-load-handler", (name, extensions, prefixes, magics))


def register_save_handler(name: str, extensions: str, prefixes: str) -> None:
    pdb.call("gimp-register-save-handler", (name, extensions, prefixes))


def extension_ack() -> None:
    _function(_GIMP, "gimp_extension_ack", None)()


def extension_enable() -> None:
    _function(_GIMP, "gimp_extension_enable", None)()


def extension_process(milliseconds: int) -> None:
    _function(_GIMP, "gimp_extension_process", None, _ctypes.c_uint)(milliseconds)


def tile_width() -> int:
    from gimpfu_compat.tiles import TILE

    return TILE


tile_height = tile_width


def tile_cache_size(kilobytes: int) -> None:
    _function(_GIMP, "gimp_tile_cache_size", None, _ctypes.c_ulong)(int(kilobytes))


def tile_cache_ntiles(count: int) -> None:
    _function(_GIMP, "gimp_tile_cache_ntiles", None, _ctypes.c_ulong)(int(count))


def gamma() -> float:
    return float(_function(_GIMP, "gimp_gamma", _Double)())


def gtkrc() -> str:
    """The file of GTK's that GIMP's look is in."""
    return _decode(_function(_GIMP, "gimp_gtkrc", _Text)()) or ""


def get_progname() -> str:
    return _decode(_function(_GIMP, "gimp_get_progname", _Text)()) or ""


def personal_rc_file(name: str) -> str:
    return f"{__getattr__('directory')}/{name}"


def user_directory(kind: int) -> str | None:
    """A folder of the user's, such as USER_DIRECTORY_PICTURES."""
    return _decode(_function(_GLIB, "g_get_user_special_dir", _Text, _Int)(kind))


def get_monitor_resolution() -> tuple[float, float]:
    x, y = pdb.call("gimp-get-monitor-resolution", ())
    return x, y


def vectors_import_from_file(image: Image, name: str, merge: bool = False, scale: bool = False) -> list[Any]:
    return [
        _id2drawable(number) for number in pdb.call("gimp-vectors-import-from-file", (image, name, merge, scale))[1]
    ]


def vectors_import_from_string(image: Image, text: str, merge: bool = False, scale: bool = False) -> list[Any]:
    data = _encode(text)
    arguments = (image, text, len(data), merge, scale)
    return [_id2drawable(number) for number in pdb.call("gimp-vectors-import-from-string", arguments)[1]]


def _id2image(number: int) -> Image | None:
    from gimpfu_compat.images import Image

    return Image.of(number) if pdb.call("gimp-image-is-valid", (number,)) else None


def _id2drawable(number: int) -> Any:
    from gimpfu_compat.items import of_number

    return of_number(number)


_id2vectors = _id2drawable


def _id2display(number: int) -> Display | None:
    from gimpfu_compat.images import Display

    return Display.of(number) if pdb.call("gimp-display-is-valid", (number,)) else None


__all__ = [
    name for name in (*globals(), *_LATE, *_FOLDERS) if not name.startswith("_") and name not in ("annotations", "Any")
]
