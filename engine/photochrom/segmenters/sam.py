"""Segment Anything (Kirillov et al. 2023, arXiv 2304.02643) and MobileSAM, through the `segment_anything` package.

The encoder takes seconds for a picture, the decoder milliseconds for a prompt: embeddings of the last pictures are
cached, so that only the first prompt for a picture is slow.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from photochrom.cache import LRUCache
from photochrom.colorizers.conversions import gray_from_lightness
from photochrom.models import Card
from photochrom.models.networks import Network, open_network, unchanged
from photochrom.progress import Progress, silent
from photochrom.runtime import torchvision_operators  # noqa: F401  Before segment_anything, which imports torchvision.
from photochrom.segmenters import check
from photochrom.segmenters.sam_openvino import run_by_openvino
from photochrom.values import Mask, Plane, Segments
from photochrom_client.prompt import Prompt

KEPT: Final = 8
"""Capacity of the cache of embeddings, 4 MB each."""

POINTS_PER_SIDE: Final = 16
"""Automatic masks use a grid of 16 × 16 points. The paper's 32 find more small objects, in four times the time."""

POINTS_AT_ONCE: Final = 8
"""Batch of points: each takes three masks of 1024 × 1024."""

SIZED: Final = 0.5
"""Least size, either way, for which the size of a mask decides instead of its score."""

LONG_SIDE: Final = 1024
"""Long side of the encoder's input, in pixels."""


@dataclass(frozen=True)
class Embedding:
    """A picture's embedding: `features` (1, 256, 64, 64); `size` (h, w) of the picture, and its `scaled` size in the
    encoder's input."""

    features: torch.Tensor
    size: tuple[int, int]
    scaled: tuple[int, int]


class SegmentAnything:
    """See `segmenters.Segmenter`. Thread-safe."""

    def __init__(self, card: Card, network: Any) -> None:
        self.card = card
        self.proxy_side = card.proxy_side
        self._network = network
        self._embeddings = LRUCache(KEPT)
        self._lock = threading.Lock()

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100 -> the objects found at a grid of points (paper, section 5 and appendix B), which
        may lie in one another; pixels may belong to none."""
        from segment_anything import SamAutomaticMaskGenerator

        embedding = self.embed(lightness)
        generator = SamAutomaticMaskGenerator(self._network, POINTS_PER_SIDE, POINTS_AT_ONCE)
        generator.predictor = predictor = self._predictor(embedding)
        # The generator would encode its input and reset it afterwards: that is done here.
        predictor.set_image = predictor.reset_image = lambda *_: None
        found = generator.generate(np.zeros((*embedding.size, 3), np.uint8))
        masks = np.array([each["segmentation"] for each in found], bool).reshape(-1, *embedding.size)
        height, width = lightness.shape
        return Segments.from_masks(masks[:, :height, :width])

    def mask(self, lightness: Plane, prompt: Prompt) -> Mask:
        """Lightness (h, w) 0…100 and a prompt -> the object's mask (h, w).

        A single point can mean a thing or a part of it: of the network's three masks, the one with the highest score.
        A prompt for a small or large object takes the smallest or largest of them.

        Raises:
            BadRequest: there is no prompt.
        """
        check(prompt)
        embedding = self.embed(lightness)
        height, width = lightness.shape
        across = np.array([width, height], np.float64)
        at = np.array([(click.x, click.y) for click in prompt.clicks], np.float64).reshape(-1, 2) * across
        sized = abs(prompt.size) >= SIZED
        masks, sureness, _ = self._predictor(embedding).predict(
            at if len(at) else None,
            np.array([not click.away for click in prompt.clicks], np.int64) if len(at) else None,
            None if prompt.box is None else np.array(prompt.box) * np.tile(across, 2),
            multimask_output=sized or (len(at) == 1 and prompt.box is None),
        )
        chosen = np.copysign(1, prompt.size) * masks.sum((1, 2)) if sized else sureness
        return np.asarray(masks[chosen.argmax(), :height, :width])

    def embed(self, lightness: Plane) -> Embedding:
        """Lightness (h, w) 0…100 -> its embedding, cached for further prompts."""
        key = hashlib.sha256(f"{lightness.shape}".encode() + np.ascontiguousarray(lightness).tobytes()).digest()
        with self._lock:
            return self._embeddings.get(key, lambda: self._encode(lightness))

    def _encode(self, lightness: Plane) -> Embedding:
        from segment_anything import SamPredictor

        # The encoder's 1024 × 1024 has no room for strips that are thinner than half a pixel there.
        least = -(-max(lightness.shape) // (2 * LONG_SIDE))
        height, width = lightness.shape
        whole = np.pad(lightness, ((0, max(0, least - height)), (0, max(0, least - width))), mode="edge")
        gray = np.rint(255 * np.clip(gray_from_lightness(whole), 0, 1)).astype(np.uint8)
        predictor = SamPredictor(self._network)
        predictor.set_image(np.repeat(gray[..., None], 3, axis=2))
        return Embedding(predictor.features, predictor.original_size, predictor.input_size)

    def _predictor(self, embedding: Embedding) -> Any:
        """The package's predictor as it is once a picture is encoded."""
        from segment_anything import SamPredictor

        predictor = SamPredictor(self._network)
        predictor.features = embedding.features
        predictor.original_size, predictor.input_size = embedding.size, embedding.scaled
        predictor.is_image_set = True
        return predictor


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """See `models.networks`. `details["image_encoder"]`: "vit" with its sizes as the package names them, or
    "tiny_vit"."""
    from photochrom.segmenters import mobile_sam

    if details["image_encoder"] == "tiny_vit":
        return {"weights": Network(_build_mobile, mobile_sam.adapt)}
    sizes = {name: details[name] for name in ("embed_dim", "depth", "num_heads", "global_attn_indexes")}
    return {"weights": Network(lambda: _build(**sizes), unchanged)}


def open_model(card: Card, progress: Progress = silent) -> SegmentAnything:
    """The segmenter that a card describes; the first time it is converted, which takes as long as a few pictures.

    Raises:
        ModelDamaged: its files differ from its card.
        Cancelled: from `progress`.
    """
    progress(0.0, f"Loading {card.name}")
    network: Any = open_network(card, "weights", networks(card.details)["weights"])
    # Not part of any checkpoint: ImageNet's mean and deviation in 8-bit values.
    network.pixel_mean = torch.tensor([123.675, 116.28, 103.53]).view(-1, 1, 1)
    network.pixel_std = torch.tensor([58.395, 57.12, 57.375]).view(-1, 1, 1)
    if hasattr(network.image_encoder, "count_offsets"):
        network.image_encoder.count_offsets()
    run_by_openvino(card, network, progress)
    return SegmentAnything(card, network)


def _build(**sizes: Any) -> nn.Module:
    from segment_anything.build_sam import _build_sam

    module: nn.Module = _build_sam(**{f"encoder_{name}": value for name, value in sizes.items()})
    return module


def _build_mobile() -> nn.Module:
    from photochrom.segmenters.mobile_sam import Encoder

    module = _build(embed_dim=1, depth=0, num_heads=1, global_attn_indexes=[])
    module.image_encoder = Encoder()
    return module
