"""The window: a table of labels and widgets, Cancel and OK."""

from __future__ import annotations

import ctypes
from typing import Any

from ..libraries import Int, Pointer, Text, encode
from ..procedures import wait_for_gimp
from ..registration import Parameter, Script
from . import toolkit
from .toolkit import RESPONSE_CANCEL, RESPONSE_OK, Unsigned, gimp_ui, gimp_widgets, gtk, pack, vertical_box
from .widgets import Widget, widget_for

FILL, EXPAND_AND_FILL = 4, 5
TOO_MANY = 14
"""So many parameters are put into a frame that scrolls."""


def ask(script: Script, params: tuple[Parameter, ...], values: list[Any]) -> list[Any] | None:
    """Shows values of a script's parameters, and gives what the user makes of them; None when the user cancels."""
    toolkit.start(script.name)
    window = _dialog(_title(script))
    box = vertical_box(12)
    gtk("container_set_border_width", None, Pointer, Unsigned)(box, 12)
    pack(gtk("dialog_get_content_area", Pointer, Pointer)(window), box, expand=True)
    if script.blurb:
        pack(box, gimp_widgets("hint_box_new", Pointer, Text)(encode(script.blurb)))
    widgets = [widget_for(parameter, value) for parameter, value in zip(params, values, strict=True)]
    table = _table(params, widgets)
    pack(box, _scrolling(table) if len(params) > TOO_MANY else table, expand=True)
    pack(box, gimp_ui("progress_bar_new", Pointer)())
    gtk("widget_show_all", None, Pointer)(window)
    gimp_ui("window_set_transient", None, Pointer)(window)
    try:
        return _answer(window, params, widgets)
    finally:
        gtk("widget_destroy", None, Pointer)(window)
        toolkit.process_events()
        wait_for_gimp()


def _answer(window: int, params: tuple[Parameter, ...], widgets: list[Widget]) -> list[Any] | None:
    """The values at OK. Where one is no number the user is told, and the dialog stays."""
    while gtk("dialog_run", Int, Pointer)(window) == RESPONSE_OK:
        answer = []
        for parameter, widget in zip(params, widgets, strict=True):
            try:
                answer.append(widget.read())
            except ValueError:
                gtk("widget_grab_focus", None, Pointer)(widget.pointer)
                _complain(window, f"{parameter.description.replace('_', '')}: this is not a number.")
                break
        else:
            return answer
    return None


def _dialog(title: str) -> int:
    """GtkDialog alone: gimp_dialog_new is variadic, which ctypes cannot call on every processor."""
    window = int(gtk("dialog_new", Pointer)())
    gtk("window_set_title", None, Pointer, Text)(window, encode(title))
    gtk("window_set_position", None, Pointer, Int)(window, 2)  # where the mouse is
    add = gtk("dialog_add_button", Pointer, Pointer, Text, Int)
    for label, response in ((b"gtk-cancel", RESPONSE_CANCEL), (b"gtk-ok", RESPONSE_OK)):
        add(window, label, response)
    gtk("dialog_set_default_response", None, Pointer, Int)(window, RESPONSE_OK)
    return window


def _title(script: Script) -> str:
    """The menu's label without the mark of its shortcut and its dots; the name where there is none."""
    return (script.label or script.name).replace("_", "").rstrip(".…")


def _table(params: tuple[Parameter, ...], widgets: list[Widget]) -> int:
    table = int(gtk("table_new", Pointer, Unsigned, Unsigned, Int)(len(params), 2, 0))
    gtk("table_set_row_spacings", None, Pointer, Unsigned)(table, 6)
    gtk("table_set_col_spacings", None, Pointer, Unsigned)(table, 6)
    attach = gtk("table_attach", None, Pointer, Pointer, *[Unsigned] * 4, Int, Int, Unsigned, Unsigned)
    for row, (parameter, widget) in enumerate(zip(params, widgets, strict=True)):
        label = gtk("label_new_with_mnemonic", Pointer, Text)(encode(f"{parameter.description}:".replace("::", ":")))
        gtk("misc_set_alignment", None, Pointer, ctypes.c_float, ctypes.c_float)(label, 0.0, 0.5)
        gtk("label_set_mnemonic_widget", None, Pointer, Pointer)(label, widget.pointer)
        attach(table, label, 0, 1, row, row + 1, FILL, FILL, 0, 0)
        attach(table, widget.pointer, 1, 2, row, row + 1, EXPAND_AND_FILL, FILL, 0, 0)
    return table


def _scrolling(widget: int) -> int:
    frame = int(gtk("scrolled_window_new", Pointer, Pointer, Pointer)(None, None))
    gtk("scrolled_window_set_policy", None, Pointer, Int, Int)(frame, 2, 1)  # never sideways, down when needed
    gtk("scrolled_window_add_with_viewport", None, Pointer, Pointer)(frame, widget)
    gtk("widget_set_size_request", None, Pointer, Int, Int)(frame, 460, 480)
    return frame


def _complain(window: int, text: str) -> None:
    """A box with a sentence, made without GTK's variadic functions."""
    box = _dialog("")
    label = gtk("label_new", Pointer, Text)(encode(text))
    gtk("misc_set_padding", None, Pointer, Int, Int)(label, 12, 12)
    pack(gtk("dialog_get_content_area", Pointer, Pointer)(box), label)
    gtk("window_set_transient_for", None, Pointer, Pointer)(box, window)
    gtk("widget_show_all", None, Pointer)(box)
    gtk("dialog_run", Int, Pointer)(box)
    gtk("widget_destroy", None, Pointer)(box)
