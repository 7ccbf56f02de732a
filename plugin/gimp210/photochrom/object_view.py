"""The picture in which an object is shown by clicks and boxes, with the object's outline."""

import ctypes

from gimpfu_compat.dialog.toolkit import gtk
from gimpfu_compat.libraries import Int, Pointer
from pictures import Picture, of_preview
from view import View
from widgets import on, tip

from photochrom_client import translated as _

BUTTON_RELEASE = 1 << 9
DRAGGED = 6
"""Pixels that the mouse moves with its button held before it drags a box: a click may slip a little."""

LEFT, RIGHT = 1, 3
SINGLE_PRESS = 4
"""A double click is told as two presses, and once more as such."""

FAINT = 0x808080FF, 90
"""Color and opacity of what is laid over the picture beside the object."""


class ButtonEvent(ctypes.Structure):
    """The beginning of a GdkEventButton."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("window", ctypes.c_void_p),
        ("sent", ctypes.c_int8),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_double),
        ("y", ctypes.c_double),
        ("axes", ctypes.c_void_p),
        ("state", ctypes.c_uint),
        ("button", ctypes.c_uint),
    )


class ObjectView(View):
    """The layer as displayed, with an object in its color and the rest fainter. Called are, with places 0…1 across and
    down, `clicked(x, y, away)` and `boxed(x, y, other_x, other_y)`, two corners. `subtracting`: the left button clicks
    away, as the right one always does."""

    def __init__(self, source, *, clicked, boxed):
        super().__init__(source)
        self._clicked, self._boxed = clicked, boxed
        self.subtracting = False
        self._pressed: tuple[float, float] | None = None
        self._shown = self._before
        tip(self._events, _("Click on the object. Right click on what does not belong to it. Drag a box."))
        gtk("widget_add_events", None, Pointer, Int)(self._events, BUTTON_RELEASE)
        on(self._events, "button-press-event", self._press, Pointer, result=Int)
        on(self._events, "motion-notify-event", self._drag, Pointer, result=Int)
        on(self._events, "button-release-event", self._release, Pointer, result=Int)

    def show_object(self, preview):
        """Takes the engine's `Preview` of an object, whose alpha is the object; None for none."""
        self._shown = self._before
        if preview is not None:
            color, opacity = FAINT
            alone = of_preview(preview)
            self._shown = self._before.copy()
            self._shown.lay_over(Picture.plain(self._width, self._height, color), opacity)
            self._shown.lay_over(alone)
            self._shown.outline(alone)
        self._show(self._shown)

    def _press(self, event):
        told = ctypes.cast(event, ctypes.POINTER(ButtonEvent)).contents
        if told.type != SINGLE_PRESS:
            return 1
        if told.button == LEFT:
            self._pressed = self._place(event)
        elif told.button == RIGHT:
            self._clicked(*self._place(event), True)
        return 1

    def _drag(self, event):
        if self._pressed is not None and max(self._moved(self._pressed, event)) > DRAGGED:
            shown = self._shown.copy()
            shown.frame(*self._box(self._pressed, event))
            self._show(shown)
        return 1

    def _release(self, event):
        if self._pressed is None:
            return 0
        pressed, self._pressed = self._pressed, None
        if min(self._moved(pressed, event)) > DRAGGED:
            self._boxed(*pressed, *self._place(event))
        else:
            self._show(self._shown)
            self._clicked(*pressed, self.subtracting)
        return 1

    def _moved(self, pressed, event):
        """By how many pixels the mouse has moved since it was pressed, across and down."""
        x, y = self._place(event)
        return abs(x - pressed[0]) * self._width, abs(y - pressed[1]) * self._height

    def _box(self, pressed, event):
        """Columns and rows of the box between where the mouse was pressed and where it is: left, top, right, bottom."""
        x, y = self._place(event)
        left, right = sorted(min(self._width - 1, round(at * self._width)) for at in (pressed[0], x))
        top, bottom = sorted(min(self._height - 1, round(at * self._height)) for at in (pressed[1], y))
        return left, top, right, bottom
