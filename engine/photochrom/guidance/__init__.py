"""Guidance by the user: hints, a reference picture, variants; and where the colorizer needs it most."""
