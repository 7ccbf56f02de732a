"""Photochrom: color for black-and-white photographs, their tones untouched."""

__version__ = "0.1.0"
