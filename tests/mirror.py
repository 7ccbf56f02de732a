"""A local server that stands in for the hosts of published checkpoints: well-behaved, or misbehaving on request."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Mirror(ThreadingHTTPServer):
    """Gives the files of `folder`. `behavior`: "good"; "breaks", which sends only the beginning of a file; or
    "stalls", which after the beginning sends nothing more until its client leaves."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.behavior = "good"
        self.asked: list[str] = []
        self.left = threading.Event()
        """A client left while the server stalled."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        mirror = self.server
        mirror.asked.append(self.path)
        path = mirror.folder / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        size = path.stat().st_size
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        with path.open("rb") as file:
            if mirror.behavior == "good":
                shutil.copyfileobj(file, self.wfile)
            else:
                self.wfile.write(file.read(min(1 << 20, size // 2)))
        if mirror.behavior == "stalls":
            self.connection.recv(1)  # a client says nothing more: this returns when it is gone
            mirror.left.set()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[Mirror]:
    """A mirror that runs."""
    with Mirror(folder) as mirror:
        thread = threading.Thread(target=mirror.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mirror
        finally:
            mirror.shutdown()
            thread.join()
