"""The picture in which an object is shown by clicks and boxes, with the object's outline."""

import gi

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gimp, GLib
from view import View, pixbuf

from photochrom_client import translated as _
from photochrom_client.kit.outline import outline
from photochrom_client.kit.preview import fit

DRAGGED = 6
"""Pixels that the mouse moves with its button held before it drags a box: a click may slip a little."""

MOST_THUMBNAIL = 1024
"""GIMP's own limit."""

LEFT, RIGHT = 1, 3
LIGHT, DARK = b"\xff\xff\xff", b"\x00\x00\x00"


class ObjectView(View):
    """The layer with what lies over it, as displayed, or its colors; at 100 % the layer alone; and over it the objects
    that were kept. Called are, with places 0…1 across and down, `clicked(x, y, away)`; `boxed(x, y, other_x, other_y)`,
    two corners; and while `picking`, `picked(rgb)`, a color of the picture, 0…1 each. `subtracting`: the left button
    clicks away, as the right one always does."""

    def __init__(self, image, source, *, clicked, boxed, picked):
        self._clicked, self._boxed, self._picked = clicked, boxed, picked
        self.subtracting = self.picking = False
        self._pressed = None
        self._object = self._displayed = self._colored = None
        self._kept: list = []
        super().__init__(source)
        if len(image.get_layers()) > 1:
            self._displayed = self._with_layers(image, source)
            self._show()
        self.widget.set_tooltip_text(_("Click on the object. Right click on what does not belong to it. Drag a box."))
        self.widget.add_events(Gdk.EventMask.BUTTON_RELEASE_MASK)
        self.widget.connect("button-press-event", self._press)
        self.widget.connect("motion-notify-event", self._move)
        self.widget.connect("button-release-event", self._release)

    def show_object(self, preview):
        """Takes the engine's `Preview` of an object, whose alpha is the object; None for none."""
        self._object = preview and pixbuf(preview)
        self._show()

    def keep_object(self):
        """Goes on showing the object, without its outline, beside the next one."""
        self._kept.append(self._object)
        self.show_object(None)

    def show_colors(self, preview):
        """Takes the engine's `Preview` of the whole layer, to be shown around the objects; None for none."""
        self._colored = preview and pixbuf(preview)
        self._show()

    def _show(self):
        self._ground = self._before
        whole = self._colored or self._displayed
        if whole is not None and not self._zoom.get_active():
            self._ground = self._visible(whole)
        self._shown = self._ground
        for each in filter(None, (*self._kept, self._object)):
            over, size = self._visible(each), (self._width, self._height)
            self._shown = self._shown.copy()
            over.composite(self._shown, 0, 0, *size, 0, 0, 1, 1, GdkPixbuf.InterpType.NEAREST, 255)
            if each is self._object:
                self._shown = _outlined(self._shown, over)
        self._image.set_from_pixbuf(self._shown)

    def _with_layers(self, image, source):
        """The layer, and over it the image as it is displayed: the layer may reach beyond it."""
        width, height = fit(source.get_width(), source.get_height(), MOST_THUMBNAIL, MOST_THUMBNAIL)
        shown = self._whole.scale_simple(width, height, GdkPixbuf.InterpType.BILINEAR)
        scale = width / source.get_width()
        across, down = (max(1, round(scale * side)) for side in (image.get_width(), image.get_height()))
        sizes = fit(across, down, MOST_THUMBNAIL, MOST_THUMBNAIL)
        thumbnail = image.get_thumbnail(*sizes, Gimp.PixbufTransparency.KEEP_ALPHA)
        if thumbnail is None:
            return shown
        _found, left, top = source.get_offsets()
        x, y = -scale * left, -scale * top
        first = max(0, round(x)), max(0, round(y))
        room = min(width, round(x) + across) - first[0], min(height, round(y) + down) - first[1]
        if min(room) > 0:
            factors = across / thumbnail.get_width(), down / thumbnail.get_height()
            thumbnail.composite(shown, *first, *room, x, y, *factors, GdkPixbuf.InterpType.BILINEAR, 255)
        return shown

    def _press(self, _widget, event):
        if event.button == LEFT and self.picking:
            self._picked(self._color_at(int(event.x), int(event.y)))
        elif event.button == LEFT:
            self._pressed = event.x, event.y, self._place(event)
        elif event.button == RIGHT:
            self._clicked(*self._place(event), True)
        return True

    def _move(self, _widget, event):
        if self._pressed is not None:
            x, y, _place = self._pressed
            if max(abs(x - event.x), abs(y - event.y)) > DRAGGED:
                self._image.set_from_pixbuf(self._with_box(x, y, event.x, event.y))
        return True

    def _release(self, _widget, event):
        if event.button != LEFT or self._pressed is None:
            return False
        x, y, place = self._pressed
        self._pressed = None
        other = self._place(event)
        dragged = min(abs(x - event.x), abs(y - event.y)) > DRAGGED
        if dragged and place[0] != other[0] and place[1] != other[1]:
            self._boxed(*place, *other)
        else:
            self._image.set_from_pixbuf(self._shown)
            self._clicked(*place, self.subtracting)
        return True

    def _with_box(self, x, y, other_x, other_y):
        shown = self._shown.copy()
        columns = [round(min(self._width - 1, max(0, each))) for each in sorted((x, other_x))]
        rows = [round(min(self._height - 1, max(0, each))) for each in sorted((y, other_y))]
        wide, high = columns[1] - columns[0] + 1, rows[1] - rows[0] + 1
        for row in rows:
            shown.new_subpixbuf(columns[0], row, wide, 1).fill(0xFFFFFFFF)
        for column in columns:
            shown.new_subpixbuf(column, rows[0], 1, high).fill(0xFFFFFFFF)
        return shown

    def _color_at(self, x, y):
        x, y = min(self._width - 1, max(0, x)), min(self._height - 1, max(0, y))
        at = y * self._ground.get_rowstride() + x * self._ground.get_n_channels()
        return tuple(value / 255 for value in self._ground.get_pixels()[at : at + 3])


def _outlined(shown, over):
    """A picture with the outline of the object in the alpha of another one of the same size."""
    width, height, row, bands = shown.get_width(), shown.get_height(), shown.get_rowstride(), shown.get_n_channels()
    alpha, of_row, of_pixel = over.get_pixels(), over.get_rowstride(), over.get_n_channels()
    inside = b"".join(alpha[y * of_row + 3 : y * of_row + of_pixel * width : of_pixel] for y in range(height))
    data = bytearray(shown.get_pixels())
    for x, y, light in outline(width, height, inside):
        at = y * row + x * bands
        data[at : at + 3] = LIGHT if light else DARK
    colors = GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(bytes(data)), colors, bands == 4, 8, width, height, row)
