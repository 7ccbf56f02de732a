"""The local service that editors talk to: HTTP on 127.0.0.1, one engine for all editors of a user."""

from photochrom.service.server import run

__all__ = ["run"]
