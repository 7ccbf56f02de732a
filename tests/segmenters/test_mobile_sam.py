"""MobileSAM: a checkpoint of random weights in the published layout."""

import numpy as np
import torch
from photochrom.models import catalog
from photochrom.segmenters import mobile_sam, sam

from photochrom_client.prompt import Prompt

from .tiny_sam import installed, picture, unwritable


def mobile_sam_layout(decoder):
    """Names and shapes of the encoder in mobile_sam.pt, after TinyViT-5M (arXiv 2207.10666, table 9), and what it has
    of SAM's prompt encoder and mask decoder."""
    layout = {name: shape for name, shape in decoder.items() if not name.startswith("image_encoder")}

    def put(name, *shape):
        layout[f"image_encoder.{name}"] = shape

    def norm(name, width):
        put(f"{name}.weight", width)
        put(f"{name}.bias", width)

    def linear(name, out, width):
        put(f"{name}.weight", out, width)
        put(f"{name}.bias", out)

    def convolution(name, out, width, side):
        put(f"{name}.c.weight", out, width, side, side)
        norm(f"{name}.bn", out)
        put(f"{name}.bn.running_mean", out)
        put(f"{name}.bn.running_var", out)
        put(f"{name}.bn.num_batches_tracked")

    convolution("patch_embed.seq.0", 32, 3, 3)
    convolution("patch_embed.seq.2", 64, 32, 3)
    widths, windows, heads = (64, 128, 160, 320), (7, 7, 14, 7), (2, 4, 5, 10)
    for stage, depth in enumerate((2, 2, 6, 2)):
        width = widths[stage]
        for block in (f"layers.{stage}.blocks.{number}" for number in range(depth)):
            if stage == 0:
                convolution(f"{block}.conv1", 4 * width, width, 1)
                convolution(f"{block}.conv2", 4 * width, 1, 3)
                convolution(f"{block}.conv3", width, 4 * width, 1)
                continue
            put(f"{block}.attn.attention_biases", heads[stage], windows[stage] ** 2)
            norm(f"{block}.attn.norm", width)
            linear(f"{block}.attn.qkv", 3 * width, width)
            linear(f"{block}.attn.proj", width, width)
            norm(f"{block}.mlp.norm", width)
            linear(f"{block}.mlp.fc1", 4 * width, width)
            linear(f"{block}.mlp.fc2", width, 4 * width)
            convolution(f"{block}.local_conv", width, 1, 3)
        if stage < 3:
            following = widths[stage + 1]
            convolution(f"layers.{stage}.downsample.conv1", following, width, 1)
            convolution(f"layers.{stage}.downsample.conv2", following, 1, 3)
            convolution(f"layers.{stage}.downsample.conv3", following, following, 1)
    norm("norm_head", 320)
    linear("head", 1000, 320)
    put("neck.0.weight", 256, 320, 1, 1)
    norm("neck.1", 256)
    put("neck.2.weight", 256, 256, 3, 3)
    norm("neck.3", 256)
    return layout


def test_mobile_sam_takes_its_published_checkpoint(official, tmp_path, monkeypatch):
    unwritable(monkeypatch)
    torch.manual_seed(3)
    decoder = official.state_dict()
    checkpoint = {
        name: decoder[name]
        if "image_encoder" not in name
        else (0.05 * torch.randn(shape) if shape else torch.tensor(1))
        for name, shape in mobile_sam_layout({name: tuple(each.shape) for name, each in decoder.items()}).items()
    }
    # The published file has 40.7 MB; what is not tensors in it is names.
    assert 40.0e6 < sum(4 * tensor.numel() for tensor in checkpoint.values()) < 40.73e6
    for name, tensor in checkpoint.items():
        if name.endswith("running_var"):
            tensor.abs_().add_(1)
    assert catalog.find("mobile-sam").checkpoints[0].may_have(checkpoint)
    network = sam.networks({"image_encoder": "tiny_vit"})["weights"]
    tensors = dict(network.adapt(checkpoint))
    assert {name: tuple(tensor.shape) for name, tensor in tensors.items()} == network.layout()
    segmenter = sam.open_model(installed(tmp_path / "mobile", {"image_encoder": "tiny_vit"}, tensors))
    assert segmenter.embed(picture(30, 40)).features.shape == (1, 256, 64, 64)
    assert segmenter.mask(picture(30, 40), Prompt().clicked(0.3, 0.5)).shape == (30, 40)


def test_mobile_sams_attention_biases_are_by_distance():
    """TinyViT, as LeViT: cells of equal offset share a bias, numbered as they first occur from the corner."""
    with torch.device("meta"):
        encoder = mobile_sam.Encoder()
    encoder.count_offsets()
    numbers = encoder.vit.stages[1].blocks[0].attn.attention_bias_idxs
    for one, other in np.random.default_rng(7).integers(0, 49, (50, 2)):
        away = abs(one // 7 - other // 7) * 7 + abs(one % 7 - other % 7)
        assert numbers[one, other] == away
