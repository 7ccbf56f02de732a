"""The registry of what is in memory."""

import hashlib
import json
import subprocess
import sys
import threading

import pytest
from photochrom.colorizers import zhang2016
from photochrom.errors import Cancelled
from photochrom.models import catalog
from photochrom.models.loaded import LoadedModels
from routers import make_router
from safetensors.torch import save_file


class Loader:
    """Loads an object of its own each time; `count` how often."""

    def __init__(self, size=0):
        self.size = size
        self.count = 0

    def __call__(self):
        self.count += 1
        return object(), self.size


def test_a_model_is_loaded_once_for_its_kind_and_name():
    loaded, load = LoadedModels(), Loader()
    model = loaded.get("colorizer", "one", load)
    assert loaded.get("colorizer", "one", load) is model
    assert load.count == 1
    assert loaded.get("segmenter", "one", load) is not model
    assert loaded.names("colorizer") == loaded.names("segmenter") == ["one"]


def test_the_least_recently_used_make_room():
    loaded, load = LoadedModels(budget=100), Loader(40)
    for name in ("a", "b", "a", "c"):
        loaded.get("colorizer", name, load)
    assert loaded.names("colorizer") == ["a", "c"]
    loaded.get("segmenter", "huge", Loader(1000))
    assert loaded.names("segmenter") == ["huge"]
    assert loaded.names("colorizer") == []


def test_all_are_dropped_or_those_of_a_kind():
    loaded = LoadedModels()
    for kind in ("colorizer", "segmenter", "router"):
        loaded.get(kind, "one", Loader())
    loaded.clear("router")
    assert [loaded.names(kind) for kind in ("colorizer", "segmenter", "router")] == [["one"], ["one"], []]
    loaded.clear()
    assert [loaded.names(kind) for kind in ("colorizer", "segmenter", "router")] == [[], [], []]


def test_threads_share_one_load_and_another_kind_does_not_wait_for_it():
    loaded, load, started, go_on = LoadedModels(), Loader(), threading.Event(), threading.Event()
    models, reports = [], []

    def slow():
        started.set()
        assert go_on.wait(30)
        return load()

    def waiting(_done, doing):
        reports.append(doing)
        go_on.set()

    first = threading.Thread(target=lambda: models.append(loaded.get("segmenter", "slow", slow)))
    first.start()
    assert started.wait(30)
    loaded.get("colorizer", "quick", Loader())
    models.append(loaded.get("segmenter", "slow", load, waiting))
    first.join()
    assert models[0] is models[1]
    assert load.count == 1
    assert reports[0].startswith("Waiting")


def test_who_waits_may_give_up_and_what_failed_is_tried_again():
    loaded, load, started, go_on = LoadedModels(), Loader(), threading.Event(), threading.Event()

    def failing():
        started.set()
        assert go_on.wait(30)
        raise OSError

    def first():
        with pytest.raises(OSError):
            loaded.get("segmenter", "one", failing)

    def give_up(_done, _doing):
        raise Cancelled

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(30)
    with pytest.raises(Cancelled):
        loaded.get("segmenter", "one", load, give_up)
    go_on.set()
    thread.join()
    loaded.get("segmenter", "one", load)
    assert load.count == 1


ONE_OF_EACH = """
import json, sys
from pathlib import Path
import numpy
from photochrom import pipeline, routing
from photochrom.guidance.reference import Reference
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.service.layers import Layers

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

layers = Layers(Path(sys.argv[1]))

def colorize():
    squares = [numpy.random.default_rng(number).uniform(0, 100, (6, 8)) for number in range(2)]
    planes = [numpy.kron(each, numpy.ones((100, 100))).astype("f4") for each in squares]
    for plane in planes:
        upload = layers.begin(800, 600, alpha=False)
        upload.write(plane.tobytes())
        layer = layers.end(upload)
        reference = Reference(numpy.dstack([plane, plane / 4, plane / 8]))
        pipeline.predict(layer.proxy, Options("lite", harmonize=1, reference="regions", reference_picture=reference))
        pipeline.predict(layer.proxy, Options("zhang2016"))
        assert routing.load()
    kinds = {kind: LOADED.names(kind) for kind in ("colorizer", "segmenter", "router", "encoder")}
    assert all(kinds.values()), kinds

def idle():
    layers.drop_computed()
    LOADED.clear()

colorize(), idle()  # Libraries load their code, and keep it.
before = resident()
colorize()
loaded = resident()
idle()
print(json.dumps([before, loaded, resident()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_one_of_each_kind_is_returned(shelf_of_each):
    done = subprocess.run(
        [sys.executable, "-c", ONE_OF_EACH, shelf_of_each], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    before, loaded, after = json.loads(done.stdout)
    assert loaded - before > 150e6
    assert after - before < 0.15 * (loaded - before)


@pytest.fixture
def shelf_of_each(tmp_path, monkeypatch):
    """A store with a router and a colorizer of 32 million random weights."""
    make_router(tmp_path / "store" / "router", ("lite", "zhang2016"))
    folder = tmp_path / "store" / "zhang2016"
    folder.mkdir()
    details = catalog.find("zhang2016").details
    network = zhang2016.networks(details)["weights"].build()
    save_file(network.state_dict(), folder / "weights.safetensors")
    digest = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    (folder / "card.json").write_text(json.dumps({**details, "files": {"weights.safetensors": digest}}))
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))
    return tmp_path
