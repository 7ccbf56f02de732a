"""What scripts catch."""


class error(RuntimeError):  # noqa: N801  the name scripts know
    """A procedure or a call of GIMP's failed; the text is GIMP's own."""


class CancelError(error):
    """The user cancelled. Raised in a run it makes the procedure end as cancelled, not as failed."""
