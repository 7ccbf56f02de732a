"""The conversion of SAM to OpenVINO, done once and kept beside the model."""

import shutil
import sys
from types import SimpleNamespace

import pytest
from filelock import FileLock
from photochrom import models
from photochrom.errors import Cancelled
from photochrom.segmenters import sam, sam_openvino

from photochrom_client.prompt import Prompt

from .tiny_sam import TINY, installed, nearly, picture, unwritable


def test_the_conversion_is_kept_and_repeated_when_it_is_damaged(segmenter, card, tmp_path):
    copy = shutil.copytree(card.folder, tmp_path / "copy")
    kept = copy / "openvino"
    files = ["decoder.bin", "decoder.xml", "encoder.bin", "encoder.xml", "hashes.json"]
    assert sorted(path.name for path in kept.iterdir()) == files
    assert models.read_card(copy / "card.json").size > sum(path.stat().st_size for path in kept.iterdir())
    told = []

    def until_it_is_made(_done, doing):
        told.append(doing)
        if doing.startswith("Preparing"):
            raise Cancelled

    sam.open_model(models.read_card(copy / "card.json"), until_it_is_made)
    assert set(told) == {"Loading sam-tiny"}
    for spoiled in ("encoder.bin", "hashes.json"):
        shutil.copytree(card.folder / "openvino", kept, dirs_exist_ok=True)
        (kept / spoiled).write_bytes(b"1907")
        with pytest.raises(Cancelled):
            sam.open_model(models.read_card(copy / "card.json"), until_it_is_made)
        assert not kept.exists()


def leftovers(folder):
    """What a model's folder has but for the model, its conversion, and the lock."""
    known = {"card.json", "weights.safetensors", "openvino", "openvino.lock"}
    return [path.name for path in folder.iterdir() if path.name not in known]


def test_the_conversion_reports_its_progress(segmenter, converting):
    assert converting[0] == (0.0, "Loading sam-tiny")
    assert converting[-1] == (1.0, "Loading sam-tiny")
    own = [done for done, doing in converting if doing == "Preparing sam-tiny for this computer, once"]
    assert len(own) == len(converting) - 2
    assert own == sorted(own)
    assert 0 < own[0] < 0.1
    assert 0.9 < own[-1] < 1
    # Several times within a part, not only between the two.
    assert len({round(done, 2) for done in own}) > 20


def test_the_conversion_is_cancelled_within_a_part_and_leaves_nothing(official, tmp_path):
    alone = installed(tmp_path / "alone", {"image_encoder": "vit"} | TINY, official.state_dict())

    def stop(done, doing):
        if doing.startswith("Preparing") and done > 0.02:
            raise Cancelled

    with pytest.raises(Cancelled):
        sam.open_model(alone, stop)
    assert leftovers(alone.folder) == []
    assert not (alone.folder / "openvino").exists()


def test_what_a_killed_conversion_left_is_cleared_away(segmenter, card):
    assert leftovers(card.folder) == []
    assert (card.folder / "openvino" / "encoder.bin").stat().st_size > 1000


def test_a_second_process_waits_for_the_conversion_or_gives_up(card, tmp_path):
    alone = shutil.copytree(card.folder, tmp_path / "alone")
    (alone / "openvino").rename(tmp_path / "made")
    told = []

    def made_meanwhile(_done, doing):
        told.append(doing)
        if doing.endswith("already"):
            (tmp_path / "made").rename(alone / "openvino")
            lock.release()

    def give_up(_done, doing):
        if doing.endswith("already"):
            raise Cancelled

    with FileLock(alone / "openvino.lock") as lock:
        with pytest.raises(Cancelled):
            sam.open_model(models.read_card(alone / "card.json"), give_up)
        sam.open_model(models.read_card(alone / "card.json"), made_meanwhile)
    assert told == ["Loading sam-tiny", "sam-tiny is being prepared already", "Loading sam-tiny"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("told_before", [True, False])
def test_without_disk_space_torch_is_used_and_no_files_stay(official, tmp_path, monkeypatch, told_before):
    import resource

    alone = installed(tmp_path / "alone", {"image_encoder": "vit"} | TINY, official.state_dict())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if told_before:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    else:  # No file grows beyond this.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        segmenter = sam.open_model(alone)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not isinstance(segmenter._network.image_encoder, sam_openvino.Encoder)
    assert leftovers(alone.folder) == []
    assert not (alone.folder / "openvino").exists()


def test_a_folder_that_may_not_be_written_to_does_without_a_conversion(official, card, tmp_path, monkeypatch):
    alone = installed(tmp_path / "alone", {"image_encoder": "vit"} | TINY, official.state_dict())
    unwritable(monkeypatch)
    found = sam.open_model(alone).mask(picture(20, 30), Prompt().clicked(0.3, 0.5))
    assert not (alone.folder / "openvino").exists()
    assert nearly(
        found,
        sam.open_model(models.read_card(card.folder / "card.json")).mask(picture(20, 30), Prompt().clicked(0.3, 0.5)),
    )
