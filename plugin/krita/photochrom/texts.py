"""Text as Krita's Python gives it."""


def readable(text):
    """Krita's Python decodes file names as ASCII: restores the characters that it could not decode."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
