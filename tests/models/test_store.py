"""The store: whole models or none, whatever the server, the files and the disk do."""

import hashlib
import io
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from photochrom import colorizers, extras, models
from photochrom.errors import (
    BadRequest,
    Cancelled,
    CheckpointRefused,
    DownloadFailed,
    ExtraMissing,
    ModelDamaged,
    ModelMissing,
    OutputFailed,
)
from photochrom.models import store
from safetensors.torch import load_file

from .conftest import UNKNOWN, checkpoint


def test_a_fetched_model_is_whole_and_colors(shelf):
    card = store.fetch(shelf.publish())
    assert [path.name for path in shelf.store.iterdir() if path.name != ".unfinished"] == ["tiny"]
    assert sorted(path.name for path in card.folder.iterdir()) == ["card.json", "weights.safetensors"]
    assert card.files.keys() == {"weights.safetensors"}
    assert load_file(card.file("weights.safetensors")).keys() == {"weight", "bias"}
    assert card.details["parameters"] == 20
    assert colorizers.load("tiny").predict(np.zeros((8, 8), np.float32)).ab.shape == (6, 6, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_its_files_may_be_read_by_those_who_share_the_store(shelf):
    card = store.fetch(shelf.publish())
    umask = os.umask(0)
    os.umask(umask)
    assert {path.stat().st_mode & 0o777 for path in card.folder.iterdir()} == {0o666 & ~umask}


def test_an_installed_model_is_not_fetched_again(shelf):
    first = store.fetch(shelf.publish())
    assert store.fetch("tiny") == first
    assert len(shelf.server.asked) == 1


def test_progress_goes_from_0_to_1(shelf):
    told = []
    store.fetch(shelf.publish(widths={"a": 3, "b": 2}), lambda done, _doing: told.append(done))
    assert told == sorted(told)
    assert told[0] == 0
    assert 0.9 < told[-1] <= 1


def test_a_published_hash_is_kept_without_a_note(shelf):
    card = store.fetch(shelf.publish())
    assert card.details["checkpoints"][0]["sha256"] == hashlib.sha256(checkpoint()).hexdigest()
    assert store.hash_notes(card) == ()


def test_an_unpublished_hash_is_recorded_with_a_note(shelf):
    card = store.fetch(shelf.publish(facts=UNKNOWN))
    found = card.details["checkpoints"][0]
    assert found["sha256"] == hashlib.sha256(checkpoint()).hexdigest()
    assert found["hash_recorded_at_first_download"] is True
    assert store.verify("tiny")[0].notes == ("tiny-weights.pth: no published hash; recorded at the first download",)


@pytest.mark.parametrize("kind", ["sha1", "md5", "sha256_prefix"])
def test_other_published_hashes_are_checked_too(shelf, kind):
    content = checkpoint()
    value = hashlib.new(kind.removesuffix("_prefix"), content).hexdigest()[: 8 if kind == "sha256_prefix" else None]
    card = store.fetch(shelf.publish(facts={kind: value.upper()}))
    assert store.hash_notes(card) == ()
    store.remove("tiny")
    with pytest.raises(DownloadFailed, match="not the file that was published"):
        store.fetch(shelf.publish(facts={kind: value.translate(str.maketrans("0123456789", "1234567890")) + "f"}))
    assert shelf.is_clean()


def test_a_tampered_file_is_refused_and_deleted(shelf):
    shelf.publish()
    content = bytearray(checkpoint())
    content[len(content) // 2] ^= 1
    shelf.server.files["tiny-weights.pth"] = bytes(content)
    with pytest.raises(DownloadFailed, match="not the file that was published: its sha256 is"):
        store.fetch("tiny")
    assert shelf.is_clean()
    shelf.server.files["tiny-weights.pth"] = checkpoint()
    store.fetch("tiny")


class Runs:
    """What a pickle with code in it does when it is opened carelessly."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def with_code(path, how):
    file = io.BytesIO()
    harm = {"published.weight": Runs(path), "published.bias": torch.zeros(2)}
    if how == "pickle":
        pickle.dump(harm, file)
    else:
        torch.save(harm, file, _use_new_zipfile_serialization=how == "zip")
    return file.getvalue()


@pytest.mark.parametrize("how", ["pickle", "zip", "legacy"])
def test_code_in_a_checkpoint_never_runs(shelf, tmp_path, how):
    content = with_code(tmp_path / "harm", how)
    with pytest.raises(CheckpointRefused):
        store.fetch(shelf.publish(content=content))
    path = tmp_path / "brought.pth"
    path.write_bytes(content)
    with pytest.raises(CheckpointRefused):
        store.import_files([path])
    assert not (tmp_path / "harm").exists()
    assert shelf.is_clean()
    pickle.loads(with_code(tmp_path / "harm", "pickle"))
    assert (tmp_path / "harm").exists()  # It would have.


@pytest.mark.parametrize(
    "content",
    [b"", b"<!doctype html><p>Please log in", bytes(5000), checkpoint()[:-300], checkpoint(width=5)],
    ids=["empty", "page", "zeros", "truncated", "wrong network"],
)
def test_what_is_no_checkpoint_of_it_is_refused_and_not_kept(shelf, content):
    with pytest.raises(CheckpointRefused):
        store.fetch(shelf.publish(facts=UNKNOWN, content=content))
    assert shelf.is_clean()
    shelf.server.files["tiny-weights.pth"] = checkpoint()
    store.fetch("tiny")


def test_an_interrupted_download_resumes(shelf):
    shelf.publish()
    content = checkpoint()
    shelf.server.answer["tiny-weights.pth"] = lambda handler: handler.send(content, only=700)
    with pytest.raises(DownloadFailed):
        store.fetch("tiny")
    assert shelf.is_clean()
    assert models.stored() == []
    shelf.server.answer.clear()
    store.fetch("tiny")
    assert shelf.server.ranges() == [None, "bytes=700-"]
    assert list((shelf.store / ".unfinished").rglob("*.part*")) == []


def test_cancelling_keeps_what_came(shelf):
    shelf.publish()
    content = checkpoint()
    begun = threading.Event()

    def stall(handler):
        handler.send(content, only=700)
        begun.set()
        shelf.server.release.wait(10)

    def stop(done, _doing):
        if done > 0 and begun.is_set():
            raise Cancelled

    shelf.server.answer["tiny-weights.pth"] = stall
    with pytest.raises(Cancelled):
        store.fetch("tiny", stop)
    assert shelf.is_clean()
    assert [path.stat().st_size for path in shelf.store.rglob("*.part")] == [700]


def test_cancelling_while_it_is_converted_keeps_the_download(shelf):
    shelf.publish()

    def stop(_done, doing):
        if doing.startswith("converting"):
            raise Cancelled

    with pytest.raises(Cancelled):
        store.fetch("tiny", stop)
    assert models.stored() == []
    store.fetch("tiny")
    assert len(shelf.server.asked) == 1


def test_two_at_once_share_one_download(shelf):
    shelf.publish()
    content = checkpoint()

    def slowly(handler):
        shelf.server.release.wait(30)  # until the two others were told to wait
        handler.send(content)

    shelf.server.answer["tiny-weights.pth"] = slowly
    cards = []
    waiting = set()

    def progress(_done, doing):
        if doing == "tiny is being installed already":
            waiting.add(threading.get_ident())
        if len(waiting) == 2:
            shelf.server.release.set()

    threads = [threading.Thread(target=lambda: cards.append(store.fetch("tiny", progress))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cards) == 3
    assert len(shelf.server.asked) == 1
    assert len(waiting) == 2


def test_waiting_for_another_can_be_cancelled(shelf):
    shelf.publish()
    shelf.server.answer["tiny-weights.pth"] = lambda _: shelf.server.release.wait(10)
    begun = threading.Event()
    stopped = threading.Event()

    def first(_done, _doing):
        begun.set()
        if stopped.is_set():
            raise Cancelled

    def fetch_first():
        with pytest.raises(Cancelled):
            store.fetch("tiny", first)

    def second(_done, doing):
        if doing == "tiny is being installed already":
            raise Cancelled

    thread = threading.Thread(target=fetch_first)
    thread.start()
    begun.wait()
    with pytest.raises(Cancelled):
        store.fetch("tiny", second)
    stopped.set()
    thread.join()
    assert shelf.is_clean()


KILLED = """
import sys
from photochrom import models
from photochrom.models import catalog, store
from pathlib import Path
import os, photochrom.colorizers as colorizers
catalog.folder = lambda: Path(sys.argv[1])
colorizers.__path__.append(sys.argv[2])
real = Path.rename
Path.rename = lambda self, to: os._exit(9)
store.fetch("tiny")
"""


def test_a_crash_at_the_last_step_leaves_nothing_that_looks_installed(shelf, tmp_path):
    shelf.publish()
    systems = colorizers.__path__[-1]
    run = subprocess.run([sys.executable, "-c", KILLED, str(shelf.catalog), systems], check=False)
    assert run.returncode == 9
    assert models.stored() == []
    assert store.verify() == [verdict for verdict in store.verify() if verdict.name != "tiny"]
    store.fetch("tiny")
    assert len(shelf.server.asked) == 1


@pytest.mark.parametrize("at", ["download", "weights"])
def test_a_full_disk_is_an_error_that_installs_nothing(shelf, full_disk, at):
    shelf.publish(widths={"weights": 60})
    if at == "weights":  # The download is there; its copy finds no room.
        (shelf.store / ".unfinished" / "tiny").mkdir(parents=True)
        (shelf.store / ".unfinished" / "tiny" / "tiny-weights.pth").write_bytes(checkpoint(60))
    with full_disk(20_000), pytest.raises(OutputFailed) as failed:
        store.fetch("tiny")
    assert "Free some space" in failed.value.next_step
    assert models.stored() == []
    store.fetch("tiny")


def test_too_little_space_is_reported_before_any_request(shelf):
    shelf.publish(parameters=10**15)
    with pytest.raises(OutputFailed, match="tiny needs 4000000000 MB"):
        store.fetch("tiny")
    assert shelf.server.asked == []
    assert shelf.is_clean()


def test_a_store_that_cannot_be_created_is_an_error(shelf, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "file"))
    with pytest.raises(OutputFailed):
        store.fetch(shelf.publish())


def test_a_missing_extra_is_named_before_anything_is_asked_for(shelf, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda module: None if module == "httpx" else object())
    with pytest.raises(ExtraMissing, match="httpx") as failed:
        store.fetch(shelf.publish())
    assert "photochrom[pool]" in failed.value.next_step
    assert shelf.server.asked == []


def test_models_without_a_download_give_the_reason_and_the_way_to_import_them(shelf):
    shelf.publish(fetch=False, why_not="Its license asks you to get it yourself.")
    with pytest.raises(ModelMissing) as failed:
        store.fetch("tiny")
    assert failed.value.next_step == "Its license asks you to get it yourself. Then: photochrom models import FILE"
    assert shelf.server.asked == []


def test_a_mirror_serves_the_same_files_by_name(shelf, monkeypatch):
    shelf.publish()
    shelf.server.files = {"mirror/tiny/tiny-weights.pth": checkpoint()}
    monkeypatch.setenv("PHOTOCHROM_MIRROR", shelf.server.at("mirror/"))
    store.fetch("tiny")
    store.remove("tiny")
    shelf.server.files = {"mirror/tiny/tiny-weights.pth": checkpoint(seed="other")}
    with pytest.raises(DownloadFailed, match="not the file that was published"):
        store.fetch("tiny")


@pytest.mark.parametrize("mirror", ["file:///srv", "ftp://x", "models.example"])
def test_a_mirror_is_http(shelf, monkeypatch, mirror):
    monkeypatch.setenv("PHOTOCHROM_MIRROR", mirror)
    with pytest.raises(BadRequest, match="PHOTOCHROM_MIRROR"):
        store.fetch(shelf.publish())


def test_verify_finds_what_was_changed(shelf):
    card = store.fetch(shelf.publish())
    assert all(verdict.wrong is None for verdict in store.verify())
    path = card.folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    wrong = {verdict.name: verdict.wrong for verdict in store.verify() if verdict.wrong}
    assert wrong.keys() == {"tiny"}
    assert "models remove tiny" in wrong["tiny"].next_step
    (card.folder / "card.json").write_text("{")
    assert isinstance(store.verify("tiny")[0].wrong, ModelDamaged)


def test_verify_knows_names_that_are_not_installed(shelf):
    shelf.publish()
    with pytest.raises(ModelMissing, match="tiny is not installed"):
        store.verify("tiny")
    with pytest.raises(ModelMissing, match="no published model"):
        store.verify("nobody")


def test_a_damaged_model_is_in_the_way_until_it_is_removed(shelf):
    card = store.fetch(shelf.publish())
    (card.folder / "card.json").unlink()
    with pytest.raises(ModelDamaged) as failed:
        store.fetch("tiny")
    assert failed.value.next_step == "Run: photochrom models remove tiny"
    store.remove("tiny")
    store.fetch("tiny")


def test_a_model_is_removed_together_with_its_unfinished_download(shelf):
    store.fetch(shelf.publish())
    store.remove("tiny")
    assert shelf.is_clean()
    shelf.server.answer["tiny-weights.pth"] = lambda handler: handler.send(checkpoint(), only=700)
    with pytest.raises(DownloadFailed):
        store.fetch("tiny")
    store.remove("tiny")
    assert list(shelf.store.rglob("*.part*")) == []
    with pytest.raises(ModelMissing):
        store.remove("tiny")


def test_shipped_models_stay(shelf, own_models):
    with pytest.raises(BadRequest, match="ships with Photochrom"):
        store.remove("lite")
    assert (own_models / "lite").is_dir()


@pytest.mark.parametrize("name", ["..", ".", "", "../catalog", ".unfinished", "/"])
def test_only_models_are_removed(shelf, name):
    shelf.publish()
    store.fetch("tiny")
    with pytest.raises(ModelMissing):
        store.remove(name)
    assert shelf.catalog.is_dir()
    assert (shelf.store / "tiny").is_dir()
