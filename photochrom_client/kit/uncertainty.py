"""What the engine's map of uncertainty looks like, for a legend beside it."""

RAMP = ((80, 37, 129), (207, 60, 130), (253, 140, 60), (253, 233, 74))
"""Its colors in 8-bit sRGB, evenly spaced from sure to unsure. Where the colorizer is sure, the map is transparent."""
