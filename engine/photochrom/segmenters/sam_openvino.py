"""Segment Anything's encoder and decoder in OpenVINO, converted once and stored next to the weights.

Converting ViT-B took 32 seconds of processor time for the encoder's run, and 13 for the rest.

Seconds of processor time, torch against OpenVINO, on a two-core machine with other work: ViT-B's encoder 35 against 16,
MobileSAM's 3.6 against 1.6; the decoder 0.15 against 0.12 for one point and 1.5 against 0.8 for eight. The prompt
encoder is a handful of sums and stays in torch.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from photochrom.errors import ModelDamaged
from photochrom.models import Card
from photochrom.progress import Progress, silent

PARTS: Final = ("encoder", "decoder")
"""The converted parts: each is NAME.xml and NAME.bin in the folder `openvino` next to the weights."""

HASHES: Final = "hashes.json"
"""There: file name -> SHA-256."""


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


def run_by_openvino(card: Card, network: Any, progress: Progress = silent) -> None:
    """Replaces the network's encoder and decoder by converted ones. The first time this takes as long as a few
    pictures, and needs a writable folder with enough space; without one, the network stays as it is.

    Raises:
        Cancelled: from `progress`, which is called for each module of the networks and between the other steps; no part
            of the conversion is left.
    """
    from photochrom.runtime.inference import compiled, read

    side = network.image_encoder.img_size
    folder = _kept(card) or _converted(card, network, progress)
    if folder is None:
        return
    progress(1.0, f"Loading {card.name}")
    encoder, decoder = (compiled(read(folder / f"{part}.xml", folder / f"{part}.bin")) for part in PARTS)
    network.image_encoder = Encoder(encoder, side)
    network.mask_decoder.predict_masks = Decoder(decoder)


def _kept(card: Card) -> Path | None:
    """The folder of an earlier conversion, if its files are unchanged."""
    folder = card.folder / "openvino"
    try:
        made = replace(card, folder=folder, files=dict(json.loads((folder / HASHES).read_text(encoding="utf-8"))))
        for part in PARTS:
            made.file(f"{part}.bin")
            made.file(f"{part}.xml")
    except (OSError, ValueError, TypeError, ModelDamaged):
        return None
    return folder


def _converted(card: Card, network: Any, progress: Progress) -> Path | None:
    """The folder of a new conversion, by this process or by another one that it waited for; moved into place in one
    step."""
    from filelock import FileLock, Timeout

    doing = f"Preparing {card.name} for this computer, once"
    if not os.access(card.folder, os.W_OK):
        return None
    lock = FileLock(card.folder / "openvino.lock")
    while not lock.is_locked:
        try:
            lock.acquire(timeout=0.2)
        except Timeout:
            progress(0.0, f"{card.name} is being prepared already")
    unfinished, place = card.folder / ".unfinished", card.folder / "openvino"
    try:
        if kept := _kept(card):
            return kept
        for rest in (unfinished, place):  # Of a killed process; damaged.
            shutil.rmtree(rest, ignore_errors=True)
        needed = 4 * sum(each.numel() for each in network.parameters()) + (64 << 20)
        if shutil.disk_usage(card.folder).free < needed:
            return None
        unfinished.mkdir()
        _write(network, unfinished, lambda done: progress(done, doing))
        unfinished.rename(place)
    except OSError:
        return None
    else:
        return place
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        lock.release()


def _write(network: Any, folder: Path, progress: Callable[[float], None]) -> None:
    """Converts both parts and writes their hashes. Tracing the encoder, which runs it, is most of the work."""
    side = network.image_encoder.img_size
    picture, features, prompts = torch.zeros(1, 3, side, side), torch.zeros(1, 256, 64, 64), torch.zeros(3, 2, 256)
    encoder = folder / "encoder.xml"
    _write_part(network.image_encoder, (picture,), [[1, 3, side, side]], encoder, lambda done: progress(0.85 * done))
    decoder, shapes = folder / "decoder.xml", [[1, 256, 64, 64], [-1, -1, 256]]
    _write_part(_Prompted(network), (features, prompts), shapes, decoder, lambda done: progress(0.85 + 0.1 * done))
    hashes = {}
    for path in sorted(folder.iterdir()):
        progress(0.95)
        with path.open("rb") as file:
            hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    (folder / HASHES).write_text(json.dumps(hashes, indent=2) + "\n", encoding="utf-8")


def _write_part(
    module: nn.Module,
    examples: tuple[torch.Tensor, ...],
    shapes: list[list[int]],
    path: Path,
    progress: Callable[[float], None],
) -> None:
    """`shapes`: those of the examples, with -1 for dimensions that vary."""
    from photochrom.runtime.inference import openvino

    traced = _traced(module, examples, lambda done: progress(0.8 * done))
    progress(0.8)
    model = openvino.convert_model(traced, example_input=examples)
    progress(0.9)
    model.reshape(dict(zip(model.inputs, shapes, strict=True)))
    try:
        openvino.save_model(model, path, compress_to_fp16=False)
        openvino.Core().read_model(path)  # Before 2026.2, saving says nothing of a full disk.
    except RuntimeError as error:  # OpenVINO's error for a full disk.
        raise OSError(str(error)) from error


def _traced(module: nn.Module, examples: tuple[torch.Tensor, ...], progress: Callable[[float], None]) -> Any:
    """Traces a module; progress counts the submodules that have begun."""
    jit: Any = torch.jit
    every = list(module.eval().modules())
    begun = itertools.count(1)
    hooks = [each.register_forward_pre_hook(lambda *_: progress(min(next(begun) / len(every), 1.0))) for each in every]
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # Tracing warns of sizes that it takes for constants, which these are. And it is deprecated, but OpenVINO
            # needs it.
            warnings.simplefilter("ignore", jit.TracerWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            return jit.trace(module, examples, check_trace=False)
    finally:
        for hook in hooks:
            hook.remove()


def _infer(compiled: Any, *inputs: torch.Tensor) -> list[torch.Tensor]:
    # A request for each call, because of threads.
    found = compiled.create_infer_request().infer([each.detach().numpy() for each in inputs])
    return [torch.from_numpy(each.copy()) for each in found.values()]
