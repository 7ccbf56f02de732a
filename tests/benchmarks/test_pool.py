"""Every published colorizer beside the embedded one: seconds a prediction at its own proxy (by the clock, and of all
processors together, which other work on the machine changes less), and the peak memory of a process that makes one.
The published ones have random weights, which take as long as trained ones."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from photochrom import colorizers, models
from photochrom.image.picture import open_picture
from photochrom.models import catalog
from photochrom.models.loaded import LOADED
from photochrom.sampling.proxy import reduce

from .conftest import ENVIRONMENT, PHOTOGRAPH

PREDICT = """
import pathlib, sys
import numpy
from photochrom import colorizers
colorizers.load(sys.argv[1]).predict(numpy.load(sys.argv[2]))
print(pathlib.Path("/proc/self/status").read_text())
"""
NAMES = ["lite", *(entry.name for entry in catalog.published("colorizer"))]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of models that is empty, and again so afterwards: some hundred megabytes a model."""
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    LOADED.clear()
    yield tmp_path
    LOADED.clear()
    for path in tmp_path.rglob("*.safetensors"):
        path.unlink()


def install(name: str, store: Path) -> None:
    """Puts a published model into the store, with random weights."""
    import torch
    from photochrom.models.recognition import networks_of
    from photochrom.models.weights import write_weights

    entry = catalog.find(name)
    folder = store / name
    folder.mkdir()
    torch.manual_seed(1907)
    files = {}
    for network, each in networks_of(entry).items():
        path = folder / f"{network}.safetensors"
        write_weights(each.build().state_dict(), path)
        with path.open("rb") as file:
            files[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    (folder / "card.json").write_text(json.dumps({**entry.details, "files": files}))


def proxy_of(card: models.Card) -> np.ndarray:
    return reduce(open_picture(PHOTOGRAPH).lightness(), card.proxy_side)


def peak_of(name: str, proxy: np.ndarray, store: Path) -> int:
    """Bytes at most in memory of a process that loads a colorizer and asks it once."""
    np.save(store / "proxy.npy", proxy)
    words = [sys.executable, "-c", PREDICT, name, store / "proxy.npy"]
    environment = ENVIRONMENT | {"PHOTOCHROM_MODELS": str(store)}
    said = subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout
    (peak,) = (line.split()[1] for line in said.splitlines() if line.startswith("VmHWM"))
    return int(peak) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", NAMES)
def test_a_colorizer(benchmark, note, store, name):
    if name != "lite":
        install(name, store)
    colorizer = colorizers.load(name)
    proxy = proxy_of(colorizer.card)
    processor = []

    def predict():
        began = time.process_time()
        colorizer.predict(proxy)
        processor.append(time.process_time() - began)

    benchmark.pedantic(predict, rounds=3, warmup_rounds=1)
    note(
        parameters=f"{colorizer.card.details['parameters'] / 1e6:.1f} M",
        proxy=f"{proxy.shape[1]} × {proxy.shape[0]}",
        median_s=benchmark.stats.stats.median,
        processor_s=median(processor[1:]),
        peak_MB=peak_of(name, proxy, store) / 1e6,
    )


def test_su2020_with_eight_objects(benchmark, note, store):
    """Random weights find nothing, so what comes after the detector is timed by itself, with as many as it may find."""
    from photochrom.colorizers.su2020_detector import MOST_BOXES
    from photochrom.colorizers.su2020_network import Box

    install("su2020", store)
    colorizer = colorizers.load("su2020")
    proxy = proxy_of(colorizer.card)
    step = (proxy.shape[1] - 200) // (MOST_BOXES - 1)
    found = [Box(place * step, 100, place * step + 200, 400) for place in range(MOST_BOXES)]
    benchmark.pedantic(colorizer.color, args=(proxy, found), rounds=3, warmup_rounds=1)
    note(median_s=benchmark.stats.stats.median)
