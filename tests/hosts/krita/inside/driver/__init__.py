"""Runs the script $PHOTOCHROM_SCRIPT inside Krita once its main loop turns, then ends Krita.

The script defines a generator `main()` that yields the seconds to wait before it goes on: while a callback is on the
stack, Krita holds back its own updates of the layers, so a script must return to the main loop to see them.
What goes wrong is written to $PHOTOCHROM_OUT/traceback.
"""

import os
import runpy
import sys
import traceback
from pathlib import Path

from krita import Extension, Krita
from PyQt5.QtCore import QCoreApplication, QThread, QTimer

SCRIPT = os.environ["PHOTOCHROM_SCRIPT"]
OUT = Path(os.environ["PHOTOCHROM_OUT"])


def begin():
    """During the start, timers are served by nested loops, in which a quit would be lost: waits for the main one."""
    if QThread.currentThread().loopLevel() == 0:
        QTimer.singleShot(50, begin)
        return
    sys.excepthook = note  # Krita's own opens a modal window
    try:
        steps = runpy.run_path(SCRIPT)["main"]()
    except BaseException:
        note(*sys.exc_info())
        leave()
    else:
        go_on(steps)


def go_on(steps):
    try:
        pause = next(steps)
    except StopIteration:
        leave()
    except BaseException:
        note(*sys.exc_info())
        leave()
    else:
        QTimer.singleShot(round(1000 * pause), lambda: go_on(steps))


def note(*reason):
    with (OUT / "traceback").open("a", encoding="utf-8", errors="backslashreplace") as file:
        traceback.print_exception(*reason, file=file)
    traceback.print_exception(*reason)


def leave():
    for document in Krita.instance().documents():
        document.setBatchmode(True)
        document.setModified(False)
        document.close()
    window = Krita.instance().activeWindow()
    if window is not None:
        window.qwindow().close()
    leave.timer = QTimer()
    leave.timer.timeout.connect(QCoreApplication.quit)
    leave.timer.start(200)


class Driver(Extension):
    begun = False

    def setup(self):
        pass

    def createActions(self, _window):  # noqa: N802  (Krita's name)
        if not Driver.begun:  # called for every window
            Driver.begun = True
            QTimer.singleShot(0, begin)


driver = Driver(Krita.instance())
Krita.instance().addExtension(driver)
