"""Trains MetalGAN (Fontanini, Iotti & Prati 2019) as the review of deep colorization describes it (section 2 I).

Photographs become tasks: the last features of an ImageNet network at their largest over all places, of length 1 (MAC
descriptors), fewer of them by PCA, grouped by k-means. A task's photographs alone are seen for some steps of stochastic
gradient descent; then the weights go a part of the way from where they were to where these steps led (Reptile).

The paper's features are of ResNet-50's 43rd activation; here they are EfficientNet-Lite0's, whose weights come as a
package. Numbers that the review does not name are in `RECIPE`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.models.efficientnet_lite import Encoder, imagenet_weights
from photochrom.training.adversarial import AdversarialMethod
from photochrom.training.photographs import Photographs
from photochrom.training.systems import Recipe, Setting

SEEN_SIDE: Final = 96
"""Of the pictures that are grouped."""

CHUNK: Final = 128
"""Pictures looked at at once."""

DIMENSIONS: Final = 64
"""Of a descriptor after PCA."""

MOMENTUM: Final = 0.9

RECIPE: Final = Recipe(
    "metalgan", rate=0.01, batch=16, side=128, own={"width": 48, "tasks": 16, "inner": 10, "outer": 0.5}
)
"""`tasks`: clusters; `inner`: steps on one of them; `outer`: the part of the way that the weights then go; `width`: see
`UNet`, 64 in the paper."""


def prepare(setting: Setting) -> MetalGANMethod:
    """The network with random weights, and the tasks of this run, found once and kept in tasks.json."""
    path = setting.run / "tasks.json"
    if not path.is_file():
        path.write_text(json.dumps(grouped(descriptors(setting.pictures), setting.recipe.own["tasks"]).tolist()))
    return MetalGANMethod(setting, torch.tensor(json.loads(path.read_text()), device=setting.device))


class MetalGANMethod(AdversarialMethod):
    """See `systems.Method`. `tasks`: the number of the task of each photograph."""

    def __init__(self, setting: Setting, tasks: Tensor) -> None:
        super().__init__(setting)
        own = setting.recipe.own
        self._generator, self._inner = setting.generator, own["inner"]
        self._members = [torch.nonzero(tasks == number)[:, 0] for number in tasks.unique()]
        self.optimizer = torch.optim.SGD(self.network.parameters(), setting.recipe.rate, MOMENTUM)
        self.reptile = Reptile(self.network, own["outer"])
        self.others |= {"reptile": self.reptile}

    def draw(self, step: int, count: int) -> Tensor:
        """See `systems.Drawing`: pictures of one task, another after every `inner` steps."""
        if step % self._inner == 0:
            if step:
                self.reptile.update()
            # Of all pictures each is drawn alike: large tasks come more often.
            sizes = torch.tensor([float(len(each)) for each in self._members], device=self._generator.device)
            self.reptile.task = int(torch.multinomial(sizes, 1, generator=self._generator))
        members = self._members[self.reptile.task]
        chosen = torch.randint(len(members), (count,), generator=self._generator, device=members.device)
        return members[chosen]


class Reptile:
    """The slow weights of Nichol, Achiam & Schulman 2018 (arXiv 1803.02999), algorithm 1: φ ← φ + ε (ψ − φ), where ψ
    are the network's after some steps on one `task`; it then starts from φ again. `rate` is ε."""

    def __init__(self, network: nn.Module, rate: float) -> None:
        self._fast, self._rate = list(network.parameters()), rate
        self._slow = [each.detach().clone() for each in self._fast]
        self.task = 0

    @torch.no_grad()
    def update(self) -> None:
        for slow, fast in zip(self._slow, self._fast, strict=True):
            slow.lerp_(fast, self._rate)
            fast.copy_(slow)

    def state_dict(self) -> dict[str, Any]:
        return {"slow": self._slow, "task": self.task}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self._slow, self.task = list(state_dict["slow"]), int(state_dict["task"])


@torch.inference_mode()
def descriptors(pictures: Photographs) -> NDArray[np.float32]:
    """(pictures, 320) the maximum activations of convolutions (MAC) of each photograph, of length 1."""
    device = pictures.pixels.device
    encoder = Encoder("lite0", 3)
    encoder.load_state_dict(imagenet_weights("lite0"))
    encoder.to(device).eval()
    generator = torch.Generator(device).manual_seed(0)
    found = []
    for some in torch.arange(len(pictures), device=device).split(CHUNK):
        gray = pictures.views(some, SEEN_SIDE, generator, 1.0).mean(1, keepdim=True)
        features = encoder(2 * gray.expand(-1, 3, -1, -1) - 1)[-1].amax((2, 3))
        found.append(nn.functional.normalize(features).cpu().numpy())
    return np.concatenate(found)


def grouped(features: NDArray[np.float32], tasks: int) -> NDArray[np.int64]:
    """(pictures, features) -> the number of each picture's task, by PCA and k-means."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA

    reduced = PCA(min(DIMENSIONS, *features.shape), random_state=0).fit_transform(features)
    labels = KMeans(min(tasks, len(features)), n_init=4, random_state=0).fit_predict(reduced)
    return np.asarray(labels, np.int64)
