"""Makes torchvision work with a torch that it was not compiled for. Import this before anything that imports
torchvision (segment_anything, spandrel, timm do).

The torchvision of the package registry is compiled for torch with CUDA. Beside the CPU build of torch its compiled
library cannot be loaded, and `import torchvision` then fails with "operator torchvision::nms does not exist", because
it registers shapes for `nms` and `qnms` without asking whether they are there. Here the two are defined in Python,
`torchvision.ops.nms` no longer asks for the library, and RoIAlign runs in Python too: that is what Segment Anything and
Mask R-CNN need. A torchvision whose library loads is left as it is.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from importlib.machinery import PathFinder
from typing import Any, Final

import numpy as np
import torch

_torch: Any = torch
"""torch without its types: some of what is used below has none."""

BOXES_AT_ONCE: Final = 64
"""RoIAlign takes as many samples of as many channels as it has boxes: in parts, memory stays bounded."""


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy non-maximum suppression: the best box stays, those that overlap it by more than the threshold go, and so
    on with the next best.

    boxes (n, 4) as x1, y1, x2, y2; scores (n,); the threshold is one of intersection over union, 0…1. Gives the kept
    indices, int64, from the highest score down; equal scores in their order.

    Raises:
        ValueError: boxes or scores are of other shapes.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4 or scores.shape != boxes.shape[:1]:
        raise ValueError(f"nms needs boxes (n, 4) and scores (n,), not {(*boxes.shape,)} and {(*scores.shape,)}")
    # Half precision and the integers of quantized boxes have no exact areas; float64 has all of them.
    x1, y1, x2, y2 = boxes.detach().cpu().T.to(torch.float64).numpy()
    areas = (x2 - x1) * (y2 - y1)
    left = torch.sort(scores.detach().cpu(), stable=True, descending=True).indices.numpy()
    kept = []
    while left.size:
        best, left = left[0], left[1:]
        kept.append(best)
        width = np.minimum(x2[best], x2[left]) - np.maximum(x1[best], x1[left])
        height = np.minimum(y2[best], y2[left]) - np.maximum(y1[best], y1[left])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        # Not divided: two boxes without area overlap by 0 / 0, which is more than nothing.
        left = left[shared <= iou_threshold * (areas[best] + areas[left] - shared)]
    return torch.tensor(np.array(kept, np.int64), device=boxes.device)


def roi_align(
    features: torch.Tensor, boxes: torch.Tensor, scale: float, height: int, width: int, samples: int, aligned: bool
) -> torch.Tensor:
    """RoIAlign (He et al. 2017, "Mask R-CNN", arXiv 1703.06870, section 3) with samples × samples bilinear samples a
    bin.

    features (n, c, H, W); boxes (k, 5) as picture number, x1, y1, x2, y2, times `scale` in cells of the features, cell
    centers at whole numbers, or at halves where `aligned` -> (k, c, height, width).

    Raises:
        NotImplementedError: `samples` is not above 0, which stands for as many as the box has cells.
    """
    if samples < 1:
        raise NotImplementedError("RoIAlign without torchvision's compiled library needs a sampling_ratio above 0")
    parts = []
    for part in torch.split(boxes, BOXES_AT_ONCE):
        start, end = (part[:, 1:3] * scale - aligned / 2, part[:, 3:5] * scale - aligned / 2)
        size = end - start if aligned else (end - start).clamp(min=1)
        x, y = (
            start[:, axis, None] + size[:, axis, None] / count * (torch.arange(count * samples) + 0.5) / samples
            for axis, count in enumerate((width, height))
        )
        rows, columns = features.shape[-2:]
        # Samples beyond the border by more than a cell count as 0, others take the border's value.
        seen = ((y >= -1) & (y <= rows))[:, :, None] & ((x >= -1) & (x <= columns))[:, None, :]
        grid = torch.stack(
            [
                (2 * x[:, None, :] / max(columns - 1, 1) - 1).expand(seen.shape),
                (2 * y[:, :, None] / max(rows - 1, 1) - 1).expand(seen.shape),
            ],
            -1,
        )
        taken = features.new_empty((len(part), features.shape[1], height, width))
        for picture in set(part[:, 0].tolist()):
            own = part[:, 0] == picture
            values = torch.nn.functional.grid_sample(
                features[int(picture)][None],
                grid[own].flatten(0, 1)[None],
                padding_mode="border",
                align_corners=True,
            )[0]
            values = (
                values.reshape(len(values), -1, height * samples, width * samples).transpose(0, 1) * seen[own, None]
            )
            taken[own] = torch.nn.functional.avg_pool2d(values, samples)
        parts.append(taken)
    return torch.cat(parts)


def loads() -> bool:
    """Whether torchvision's compiled library is there and fits this torch. It stays loaded."""
    package = importlib.util.find_spec("torchvision")
    if package is None:
        return False
    library = PathFinder.find_spec("_C", package.submodule_search_locations)
    if library is not None and library.origin is not None:
        with contextlib.suppress(OSError):
            _torch.ops.load_library(library.origin)
    return hasattr(torch.ops.torchvision, "nms")


def define() -> Any:
    """Defines the two operators and lets torchvision reach them. They exist as long as the library that it returns.

    Raises:
        ImportError: there is no torchvision.
    """
    operators = _torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        operators.impl(name, nms, "CompositeExplicitAutograd")
    # `torchvision.ops.roi_align` is the function; the module of that name is had by its path alone.
    boxes: Any = importlib.import_module("torchvision.ops.boxes")
    regions: Any = importlib.import_module("torchvision.ops.roi_align")
    boxes._assert_has_ops = lambda: None
    # torchvision's own Python version has to be compiled, which needs a C++ compiler and minutes.
    regions._roi_align = roi_align
    return operators


OPERATORS: Final = None if loads() else define()
"""The operators defined here, or None where torchvision has its own."""
