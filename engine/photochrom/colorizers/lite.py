"""The embedded colorizer: our own small network, run by OpenVINO.

What it is and how it was trained is in `photochrom.training`; its scores are on its card. It takes hints (Zhang et al.
2017) and answers with a distribution over color classes (CCC, section III-C), the ab maps of several experts, and a
gate that weighs them by region. Every expert is a colorizer of its own name: the same pass with the gate fixed; "auto"
leaves the gate free.
"""

from __future__ import annotations

import json
import threading
import weakref
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from photochrom.cache import LRUCache
from photochrom.colorizers.color_classes import SECTORS, ColorClasses
from photochrom.colorizers.lite_maps import LOOKS, looks
from photochrom.models import Card
from photochrom.values import Distribution, Hints, Plane, Prediction

MULTIPLE: Final = 32
"""The network halves its input five times."""

CELL: Final = 4
"""Side in pixels of what one distribution stands for."""

HALF: Final = np.float32(0.5)

VIVID: Final = 25.0
"""The chroma that a toe neither weakens nor strengthens."""

DECODED: Final = 2
"""Counts the changes of what is compiled (`_decoded`), so that a network that an earlier version cached is not used."""

KEPT: Final = 4
"""Capacity of the cache of answers: names that differ only in the gate share one."""


@dataclass(frozen=True)
class Decode:
    """How a style, calm or vivid, is decoded: `experts` × the experts' ab + (1 − `experts`) × the annealed mean of the
    classes; chroma below about `toe` is reduced, and above it raised; then `mean` × the picture's mean color, plus
    `gain` × the deviation from it."""

    experts: float
    toe: float
    gain: float
    mean: float

    def __call__(self, experts: Plane, classes: Plane) -> Plane:
        """Two maps (h, w, 2) -> ab (h, w, 2)."""
        ab = self.experts * experts + (1 - self.experts) * classes
        chroma = np.linalg.norm(ab, axis=-1, keepdims=True)
        ab = ab * (chroma / (chroma + max(self.toe, 1e-6)) * (1 + self.toe / VIVID))
        tint = ab.mean((0, 1))
        return np.asarray(self.gain * (ab - tint) + self.mean * tint, np.float32)


@dataclass(frozen=True)
class Answer:
    """What the network says of a proxy: experts' ab (experts, 2, h, w), their shares `gate` (experts, h, w), the
    annealed mean of the classes (h, w, 2), the calibrated distribution over them (h′, w′, classes), and the means of
    `lite_maps.LOOKS` (channels,)."""

    experts: Plane
    gate: Plane
    classes: Plane
    probabilities: Plane
    looks: Plane


def inputs(lightness: Plane, hints: Hints | None = None) -> Plane:
    """Lightness (h, w) 0…100 and hints of the same size -> what the network reads: L, a, b and mask (4, h, w)."""
    planes = np.zeros((4, *lightness.shape), np.float32)
    planes[0] = lightness
    if hints is not None:
        planes[1:3] = np.moveaxis(hints.ab * hints.mask[..., None], -1, 0)
        planes[3] = hints.mask
    return planes


def padded(planes: Plane) -> Plane:
    """`inputs` (4, h, w) -> a batch of one (1, 4, H, W), both sides multiples of `MULTIPLE`, right and below."""
    _, height, width = planes.shape
    return np.pad(planes, ((0, 0), (0, -height % MULTIPLE), (0, -width % MULTIPLE)), mode="edge")[None]


class Network:
    """The network, compiled once for all its names. Thread-safe."""

    def __init__(self, card: Card) -> None:
        from photochrom.runtime.inference import opened

        classes, decode = ColorClasses(tuple(card.details["bins"])), card.details["decode"]
        self.centers = classes.centers
        temperatures = float(decode["temperature"]), float(card.details.get("calibration", {}).get("temperature", 1))
        balance = decode.get("balance", [0.0] * SECTORS)
        offsets = classes.offsets(np.array(balance))
        decoded = partial(_decoded, centers=self.centers, offsets=offsets, temperatures=temperatures)
        self._compiled = opened(card, "lite", decoded, repr((DECODED, temperatures, balance, LOOKS)))
        self._answers = LRUCache(KEPT)
        self._lock = threading.Lock()

    def answer(self, lightness: Plane, hints: Hints | None) -> Answer:
        """Lightness (h, w) 0…100 and hints of the same size -> the answer, cached for other names."""
        planes = inputs(lightness, hints)
        with self._lock:
            return self._answers.get((planes.shape, planes.tobytes()), lambda: self._ask(planes))

    def _ask(self, planes: Plane) -> Answer:
        """The mean of what is said of a picture and of its mirror image: left and right tell nothing about colors."""
        _, height, width = planes.shape
        # The cells of both cover the same pixels then.
        aligned = np.pad(planes, ((0, 0), (0, 0), (0, -width % CELL)), mode="edge")
        (*maps, looks), (*mirrored, _) = self._maps(aligned), self._maps(aligned[..., ::-1])
        experts, gate, classes, probabilities = (
            HALF * (one + other[..., ::-1]) for one, other in zip(maps, mirrored, strict=True)
        )
        half, quarter = (-(-height // 2), -(-width // 2)), (-(-height // CELL), -(-width // CELL))
        return Answer(
            experts[..., : half[0], : half[1]],
            gate[..., : half[0], : half[1]],
            np.moveaxis(classes[..., : half[0], : half[1]], 0, -1),
            np.moveaxis(probabilities[..., : quarter[0], : quarter[1]], 0, -1),
            looks.copy(),  # those of the picture alone: what its judges were taught with
        )

    def _maps(self, planes: Plane) -> tuple[Plane, ...]:
        """`inputs` (4, h, w), w a multiple of `CELL` -> what `_decoded` gives for them, without the batch; maps have
        their width last, as wide as the picture, and may reach a little beyond it below."""
        width = planes.shape[2]
        found = self._compiled.create_infer_request().infer([padded(planes)]).to_tuple()
        experts, gate, classes, probabilities, looks = (each[0] for each in found)
        halves = (each[..., : width // 2] for each in (experts, gate, classes))
        return *halves, np.moveaxis(probabilities, -1, 0)[..., : width // CELL], looks


class Lite:
    """See `colorizers.HintedColorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._names: list[str] = list(card.details["experts"])
        held = card.details.get("expert")
        self._held = None if held is None else self._names.index(held)
        self._vivid, self._calm = (Decode(**card.details["decode"][name]) for name in ("vivid", "calm"))
        self._network = _network(card)

    def predict(self, lightness: Plane, hints: Hints | None = None) -> Prediction:
        """Lightness (h, w) 0…100 -> ab at half of its size, the distribution at a quarter (both rounded up).

        The distribution is calibrated (`photochrom.guidance.uncertainty`); ab is decoded from the network's answer.
        """
        answer = self._network.answer(lightness, hints)
        if self._held is None:
            experts = (answer.experts * answer.gate[:, None]).sum(0)
            each = zip(self._names, answer.gate.mean((1, 2)).tolist(), strict=True)
            shares = dict(sorted(each, key=lambda share: -share[1]))
        else:
            experts, shares = answer.experts[self._held], {self.card.name: 1.0}
        experts = np.moveaxis(experts, 0, -1)
        vivid, calm = (decode(experts, answer.classes) for decode in (self._vivid, self._calm))
        return Prediction(vivid, Distribution(answer.probabilities, self._network.centers), calm, shares)

    def looks(self, lightness: Plane) -> Plane:
        """Lightness (h, w) 0…100 -> what the network sees in it as a whole (channels,). Costs nothing where its colors
        were predicted just before."""
        return self._network.answer(lightness, None).looks


def open_model(card: Card) -> Lite:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return Lite(card)


_networks: weakref.WeakValueDictionary[tuple[Path, str], Network] = weakref.WeakValueDictionary()
"""Those in use by loaded colorizers, by folder and hash: five names take the memory of one."""

_loading = threading.Lock()


def _network(card: Card) -> Network:
    told = card.files, card.details["decode"], card.details.get("calibration")
    which = card.folder, json.dumps(told, sort_keys=True)
    with _loading:
        network = _networks.get(which)
        if network is None:
            network = _networks[which] = Network(card)
        return network


def _decoded(network: Any, centers: Plane, offsets: Plane, temperatures: tuple[float, float]) -> Any:
    """The network (classes, experts, gate) with the classes decoded inside, where that costs least: experts, gate,
    annealed mean (Zhang et al. 2016, eq. 5) of the logits with the classes' `offsets`, as large as the experts' maps;
    calibrated probabilities, with the channels last; and the means of `looks`."""
    from openvino import opset11 as ops

    from photochrom.runtime.inference import openvino

    temperature, calibration = temperatures
    logits, experts, gate = (output.get_node().input_value(0) for output in network.outputs)
    last = ops.transpose(logits, np.array([0, 2, 3, 1]))

    def softmax(logits: Any, temperature: float) -> Any:
        return ops.softmax(ops.multiply(logits, np.float32(1 / temperature)), 3)

    mean = ops.matmul(softmax(ops.add(last, offsets), temperature), centers, False, False)
    small = ops.transpose(mean, np.array([0, 3, 1, 2]))
    doubled = np.array([2, 2], np.float32)
    finest = ops.interpolate(small, doubled, "linear_onnx", "scales", axes=np.array([2, 3]))
    results = [ops.result(each) for each in (experts, gate, finest, softmax(last, calibration), looks(network))]
    return openvino.Model(results, network.get_parameters(), "decoded")
