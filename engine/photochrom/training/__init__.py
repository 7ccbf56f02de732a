"""Training of all shipped weights. Needs the extra `photochrom[train]`; only the command line imports this package."""
