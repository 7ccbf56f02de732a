"""Su 2020 with random weights in the published layouts."""

import numpy as np
import photochrom.colorizers.su2020  # noqa: F401 makes torchvision importable
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st
from photochrom.colorizers import conversions, su2020, su2020_detector
from photochrom.colorizers.su2020_network import LAYERS, Box, Fusion
from photochrom.colorizers.zhang2016 import squared
from photochrom.models import catalog
from torch.nn import functional

from .plain_siggraph17 import plain_forward
from .published_layouts import FUSION, SIGGRAPH17, WEIGHINGS, learnt

SIDE = 32


def mask_rcnn():
    """torchvision's own, as it is when it holds the published weights."""
    network = torchvision.models.detection.maskrcnn_resnet50_fpn(
        weights=None, weights_backbone=None, box_score_thresh=0.7, box_detections_per_img=8
    ).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = 0.0
    return network


def hurry(detector):
    """Reduces the detector's input below 800 × 800 pixels, and its number of proposals; the rest is unchanged."""
    detector.transform.min_size, detector.transform.max_size = (96,), 160
    detector.rpn._post_nms_top_n["testing"] = 100


@pytest.fixture(scope="module")
def checkpoints(random_tensors):
    with torch.device("meta"):
        layout = {name: tuple(tensor.shape) for name, tensor in mask_rcnn().state_dict().items()}
    found = {
        "instance": random_tensors(SIGGRAPH17, 1),
        "fusion": random_tensors(FUSION, 2),
        "whole": random_tensors(SIGGRAPH17, 3),
        "detector": random_tensors(layout, 4),
    }
    for name, tensor in found["detector"].items():
        # Residuals do not pile up, boxes stay near their anchors, and some are sure to be something.
        calm = {"bn3.weight": 0.3, "downsample.1.weight": 0.3, "bbox_pred.weight": 0.03, "cls_score.weight": 2.0}
        tensor.mul_(next((factor for end, factor in calm.items() if name.endswith(end)), 1))
    for output in (found["instance"], found["whole"]):
        output["model_out.0.weight"] /= 10  # Within what the last tanh lets through.
    found["fusion"]["module.model_out.0.weight"] /= 10
    return found


@pytest.fixture(scope="module")
def card(tmp_path_factory, install, checkpoints):
    return install(tmp_path_factory.mktemp("su2020"), "su2020", su2020, checkpoints, side=SIDE)


@pytest.fixture(scope="module")
def colorizer(card):
    opened = su2020.open_model(card)
    hurry(opened._detector)
    return opened


@pytest.fixture(scope="module")
def lightness():
    rng = np.random.default_rng(1907)
    return np.kron(rng.uniform(5, 95, (6, 8)), np.ones((16, 16))).astype(np.float32)


@pytest.fixture(scope="module")
def prediction(colorizer, lightness):
    return colorizer.predict(lightness)


def test_the_layouts_are_the_published_ones(checkpoints):
    networks = su2020.networks({})
    assert networks["instance"].layout() == networks["whole"].layout() == SIGGRAPH17
    ours = networks["fusion"].layout()
    assert {f"module.{name}": shape for name, shape in ours.items()} == {
        name: shape for name, shape in FUSION.items() if "weight_layerout" not in name
    }
    assert learnt(ours) == 34_187_027 + 1_078_266
    adapted = networks["detector"].adapt(checkpoints["detector"])
    assert {name: tuple(tensor.shape) for name, tensor in adapted.items()} == networks["detector"].layout()


def test_the_card_counts_all_parameters():
    total = 0
    for network in su2020.networks({}).values():
        with torch.device("meta"):
            total += sum(tensor.numel() for tensor in network.build().parameters())
    assert catalog.find("su2020").parameters == total


def test_the_detector_is_known_by_the_names_that_its_file_has(checkpoints):
    today = checkpoints["detector"]
    renamed = {}
    for name, tensor in today.items():
        old = name.replace("rpn.head.conv.0.0.", "rpn.head.conv.")
        for blocks in ("inner_blocks", "layer_blocks"):
            for number in range(4):
                old = old.replace(f"{blocks}.{number}.0.", f"{blocks}.{number}.")
        if not old.endswith("num_batches_tracked"):
            renamed[old] = tensor
    assert renamed.keys() != today.keys()
    adapted, expected = su2020_detector.adapt(renamed), su2020_detector.adapt(today)
    assert adapted.keys() == expected.keys()
    assert all(adapted[name] is expected[name] for name in adapted)


def test_a_detector_without_masks_is_another_network(checkpoints):
    boxes_only = {name: tensor for name, tensor in checkpoints["detector"].items() if "mask" not in name}
    with pytest.raises(KeyError):
        su2020_detector.adapt(boxes_only)


def test_fusion_and_color_networks_are_distinguished(checkpoints):
    networks = su2020.networks({})
    assert networks["fusion"].adapt(checkpoints["instance"]).keys() != networks["fusion"].layout().keys()
    assert networks["instance"].adapt(checkpoints["fusion"]).keys() != networks["instance"].layout().keys()


def test_boxes_are_those_of_torchvisions_mask_r_cnn(colorizer, checkpoints, lightness):
    theirs = mask_rcnn()
    theirs.load_state_dict(checkpoints["detector"])
    hurry(theirs)
    with torch.inference_mode():
        answer = theirs([torch.from_numpy(lightness / 100).expand(3, -1, -1)])[0]
        found = su2020_detector.boxes(colorizer._detector, lightness)
    assert 1 <= len(found) <= 8
    assert (answer["scores"] >= 0.7).all()
    height, width = lightness.shape
    for box, corners in zip(found, answer["boxes"].tolist(), strict=True):
        assert (box.left, box.top) == (min(int(corners[0]), width - 1), min(int(corners[1]), height - 1))
        assert (box.right, box.bottom) == (max(int(corners[2]), box.left + 1), max(int(corners[3]), box.top + 1))


@given(
    st.tuples(st.integers(1, 700), st.integers(1, 700)).flatmap(
        lambda size: st.tuples(
            st.just(size),
            *(st.floats(0, length, allow_subnormal=False) for length in (*size, *size)),
        )
    ),
    st.sampled_from([256, 128, 64, 32]),
)
def test_every_box_has_pixels_of_the_picture_and_cells_of_every_layer(found, side):
    (width, height), *corners = found
    left, right = sorted(corners[0::2])
    top, bottom = sorted(corners[1::2])
    box = su2020_detector.whole(left, top, right, bottom, width=width, height=height)
    assert 0 <= box.left < box.right <= width
    assert 0 <= box.top < box.bottom <= height
    cells = box.on(width, height, side)
    assert 0 <= cells.left < cells.right <= side
    assert 0 <= cells.top < cells.bottom <= side


def test_boxes_are_cut_off_to_cells_as_in_the_release():
    # 30.9 % of 32 is 9.9, 64.4 % is 20.6; 10 of 100 to 12 of 100 fall into one cell, which is then one wide.
    assert Box(309, 10, 644, 12).on(1000, 100, 32) == Box(9, 3, 20, 4)
    assert Box(0, 98, 1, 100).on(1000, 100, 32) == Box(0, 31, 1, 32)
    assert Box(990, 0, 995, 100).on(1000, 100, 32) == Box(30, 0, 31, 32)


def planes(lightness):
    tones = (squared(np.ascontiguousarray(lightness), SIDE, "bilinear") - 50) / 100
    return torch.cat([tones, torch.zeros(1, 2, SIDE, SIDE), torch.full((1, 1, SIDE, SIDE), -0.5)], 1)


def bare(tensors):
    return {name.removeprefix("module."): tensor for name, tensor in tensors.items()}


def plain_fusion(checkpoints, lightness, boxes):
    """The release's fusion: every object's score and features padded to the whole picture, one softmax over all."""
    height, width = lightness.shape
    weights = bare(checkpoints["fusion"])
    modules = dict(zip(LAYERS, WEIGHINGS, strict=True))
    seen = []
    for box in boxes:
        features = {}

        def keep(name, value, features=features):
            features[name] = value.relu() if name.endswith("up") else value
            return value

        plain_forward(checkpoints["instance"], planes(lightness[box.top : box.bottom, box.left : box.right]), keep)
        seen.append(features)

    def score(module, head, x):
        for index in (0, 2, 4):
            name = f"{module}.{head}.{index}"
            x = functional.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], padding=1).relu()
        return x

    def fuse(layer, whole):
        side = whole.shape[-1]
        scores, maps, inside = [], [], torch.zeros(1, 1, side, side)
        for box, features in zip(boxes, seen, strict=True):
            left, right = int(box.left / width * side), int(box.right / width * side)
            top, bottom = int(box.top / height * side), int(box.bottom / height * side)
            padding = (left, side - right, top, side - bottom)
            size = (bottom - top, right - left)
            for taken, into in (
                (score(modules[layer], "simple_instance_conv", features[layer]), scores),
                (features[layer], maps),
            ):
                into.append(functional.pad(functional.interpolate(taken, size, mode="bilinear"), padding))
            inside[..., top:bottom, left:right] = 1
        scores.append(score(modules[layer], "simple_bg_conv", whole) + 1e5 * (1 - inside))
        shares = torch.cat(scores, 1).softmax(1)[0, :, None]
        return (torch.cat([*maps, whole]) * shares).sum(0, keepdim=True)

    return plain_forward(weights, planes(lightness), fuse)[0]


def test_fusion_is_the_published_one(colorizer, checkpoints, lightness):
    boxes = [Box(16, 16, 80, 64), Box(48, 32, 128, 96), Box(96, 0, 128, 30)]
    expected = plain_fusion(checkpoints, lightness, boxes)
    found = colorizer.color(lightness, boxes)
    assert expected.std() > 0.02
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=0)
    # What the objects add is far above that tolerance.
    assert (found - plain_fusion(checkpoints, lightness, boxes[:1])).abs().max() > 0.02


def test_outside_all_boxes_only_the_whole_picture_counts(colorizer, checkpoints):
    fusion = colorizer._fusion
    torch.manual_seed(5)
    whole, alone = torch.randn(2, 1, 64, SIDE, SIDE).unbind()
    pieces = [fusion.piece("conv1_2", alone, box) for box in (Box(3, 5, 20, 25), Box(10, 10, 30, 30))]
    fused = fusion.fuse("conv1_2", whole, pieces)
    outside = torch.ones(SIDE, SIDE, dtype=torch.bool)
    outside[5:25, 3:20] = outside[10:30, 10:30] = False
    assert torch.equal(fused[..., outside], whole[..., outside])
    assert (fused - whole)[..., ~outside].abs().mean() > 0.1


def test_sums_of_objects_go_in_rectified(colorizer):
    torch.manual_seed(6)
    features = torch.randn(1, 256, 8, 8)
    assert colorizer._fusion.piece("conv8_up", features, Box(0, 0, 8, 8)).features.min() == 0
    assert colorizer._fusion.piece("conv8_3", features, Box(0, 0, 8, 8)).features.min() < 0


def test_without_boxes_the_network_for_whole_pictures_does_the_work(colorizer, checkpoints, lightness):
    expected, _ = plain_forward(checkpoints["whole"], planes(lightness))
    torch.testing.assert_close(colorizer.color(lightness, []), expected, atol=1e-3, rtol=0)


def test_the_mask_says_that_there_are_no_hints(colorizer):
    seen = []
    with colorizer._whole.model1.register_forward_pre_hook(lambda _module, given: seen.append(given[0][0])):
        colorizer.color(np.full((SIDE, SIDE), 75, np.float32), [])
    assert torch.allclose(seen[0][0], torch.tensor(0.25), atol=1e-4)
    assert not seen[0][1:3].any()
    assert seen[0][3].eq(-0.5).all()


def test_a_photograph_is_colored_by_what_the_detector_finds(colorizer, lightness, prediction):
    with torch.inference_mode():
        found = su2020_detector.boxes(colorizer._detector, lightness)
    assert found
    ab = 110 * colorizer.color(lightness, found)[0].movedim(0, -1).numpy()
    assert prediction.ab.shape == (SIDE, SIDE, 2)
    assert prediction.distribution is None
    tones = functional.adaptive_avg_pool2d(torch.from_numpy(lightness)[None], SIDE)[0].numpy()
    assert np.abs(prediction.ab - conversions.ab_from_d65(tones, ab)).mean() < 0.3


def test_random_weights_can_be_built_without_memory():
    with torch.device("meta"):
        assert next(Fusion().parameters()).is_meta
