"""Qt under one name: Krita 5 brings PyQt5, Krita 6 brings PyQt6.

PyQt5 first: Krita 6 refuses to load it, while Krita 5 would load a PyQt6 of the system's and crash.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PyQt6 import QtCore, QtGui, QtWidgets
else:
    try:
        from PyQt5 import QtCore, QtGui, QtWidgets
    except ImportError:
        from PyQt6 import QtCore, QtGui, QtWidgets

__all__ = ["QtCore", "QtGui", "QtWidgets", "x_of", "y_of"]


def x_of(event):
    """Where a mouse event is, in its widget."""
    return event.position().x() if hasattr(event, "position") else event.x()


def y_of(event):
    return event.position().y() if hasattr(event, "position") else event.y()
