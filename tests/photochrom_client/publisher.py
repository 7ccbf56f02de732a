"""A server on this machine in place of the one that releases lie on: good, or misbehaving as told."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import random
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROGRAM = """#!/bin/sh
[ "$1" = --version ] || exit 3
echo "photochrom 1.2.3"
"""
"""Runs, but is no engine."""


def archive(path: Path, program: str = PROGRAM, padding: int = 1_000_000) -> None:
    """A bundle as it is published: a folder with the program, some data, and a link."""
    with tarfile.open(path, "w:xz", preset=0) as tar:
        for name, content, mode in (
            ("photochrom", program.encode(), 0o755),
            ("_internal/data", random.Random(1).randbytes(padding), 0o644),
        ):
            member = tarfile.TarInfo(f"photochrom-1.2.3/{name}")
            member.size, member.mode = len(content), mode
            tar.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("photochrom-1.2.3/_internal/link")
        link.type, link.linkname = tarfile.SYMTYPE, "data"
        tar.addfile(link)


def manifest_of(path: Path, **changed: object) -> dict[str, object]:
    content = path.read_bytes()
    bundle = {
        "system": "linux",
        "machine": platform.machine().lower(),
        "kind": "lite",
        "file": path.name,
        "size": len(content),
        "unpacked": max(len(content), 1_200_000),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return {"version": "1.2.3", "bundles": [{**bundle, "kind": "full"}, {**bundle, **changed}]}


class Publisher(ThreadingHTTPServer):
    """Gives the files of `folder`. `behavior`: "good"; "no ranges"; "cuts", which sends half of what is asked for;
    "stalls", which sends so much and then nothing, without an end."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.behavior = "good"
        self.closing = threading.Event()
        self.asked: list[tuple[str, str]] = []
        """Each path with its Range."""

    @property
    def release(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/release.json"

    def publish(self, **changed: object) -> None:
        path = self.folder / "photochrom-1.2.3-lite.tar.xz"
        if not path.exists():
            archive(path)
        (self.folder / "release.json").write_text(json.dumps(manifest_of(path, **changed)))


class Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.asked.append((self.path, asked))
        path = self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.behavior != "no ranges" else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        rest = content[start:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        cut = self.server.behavior in {"cuts", "stalls"} and path.suffix == ".xz"
        self.wfile.write(rest[: len(rest) // 2] if cut else rest)
        if cut and self.server.behavior == "stalls":
            self.server.closing.wait(60)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def publishing(folder: Path) -> Iterator[Publisher]:
    """A publisher that runs."""
    with Publisher(folder) as publisher:
        thread = threading.Thread(target=publisher.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield publisher
        finally:
            publisher.closing.set()
            publisher.shutdown()
            thread.join()
