"""Widgets of GTK 2 and of GIMP, as far as our dialogs need them. By ctypes: GIMP 2.10 may have no Python of its own."""

import ctypes
import traceback
from ctypes import CFUNCTYPE, c_double, c_uint, c_ulong

from gimpfu_compat.dialog.toolkit import Unsigned, gimp_widgets, gtk, pack, vertical_box
from gimpfu_compat.libraries import GLIB, GOBJECT, Double, Int, Pointer, Text, encode, function

FILL, EXPAND_AND_FILL = 4, 5
HORIZONTAL = 0
ALIGNED = ctypes.c_float, ctypes.c_float

_connect = function(GOBJECT, "g_signal_connect_data", c_ulong, Pointer, Text, Pointer, Pointer, Pointer, Int)
_every = function(GLIB, "g_timeout_add", c_uint, c_uint, Pointer, Pointer)
_when_idle = function(GLIB, "g_idle_add", c_uint, Pointer, Pointer)
_remove_source = function(GLIB, "g_source_remove", Int, c_uint)

_kept: dict[int, object] = {}
"""What C calls: Python must not free it while a widget may."""


def on(widget, signal, react, *given, result=None):
    """Calls `react` with the widget's signal: with the values of the types `given`."""

    def call(_widget, *values):
        try:
            return react(*values[:-1])
        except Exception:
            traceback.print_exc()
            return 0

    callback = CFUNCTYPE(result, Pointer, *given, Pointer)(call)
    _kept[id(callback)] = callback
    _connect(widget, encode(signal), ctypes.cast(callback, Pointer), None, None, 0)


class Timer:
    """Calls `act` again and again, on the main thread, until it is closed."""

    def __init__(self, milliseconds, act):
        def call(_data):
            try:
                act()
            except Exception:
                traceback.print_exc()
            return 1

        self._callback = CFUNCTYPE(Int, Pointer)(call)
        self._number = _every(milliseconds, ctypes.cast(self._callback, Pointer), None)

    def close(self):
        _remove_source(self._number)


class Soon:
    """Calls `act` once each time it is asked to, on the main thread, when the windows have nothing else to do."""

    def __init__(self, act):
        def call(_data):
            self._number = 0
            try:
                act()
            except Exception:
                traceback.print_exc()
            return 0

        self._callback = CFUNCTYPE(Int, Pointer)(call)
        self._number = 0

    def ask(self):
        if not self._number:
            self._number = _when_idle(ctypes.cast(self._callback, Pointer), None)

    def close(self):
        if self._number:
            _remove_source(self._number)
            self._number = 0


class Scroller:
    """A scroll bar over `size` units, of which `page` are seen; `changed` is called without arguments."""

    def __init__(self, kind, changed):
        self._adjustment = gtk("adjustment_new", Pointer, *[Double] * 6)(*[0.0] * 6)
        self.widget = gtk(f"{kind}_new", Pointer, Pointer)(self._adjustment)
        gtk("widget_set_no_show_all", None, Pointer, Int)(self.widget, 1)
        on(self._adjustment, "value-changed", changed)

    @property
    def value(self):
        """The first that is seen."""
        return round(float(gtk("adjustment_get_value", c_double, Pointer)(self._adjustment)))

    def set(self, value, size, page):
        given = [float(each) for each in (value, 0, size, page / 10, page / 2, page)]
        gtk("adjustment_configure", None, Pointer, *[Double] * 6)(self._adjustment, *given)


def horizontal_box(spacing=6):
    return gtk("hbox_new", Pointer, Int, Int)(0, spacing)


def add(container, widget):
    gtk("container_add", None, Pointer, Pointer)(container, widget)


def show(widget, on=True):
    gtk("widget_show" if on else "widget_hide", None, Pointer)(widget)


def sensitive(widget, on):
    gtk("widget_set_sensitive", None, Pointer, Int)(widget, on)


def tip(widget, text):
    gtk("widget_set_tooltip_text", None, Pointer, Text)(widget, encode(text))


class Label:
    """Text that wraps at a width in pixels."""

    def __init__(self, text="", width=360):
        self.widget = gtk("label_new", Pointer, Text)(encode(text))
        gtk("misc_set_alignment", None, Pointer, *ALIGNED)(self.widget, 0.0, 0.0)
        gtk("label_set_line_wrap", None, Pointer, Int)(self.widget, 1)
        gtk("label_set_selectable", None, Pointer, Int)(self.widget, 1)
        gtk("widget_set_can_focus", None, Pointer, Int)(self.widget, 0)
        gtk("widget_set_size_request", None, Pointer, Int, Int)(self.widget, width, -1)

    def set(self, text):
        gtk("label_set_text", None, Pointer, Text)(self.widget, encode(text))


class Button:
    def __init__(self, label, act=None):
        self.widget = gtk("button_new_with_mnemonic", Pointer, Text)(encode(label))
        if act is not None:
            on(self.widget, "clicked", act)

    def set(self, label):
        gtk("button_set_label", None, Pointer, Text)(self.widget, encode(label))


class Toggle:
    """A button that stays pressed; `changed` is called without arguments. `content` is a widget in place of a label."""

    def __init__(self, label, changed, content=None):
        if content is None:
            self.widget = gtk("toggle_button_new_with_mnemonic", Pointer, Text)(encode(label))
        else:
            self.widget = gtk("toggle_button_new", Pointer)()
            add(self.widget, content)
        on(self.widget, "toggled", changed)

    @property
    def value(self):
        return bool(gtk("toggle_button_get_active", Int, Pointer)(self.widget))

    def set(self, pressed):
        gtk("toggle_button_set_active", None, Pointer, Int)(self.widget, bool(pressed))


class Check(Toggle):
    """A check box; `changed` is called without arguments."""

    def __init__(self, label, ticked, changed=lambda: None, width=360):
        self.widget = gtk("check_button_new_with_mnemonic", Pointer, Text)(encode(label))
        text = gtk("bin_get_child", Pointer, Pointer)(self.widget)
        gtk("label_set_line_wrap", None, Pointer, Int)(text, 1)
        gtk("widget_set_size_request", None, Pointer, Int, Int)(text, width, -1)
        self.set(ticked)
        on(self.widget, "toggled", changed)


class Choice:
    """A list of (name, title), one of them chosen; `changed` is called where the user chooses."""

    def __init__(self, listed, chosen, changed):
        self.widget = gtk("combo_box_new_text", Pointer)()
        for cell in _cells(self.widget):
            _set_int(cell, b"ellipsize", 3)  # at its end: titles must not make the dialog wide
        self._listed: list[tuple[str, str]] = []
        self._changed = changed
        self._filling = False
        self.value = chosen
        self.list(listed)
        on(self.widget, "changed", self._choose)

    def list(self, listed):
        """Shows other rows; what is chosen stays, in a row of its own where it is not among them."""
        listed = [*listed]
        if self.value not in dict(listed):
            listed.append((self.value, self.value))
        if listed == self._listed:
            return
        self._filling = True
        for _row in self._listed:
            gtk("combo_box_remove_text", None, Pointer, Int)(self.widget, 0)
        for _name, title in listed:
            gtk("combo_box_append_text", None, Pointer, Text)(self.widget, encode(title))
        self._listed = listed
        self._show()

    def set(self, name):
        """Chooses another one, without a call of `changed`."""
        self.value = name
        if name in dict(self._listed):
            self._show()
        else:
            self.list(self._listed)

    def _show(self):
        self._filling = True
        gtk("combo_box_set_active", None, Pointer, Int)(self.widget, [*dict(self._listed)].index(self.value))
        self._filling = False

    def _choose(self):
        number = gtk("combo_box_get_active", Int, Pointer)(self.widget)
        if not self._filling and number >= 0 and self._listed[number][0] != self.value:
            self.value = self._listed[number][0]
            self._changed()


class Table:
    """Rows of a label and what belongs to it."""

    def __init__(self):
        self.widget = gtk("table_new", Pointer, Unsigned, Unsigned, Int)(1, 3, 0)
        gtk("table_set_row_spacings", None, Pointer, Unsigned)(self.widget, 6)
        gtk("table_set_col_spacings", None, Pointer, Unsigned)(self.widget, 6)
        self._rows = 0

    def row(self, label, widget, *more):
        """A row with a label, whose underlined letter leads to the widget, and with more beside that."""
        named = gtk("label_new_with_mnemonic", Pointer, Text)(encode(label))
        gtk("misc_set_alignment", None, Pointer, *ALIGNED)(named, 0.0, 0.5)
        gtk("label_set_mnemonic_widget", None, Pointer, Pointer)(named, widget)
        self._attach(named, 0, 1, FILL)
        line = horizontal_box()
        pack(line, widget, expand=True)
        for each in more:
            pack(line, each)
        self._attach(line, 1, 3, EXPAND_AND_FILL)
        self._rows += 1

    def wide(self, widget):
        self._attach(widget, 0, 3, EXPAND_AND_FILL)
        self._rows += 1

    def scale(self, label, value, least, most, changed, help=""):
        """A row with a slider in percent."""
        make = gimp_widgets(
            *("scale_entry_new", Pointer, Pointer, Int, Int, Text, Int, Int),
            *[Double] * 5,
            *(Unsigned, Int, Double, Double, Text, Text),
        )
        adjustment = make(
            *(self.widget, 0, self._rows, encode(f"{label} (%)"), 120, 6),
            *(100 * value, 100 * least, 100 * most, 1.0, 10.0),
            *(0, 1, 0.0, 0.0, encode(help), None),
        )
        self._rows += 1
        return Number(adjustment, changed)

    def _attach(self, widget, left, right, across):
        attach = gtk("table_attach", None, Pointer, Pointer, *[Unsigned] * 4, Int, Int, Unsigned, Unsigned)
        attach(self.widget, widget, left, right, self._rows, self._rows + 1, across, FILL, 0, 0)


class Number:
    """What a slider in percent is set to, as a fraction."""

    def __init__(self, adjustment, changed):
        self._adjustment = adjustment
        on(adjustment, "value-changed", changed)

    @property
    def value(self):
        return round(float(gtk("adjustment_get_value", c_double, Pointer)(self._adjustment)) / 100, 6)

    def set(self, value):
        gtk("adjustment_set_value", None, Pointer, Double)(self._adjustment, 100 * value)


class Fader:
    """A slider without a number, from 0 to 1; `changed` is called without arguments."""

    def __init__(self, changed):
        self.widget = gtk("hscale_new_with_range", Pointer, Double, Double, Double)(0.0, 1.0, 0.1)
        gtk("scale_set_draw_value", None, Pointer, Int)(self.widget, 0)
        on(self.widget, "value-changed", changed)

    @property
    def value(self):
        return float(gtk("range_get_value", c_double, Pointer)(self.widget))


class MenuButton(Button):
    """A button with a menu of titles; `chosen` is called with the number of the one that the user picks."""

    def __init__(self, label, titles, chosen):
        super().__init__(label, self._pop_up)
        sensitive(self.widget, bool(titles))
        self._menu = gtk("menu_new", Pointer)()
        for number, title in enumerate(titles):
            item = gtk("menu_item_new_with_label", Pointer, Text)(encode(title))
            on(item, "activate", lambda number=number: chosen(number))
            gtk("menu_shell_append", None, Pointer, Pointer)(self._menu, item)
            show(item)

    def _pop_up(self):
        now = gtk("get_current_event_time", ctypes.c_uint32)()
        gtk("menu_popup", None, *[Pointer] * 5, c_uint, ctypes.c_uint32)(self._menu, *[None] * 4, 0, now)


def expander(label, widget):
    made = gtk("expander_new_with_mnemonic", Pointer, Text)(encode(label))
    add(made, widget)
    return made


def labeled(label, widget):
    """A label beside a widget, whose underlined letter leads to it."""
    line = horizontal_box()
    named = gtk("label_new_with_mnemonic", Pointer, Text)(encode(label))
    gtk("label_set_mnemonic_widget", None, Pointer, Pointer)(named, widget)
    pack(line, named)
    pack(line, widget, expand=True)
    return line


def column(*widgets, spacing=6):
    """Widgets below each other."""
    box = vertical_box(spacing)
    for each in widgets:
        pack(box, each)
    return box


def _cells(combo):
    cells = gtk("cell_layout_get_cells", Pointer, Pointer)(combo)
    first = function(GLIB, "g_list_nth_data", Pointer, Pointer, c_uint)
    count = function(GLIB, "g_list_length", c_uint, Pointer)(cells)
    found = [first(cells, number) for number in range(count)]
    function(GLIB, "g_list_free", None, Pointer)(cells)
    return found


def _set_int(thing, name, number):
    """Sets a property by its text: the function for values of any type is variadic."""
    by_text = function(GOBJECT, "g_object_set_property", None, Pointer, Text, Pointer)
    value = (ctypes.c_uint64 * 3)()
    int_type = 6 << 2
    function(GOBJECT, "g_value_init", Pointer, Pointer, ctypes.c_size_t)(value, int_type)
    function(GOBJECT, "g_value_set_int", None, Pointer, Int)(value, number)
    by_text(thing, name, value)
