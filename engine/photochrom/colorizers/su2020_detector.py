"""The object detector for Su et al. 2020: torchvision's Mask R-CNN (He et al. 2017, arXiv 1703.06870) with its
ResNet-50 and feature pyramid, trained on COCO. Only its boxes are used, so the mask heads are left out; what remains is
Faster R-CNN.

The authors used Detectron2's version with a ResNeXt-101, which finds more objects, but needs Detectron2.
"""

from __future__ import annotations

import functools
import re
from typing import Final, cast

import torch
from torch import nn

from photochrom.runtime import torchvision_operators  # noqa: F401 what torchvision asks for

# isort: split
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.ops import FrozenBatchNorm2d

from photochrom.colorizers.su2020_network import Box
from photochrom.models.networks import Tensors
from photochrom.values import Plane

LEAST_SCORE: Final = 0.7
MOST_BOXES: Final = 8
COCO_CATEGORIES: Final = 91

_MASKS: Final = "roi_heads.mask_"


def build() -> nn.Module:
    """The detector, with random weights."""
    # The published weights were trained before torchvision's frozen normalization had an epsilon.
    norm = functools.partial(FrozenBatchNorm2d, eps=0.0)
    backbone = resnet_fpn_backbone(backbone_name="resnet50", weights=None, norm_layer=norm, trainable_layers=5)
    detector: nn.Module = FasterRCNN(
        backbone, COCO_CATEGORIES, box_score_thresh=LEAST_SCORE, box_detections_per_img=MOST_BOXES
    )
    return detector


def adapt(tensors: Tensors) -> Tensors:
    """maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth -> our names, which are those of current torchvision.

    Raises:
        KeyError: it has no mask heads, so it is another detector.
    """
    if not any(name.startswith(_MASKS) for name in tensors):
        raise KeyError(_MASKS)
    kept = (name for name in tensors if not name.startswith(_MASKS) and not name.endswith(".num_batches_tracked"))
    return {_named_today(name): tensors[name] for name in kept}


def _named_today(name: str) -> str:
    name = re.sub(r"^(backbone\.fpn\.(?:inner|layer)_blocks\.\d)\.(weight|bias)$", r"\1.0.\2", name)
    return re.sub(r"^(rpn\.head\.conv)\.(weight|bias)$", r"\1.0.0.\2", name)


def boxes(detector: nn.Module, lightness: Plane) -> list[Box]:
    """Lightness (h, w) 0…100 -> the boxes of at most 8 objects, the most confident first, in whole pixels.

    As in the authors' program, L itself is the gray value.
    """
    height, width = lightness.shape
    most = cast(FasterRCNN, detector).transform.max_size
    if min(height, width) * most < max(height, width):
        return []  # The detector would reduce such a thin strip to nothing.
    shown = torch.from_numpy(lightness / 100).to(torch.float32).expand(3, height, width)
    found = detector([shown])[0]["boxes"]
    return [whole(*corners, width=width, height=height) for corners in found.tolist()]


def whole(left: float, top: float, right: float, bottom: float, *, width: int, height: int) -> Box:
    """The box with its corners truncated to whole pixels of a picture of this size, at least one pixel wide and
    high."""
    x, y = min(int(left), width - 1), min(int(top), height - 1)
    return Box(x, y, max(int(right), x + 1), max(int(bottom), y + 1))
