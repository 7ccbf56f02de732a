"""The ruler: colour photographs, each reduced to its lightness, colourised and compared with the original."""
