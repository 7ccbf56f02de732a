"""A local file server that misbehaves on request, and a catalog of small models on it."""

import hashlib
import io
import json
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from photochrom import colorizers
from photochrom.models import catalog

UNKNOWN = {"bytes": None, "sha256": None}
"""What the catalog says of a file whose size and hash nobody published."""


@dataclass
class Server:
    """Serves `files` by path. `answer` replaces the way a path is answered; `asked` keeps (path, headers) of all that
    was asked for; `release` ends what stalls."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    answer: dict[str, Callable] = field(default_factory=dict)
    asked: list = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def at(self, name):
        return f"{self.address}/{name}"

    def ranges(self):
        return [headers.get("Range") for _, headers in self.asked]


def tag(content):
    return f'"{hashlib.md5(content).hexdigest()}"'


class Handler(BaseHTTPRequestHandler):
    """Well-behaved where nothing else was asked for: lengths, entity tags, ranges, If-Range."""

    protocol_version = "HTTP/1.1"
    server_version = "test"

    def do_GET(self):
        told = self.server.told
        name = self.path.lstrip("/")
        told.asked.append((name, dict(self.headers)))
        if name in told.answer:
            told.answer[name](self)
        elif name in told.files:
            self.send(told.files[name])
        else:
            self.send_error(404)

    def send(self, content, only=None, **headers):
        """The content or the range of it that was asked for; then `only` so many bytes of the body are sent."""
        first = self.first_asked_for(content)
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        told = {"ETag": tag(content), "Content-Length": str(len(content) - first)} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in told.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[first:] if only is None else content[first : first + only])
        self.wfile.flush()
        self.close_connection = only is not None

    def first_asked_for(self, content):
        asked = self.headers.get("Range")
        if asked is None or self.headers.get("If-Range") not in {None, tag(content)}:
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.handle_error = lambda *_: None  # A client that hangs up is what some tests are about.
    told = listening.told = Server(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield told
    told.release.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


@dataclass
class Shelf:
    """A catalog of models of the system `tiny` on the server, and an empty store."""

    server: Server
    catalog: Path
    store: Path

    def publish(self, name="tiny", widths=None, facts=None, content=None, **values):
        """Puts a model into the catalog and its files onto the server. `facts` are those of all its checkpoints;
        `content` is served instead of a real checkpoint."""
        widths = widths or {"weights": 3}
        checkpoints = []
        for network, width in widths.items():
            file = f"{name}-{network}.pth"
            served = checkpoint(width, network) if content is None else content
            self.server.files[file] = served
            own = {"bytes": len(served), "sha256": hashlib.sha256(served).hexdigest()} if facts is None else facts
            checkpoints.append(
                {"network": network, "file": file, "address": self.server.at(file), "bytes": None, "sha256": None} | own
            )
        card = {
            "name": name, "kind": "colorizer", "system": "tiny", "version": "2026", "good_at": "tests",
            "paper": "none", "year": 2026, "parameters": 20, "proxy_side": 8, "license": "MIT",
            "weights_license": "MIT, for tests.", "fetch": True, "widths": widths, "checkpoints": checkpoints,
        } | values  # fmt: skip
        (self.catalog / f"{name}.json").write_text(json.dumps(card))
        return name

    def is_clean(self):
        """Nothing that looks installed, and nothing left but locks and resumable downloads."""
        left = {path.relative_to(self.store).as_posix() for path in self.store.rglob("*") if path.is_file()}
        return all(path.startswith(".unfinished/") and path.endswith((".lock", ".part", ".part.json")) for path in left)


def checkpoint(width=3, seed="weights"):
    """A checkpoint of `tiny` as published, in PyTorch's format."""
    numbers = torch.Generator().manual_seed(sum(seed.encode()))
    tensors = {
        "published.weight": torch.randn((2, 1, width, width), generator=numbers),
        "published.bias": torch.randn(2, generator=numbers),
    }
    file = io.BytesIO()
    torch.save(tensors, file)
    return file.getvalue()


@pytest.fixture
def shelf(server, tmp_path, monkeypatch, forget):
    own = Shelf(server, tmp_path / "catalog", tmp_path / "store")
    own.catalog.mkdir()
    monkeypatch.setattr(catalog, "folder", lambda: own.catalog)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(own.store))
    monkeypatch.delenv("PHOTOCHROM_MIRROR", raising=False)
    monkeypatch.setattr(colorizers, "__path__", [*colorizers.__path__, str(Path(__file__).with_name("systems"))])
    forget()
    yield own
    forget()
    sys.modules.pop("photochrom.colorizers.tiny", None)


@pytest.fixture
def full_disk():
    """A context in which no file grows beyond so many bytes: to who writes it, as on a full disk."""
    resource = pytest.importorskip("resource", reason="limits of POSIX")

    @contextmanager
    def limited(size):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited
