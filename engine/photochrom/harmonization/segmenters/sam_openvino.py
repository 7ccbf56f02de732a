"""Segment Anything's encoder and decoder run by OpenVINO, converted once and kept beside the weights.

Seconds of processor time, torch against OpenVINO, on a two-core machine with other work: ViT-B's encoder 35 against 16,
MobileSAM's 3.6 against 1.6; the decoder 0.15 against 0.12 for one point and 1.5 against 0.8 for eight. The prompt
encoder is a handful of sums and stays in torch.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn

from photochrom.errors import ModelDamaged
from photochrom.image.atomic import beside, room_beside
from photochrom.models import Card


class Encoder(nn.Module):
    """(1, 3, 1024, 1024) -> (1, 256, 64, 64)."""

    def __init__(self, compiled: Any, img_size: int) -> None:
        super().__init__()
        self._compiled = compiled
        self.img_size = img_size

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """See the class."""
        (features,) = _infer(self._compiled, pictures)
        return features


class Decoder:
    """What `MaskDecoder.predict_masks` of the package does, for prompts of points and boxes, not of masks."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def __call__(
        self,
        image_embeddings: torch.Tensor,
        image_pe: torch.Tensor,
        sparse_prompt_embeddings: torch.Tensor,
        dense_prompt_embeddings: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Embeddings (1, 256, 64, 64) and (n, tokens, 256) -> logits (n, 4, 256, 256) and their sureness (n, 4). The
        positions and the embedding of no mask are part of what was converted."""
        masks, sureness = _infer(self._compiled, image_embeddings, sparse_prompt_embeddings)
        return masks, sureness


class _Prompted(nn.Module):
    """The decoder with all that does not depend on picture or prompt."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self._decoder = network.mask_decoder
        with torch.no_grad():
            side = network.prompt_encoder.image_embedding_size
            no_mask = network.prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1)
            self._dense = no_mask.expand(-1, -1, *side).clone()
            self._positions = network.prompt_encoder.get_dense_pe().clone()

    def forward(self, embeddings: torch.Tensor, prompts: torch.Tensor) -> Any:
        return self._decoder.predict_masks(embeddings, self._positions, prompts, self._dense)


def run_by_openvino(card: Card, network: Any) -> None:
    """Puts converted parts in the place of the network's own. The first time this takes as long as a few pictures, and
    needs a folder that may be written to; where it may not, the network stays as it is."""
    import openvino

    side = network.image_encoder.img_size
    paths = _kept(card) or _convert(card, network)
    if paths is None:
        return
    core = openvino.Core()
    encoder, decoder = (core.compile_model(path, "CPU", {"PERFORMANCE_HINT": "LATENCY"}) for path in paths)
    network.image_encoder = Encoder(encoder, side)
    network.mask_decoder.predict_masks = Decoder(decoder)


def _kept(card: Card) -> list[Path] | None:
    """The files of an earlier conversion, if they are as they were made."""
    try:
        for part in ("encoder", "decoder"):
            card.file(f"{part}.bin")
        return [card.file(f"{part}.xml") for part in ("encoder", "decoder")]
    except ModelDamaged:
        return None


def _convert(card: Card, network: Any) -> list[Path] | None:
    import openvino

    place = card.folder / "card.json"
    if not os.access(card.folder, os.W_OK):
        return None
    side = network.image_encoder.img_size
    picture, features, prompts = torch.zeros(1, 3, side, side), torch.zeros(1, 256, 64, 64), torch.zeros(3, 2, 256)
    models = {
        "encoder": (_converted(network.image_encoder, picture), [[1, 3, side, side]]),
        "decoder": (_converted(_Prompted(network), features, prompts), [[1, 256, 64, 64], [-1, -1, 256]]),
    }
    hashes = {}
    with room_beside(place) as room:
        for part, (model, shapes) in models.items():
            model.reshape(dict(zip(model.inputs, shapes, strict=True)))
            openvino.save_model(model, room / f"{part}.xml", compress_to_fp16=False)
        for path in sorted(room.iterdir()):
            with path.open("rb") as file:
                hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
            path.replace(card.folder / path.name)
    values = json.loads(place.read_text(encoding="utf-8"))
    values["files"] |= hashes
    with beside(place) as unfinished:
        unfinished.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [card.folder / "encoder.xml", card.folder / "decoder.xml"]


def _converted(module: nn.Module, *examples: torch.Tensor) -> Any:
    import openvino

    jit: Any = torch.jit
    with torch.no_grad(), warnings.catch_warnings():
        # Tracing warns of every size that it takes for fixed; these are. And it is deprecated: OpenVINO needs it yet.
        warnings.simplefilter("ignore", jit.TracerWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        traced = jit.trace(module.eval(), examples, check_trace=False)
        return openvino.convert_model(traced, example_input=examples)


def _infer(compiled: Any, *inputs: torch.Tensor) -> list[torch.Tensor]:
    # One request a call: instances may be used from several threads.
    found = compiled.create_infer_request().infer([each.detach().numpy() for each in inputs])
    return [torch.from_numpy(each.copy()) for each in found.values()]
