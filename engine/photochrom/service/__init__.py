"""The local socket between the editors and the engine: HTTP on 127.0.0.1, one engine for all of a user's editors."""

from photochrom.service.server import run

__all__ = ["run"]
