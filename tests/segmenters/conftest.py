"""A small SAM of random weights: the official package's, the store's model made from it, and its segmenter."""

import pytest
import torch
from photochrom.segmenters import sam

# isort: split
from segment_anything.build_sam import _build_sam

from .tiny_sam import TINY, installed


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def card(official, tmp_path_factory):
    tensors = sam.networks({"image_encoder": "vit"} | TINY)["weights"].adapt(official.state_dict())
    card = installed(tmp_path_factory.mktemp("store") / "sam-tiny", {"image_encoder": "vit"} | TINY, tensors)
    for rest in (".unfinished", "openvino"):  # Of a conversion that was killed.
        (card.folder / rest).mkdir()
        (card.folder / rest / "encoder.bin").write_bytes(b"half")
    return card


@pytest.fixture(scope="session")
def converting():
    """The progress reported while `segmenter` was opened for the first time."""
    return []


@pytest.fixture(scope="session")
def segmenter(card, converting):
    return sam.open_model(card, lambda done, doing: converting.append((done, doing)))
