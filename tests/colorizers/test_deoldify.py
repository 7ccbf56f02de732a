"""DeOldify with random weights in the published layout."""

import hashlib
import json

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, deoldify
from photochrom.colorizers.deoldify_blocks import SelfAttention, Shuffle
from photochrom.colorizers.deoldify_network import COLORS, adapt, artistic, stable
from photochrom.errors import ModelDamaged
from photochrom.image import lab
from photochrom.models import catalog, read_card
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torchvision.models import resnet34

pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")

FACTOR = 3
SIDE = 16 * FACTOR
"""Half of it is odd four times over, so the body rounds up and the blocks have to match sizes."""


def with_norms(network):
    """The generator as it was trained: spectral norm on all of its own convolutions, weight norm on one."""
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.Conv1d | nn.Conv2d) and not name.startswith("layers.0."):
            normed = nn.utils.weight_norm if name.startswith("layers.8.") else nn.utils.spectral_norm
            normed(module)
    return network


@pytest.fixture(scope="module")
def published():
    torch.manual_seed(0)
    network = with_norms(artistic())
    nn.init.constant_(network.layers[5].conv2[3].gamma, 0.7)
    nn.init.uniform_(network.layers[8].conv[0].weight_g, 0.5, 1.5)
    with torch.no_grad():
        network.train()(torch.randn(2, 3, SIDE, SIDE))  # Moves u, v and the running statistics.
    return network.eval()


@pytest.fixture(scope="module")
def folder(published, tmp_path_factory):
    """An installed deoldify-artistic, but of a smaller render factor."""
    folder = tmp_path_factory.mktemp("store") / "deoldify-artistic"
    folder.mkdir()
    weights = folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in adapt(published.state_dict()).items()}, weights)
    details = catalog.find("deoldify-artistic").details
    files = {"weights.safetensors": hashlib.sha256(weights.read_bytes()).hexdigest()}
    card = {**details, "render_factor": FACTOR, "proxy_side": SIDE, "files": files}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def painter(folder):
    return deoldify.open_model(read_card(folder / "card.json"))


@pytest.mark.parametrize(("make", "count"), [(artistic, 63_646_881), (stable, 218_222_197)])
def test_the_published_networks_have_the_published_number_of_parameters(make, count):
    with torch.device("meta"):
        network = with_norms(make())
    assert sum(parameter.numel() for parameter in network.parameters()) == count


@pytest.mark.parametrize("name", ["deoldify-artistic", "deoldify-stable"])
def test_the_card_counts_our_parameters(name):
    card = catalog.find(name)
    with torch.device("meta"):
        network = deoldify.networks(card.details)["weights"].build()
    assert card.system == "deoldify"
    assert card.parameters == sum(parameter.numel() for parameter in network.parameters())
    assert card.details["proxy_side"] == 16 * card.details["render_factor"]


PUBLISHED = {
    artistic: {
        "layers.0.0.weight": (64, 3, 7, 7),
        "layers.0.7.2.conv2.weight": (512, 512, 3, 3),
        "layers.1.weight": (512,),
        "layers.3.0.0.weight_orig": (1024, 512, 3, 3),
        "layers.3.1.2.running_var": (512,),
        "layers.4.shuf.conv.0.weight_orig": (1024, 512, 1, 1),
        "layers.4.shuf.conv.1.weight": (1024,),
        "layers.4.bn.weight": (256,),
        "layers.4.conv1.0.weight_orig": (768, 512, 3, 3),
        "layers.4.conv2.2.weight": (768,),
        "layers.5.conv2.3.query.weight_orig": (96, 768, 1),
        "layers.5.conv2.3.value.weight_orig": (768, 768, 1),
        "layers.5.conv2.3.gamma": (1,),
        "layers.6.conv1.0.weight_orig": (672, 448, 3, 3),
        "layers.7.conv1.0.weight_orig": (300, 400, 3, 3),
        "layers.8.conv.0.weight_g": (1200, 1, 1, 1),
        "layers.8.conv.0.weight_v": (1200, 300, 1, 1),
        "layers.8.conv.0.bias": (1200,),
        "layers.10.layers.0.0.weight_orig": (303, 303, 3, 3),
        "layers.10.layers.1.0.bias": (303,),
        "layers.11.0.weight_orig": (3, 303, 1, 1),
        "layers.11.0.bias": (3,),
    },
    stable: {
        "layers.0.6.22.conv3.weight": (1024, 256, 1, 1),
        "layers.3.0.0.weight_orig": (4096, 2048, 3, 3),
        "layers.4.shuf.conv.0.weight_orig": (2048, 2048, 1, 1),
        "layers.4.conv.0.weight_orig": (512, 1536, 3, 3),
        "layers.5.conv.0.weight_orig": (512, 1024, 3, 3),
        "layers.5.conv.3.key.weight_orig": (64, 512, 1),
        "layers.6.conv.0.weight_orig": (512, 768, 3, 3),
        "layers.7.conv.0.weight_orig": (256, 320, 3, 3),
        "layers.8.conv.0.weight_v": (1024, 256, 1, 1),
        "layers.10.layers.0.0.weight_orig": (259, 259, 3, 3),
    },
}


@pytest.mark.parametrize("make", [artistic, stable])
def test_the_published_tensors_have_their_names_and_shapes(make):
    with torch.device("meta"):
        found = {name: tuple(tensor.shape) for name, tensor in with_norms(make()).state_dict().items()}
    assert {name: found.get(name) for name in PUBLISHED[make]} == PUBLISHED[make]
    assert {name.split(".")[1] for name in found} == {"0", "1", "3", "4", "5", "6", "7", "8", "10", "11"}


def test_the_published_layout_is_adapted(published):
    assert catalog.find("deoldify-artistic").checkpoints[0].may_have(published.state_dict())
    found = {name: tuple(tensor.shape) for name, tensor in adapt(published.state_dict()).items()}
    assert found == deoldify.networks({"design": "artistic"})["weights"].layout()
    assert found != deoldify.networks({"design": "stable"})["weights"].layout()


def test_folded_weights_paint_as_the_trained_ones(published, painter):
    torch.manual_seed(1)
    pictures = torch.randn(2, 3, SIDE, SIDE)
    with torch.inference_mode():
        theirs, ours = published(pictures), painter._network(pictures)
    assert theirs.std() > 0.01
    assert theirs.abs().max() <= max(COLORS)
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)


def written_out(tensors, picture):
    """The artistic generator step by step, from the published description and its tensors alone (norms folded)."""

    def conv(name, features):
        weight = tensors[f"{name}.weight"]
        return F.conv2d(features, weight, tensors.get(f"{name}.bias"), padding=weight.shape[-1] // 2)

    def norm(name, features):
        mean, variance, weight, bias = (
            tensors[f"{name}.{kind}"] for kind in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(features, mean, variance, weight, bias)

    def double(features):
        return F.avg_pool2d(F.pad(F.pixel_shuffle(features.relu(), 2), (1, 0, 1, 0), mode="replicate"), 2, stride=1)

    body = resnet34().eval()
    own = {name.removeprefix("layers.0."): one for name, one in tensors.items() if name.startswith("layers.0.")}
    nn.Sequential(*list(body.children())[:-2]).load_state_dict(own, strict=True)
    first = body.bn1(body.conv1(picture)).relu()
    stages = [body.maxpool(first)]
    for stage in (body.layer1, body.layer2, body.layer3, body.layer4):
        stages.append(stage(stages[-1]))
    features = norm("layers.1", stages[4]).relu()
    for name in ("layers.3.0", "layers.3.1"):
        features = norm(f"{name}.2", conv(f"{name}.0", features).relu())
    for name, skip in (("layers.4", stages[3]), ("layers.5", stages[2]), ("layers.6", stages[1]), ("layers.7", first)):
        raised = double(norm(f"{name}.shuf.conv.1", conv(f"{name}.shuf.conv.0", features)))
        raised = F.interpolate(raised, skip.shape[-2:], mode="nearest")
        features = torch.cat([raised, norm(f"{name}.bn", skip)], 1).relu()
        for part in ("conv1", "conv2"):
            features = norm(f"{name}.{part}.2", conv(f"{name}.{part}.0", features).relu())
        if name == "layers.5":
            places = features.flatten(2)
            query, key, value = (
                tensors[f"layers.5.conv2.3.{kind}.weight"][..., 0] @ places for kind in ("query", "key", "value")
            )
            seen = value @ (query.mT @ key).softmax(1)
            features = (tensors["layers.5.conv2.3.gamma"] * seen + places).reshape(features.shape)
    features = torch.cat([double(conv("layers.8.conv.0", features)), picture], 1)
    added = features
    for name in ("layers.10.layers.0.0", "layers.10.layers.1.0"):
        added = conv(name, added).relu()
    return conv("layers.11.0", features + added).sigmoid() * 6 - 3


def test_the_generator_computes_what_its_description_says(published, painter):
    torch.manual_seed(5)
    picture = torch.randn(1, 3, SIDE, SIDE)
    with torch.inference_mode():
        wanted = written_out(adapt(published.state_dict()), picture)
        torch.testing.assert_close(painter._network(picture), wanted, rtol=1e-3, atol=1e-4)


def test_a_batch_is_painted_as_its_pictures_alone(painter):
    torch.manual_seed(2)
    pictures = torch.randn(2, 3, SIDE, SIDE)
    with torch.inference_mode():
        together = painter._network(pictures)
        alone = torch.cat([painter._network(picture[None]) for picture in pictures])
    torch.testing.assert_close(together, alone, rtol=1e-3, atol=1e-4)


def test_attention_runs_over_the_places_of_the_query():
    torch.manual_seed(3)
    attention = SelfAttention(16).eval()
    nn.init.constant_(attention.gamma, 0.5)
    features = torch.randn(2, 16, 5, 7)
    places = features.flatten(2)
    with torch.inference_mode():
        scores = torch.einsum("nci,ncj->nij", attention.query(places), attention.key(places))
        shares = scores.exp() / scores.exp().sum(1, keepdim=True)
        wanted = 0.5 * torch.einsum("nci,nij->ncj", attention.value(places), shares) + places
        torch.testing.assert_close(attention(features), wanted.reshape(features.shape), rtol=1e-5, atol=1e-5)


def test_shuffled_pixels_are_the_mean_of_themselves_and_those_above_and_left():
    torch.manual_seed(4)
    shuffle = Shuffle(3, 2, norm=False).eval()
    features = torch.randn(1, 3, 4, 5)
    with torch.inference_mode():
        sharp = shuffle.conv(features).relu().reshape(1, 2, 2, 2, 4, 5).permute(0, 1, 4, 2, 5, 3).reshape(1, 2, 8, 10)
        found = shuffle(features)
    above, left = sharp[:, :, [0, *range(7)]], sharp[..., [0, *range(9)]]
    corner = above[..., [0, *range(9)]]
    torch.testing.assert_close(found, (sharp + above + left + corner) / 4)


def test_the_network_sees_normalized_gray_resized_as_pillow_does(painter, rng):
    seen = []
    hook = painter._network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].clone()))
    lightness = rng.uniform(0, 100, (90, 150)).astype(np.float32)
    painter.predict(lightness)
    hook.remove()
    gray = Image.fromarray(conversions.gray_from_lightness(lightness)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    wanted = (np.asarray(gray) - np.reshape([0.485, 0.456, 0.406], (3, 1, 1))) / np.reshape(
        [0.229, 0.224, 0.225], (3, 1, 1)
    )
    assert seen[0].shape == (1, 3, SIDE, SIDE)
    assert np.abs(seen[0][0].numpy() - wanted).max() < 1e-4


def test_chroma_goes_over_the_gray_as_in_yuv(rng):
    luma = np.array([0.299, 0.587, 0.114])
    to_yuv = np.stack([luma, 0.492 * ([0, 0, 1] - luma), 0.877 * ([1, 0, 0] - luma)])
    colors, gray = rng.uniform(0.4, 0.6, (9, 11, 3)), rng.uniform(0.4, 0.6, (9, 11))
    yuv = colors @ to_yuv.T
    yuv[..., 0] = gray
    wanted = yuv @ np.linalg.inv(to_yuv).T
    planes = torch.from_numpy(colors).movedim(-1, 0)[None].float()
    found = deoldify.with_luma(planes, torch.from_numpy(gray)[None, None].float())
    np.testing.assert_allclose(found[0].movedim(0, -1).numpy(), wanted, atol=1e-5)


def test_a_gray_answer_is_no_color(folder):
    gray = deoldify.open_model(read_card(folder / "card.json"))
    last = gray._network.layers[11][0]
    last.weight.zero_()
    # The sigmoid's input for which all three channels are 0.5 once de-normalized.
    share = ((0.5 - torch.tensor(deoldify.MEAN)) / torch.tensor(deoldify.DEVIATION) + 3) / 6
    last.bias.copy_(share.logit())
    assert np.abs(gray.predict(np.full((40, 60), 40, np.float32)).ab).max() < 1e-3


def test_a_red_answer_is_the_red_of_that_gray(folder):
    red = deoldify.open_model(read_card(folder / "card.json"))
    last = red._network.layers[11][0]
    last.weight.zero_()
    color = np.array([0.6, 0.5, 0.5])
    last.bias.copy_((torch.tensor((color - deoldify.MEAN) / deoldify.DEVIATION + 3) / 6).logit())
    gray = float(conversions.gray_from_lightness(np.float32(50)))
    wanted = lab.lab_from_srgb(color + gray - color @ deoldify.LUMA)[1:]
    np.testing.assert_allclose(red.predict(np.full((40, 60), 50, np.float32)).ab[20, 20], wanted, atol=0.01)


def test_weights_of_another_network_are_refused(folder):
    values = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "other.json").write_text(json.dumps({**values, "design": "stable"}), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="does not fit"):
        deoldify.open_model(read_card(folder / "other.json"))
