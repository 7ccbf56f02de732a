"""Files that people bring: recognized, unpacked, refused."""

import io
import json
import zipfile

import pytest
import torch
from photochrom import models
from photochrom.errors import (
    BadRequest,
    CheckpointRefused,
)
from photochrom.models import store
from safetensors.torch import load_file, save_file

from .conftest import UNKNOWN, checkpoint


def brought(shelf, name, network="weights", seed=None):
    """A checkpoint file of the user's."""
    width = json.loads((shelf.catalog / f"{name}.json").read_text())["widths"][network]
    path = shelf.catalog.parent / f"{name}-{network}.pth"
    path.write_bytes(checkpoint(width, seed or network))
    return path


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def archived(shelf):
    """A model of two networks of one layout that came in one zip file, among other things; that file."""
    content = archive({
        "nets/one.pth": checkpoint(seed="one"),
        "nets/two.pth": checkpoint(seed="two"),
        "../../outside": b"never",
        "nets/more.pth": b"x",
    })  # fmt: skip
    own = {"address": shelf.server.at("nets.zip"), "archive": "nets.zip", "bytes": None, "sha256": None}
    checkpoints = [{"network": name, "file": f"nets/{name}.pth", **own} for name in ("one", "two")]
    shelf.publish(widths={"one": 3, "two": 3}, checkpoints=checkpoints)
    shelf.server.files["nets.zip"] = content
    path = shelf.catalog.parent / "downloaded.zip"
    path.write_bytes(content)
    return path


def test_an_archive_is_downloaded_once_and_only_what_is_named_is_taken(shelf, archived):
    card = store.fetch("tiny")
    assert len(shelf.server.asked) == 1
    for name in ("one", "two"):
        stored = load_file(card.file(f"{name}.safetensors"))["weight"]
        assert torch.equal(stored, torch.load(io.BytesIO(checkpoint(seed=name)))["published.weight"])
    assert [path.name for path in shelf.store.rglob("*") if path.name in {"outside", "more.pth"}] == []
    assert not (shelf.store.parent / "outside").exists()


def test_an_archive_is_imported_as_it_came(shelf, archived):
    assert store.import_files([archived]).files.keys() == {"one.safetensors", "two.safetensors"}
    assert archived.exists()


def test_an_archive_may_have_one_more_folder_around_all(shelf, archived):
    members = {f"release/nets/{name}.pth": checkpoint(seed=name) for name in ("one", "two")}
    shelf.server.files["nets.zip"] = archive(members)
    assert store.fetch("tiny").files.keys() == {"one.safetensors", "two.safetensors"}


def test_two_members_alike_are_not_guessed_between(shelf, archived):
    members = {f"{folder}/nets/{name}.pth": checkpoint(seed=name) for name in ("one", "two") for folder in "ab"}
    shelf.server.files["nets.zip"] = archive(members)
    with pytest.raises(CheckpointRefused, match="is missing or damaged"):
        store.fetch("tiny")


@pytest.mark.parametrize("content", [b"no zip", archive({"nets/one.pth": checkpoint()})])
def test_an_archive_without_its_members_is_refused(shelf, archived, content):
    shelf.server.files["nets.zip"] = content
    with pytest.raises(CheckpointRefused, match=r"nets/.* in nets\.zip is missing or damaged"):
        store.fetch("tiny")
    assert shelf.is_clean()


def test_a_member_larger_than_it_may_be_is_not_unpacked(shelf, archived):
    shelf.server.files["nets.zip"] = archive({"nets/one.pth": bytes(100 << 20), "nets/two.pth": checkpoint()})
    with pytest.raises(CheckpointRefused, match="more than expected"):
        store.fetch("tiny")
    assert shelf.is_clean()


def test_an_import_is_known_by_its_hash_though_others_have_its_layout(shelf):
    shelf.publish("first")
    shelf.publish("second", facts=UNKNOWN)
    path = brought(shelf, "first")
    assert store.import_files([path.rename(path.with_name("any.bin"))]).name == "first"
    assert store.hash_notes(models.stored()[0]) == ()


def test_an_import_is_known_by_its_tensors(shelf):
    shelf.publish("small", widths={"weights": 3}, facts=UNKNOWN)
    shelf.publish("large", widths={"weights": 5}, facts=UNKNOWN)
    card = store.import_files([brought(shelf, "large")])
    assert card.name == "large"
    assert card.details["checkpoints"][0]["hash_recorded_at_import"] is True
    assert store.hash_notes(card) == ("large-weights.pth: no published hash; recorded at import",)


def test_an_import_in_our_own_layout_is_taken_as_it_is(shelf, tmp_path):
    shelf.publish()
    tensors = {"weight": torch.rand(2, 1, 3, 3), "bias": torch.rand(2)}
    save_file(tensors, tmp_path / "mine.safetensors")
    card = store.import_files([tmp_path / "mine.safetensors"])
    assert torch.equal(load_file(card.file("weights.safetensors"))["weight"], tensors["weight"])
    assert store.hash_notes(card) == ("tiny-weights.pth: not the published file; recognized by its tensors",)


def test_which_of_those_that_share_a_layout_is_asked_for(shelf):
    shelf.publish("paper", facts=UNKNOWN)
    shelf.publish("artistic", facts=UNKNOWN)
    shelf.publish("other", widths={"weights": 5}, facts=UNKNOWN)
    path = brought(shelf, "paper")
    with pytest.raises(BadRequest, match="fits artistic, paper alike") as failed:
        store.import_files([path])
    assert "--as artistic" in failed.value.next_step
    assert store.import_files([path], name="paper").name == "paper"
    with pytest.raises(CheckpointRefused, match="not a checkpoint of other"):
        store.import_files([path], name="other")


def test_networks_of_one_layout_are_distinguished_by_the_published_file_names(shelf):
    shelf.publish(widths={"one": 3, "two": 3, "three": 4}, facts=UNKNOWN)
    files = [brought(shelf, "tiny", name) for name in ("two", "three", "one")]
    card = store.import_files(files)
    for name in ("one", "two"):
        stored = load_file(card.file(f"{name}.safetensors"))["weight"]
        assert torch.equal(stored, torch.load(io.BytesIO(checkpoint(seed=name)))["published.weight"])


def test_a_part_of_a_model_is_not_imported(shelf):
    shelf.publish(widths={"one": 3, "two": 4}, facts=UNKNOWN)
    with pytest.raises(CheckpointRefused, match="not the files of a whole model") as failed:
        store.import_files([brought(shelf, "tiny", "one")])
    assert "tiny-one.pth, tiny-two.pth" in failed.value.next_step
    one = brought(shelf, "tiny", "one")
    with pytest.raises(CheckpointRefused, match="not the files of a whole model"):
        store.import_files([one, one])
    assert shelf.is_clean()


def test_files_of_several_models_are_not_imported_together(shelf):
    shelf.publish("small", widths={"weights": 3}, facts=UNKNOWN)
    shelf.publish("large", widths={"weights": 5}, facts=UNKNOWN)
    with pytest.raises(CheckpointRefused, match="do not belong to one model"):
        store.import_files([brought(shelf, "small"), brought(shelf, "large")])


def test_a_file_of_no_known_model_is_refused(shelf, tmp_path):
    shelf.publish()
    save_file({"x": torch.zeros(1)}, tmp_path / "x.safetensors")
    with pytest.raises(CheckpointRefused, match="not a checkpoint of tiny"):
        store.import_files([tmp_path / "x.safetensors"])
    with pytest.raises(CheckpointRefused, match="cannot be read: No such file"):
        store.import_files([tmp_path / "missing.pth"])


def test_an_installed_model_is_not_imported_over(shelf):
    store.fetch(shelf.publish())
    with pytest.raises(BadRequest, match="installed already"):
        store.import_files([brought(shelf, "tiny")])
