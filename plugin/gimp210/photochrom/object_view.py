"""The picture in which an object is shown by clicks and boxes, with the object's outline."""

import ctypes

import pixels
from gimpfu_compat.dialog.toolkit import gtk
from gimpfu_compat.libraries import Int, Pointer
from pictures import Picture, of_preview
from view import View
from widgets import on, tip

from photochrom_client import translated as _
from photochrom_client.kit.preview import fit

BUTTON_RELEASE = 1 << 9
DRAGGED = 6
"""Pixels that the mouse moves with its button held before it drags a box: a click may slip a little."""

MOST_THUMBNAIL = 1024
"""GIMP's own limit."""

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
    """The layer with what lies over it, as displayed, an object in its color and the rest fainter; at 100 % the layer
    alone. Called are, with places 0…1 across and down, `clicked(x, y, away)`; `boxed(x, y, other_x, other_y)`, two
    corners; and while `picking`, `picked(rgb)`, a color of the picture, 0…1 each. `subtracting`: the left button
    clicks away, as the right one always does."""

    def __init__(self, image, source, *, clicked, boxed, picked):
        self._clicked, self._boxed, self._picked = clicked, boxed, picked
        self.subtracting = self.picking = False
        self._pressed: tuple[float, float] | None = None
        self._object = self._displayed = None
        super().__init__(source)
        if len(image.layers) > 1:
            self._displayed = self._with_layers(image, source)
            self._draw()
        tip(self._events, _("Click on the object. Right click on what does not belong to it. Drag a box."))
        gtk("widget_add_events", None, Pointer, Int)(self._events, BUTTON_RELEASE)
        on(self._events, "button-press-event", self._press, Pointer, result=Int)
        on(self._events, "motion-notify-event", self._drag, Pointer, result=Int)
        on(self._events, "button-release-event", self._release, Pointer, result=Int)

    def show_object(self, preview):
        """Takes the engine's `Preview` of an object, whose alpha is the object; None for none."""
        self._object = preview and of_preview(preview)
        self._draw()

    def _draw(self):
        self._ground = self._before
        if self._displayed is not None and not self._zoom.value:
            self._ground = self._visible(self._displayed)
        self._shown = self._ground
        if self._object is not None:
            color, opacity = FAINT
            alone = self._visible(self._object)
            self._shown = self._ground.copy()
            self._shown.lay_over(Picture.plain(self._width, self._height, color), opacity)
            self._shown.lay_over(alone)
            self._shown.outline(alone)
        self._show(self._shown)

    def _with_layers(self, image, source):
        """The layer, and over it the image as it is displayed: the layer may reach beyond it."""
        width, height = fit(source.width, source.height, MOST_THUMBNAIL, MOST_THUMBNAIL)
        shown = self._whole.sized(width, height)
        scale = width / source.width
        across, down = (max(1, round(scale * side)) for side in (image.width, image.height))
        seen = Picture.of_any(*pixels.thumbnail(image, *fit(across, down, MOST_THUMBNAIL, MOST_THUMBNAIL)))
        left, top = source.offsets
        shown.lay_in(seen, -scale * left, -scale * top, across / seen.width, down / seen.height)
        return shown

    def _press(self, event):
        told = ctypes.cast(event, ctypes.POINTER(ButtonEvent)).contents
        if told.type != SINGLE_PRESS:
            return 1
        if told.button == LEFT and self.picking:
            self._picked(self._color_at(*self._at(event)))
        elif told.button == LEFT:
            self._pressed = self._at(event)
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
        place, other = self._now().place(*pressed), self._place(event)
        dragged = min(self._moved(pressed, event)) > DRAGGED
        if dragged and place[0] != other[0] and place[1] != other[1]:
            self._boxed(*place, *other)
        else:
            self._show(self._shown)
            self._clicked(*place, self.subtracting)
        return 1

    def _moved(self, pressed, event):
        """By how many pixels the mouse has moved since it was pressed, across and down."""
        return [abs(now - then) for now, then in zip(self._at(event), pressed, strict=True)]

    def _box(self, pressed, event):
        """Columns and rows of the box between where the mouse was pressed and where it is: left, top, right, bottom."""
        (x, y), (other_x, other_y) = self._at(event), pressed
        left, right = sorted(round(min(self._width - 1, max(0, at))) for at in (x, other_x))
        top, bottom = sorted(round(min(self._height - 1, max(0, at))) for at in (y, other_y))
        return left, top, right, bottom

    def _color_at(self, x, y):
        return self._ground.color_at(min(self._width - 1, max(0, int(x))), min(self._height - 1, max(0, int(y))))
