"""Segment Anything: a small one of random weights, against the official package."""

import numpy as np
import pytest
import torch
from photochrom import models
from photochrom.cache import LRUCache
from photochrom.colorizers.conversions import gray_from_lightness
from photochrom.errors import BadRequest, ModelDamaged
from photochrom.harmonization import recolor
from photochrom.models import catalog
from photochrom.segmenters import sam
from safetensors.torch import load_file

from photochrom_client.prompt import Click, Prompt

# isort: split
from segment_anything import SamPredictor, sam_model_registry

from .tiny_sam import TINY, installed, nearly, picture, unwritable


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
    found = segmenter.mask(lightness, Prompt().clicked(0.25, 0.5))
    assert found.dtype == bool
    assert nearly(found, masks[sureness.argmax()])
    assert 0 < found.mean() < 1


def test_a_box_and_background_points(segmenter, official):
    lightness = picture(48, 64)
    predictor = SamPredictor(official)
    predictor.set_image(np.repeat(np.rint(255 * gray_from_lightness(lightness)).astype(np.uint8)[..., None], 3, 2))
    (boxed,), *_ = predictor.predict(box=np.array([16, 12, 48, 36]), multimask_output=False)
    (pointed,), *_ = predictor.predict(np.array([[16, 24], [60, 4]]), np.array([1, 0]), multimask_output=False)
    assert nearly(segmenter.mask(lightness, Prompt(box=(0.25, 0.25, 0.75, 0.75))), boxed)
    assert nearly(segmenter.mask(lightness, Prompt().clicked(0.25, 0.5).clicked(0.9375, 1 / 12, away=True)), pointed)


def test_size_chooses_among_the_masks_by_their_area(segmenter, official):
    lightness = picture(48, 64)
    predictor = SamPredictor(official)
    predictor.set_image(np.repeat(np.rint(255 * gray_from_lightness(lightness)).astype(np.uint8)[..., None], 3, 2))
    masks, *_ = predictor.predict(np.array([[16, 24]]), np.array([1]))
    areas = sorted(masks.sum((1, 2)))
    assert areas[0] < areas[-1]
    for size, area in ((-1.0, areas[0]), (1.0, areas[-1])):
        found = segmenter.mask(lightness, Prompt(size=size).clicked(0.25, 0.5))
        assert found.sum() == pytest.approx(area, rel=0.02)


def test_an_object_to_recolor_is_asked_for_by_its_point_or_its_box(segmenter):
    lightness = picture(48, 64)
    found = recolor.object_at(segmenter, lightness, Prompt().clicked(0.25, 0.5))
    assert np.array_equal(found, segmenter.mask(lightness, Prompt().clicked(0.25, 0.5)))
    boxed = segmenter.mask(lightness, Prompt(box=(0.25, 0.25, 0.75, 0.5)))
    around = np.zeros((48, 64), bool)
    around[12:24, 16:48] = True
    shared = (boxed & around).sum() / (boxed | around).sum()
    wanted = boxed if shared >= recolor.IN_COMMON else around
    assert np.array_equal(recolor.object_in(segmenter, lightness, around), wanted)


def test_prompts_need_the_encoder_once_and_answer_as_from_scratch(segmenter, card, encoded):
    lightness = picture(40, 56)
    segmenter.mask(lightness, Prompt().clicked(0.5, 0.5))
    again = segmenter.mask(lightness, Prompt().clicked(0.3, 0.5))
    assert len(encoded) == 1
    scratch = sam.open_model(models.read_card(card.folder / "card.json"))
    assert np.array_equal(again, scratch.mask(lightness, Prompt().clicked(0.3, 0.5)))


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
    assert segmenter.mask(np.full(size, 50, np.float32), Prompt().clicked(0.5, 0.5)).shape == size


def test_a_prompt_is_needed(segmenter):
    with pytest.raises(BadRequest, match="no prompt for the object"):
        segmenter.mask(picture(8, 8), Prompt())
    with pytest.raises(BadRequest, match="no prompt for the object"):
        segmenter.mask(picture(8, 8), Prompt((Click(0.5, 0.5, away=True),)))


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
