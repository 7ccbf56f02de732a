"""Tells what the plug-in's dialog shows. Python loads it by its name, where PYTHONPATH has this folder, at every start.

Pictures of the dialog hold no text that a test could read, and an accessibility bus is not everywhere.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path


def watch():
    while not {"view", "installation_window"} & set(sys.modules):  # every dialog of ours has one of them
        time.sleep(0.05)
    from gi.repository import GLib

    GLib.timeout_add(100, tell)


def tell():
    """In the plug-in's main loop, again and again: what its windows show goes to dialog-shown.json."""
    from gi.repository import Gtk

    shown = [widget for window in Gtk.Window.list_toplevels() for widget in inside(window) if seen(widget)]
    combos = [widget for widget in shown if isinstance(widget, Gtk.ComboBoxText)]
    content = {
        "labels": [widget.get_text() for widget in shown if isinstance(widget, Gtk.Label)],
        "words": [word for widget in shown if isinstance(widget, Gtk.ComboBox) for word in words_of(widget)],
        "chosen": [combo.get_active_text() for combo in combos],
        "rows": [[row[0] for row in combo.get_model()] for combo in combos],
        "buttons": [described(widget) for widget in shown if isinstance(widget, Gtk.Button | Gtk.Expander)],
        "numbers": [widget.get_value() for widget in shown if isinstance(widget, Gtk.SpinButton)],
        "ticked": [
            described(widget)["label"]
            for widget in shown
            if isinstance(widget, Gtk.CheckButton) and widget.get_active()
        ],
        "checked": [widget.get_active() for widget in shown if isinstance(widget, Gtk.CheckButton)],
        "view": next((described(widget)["at"] for widget in shown if widget.get_name() == "photochrom-view"), None),
        "view_size": next((size_of(widget) for widget in shown if widget.get_name() == "photochrom-view"), None),
        "sizes": [window.get_size() for window in Gtk.Window.list_toplevels() if window.get_mapped()],
        "bars": [widget.get_text() for widget in shown if isinstance(widget, Gtk.ProgressBar)],
    }
    path = Path(os.environ["PHOTOCHROM_OUT"], "dialog-shown.json")
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.rename(path)
    return True


def size_of(widget):
    box = widget.get_allocation()
    return box.width, box.height


def words_of(combo):
    """All texts in a box's chosen row: GIMP's own have more than the text, and that not in front."""
    at = combo.get_active_iter()
    return [] if at is None else [word for word in list(combo.get_model()[at]) if isinstance(word, str)]


def seen(widget):
    """Whether it is on the screen: GTK counts what is in a closed expander as mapped."""
    from gi.repository import Gtk

    holder = widget.get_parent()
    while holder is not None:
        if isinstance(holder, Gtk.Expander) and not holder.get_expanded() and holder.get_label_widget() != widget:
            return False
        holder = holder.get_parent()
    return widget.get_mapped()


def described(button):
    """Its label, and the point in its window to click on."""
    from gi.repository import Gtk

    box = button.get_allocation()
    across = 30 if isinstance(button, Gtk.Expander) else box.width // 2  # its label is on the left
    place = button.translate_coordinates(button.get_toplevel(), across, box.height // 2)
    if isinstance(button, Gtk.ModelButton):  # a row in a menu
        label = button.get_property("text")
    else:
        label = button.get_label() if hasattr(button, "get_label") else ""
    tip = button.get_tooltip_text() or ""
    return {"label": (label or "").replace("_", ""), "tip": tip, "at": place}


def inside(widget):
    """A widget and all that it holds, the popovers of its buttons too."""
    yield widget
    for child in widget.get_children() if hasattr(widget, "get_children") else []:
        yield from inside(child)
    popover = widget.get_popover() if hasattr(widget, "get_popover") else None
    if popover is not None:
        yield from inside(popover)


if any(Path(word).name == "photochrom.py" for word in sys.orig_argv):
    threading.Thread(target=watch, daemon=True).start()
