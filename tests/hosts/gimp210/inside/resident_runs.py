#!/usr/bin/env python
"""Runs of every kind of end, which `resident.py` calls again and again. A plug-in of GIMP's."""

import os
import signal
import sys

from gimpfu import *

COUNTED = []


def values(number, text, color, count, numbers):
    """Results of several types, and whose child the run is."""
    doubled = tuple(each * 2 for each in numbers)
    return number + 1, text + "é", color, count, doubled, gimp.Image(3, 2), os.getppid()


def canceled():
    raise CancelError("It was canceled")


def end(how):
    ends = {
        "raised": lambda: {}["nothing"],
        "failed": lambda: fail("It has failed"),
        "canceled": canceled,
        "exited": lambda: sys.exit(3),
        "of GIMP's": lambda: pdb.gimp_image_width(12345),
        "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "left": lambda: os._exit(0),
        "quit": gimp.quit,
        "silent": sys.stdout.close,
        "nothing": lambda: None,
    }
    ends[how]()


def count():
    """How often this process was here."""
    COUNTED.append(1)
    return len(COUNTED), os.getpid(), os.getppid()


def nested(depth):
    """Calls itself through GIMP; each run has its own process and its own globals."""
    if not depth:
        return (1, (os.getpid(),))
    _, pids = pdb.python_fu_resident_nested(depth - 1)
    pids = (*pids, os.getpid())
    return len(pids), pids


def open_group(image):
    image.undo_group_start()
    pdb.gimp_image_resize(image, 5, 5, 0, 0)
    gimp.progress_init("Half")
    gimp.progress_update(0.5)
    return os.getppid()


def pixels(layer):
    """GEGL is started, and its threads, in the process of the run."""
    region = layer.get_pixel_rgn(0, 0, layer.width, layer.height)
    before = region[3, 4]
    region[3, 4] = bytes(255 - each for each in bytes(before))
    layer.flush()
    return os.getppid()


def ask(number):
    return number, os.getppid()


def leave_temporary():
    gimp.install_temp_proc("resident-left", "", "", "", "", "", None, None, 3, [], [], lambda: None)
    return os.getppid()


US = ("", "", "Photochrom", "Photochrom", "2026", None, None)
PARENT = (PF_INT, "parent", "The process it is a child of")
GIVEN = [
    (PF_INT, "number", "", 0),
    (PF_STRING, "text", "", ""),
    (PF_COLOR, "color", "", (0, 0, 0)),
    (PF_INT, "count", "", 0),
    (PF_FLOATARRAY, "numbers", "", ()),
]
RESULTS = [
    (PF_INT, "number", ""),
    (PF_STRING, "text", ""),
    (PF_COLOR, "color", ""),
    (PF_INT, "count", ""),
    (PF_FLOATARRAY, "numbers", ""),
    (PF_IMAGE, "image", ""),
    PARENT,
]
PROCESSES = [(PF_INT, "count", ""), (PF_INT32ARRAY, "processes", "")]


register("resident-values", *US, GIVEN, RESULTS, values)
register("resident-end", *US, [(PF_STRING, "how", "", "")], [], end)
register("resident-count", *US, [], [(PF_INT, "count", ""), (PF_INT, "process", ""), PARENT], count)
register("resident-nested", *US, [(PF_INT, "depth", "", 0)], PROCESSES, nested)
register("resident-open-group", *US, [(PF_IMAGE, "image", "", None)], [PARENT], open_group)
register("resident-pixels", *US, [(PF_LAYER, "layer", "", None)], [PARENT], pixels)
register("resident-temporary", *US, [], [PARENT], leave_temporary)
register(
    "resident-ask",
    *US[:5],
    "Resident Ask",
    None,
    [(PF_INT, "number", "_Number", 7)],
    [(PF_INT, "number", ""), PARENT],
    ask,
)
main()
