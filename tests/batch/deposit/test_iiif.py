"""IIIF manifests hold each picture as a choice of photograph and color version."""

from __future__ import annotations

from urllib.parse import unquote

import pyvips
from iiif_prezi3 import Collection, Manifest
from photochrom.batch.deposit import iiif

from .conftest import WEB


def file_of(bag, address):
    assert address.startswith(WEB)
    return bag.path / unquote(address.removeprefix(WEB))


def test_a_collection_lists_a_manifest_for_each_folder(of_three, make):
    bag = make(of_three)
    listed = bag.json("collection.json")
    Collection(**listed)
    assert [each["label"]["none"] for each in listed["items"]] == [["Photographs"], ["roll"]]
    assert all(file_of(bag, each["id"]).is_file() for each in listed["items"])


def test_photograph_and_color_are_a_choice(of_three, make):
    bag = make(of_three)
    manifest = bag.json("manifest-1.json")
    Manifest(**manifest)
    assert "guesses" in manifest["requiredStatement"]["value"]["en"][0]
    canvas = next(each for each in manifest["items"] if each["label"]["none"] == ["sure.png"])
    (annotation,) = canvas["items"][0]["items"]
    assert (annotation["motivation"], annotation["target"]) == ("painting", canvas["id"])
    assert annotation["body"]["type"] == "Choice"
    assert [each["label"]["en"] for each in annotation["body"]["items"]] == [["Photograph"], ["Color"]]
    for each in annotation["body"]["items"]:
        image = pyvips.Image.new_from_file(str(file_of(bag, each["id"])))
        assert (image.width, image.height) == (each["width"], each["height"])
        assert each["format"] == "image/jpeg"
    (full,) = canvas["rendering"]
    assert (full["format"], file_of(bag, full["id"]).is_file()) == ("image/png", True)


def test_long_folders_have_several_manifests(batch, make, monkeypatch):
    monkeypatch.setattr(iiif, "MOST", 2)
    for number in range(5):
        batch.add(f"roll/{number}.png")
    bag = make(batch)
    listed = bag.json("collection.json")["items"]
    assert [each["label"]["none"][0] for each in listed] == ["roll, 1 to 2", "roll, 3 to 4", "roll, 5 to 5"]
    names = [
        canvas["label"]["none"][0] for number in (1, 2, 3) for canvas in bag.json(f"manifest-{number}.json")["items"]
    ]
    assert names == [f"{number}.png" for number in range(5)]
