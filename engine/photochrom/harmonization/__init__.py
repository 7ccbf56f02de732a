"""Harmonising: the colour noise of an object gives way to the object's own colour (CCC, section IV)."""
