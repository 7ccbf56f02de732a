"""torchvision beside any torch: what Segment Anything and Mask R-CNN need of it is there and right."""

import importlib
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from photochrom.runtime.torchvision_operators import nms, roi_align


def overlap(one, other):
    """Intersection over union, in whole numbers' own precision."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (areas - shared) if areas > shared else 0.0


def slow_nms(boxes, scores, threshold):
    kept = []
    for index in sorted(range(len(boxes)), key=lambda index: -scores[index]):
        if all(overlap(boxes[index], boxes[other]) <= threshold for other in kept):
            kept.append(index)
    return kept


def slow_roi_align(picture, box, scale, bins, samples, aligned):
    """One channel, one box, one sample at a time."""

    def value(y, x):
        if not (-1 <= y <= picture.shape[0] and -1 <= x <= picture.shape[1]):
            return 0.0
        y, x = np.clip(y, 0, picture.shape[0] - 1), np.clip(x, 0, picture.shape[1] - 1)
        top, left = int(y), int(x)
        below, right = min(top + 1, picture.shape[0] - 1), min(left + 1, picture.shape[1] - 1)
        dy, dx = y - top, x - left
        upper = picture[top, left] * (1 - dx) + picture[top, right] * dx
        lower = picture[below, left] * (1 - dx) + picture[below, right] * dx
        return upper * (1 - dy) + lower * dy

    x1, y1, x2, y2 = (coordinate * scale - (0.5 if aligned else 0) for coordinate in box)
    width, height = (x2 - x1, y2 - y1) if aligned else (max(x2 - x1, 1), max(y2 - y1, 1))
    pooled = np.empty(bins)
    for row, column in np.ndindex(bins):
        ys = y1 + height / bins[0] * (row + (np.arange(samples) + 0.5) / samples)
        xs = x1 + width / bins[1] * (column + (np.arange(samples) + 0.5) / samples)
        pooled[row, column] = np.mean([value(y, x) for y in ys for x in xs])
    return pooled


corners = arrays(np.int64, st.tuples(st.integers(0, 24), st.just(4)), elements=st.integers(0, 12))


@settings(deadline=None)
@given(corners, st.data(), st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0]))
def test_nms_keeps_what_the_plain_rule_keeps(corners, data, threshold):
    sizes = corners[:, 2:] % 5
    boxes = np.concatenate([corners[:, :2], corners[:, :2] + sizes], 1)
    scores = data.draw(arrays(np.float32, len(boxes), elements=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])))
    found = nms(torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4), torch.tensor(scores), threshold)
    assert found.dtype == torch.int64
    assert found.tolist() == slow_nms(boxes.tolist(), scores.tolist(), threshold)


@pytest.mark.parametrize("kind", [torch.float16, torch.float64, torch.uint8])
def test_nms_takes_numbers_of_any_kind(kind):
    boxes = torch.tensor([[0, 0, 200, 200], [0, 0, 200, 190], [100, 100, 250, 250]], dtype=kind)
    assert nms(boxes, torch.tensor([1, 3, 2], dtype=kind), 0.5).tolist() == [1, 2]


def test_nms_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"boxes \(n, 4\)"):
        nms(torch.zeros(3, 5), torch.zeros(3), 0.5)
    with pytest.raises(ValueError, match=r"\(2,\)"):
        nms(torch.zeros(3, 4), torch.zeros(2), 0.5)


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("scale", [0.25, 1.0])
def test_roi_align_is_the_mean_of_its_samples(rng, aligned, scale):
    pictures = rng.random((2, 3, 9, 7))
    boxes = [[0, 0, 0, 7, 9], [1, 2.3, 1.2, 5.9, 8.8], [0, -9, -9, 40, 40], [1, 3, 3, 3.1, 3.2], [0, 20, 25, 36, 28]]
    found = roi_align(torch.tensor(pictures), torch.tensor(boxes, dtype=torch.float64), scale, 3, 2, 2, aligned)
    assert found.shape == (5, 3, 3, 2)
    for box, pooled in zip(boxes, found.numpy(), strict=True):
        for channel in range(3):
            wanted = slow_roi_align(pictures[int(box[0]), channel], box[1:], scale, (3, 2), 2, aligned)
            np.testing.assert_allclose(pooled[channel], wanted, atol=1e-12)


def test_roi_align_says_that_it_needs_a_number_of_samples():
    with pytest.raises(NotImplementedError, match="sampling_ratio"):
        roi_align(torch.zeros(1, 1, 4, 4), torch.zeros(1, 5), 1.0, 2, 2, -1, False)


def test_torchvisions_own_functions_work():
    from torchvision import ops

    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 1, 10, 10], [20, 20, 30, 30]])
    assert ops.nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5).tolist() == [1, 2]
    assert ops.batched_nms(boxes, torch.tensor([0.5, 0.9, 0.1]), torch.tensor([0, 1, 0]), 0.5).tolist() == [1, 0, 2]
    pooled = ops.roi_align(torch.ones(1, 2, 8, 8), [boxes[:1] / 2], (2, 2), 1.0, 2)
    assert torch.equal(pooled, torch.ones(1, 2, 2, 2))


def test_mask_r_cnn_runs():
    from torchvision.models.detection import maskrcnn_resnet50_fpn

    torch.manual_seed(0)
    network = maskrcnn_resnet50_fpn(
        weights=None,
        weights_backbone=None,
        min_size=64,
        max_size=96,
        box_score_thresh=0.0,
        box_detections_per_img=5,
        rpn_post_nms_top_n_test=40,
    ).eval()
    with torch.inference_mode():
        (found,) = network([torch.rand(3, 50, 70)])
    assert found["boxes"].shape == (5, 4)
    assert found["masks"].shape == (5, 1, 50, 70)
    assert (found["boxes"] <= torch.tensor([70, 50, 70, 50])).all()


@pytest.mark.parametrize("package", ["torchvision", "segment_anything", "timm", "spandrel"])
def test_packages_that_need_torchvision_can_be_imported_after_it(package):
    assert importlib.import_module(package).__name__ == package


def test_operators_that_exist_are_left_alone():
    """In a process of its own: operators defined here cannot be removed again."""
    code = """
import torch
own = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    own.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    own.impl(name, lambda dets, scores, iou_threshold: torch.tensor([1907]), "CPU")
from photochrom.runtime import torchvision_operators
import sys
assert torchvision_operators.OPERATORS is None
assert "torchvision" not in sys.modules
assert torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5).item() == 1907
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
