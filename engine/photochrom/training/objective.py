"""Training batches: inputs, targets, and the loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.training import hints, loop
from photochrom.training.discriminator import Discriminator
from photochrom.training.experts import EXPERTS, membership
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import (
    ColorTargets,
    class_loss,
    neutral,
    regression_loss,
    spread_loss,
    varied,
)
from photochrom.training.luminance import Ageing
from photochrom.training.network import INPUTS, ColorNetwork, gated
from photochrom.training.perceptual_loss import PerceptualLoss
from photochrom.training.photographs import Photographs
from photochrom.training.recipe import Recipe
from photochrom.training.recolored import recolor

PARTS = (
    "classes",
    "answer",
    "experts",
    "gate",
    "perceptual",
    "recognized",
    "spread",
    "adversarial",
    "adversary",
    "mirror",
)
"""The parts of the loss, as the log names them; "adversary", that of the discriminator, is not the network's."""

RARE_CHROMA, RARE_AREA = 35.0, 0.1


@dataclass(frozen=True)
class Batch:
    """inputs (N, 4, H, W) for the network; clean lightness (N, 1, H, W) and target ab (N, 2, H, W); `free` (N,) true
    where the colors are the photograph's own; `own` (N, experts) 1 for its experts."""

    inputs: Tensor
    lightness: Tensor
    ab: Tensor
    free: Tensor
    own: Tensor


class Batches:
    """Draws batches of aged, partly hinted views; every random number comes from one generator."""

    def __init__(self, pictures: Photographs, recipe: Recipe, generator: torch.Generator) -> None:
        self.pictures, self.recipe, self.generator = pictures, recipe, generator
        self.ageing = Ageing(generator)
        device = generator.device
        self.own = membership(pictures.categories).to(device)
        self.odds = torch.tensor(
            [
                recipe.draw.get(source, 1.0) * recipe.draw.get(f"category:{category}", 1.0)
                for source, category in zip(pictures.sources, pictures.categories, strict=True)
            ],
            device=device,
        )
        if recipe.rare_hues:
            self.odds = self.odds * (1 + recipe.rare_hues * rarely_colored(pictures, recipe.rare))

    def draw(self, step: int, side: int | None = None) -> Batch:
        """The batch of a step, with views of a random size of the recipe's, or of `side`."""
        recipe, generator = self.recipe, self.generator
        side = side or int(np.random.default_rng((recipe.seed, step)).choice(recipe.sides))
        chosen = torch.multinomial(self.odds, recipe.batch, replacement=True, generator=generator)
        linear = linear_from_srgb(self.pictures.views(chosen, side, generator, recipe.smallest_view))
        lab = lab_from_linear(linear)
        lightness, ab = lab[:, :1], lab[:, 1:]
        given = hints.simulate(ab, recipe.hinted, generator)
        changed = round(recipe.recolored * recipe.batch)
        if changed:
            ab = ab.clone()
            ab[:changed], given[:changed] = recolor(lightness[:changed], ab[:changed], generator)
        free = torch.arange(recipe.batch, device=generator.device) >= changed
        inputs = torch.cat([self.ageing.lightness(linear), given], 1)
        return Batch(inputs.contiguous(memory_format=torch.channels_last), lightness, ab, free, self.own[chosen])


def rarely_colored(pictures: Photographs, hues: tuple[tuple[float, float], ...]) -> Tensor:
    """(pictures,) 0…1: the area of each picture that is vivid in one of these hues (from, to; degrees in ab), of a
    tenth."""
    generator = torch.Generator(pictures.pixels.device).manual_seed(0)
    areas = []
    for some in torch.arange(len(pictures), device=pictures.pixels.device).split(256):
        ab = lab_from_linear(linear_from_srgb(pictures.views(some, 48, generator, 1.0)))[:, 1:]
        hue = torch.atan2(ab[:, 1], ab[:, 0]).rad2deg() % 360
        rare = torch.stack([(hue >= low) & (hue < high) for low, high in hues]).any(0)
        areas.append((rare & (ab.norm(dim=1) > RARE_CHROMA)).float().mean((1, 2)))
    return (torch.cat(areas) / RARE_AREA).clamp(max=1.0)


class Objective:
    """The loss of a batch; see `Recipe` for the weight of each part."""

    def __init__(self, recipe: Recipe, targets: ColorTargets, device: torch.device) -> None:
        self.recipe, self.targets, self.device = recipe, targets, device
        self.perception = PerceptualLoss(recipe.perception).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.discriminator = Discriminator().to(device)
        self.discriminator_optimizer = self.discriminator.optimizer()
        self.others = torch.tensor([float(bool(own)) for own in EXPERTS.values()], device=device)

    def __call__(self, network: ColorNetwork, batch: Batch, step: int) -> dict[str, Tensor]:
        """The parts of the loss, each times its weight; "adversary" is for the log alone."""
        recipe = self.recipe
        half_l, half_ab = F.avg_pool2d(batch.lightness, 2), F.avg_pool2d(batch.ab, 2)
        with self.precision():
            logits, experts, gate = network(batch.inputs)
        experts, gate = experts.float(), gate.float()
        answer = gated(experts, gate)
        classes, rarity = class_loss(logits, F.avg_pool2d(batch.ab, 4), self.targets, recipe.rebalance)
        weight = F.interpolate(rarity, scale_factor=2.0) + recipe.neutral * neutral(half_l, half_ab)
        each = torch.stack([regression_loss(ab, half_ab, weight) for ab in experts.unbind(1)], 1)
        parts = {
            "classes": classes,
            "answer": recipe.regression * regression_loss(answer, half_ab, weight).mean(),
            "experts": recipe.own * (each * batch.own).sum() / batch.own.sum(),
            "gate": recipe.steer * self._steer(gate, batch.own),
        }
        lively = batch.free & varied(half_ab)
        if lively.any():
            parts |= self._variety(batch, answer, half_l, half_ab, lively, step)
        if recipe.mirror:
            parts["mirror"] = recipe.mirror * self._mirror(network, batch, answer, step)
        return parts

    def precision(self) -> torch.autocast:
        return loop.precision(self.device)

    def _steer(self, gate: Tensor, own: Tensor) -> Tensor:
        """Cross-entropy between the gate's mean and the experts of the picture's categories."""
        wanted = own / own.sum(1, keepdim=True)
        return -(wanted * gate.mean((2, 3)).clamp(min=1e-6).log()).sum(1).mean()

    def _variety(
        self, batch: Batch, answer: Tensor, half_l: Tensor, half_ab: Tensor, lively: Tensor, step: int
    ) -> dict[str, Tensor]:
        recipe = self.recipe
        ours, light, true = answer[lively], half_l[lively], half_ab[lively]
        some = torch.nonzero(lively)[: max(1, round(recipe.perceived * recipe.batch)), 0]
        with self.precision():
            full = F.interpolate(answer[some], scale_factor=2.0, mode="bilinear", align_corners=False)
            seen, recognized = self.perception(
                batch.lightness[some], full, batch.ab[some], recognized=recipe.recognized > 0
            )
        learned = self.discriminator.learn(self.discriminator_optimizer, light, ours, true)
        grown = min(max(0.0, step / recipe.adversarial_from - 1), 1.0)
        return {
            "perceptual": recipe.perceptual * seen.mean(),
            "recognized": recipe.recognized * recognized.mean(),
            "spread": recipe.spread * spread_loss(ours, true).mean(),
            "adversarial": recipe.adversarial * grown * self.discriminator.doubt(light, ours),
            "adversary": learned,
        }

    def _mirror(self, network: ColorNetwork, batch: Batch, answer: Tensor, step: int) -> Tensor:
        some = slice(len(answer) * 3 // 4, None)
        part = _part(answer.shape[3], self.recipe.mirrored_part, (self.recipe.seed, step))
        inputs = _enlarged(batch.inputs[some], [slice(2 * s.start, 2 * s.stop) for s in part])
        with self.precision():
            _, experts, gate = network(inputs.flip(3))
        ours = _enlarged(answer[some].detach() if self.recipe.mirror_follows else answer[some], part)
        return F.smooth_l1_loss(gated(experts.float(), gate.float()).flip(3), ours, beta=2.0)


def _part(side: int, smallest: float, seed: tuple[int, int]) -> list[slice]:
    """The rows and columns of a random square within a square of `side`."""
    random = np.random.default_rng(seed)
    size = round(side * random.uniform(smallest, 1.0))
    return [slice(int(start), int(start) + size) for start in random.integers(0, side - size + 1, 2)]


def _enlarged(maps: Tensor, part: list[slice]) -> Tensor:
    """A part of (N, C, H, W) maps at their full size: smoothly, but for hints, which keep their edges."""
    cut, size = maps[:, :, part[0], part[1]], maps.shape[2:]
    if cut.shape[2:] == size:
        return maps
    if maps.shape[1] != INPUTS:
        return F.interpolate(cut, size=size, mode="bilinear", align_corners=False)
    lightness = F.interpolate(cut[:, :1], size=size, mode="bilinear", align_corners=False)
    return torch.cat([lightness, F.interpolate(cut[:, 1:], size=size)], 1)
