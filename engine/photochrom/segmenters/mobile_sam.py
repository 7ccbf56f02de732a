"""MobileSAM's image encoder: a TinyViT in place of Segment Anything's large ViT, distilled from it.

Zhang et al. 2023, "Faster Segment Anything", arXiv 2306.14289; TinyViT: Wu et al. 2022, arXiv 2207.10666. timm has
TinyViT. MobileSAM's is the smallest one (5M), its last reduction leaves the size as it is, and in place of the
classifier stands the neck of Segment Anything's encoder (Kirillov et al. 2023, arXiv 2304.02643, appendix A).

Compared with the authors' mobile_sam/modeling/tiny_vit_sam.py and build_sam.py, by which mobile_sam.pt is loaded
strictly: all 302 tensors of the encoder by name and shape (patch embedding, the four stages with their reductions, the
classifier's norm and head, which are dropped, and the neck), windows, heads and strides. A second implementation that
loads the same file (ultralytics) and this one, with equal random weights under the published names, differed by 6e-6
at most where the features' deviation is 1. The file itself could not be had here.
"""

from __future__ import annotations

import re
from typing import Any, Final

import torch
from torch import nn

from photochrom.models.networks import Tensors
from photochrom.runtime import torchvision_operators  # noqa: F401  Before segment_anything and timm, which import torchvision.

WIDTHS: Final = (64, 128, 160, 320)

_NAMES: Final = (
    # MobileSAM's checkpoint has a reduction at the end of a stage, timm at the beginning of the next.
    (r"layers\.(\d)\.downsample\.", lambda found: f"vit.stages.{int(found[1]) + 1}.downsample."),
    (r"layers\.", "vit.stages."),
    (r"patch_embed\.seq\.0\.", "vit.patch_embed.conv1."),
    (r"patch_embed\.seq\.2\.", "vit.patch_embed.conv2."),
)


class Encoder(nn.Module):
    """(n, 3, 1024, 1024) -> (n, 256, 64, 64): what Segment Anything's image encoder gives."""

    img_size = 1024

    def __init__(self) -> None:
        from segment_anything.modeling.common import LayerNorm2d
        from timm.models.tiny_vit import TinyVit

        super().__init__()
        vit: Any = TinyVit(
            embed_dims=WIDTHS, num_heads=(2, 4, 5, 10), window_sizes=(7, 7, 14, 7), num_classes=0, drop_path_rate=0.0
        )
        vit.stages[3].downsample.conv2.conv.stride = (1, 1)
        del vit.head
        self.vit = vit
        self.neck = nn.Sequential(
            nn.Conv2d(WIDTHS[-1], 256, 1, bias=False),
            LayerNorm2d(256),
            nn.Conv2d(256, 256, 3, padding=1, bias=False),
            LayerNorm2d(256),
        )

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """See the class."""
        features: torch.Tensor = self.neck(self.vit.stages(self.vit.patch_embed(pictures)))
        return features

    def count_offsets(self) -> None:
        """Works out again which attention bias belongs to which two cells: no checkpoint has that."""
        for stage in self.vit.stages[1:]:
            for block in stage.blocks:
                attention = block.attn
                attention.attention_bias_idxs = torch.empty(attention.attention_bias_idxs.shape, dtype=torch.long)
                attention.init_non_persistent_buffers()


def adapt(tensors: Tensors) -> Tensors:
    """The checkpoint as published, `mobile_sam.pt` -> the state dict of Segment Anything with `Encoder` in it."""
    return {_renamed(name): tensor for name, tensor in tensors.items() if not _of_classifier(name)}


def _of_classifier(name: str) -> bool:
    return name.startswith(("image_encoder.head.", "image_encoder.norm_head."))


def _renamed(name: str) -> str:
    encoder, prefix, rest = name.partition("image_encoder.")
    if encoder or not prefix or rest.startswith("neck."):
        return name
    for pattern, replacement in _NAMES:
        rest, found = re.subn(f"^{pattern}", replacement, rest)
        if found:
            break
    return prefix + re.sub(r"\.c\.weight$", ".conv.weight", rest)
