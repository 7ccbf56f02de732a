"""A widget for each type of parameter, and how its value is read."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable
from ctypes import byref, c_double, c_int
from typing import Any, NamedTuple

from .. import registration as pf
from ..colors import RGB, to_rgb
from ..libraries import Double, Int, Pointer, Text, decode, encode, taken
from ..parameters import wrapped
from ..registration import Parameter
from .toolkit import Unsigned, gimp_ui, gimp_widgets, gtk, pack, vertical_box

RANGE = (0, 100, 1)
"""Of a slider or spinner whose script names none."""

OPEN, SELECT_FOLDER = 0, 2
ITER_BYTES = 128
"""More than a GtkTextIter takes."""


class Widget(NamedTuple):
    """The GtkWidget, and a function that reads its value. Reading raises ValueError for text that is no number."""

    pointer: int
    read: Callable[[], Any]


def widget_for(parameter: Parameter, value: Any) -> Widget:
    """The widget of a parameter, showing a value."""
    return _MAKERS.get(parameter.kind, _entry)(parameter, value)


def _range(parameter: Parameter) -> tuple[float, float, float]:
    lower, upper, step = (*(parameter.extra or RANGE), 1)[:3]
    return float(lower), float(upper), float(step or 1)


def _digits(step: float) -> int:
    """How many digits after the point a step needs."""
    return 0 if float(step).is_integer() else min(8, max(1, math.ceil(-math.log10(abs(step)) - 1e-9)))


def _adjustment(parameter: Parameter, value: Any) -> tuple[int, float]:
    lower, upper, step = _range(parameter)
    make = gtk("adjustment_new", Pointer, *[Double] * 6)
    return make(float(value if value is not None else lower), lower, upper, step, 10 * step, 0.0), step


def _spinner(parameter: Parameter, value: Any) -> Widget:
    adjustment, step = _adjustment(parameter, value)
    digits = _digits(step)
    button = gtk("spin_button_new", Pointer, Pointer, Double, Unsigned)(adjustment, step, digits)
    gtk("spin_button_set_numeric", None, Pointer, Int)(button, 1)
    gtk("entry_set_activates_default", None, Pointer, Int)(button, 1)

    def read() -> float:
        gtk("spin_button_update", None, Pointer)(button)
        number = float(gtk("spin_button_get_value", Double, Pointer)(button))
        return number if digits else round(number)

    return Widget(button, read)


def _slider(parameter: Parameter, value: Any) -> Widget:
    adjustment, step = _adjustment(parameter, value)
    scale = gtk("hscale_new", Pointer, Pointer)(adjustment)
    gtk("scale_set_digits", None, Pointer, Int)(scale, _digits(step))
    gtk("scale_set_value_pos", None, Pointer, Int)(scale, 1)
    gtk("widget_set_size_request", None, Pointer, Int, Int)(scale, 200, -1)
    return Widget(scale, lambda: gtk("range_get_value", Double, Pointer)(scale))


def _toggle(parameter: Parameter, value: Any) -> Widget:
    button = gtk("check_button_new", Pointer)()
    gtk("toggle_button_set_active", None, Pointer, Int)(button, bool(value))
    return Widget(button, lambda: bool(gtk("toggle_button_get_active", Int, Pointer)(button)))


def _option(parameter: Parameter, value: Any) -> Widget:
    box = gtk("combo_box_new_text", Pointer)()
    for text in parameter.extra or ():
        gtk("combo_box_append_text", None, Pointer, Text)(box, encode(text))
    gtk("combo_box_set_active", None, Pointer, Int)(box, int(value or 0))
    return Widget(box, lambda: gtk("combo_box_get_active", Int, Pointer)(box))


def _radio(parameter: Parameter, value: Any) -> Widget:
    box = vertical_box(2)
    buttons: list[tuple[int, Any]] = []
    for text, choice in parameter.extra or ():
        first = buttons[0][0] if buttons else None
        make = gtk("radio_button_new_with_mnemonic_from_widget", Pointer, Pointer, Text)
        button = make(first, encode(text))
        gtk("toggle_button_set_active", None, Pointer, Int)(button, choice == value)
        pack(box, button)
        buttons.append((button, choice))
    is_active = gtk("toggle_button_get_active", Int, Pointer)
    return Widget(box, lambda: next((choice for button, choice in buttons if is_active(button)), value))


def _text(parameter: Parameter, value: Any) -> Widget:
    view = gtk("text_view_new", Pointer)()
    frame = gtk("scrolled_window_new", Pointer, Pointer, Pointer)(None, None)
    gtk("scrolled_window_set_policy", None, Pointer, Int, Int)(frame, 1, 1)
    gtk("scrolled_window_set_shadow_type", None, Pointer, Int)(frame, 1)
    gtk("widget_set_size_request", None, Pointer, Int, Int)(frame, 260, 80)
    gtk("text_view_set_wrap_mode", None, Pointer, Int)(view, 2)
    gtk("container_add", None, Pointer, Pointer)(frame, view)
    buffer = gtk("text_view_get_buffer", Pointer, Pointer)(view)
    gtk("text_buffer_set_text", None, Pointer, Text, Int)(buffer, encode(value or ""), -1)

    def read() -> str:
        begin, end = (ctypes.create_string_buffer(ITER_BYTES) for _ in range(2))
        gtk("text_buffer_get_bounds", None, Pointer, Pointer, Pointer)(buffer, begin, end)
        text = gtk("text_buffer_get_text", Pointer, Pointer, Pointer, Pointer, Int)(buffer, begin, end, 0)
        return taken(text) or ""

    return Widget(frame, read)


def _color(parameter: Parameter, value: Any) -> Widget:
    channels = to_rgb(value if value is not None else (0, 0, 0)).channels
    make = gimp_widgets("color_button_new", Pointer, Text, Int, Int, Pointer, Int)
    button = make(encode(_plain(parameter)), 60, 22, channels, 0)

    def read() -> RGB:
        out = (c_double * 4)()
        gimp_widgets("color_button_get_color", None, Pointer, Pointer)(button, out)
        return RGB(*(float(channel) for channel in out))

    return Widget(button, read)


def _file(parameter: Parameter, value: Any) -> Widget:
    action = SELECT_FOLDER if parameter.kind == pf.PF_DIRNAME else OPEN
    button = gtk("file_chooser_button_new", Pointer, Text, Int)(encode(_plain(parameter)), action)
    gtk("widget_set_size_request", None, Pointer, Int, Int)(button, 200, -1)
    if value:
        gtk("file_chooser_set_filename", Int, Pointer, Text)(button, os.fsencode(os.path.abspath(value)))

    def read() -> Any:
        name = taken(gtk("file_chooser_get_filename", Pointer, Pointer)(button))
        return value if name is None else name

    return Widget(button, read)


_RESOURCES = {pf.PF_FONT: "font", pf.PF_GRADIENT: "gradient", pf.PF_PALETTE: "palette", pf.PF_PATTERN: "pattern"}


def _resource(parameter: Parameter, value: Any) -> Widget:
    """A font, gradient, palette or pattern by its name; none means the one chosen in GIMP."""
    kind = _RESOURCES[parameter.kind]
    make = gimp_ui(f"{kind}_select_button_new", Pointer, Text, Text)
    button = make(encode(_plain(parameter)), encode(value) if value else None)
    return Widget(button, lambda: decode(gimp_ui(f"{kind}_select_button_get_{kind}", Text, Pointer)(button)) or "")


def _brush(parameter: Parameter, value: Any) -> Widget:
    """A brush by its name. Old scripts write a default as a tuple that begins with it."""
    name = value[0] if isinstance(value, tuple) else value
    make = gimp_ui("brush_select_button_new", Pointer, Text, Text, Double, Int, Int)
    button = make(encode(_plain(parameter)), encode(name) if name else None, 1.0, -1, -1)
    read = gimp_ui("brush_select_button_get_brush", Text, Pointer, Pointer, Pointer, Pointer)
    return Widget(button, lambda: decode(read(button, None, None, None)) or "")


_OBJECTS = {
    pf.PF_IMAGE: "image",
    pf.PF_LAYER: "layer",
    pf.PF_CHANNEL: "channel",
    pf.PF_DRAWABLE: "drawable",
    pf.PF_ITEM: "drawable",
    pf.PF_VECTORS: "vectors",
}


def _object(parameter: Parameter, value: Any) -> Widget:
    box = gimp_ui(f"{_OBJECTS[parameter.kind]}_combo_box_new", Pointer, Pointer, Pointer)(None, None)
    if value is not None:
        gimp_widgets("int_combo_box_set_active", Int, Pointer, Int)(box, value.ID)

    def read() -> Any:
        number = c_int(-1)
        gimp_widgets("int_combo_box_get_active", Int, Pointer, Pointer)(box, byref(number))
        return wrapped(parameter.kind, number.value)

    return Widget(box, read)


_NUMBERS: dict[int, Callable[[str], Any]] = {
    **dict.fromkeys((pf.PF_INT8, pf.PF_INT16, pf.PF_INT32), int),
    pf.PF_FLOAT: float,
}


def _entry(parameter: Parameter, value: Any) -> Widget:
    """Text or a number in a line."""
    entry = gtk("entry_new", Pointer)()
    gtk("entry_set_text", None, Pointer, Text)(entry, encode("" if value is None else str(value)))
    gtk("entry_set_activates_default", None, Pointer, Int)(entry, 1)
    convert = _NUMBERS.get(parameter.kind, str)

    def read() -> Any:
        return convert((decode(gtk("entry_get_text", Text, Pointer)(entry)) or "").strip(" " * (convert is not str)))

    return Widget(entry, read)


def _plain(parameter: Parameter) -> str:
    """The description without the mark of its shortcut."""
    return parameter.description.replace("_", "")


_MAKERS: dict[int, Callable[[Parameter, Any], Widget]] = {
    pf.PF_SPINNER: _spinner,
    pf.PF_SLIDER: _slider,
    pf.PF_TOGGLE: _toggle,
    pf.PF_OPTION: _option,
    pf.PF_RADIO: _radio,
    pf.PF_TEXT: _text,
    pf.PF_COLOR: _color,
    **dict.fromkeys((pf.PF_FILE, pf.PF_FILENAME, pf.PF_DIRNAME), _file),
    **dict.fromkeys(_RESOURCES, _resource),
    pf.PF_BRUSH: _brush,
    **dict.fromkeys(_OBJECTS, _object),
}
