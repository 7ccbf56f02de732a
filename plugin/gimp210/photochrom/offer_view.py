"""The widgets of something that can be fetched: what it is, two buttons, and how far it is."""

from gimpfu_compat.dialog.toolkit import gtk, pack
from gimpfu_compat.libraries import Double, Int, Pointer, Text, encode
from widgets import Button, Label, add, horizontal_box, on, sensitive, show

NEVER, WHEN_NEEDED = 2, 1
END = 3


class OfferView:
    """`text` is for above `line`, which has the bar and the buttons."""

    def __init__(self, width):
        self.text = Label(width=width)
        self._bar = gtk("progress_bar_new", Pointer)()
        gtk("progress_bar_set_ellipsize", None, Pointer, Int)(self._bar, END)
        self._yes, self._no = Button(""), Button("")
        self.line = horizontal_box()
        pack(self.line, self._bar, expand=True)
        for button in (self._no, self._yes):
            pack(self.line, button.widget)

    def follow(self, offer):
        """Has the buttons call `yes` and `no` of the kit's `Offer`, or of its `Installation`."""
        on(self._yes.widget, "clicked", offer.yes)
        on(self._no.widget, "clicked", offer.no)

    def show(self, shown):
        """Shows the kit's `Shown`, but for its text."""
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.set(label)
            show(button.widget, bool(label))
        sensitive(self._no.widget, shown.no_sensitive)
        show(self._bar, shown.fraction is not None)
        gtk("progress_bar_set_fraction", None, Pointer, Double)(self._bar, shown.fraction or 0.0)
        gtk("progress_bar_set_text", None, Pointer, Text)(self._bar, encode(shown.message))


def scrolling(widget, height):
    """A widget in a frame of a height, in which it is scrolled down."""
    frame = gtk("scrolled_window_new", Pointer, Pointer, Pointer)(None, None)
    gtk("scrolled_window_set_policy", None, Pointer, Int, Int)(frame, NEVER, WHEN_NEEDED)
    inside = gtk("viewport_new", Pointer, Pointer, Pointer)(None, None)
    gtk("viewport_set_shadow_type", None, Pointer, Int)(inside, 0)
    add(inside, widget)
    add(frame, inside)
    gtk("widget_set_size_request", None, Pointer, Int, Int)(frame, -1, height)
    return frame
