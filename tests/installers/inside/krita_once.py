"""Runs inside Krita: colors one document through the plug-in, and says what came of it."""

from common import SRGB, colorize, engine, opened, state, tell


def main():
    document, _ = yield from opened("RGBA", "U8", SRGB)
    error = yield from colorize(document)
    tell("krita", {"error": error, "layers": state(document)["layers"], "engine": engine()})
