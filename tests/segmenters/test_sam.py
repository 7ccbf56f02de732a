"""Segment Anything and MobileSAM: a small one of random weights, in the layout of the official checkpoints."""

import json
import os
import shutil
import sys
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from filelock import FileLock
from photochrom import models
from photochrom.cache import LRUCache
from photochrom.colorizers.exchange import gray_from_lightness
from photochrom.errors import BadRequest, Cancelled, ModelDamaged
from photochrom.harmonization import recolor
from photochrom.models import catalog
from photochrom.segmenters import mobile_sam, sam, sam_openvino
from safetensors.torch import load_file, save_file

# isort: split
from segment_anything import SamPredictor, sam_model_registry
from segment_anything.build_sam import _build_sam

TINY = {"embed_dim": 8, "depth": 1, "num_heads": 1, "global_attn_indexes": []}


def installed(folder, details, tensors):
    """The card of a model in a folder, as the store leaves it."""
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "weights.safetensors")
    digest = sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    common = {"name": "sam-tiny", "kind": "segmenter", "system": "sam", "version": "0", "good_at": "", "license": ""}
    card = common | details | {"proxy_side": 64, "files": {"weights.safetensors": digest}}
    (folder / "card.json").write_text(json.dumps(card))
    return models.read_card(folder / "card.json")


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """A small SAM of the official package, from a checkpoint file of its layout that is sure of all its masks."""
    torch.manual_seed(1907)
    sizes = {f"encoder_{name}": value for name, value in TINY.items()}
    tensors = _build_sam(**sizes).state_dict()
    tensors["mask_decoder.iou_prediction_head.layers.2.bias"] += 1
    for number in range(4):
        # Far from 0 on both sides of an edge: stable masks.
        tensors[f"mask_decoder.output_hypernetworks_mlps.{number}.layers.2.weight"] *= 1e4
    path = tmp_path_factory.mktemp("official") / "sam_tiny.pth"
    torch.save(tensors, path)
    return _build_sam(**sizes, checkpoint=path)


@pytest.fixture(scope="module")
def card(official, tmp_path_factory):
    tensors = sam.networks({"image_encoder": "vit"} | TINY)["weights"].adapt(official.state_dict())
    card = installed(tmp_path_factory.mktemp("store") / "sam-tiny", {"image_encoder": "vit"} | TINY, tensors)
    for rest in (".unfinished", "openvino"):  # Of a conversion that was killed.
        (card.folder / rest).mkdir()
        (card.folder / rest / "encoder.bin").write_bytes(b"half")
    return card


@pytest.fixture(scope="module")
def converting():
    """What was told while `segmenter` was opened for the first time."""
    return []


@pytest.fixture(scope="module")
def segmenter(card, converting):
    return sam.open_model(card, lambda done, doing: converting.append((done, doing)))


def unwritable(monkeypatch):
    """The store's folders may not be written to: nothing is converted, which takes seconds."""
    monkeypatch.setattr(os, "access", lambda *_: False)


def nearly(one, other):
    """OpenVINO rounds otherwise than torch: pixels on the very edge of a mask may differ."""
    return one.shape == other.shape and (one == other).mean() > 0.99


def picture(height, width):
    """Lightness with a bright disc on a slope."""
    y, x = np.mgrid[:height, :width]
    disc = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (min(height, width) / 4) ** 2
    return (20 + 40 * x / width + 35 * disc).astype(np.float32)


@pytest.fixture
def encoded(segmenter, monkeypatch):
    """How often the encoder ran."""
    calls = []
    hook = segmenter._network.image_encoder.register_forward_hook(lambda *_: calls.append(1))
    monkeypatch.setattr(segmenter, "_embeddings", LRUCache(2))
    yield calls
    hook.remove()


@pytest.mark.parametrize("size", [(48, 64), (37, 21)])
def test_a_point_gives_what_the_official_package_gives_for_three_equal_channels(segmenter, official, size):
    lightness = picture(*size)
    gray = np.rint(255 * gray_from_lightness(lightness)).astype(np.uint8)
    predictor = SamPredictor(official)
    predictor.set_image(np.stack([gray, gray, gray], -1))
    masks, sureness, _ = predictor.predict(np.array([[size[1] * 0.25, size[0] * 0.5]]), np.array([1]))
    found = segmenter.mask(lightness, [(0.25, 0.5)])
    assert found.dtype == bool
    assert nearly(found, masks[sureness.argmax()])
    assert 0 < found.mean() < 1


def test_a_box_and_points_that_are_not_meant(segmenter, official):
    lightness = picture(48, 64)
    predictor = SamPredictor(official)
    predictor.set_image(np.repeat(np.rint(255 * gray_from_lightness(lightness)).astype(np.uint8)[..., None], 3, 2))
    (boxed,), *_ = predictor.predict(box=np.array([16, 12, 48, 36]), multimask_output=False)
    (pointed,), *_ = predictor.predict(np.array([[16, 24], [60, 4]]), np.array([1, 0]), multimask_output=False)
    assert nearly(segmenter.mask(lightness, box=(0.25, 0.25, 0.75, 0.75)), boxed)
    assert nearly(segmenter.mask(lightness, [(0.25, 0.5)], [(0.9375, 1 / 12)]), pointed)


def test_an_object_to_recolor_is_asked_for_by_its_point_or_its_box(segmenter):
    lightness = picture(48, 64)
    found = recolor.object_at(segmenter, lightness, np.zeros((12, 16, 2), np.float32), 0.25, 0.5)
    assert np.array_equal(found, segmenter.mask(lightness, [(0.25, 0.5)]))
    boxed = segmenter.mask(lightness, box=(0.25, 0.25, 0.75, 0.5))
    around = np.zeros((48, 64), bool)
    around[12:24, 16:48] = True
    shared = (boxed & around).sum() / (boxed | around).sum()
    wanted = boxed if shared >= recolor.IN_COMMON else around
    assert np.array_equal(recolor.object_in(segmenter, lightness, around), wanted)


def test_prompts_need_the_encoder_once_and_answer_as_from_scratch(segmenter, card, encoded):
    lightness = picture(40, 56)
    segmenter.mask(lightness, [(0.5, 0.5)])
    again = segmenter.mask(lightness, [(0.3, 0.5)])
    assert len(encoded) == 1
    scratch = sam.open_model(models.read_card(card.folder / "card.json"))
    assert np.array_equal(again, scratch.mask(lightness, [(0.3, 0.5)]))


def test_the_conversion_is_kept_and_made_again_when_it_is_damaged(segmenter, card, tmp_path):
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


def test_the_conversion_tells_how_far_it_is(segmenter, converting):
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


def test_who_waits_for_anothers_conversion_takes_it_or_gives_up(card, tmp_path):
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
def test_without_room_on_the_disk_torch_goes_on_and_nothing_stays(official, tmp_path, monkeypatch, told_before):
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
    found = sam.open_model(alone).mask(picture(20, 30), [(0.3, 0.5)])
    assert not (alone.folder / "openvino").exists()
    assert nearly(
        found, sam.open_model(models.read_card(card.folder / "card.json")).mask(picture(20, 30), [(0.3, 0.5)])
    )


def test_only_so_many_pictures_are_kept(segmenter, encoded):
    first, second, third = (picture(8, width) for width in (9, 10, 11))
    for lightness in (first, second, first, third):
        segmenter.embed(lightness)
    assert len(encoded) == 3
    segmenter.embed(first)
    assert len(encoded) == 3
    segmenter.embed(second)
    assert len(encoded) == 4
    assert len(segmenter._embeddings._values) == 2


def test_automatic_masks_are_masks(segmenter, monkeypatch, encoded):
    monkeypatch.setattr(sam, "POINTS_PER_SIDE", 2)
    lightness = picture(33, 47)
    found = segmenter.segment(lightness)
    assert found.layers.shape[1:] == (33, 47)
    assert found.count >= 1
    areas = [int(found.mask(number).sum()) for number in range(1, found.count + 1)]
    assert areas == sorted(areas, reverse=True)
    assert areas[-1] > 0
    assert len(encoded) == 1


def test_no_sure_mask_is_no_segment(official, tmp_path, monkeypatch):
    unwritable(monkeypatch)
    monkeypatch.setattr(sam, "POINTS_PER_SIDE", 1)
    tensors = official.state_dict()
    bias = "mask_decoder.iou_prediction_head.layers.2.bias"
    unsure = installed(tmp_path / "unsure", {"image_encoder": "vit"} | TINY, tensors | {bias: tensors[bias] - 5})
    assert sam.open_model(unsure).segment(picture(20, 30)).count == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 4100), (2500, 1)])
def test_strips_have_masks_of_their_size(segmenter, size):
    assert segmenter.mask(np.full(size, 50, np.float32), [(0.5, 0.5)]).shape == size


def test_a_prompt_is_needed(segmenter):
    with pytest.raises(BadRequest, match="no prompt for the object"):
        segmenter.mask(picture(8, 8))


def test_weights_of_another_network_are_refused(card, tmp_path):
    details = {"image_encoder": "vit"} | TINY | {"depth": 2}
    other = installed(tmp_path / "other", details, load_file(card.folder / "weights.safetensors"))
    with pytest.raises(ModelDamaged, match="does not fit"):
        sam.open_model(other)


@pytest.mark.parametrize("name", ["b", "l", "h"])
def test_layout_is_that_of_the_official_package(name):
    with torch.device("meta"):
        official = sam_model_registry[f"vit_{name}"]()
    published = catalog.find(f"sam-vit-{name}")
    assert published.checkpoints[0].may_have(official.state_dict())
    layout = sam.networks(published.details)["weights"].layout()
    assert layout == {name: tuple(tensor.shape) for name, tensor in official.state_dict().items()}


@pytest.mark.parametrize("name", ["sam-vit-b", "sam-vit-l", "sam-vit-h", "mobile-sam"])
def test_cards_count_the_parameters(name):
    published = catalog.find(name)
    with torch.device("meta"):
        network = sam.networks(published.details)["weights"].build()
    assert published.parameters == sum(parameter.numel() for parameter in network.parameters())


def mobile_sam_layout(decoder):
    """Names and shapes of the encoder in mobile_sam.pt, after TinyViT-5M (arXiv 2207.10666, table 9), and what it has
    of SAM's prompt encoder and mask decoder."""
    layout = {name: shape for name, shape in decoder.items() if not name.startswith("image_encoder")}

    def put(name, *shape):
        layout[f"image_encoder.{name}"] = shape

    def norm(name, width):
        put(f"{name}.weight", width)
        put(f"{name}.bias", width)

    def linear(name, out, width):
        put(f"{name}.weight", out, width)
        put(f"{name}.bias", out)

    def convolution(name, out, width, side):
        put(f"{name}.c.weight", out, width, side, side)
        norm(f"{name}.bn", out)
        put(f"{name}.bn.running_mean", out)
        put(f"{name}.bn.running_var", out)
        put(f"{name}.bn.num_batches_tracked")

    convolution("patch_embed.seq.0", 32, 3, 3)
    convolution("patch_embed.seq.2", 64, 32, 3)
    widths, windows, heads = (64, 128, 160, 320), (7, 7, 14, 7), (2, 4, 5, 10)
    for stage, depth in enumerate((2, 2, 6, 2)):
        width = widths[stage]
        for block in (f"layers.{stage}.blocks.{number}" for number in range(depth)):
            if stage == 0:
                convolution(f"{block}.conv1", 4 * width, width, 1)
                convolution(f"{block}.conv2", 4 * width, 1, 3)
                convolution(f"{block}.conv3", width, 4 * width, 1)
                continue
            put(f"{block}.attn.attention_biases", heads[stage], windows[stage] ** 2)
            norm(f"{block}.attn.norm", width)
            linear(f"{block}.attn.qkv", 3 * width, width)
            linear(f"{block}.attn.proj", width, width)
            norm(f"{block}.mlp.norm", width)
            linear(f"{block}.mlp.fc1", 4 * width, width)
            linear(f"{block}.mlp.fc2", width, 4 * width)
            convolution(f"{block}.local_conv", width, 1, 3)
        if stage < 3:
            following = widths[stage + 1]
            convolution(f"layers.{stage}.downsample.conv1", following, width, 1)
            convolution(f"layers.{stage}.downsample.conv2", following, 1, 3)
            convolution(f"layers.{stage}.downsample.conv3", following, following, 1)
    norm("norm_head", 320)
    linear("head", 1000, 320)
    put("neck.0.weight", 256, 320, 1, 1)
    norm("neck.1", 256)
    put("neck.2.weight", 256, 256, 3, 3)
    norm("neck.3", 256)
    return layout


def test_mobile_sam_takes_its_published_checkpoint(official, tmp_path, monkeypatch):
    unwritable(monkeypatch)
    torch.manual_seed(3)
    decoder = official.state_dict()
    checkpoint = {
        name: decoder[name]
        if "image_encoder" not in name
        else (0.05 * torch.randn(shape) if shape else torch.tensor(1))
        for name, shape in mobile_sam_layout({name: tuple(each.shape) for name, each in decoder.items()}).items()
    }
    # The published file has 40.7 MB; what is not tensors in it is names.
    assert 40.0e6 < sum(4 * tensor.numel() for tensor in checkpoint.values()) < 40.73e6
    for name, tensor in checkpoint.items():
        if name.endswith("running_var"):
            tensor.abs_().add_(1)
    assert catalog.find("mobile-sam").checkpoints[0].may_have(checkpoint)
    network = sam.networks({"image_encoder": "tiny_vit"})["weights"]
    tensors = dict(network.adapt(checkpoint))
    assert {name: tuple(tensor.shape) for name, tensor in tensors.items()} == network.layout()
    segmenter = sam.open_model(installed(tmp_path / "mobile", {"image_encoder": "tiny_vit"}, tensors))
    assert segmenter.embed(picture(30, 40)).features.shape == (1, 256, 64, 64)
    assert segmenter.mask(picture(30, 40), [(0.3, 0.5)]).shape == (30, 40)


def test_mobile_sams_attention_biases_are_by_distance():
    """TinyViT, as LeViT: cells of equal offset share a bias, numbered as they first occur from the corner."""
    with torch.device("meta"):
        encoder = mobile_sam.Encoder()
    encoder.count_offsets()
    numbers = encoder.vit.stages[1].blocks[0].attn.attention_bias_idxs
    for one, other in np.random.default_rng(7).integers(0, 49, (50, 2)):
        away = abs(one // 7 - other // 7) * 7 + abs(one % 7 - other % 7)
        assert numbers[one, other] == away
