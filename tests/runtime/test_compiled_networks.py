"""Networks kept compiled: the same answers, sooner; and answers even if something is wrong with the folder."""

from __future__ import annotations

import os
import shutil
import sys

import numpy as np
import pytest
from photochrom import colorizers
from photochrom.errors import ModelDamaged
from photochrom.models import read_card
from photochrom.models.loaded import LOADED
from photochrom.runtime import compiled_networks, inference
from routers import make_router


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "networks"


@pytest.fixture
def card(tmp_path):
    make_router(tmp_path / "small")
    return read_card(tmp_path / "small" / "card.json")


def answer(network):
    (found,) = network.create_infer_request().infer([np.full((1, 1, 64, 64), 50, np.float32)]).values()
    return found.tobytes()


@pytest.fixture
def compiled(monkeypatch):
    """Counts the networks that OpenVINO compiles."""
    networks = []
    real = inference.openvino.Core.compile_model

    def compile_model(core, network, *others):
        networks.append(network)
        return real(core, network, *others)

    monkeypatch.setattr(inference.openvino.Core, "compile_model", compile_model)
    return networks


def test_the_second_time_nothing_is_compiled_and_the_answers_are_the_same(folder, card, compiled):
    first = answer(inference.opened(card, "router"))
    assert len(compiled) == 1
    assert len(list(folder.iterdir())) == 1
    assert answer(inference.opened(card, "router")) == first
    assert len(compiled) == 1


def test_colors_do_not_depend_on_it(folder, rng):
    lightness = rng.uniform(0, 100, (96, 130)).astype(np.float32)
    colors = []
    for _ in range(2):
        LOADED.clear()
        colors.append(colorizers.load("lite").predict(lightness).ab)
    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(*colors)


@pytest.mark.parametrize("spoiled", [b"", b"Photochrom network 1\n", lambda kept: kept[:-9], lambda kept: kept + b"!"])
def test_a_damaged_file_is_replaced(folder, card, compiled, spoiled):
    first = answer(inference.opened(card, "router"))
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(spoiled(whole) if callable(spoiled) else spoiled)
    assert answer(inference.opened(card, "router")) == first
    assert len(compiled) == 2
    assert answer(inference.opened(card, "router")) == first
    assert len(compiled) == 2


def test_a_file_that_openvino_cannot_read_is_replaced(folder, card, compiled):
    first = answer(inference.opened(card, "router"))
    (path,) = folder.iterdir()
    other = b"something else altogether"
    path.write_bytes(compiled_networks.HEAD + compiled_networks.hashlib.sha256(other).digest() + other)
    assert answer(inference.opened(card, "router")) == first
    assert len(compiled) == 2


def test_another_model_file_is_another_network(folder, card, tmp_path):
    inference.opened(card, "router")
    copy = shutil.copytree(card.folder, tmp_path / "router")
    (copy / "router.bin").write_bytes(b"not weights")
    with pytest.raises(ModelDamaged):
        inference.opened(read_card(copy / "card.json"), "router")
    (copy / "router.bin").unlink()
    with pytest.raises(ModelDamaged):
        inference.opened(read_card(copy / "card.json"), "router")


def test_the_precision_is_part_of_the_key(folder, card, monkeypatch):
    inference.opened(card, "router")
    version = inference.openvino.__version__
    monkeypatch.setattr(inference.openvino, "__version__", version + "-other")
    inference.opened(card, "router")
    assert len(list(folder.iterdir())) == 2


def test_networks_compile_without_a_cache_folder(card, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "file"))
    assert answer(inference.opened(card, "router")) == answer(inference.opened(card, "router"))


@pytest.mark.skipif(sys.platform == "win32", reason="who may write is said otherwise there")
def test_a_folder_that_others_may_write_to_is_not_used(folder, card, compiled):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    inference.opened(card, "router")
    assert list(folder.iterdir()) == []
    folder.chmod(0o700)
    inference.opened(card, "router")
    folder.chmod(0o770)
    inference.opened(card, "router")
    assert len(compiled) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="who may write is said otherwise there")
def test_it_is_the_users_own(folder, card):
    inference.opened(card, "router")
    (path,) = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_does_not_grow_without_end(folder, card, monkeypatch):
    inference.opened(card, "router")
    (kept,) = folder.iterdir()
    size = kept.stat().st_size
    for number in range(3):
        (folder / f"older-{number}.network").write_bytes(bytes(size))
        os.utime(folder / f"older-{number}.network", (number, number))
    monkeypatch.setattr(compiled_networks, "MOST_BYTES", int(3.5 * size))
    inference.opened(card, "router")  # Used again: the newest.
    monkeypatch.setattr(inference.openvino, "__version__", "another")
    inference.opened(card, "router")
    left = {path.name for path in folder.iterdir()}
    assert {kept.name, "older-2.network"} <= left
    assert len(left) == 3


def test_large_networks_are_not_kept(folder, card, monkeypatch):
    monkeypatch.setattr(compiled_networks, "LARGEST", 1000)
    inference.opened(card, "router")
    assert list(folder.iterdir()) == []
