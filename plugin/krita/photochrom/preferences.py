"""The user's preferences, kept in Krita's settings."""

from krita import Krita

GROUP = "photochrom"
"""In Krita's settings."""


def saved(name, default):
    """A setting of the user's."""
    return Krita.instance().readSetting(GROUP, name, default)


def save(name, value):
    Krita.instance().writeSetting(GROUP, name, value)
