"""Zhang 2017 with random weights in the published layout."""

import numpy as np
import pytest
import torch
from photochrom.colorizers import conversions, zhang2017
from photochrom.colorizers.zhang2017_network import centers
from photochrom.errors import ModelDamaged
from photochrom.models import catalog
from photochrom.values import Hints

from .plain_siggraph17 import plain_forward
from .published_layouts import SIGGRAPH17, learnt

SIDE = 64


@pytest.fixture(scope="module")
def checkpoint(random_tensors):
    tensors = random_tensors(SIGGRAPH17)
    tensors["model_out.0.weight"] /= 10  # Within what the last tanh lets through.
    return tensors


@pytest.fixture(scope="module")
def card(tmp_path_factory, install, checkpoint):
    return install(tmp_path_factory.mktemp("zhang2017"), "zhang2017", zhang2017, {"weights": checkpoint}, side=SIDE)


@pytest.fixture(scope="module")
def colorizer(card):
    return zhang2017.open_model(card)


@pytest.fixture
def scene(rng):
    return np.kron(rng.uniform(5, 95, (4, 4)), np.ones((16, 16))).astype(np.float32)


def hinted(shape, rows, columns, ab):
    hints = Hints(np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32))
    hints.ab[rows, columns] = ab
    hints.mask[rows, columns] = 1
    return hints


def seen_by(colorizer, lightness, hints=None):
    """What the network gets for a picture: (4, SIDE, SIDE)."""
    seen = []
    with colorizer._network.model1.register_forward_pre_hook(lambda _module, given: seen.append(given[0])):
        colorizer.predict(lightness, hints)
    return seen[0][0]


def test_the_layout_is_the_published_one():
    assert zhang2017.networks({})["weights"].layout() == SIGGRAPH17
    assert learnt(SIGGRAPH17) == 34_187_027 == catalog.find("zhang2017").parameters


def test_another_networks_weights_are_refused(tmp_path, install, checkpoint):
    fewer = dict(list(checkpoint.items())[-9:])
    card = install(tmp_path, "zhang2017", zhang2017, {"weights": fewer})
    with pytest.raises(ModelDamaged, match="does not fit"):
        zhang2017.open_model(card)


def test_a_square_is_colored_as_by_the_release(colorizer, checkpoint, rng):
    lightness = rng.uniform(0, 100, (SIDE, SIDE)).astype(np.float32)
    hints = hinted((SIDE, SIDE), slice(20, 23), slice(40, 45), (30, -50))
    given = torch.zeros(1, 4, SIDE, SIDE)
    given[0, 0] = torch.from_numpy((lightness - 50) / 100)
    given[0, 1:3] = (
        torch.from_numpy(conversions.ab_to_d65(lightness, hints.ab) * hints.mask[..., None]).movedim(-1, 0) / 110
    )
    given[0, 3] = torch.from_numpy(hints.mask)
    tanh, scores = plain_forward(checkpoint, given)
    expected = conversions.ab_from_d65(lightness, 110 * tanh[0].movedim(0, -1).numpy())
    prediction = colorizer.predict(lightness, hints)
    assert np.ptp(expected) > 30
    np.testing.assert_allclose(prediction.ab, expected, atol=0.2)
    assert np.abs(prediction.ab - 110 * tanh[0].movedim(0, -1).numpy()).mean() > 0.2
    softened = (0.2 * scores).softmax(1)[0].movedim(0, -1).numpy()
    np.testing.assert_allclose(prediction.distribution.probabilities, softened, atol=1e-3 * softened.max())


def test_lightness_goes_in_from_minus_to_plus_one_half_and_no_hints_as_zeros(colorizer):
    seen = seen_by(colorizer, np.full((SIDE, SIDE), 25, np.float32))
    assert torch.allclose(seen[0], torch.tensor(-0.25), atol=1e-4)
    assert not seen[1:].any()


def test_the_mask_is_centered_if_the_card_says_so(tmp_path, install, checkpoint):
    card = install(tmp_path, "zhang2017", zhang2017, {"weights": checkpoint}, side=SIDE, mask_center=0.5)
    hints = hinted((SIDE, SIDE), slice(0, 4), slice(0, 4), (10, 10))
    mask = seen_by(zhang2017.open_model(card), np.full((SIDE, SIDE), 50, np.float32), hints)[3]
    assert set(mask.unique().tolist()) == {-0.5, 0.5}
    assert mask[:4, :4].eq(0.5).all()


def test_a_hint_goes_in_as_ab_over_110_under_d65(colorizer):
    lightness = np.full((SIDE, SIDE), 60, np.float32)
    hints = hinted(lightness.shape, slice(10, 14), slice(20, 30), (40, -30))
    seen = seen_by(colorizer, lightness, hints).numpy()
    under_d65 = conversions.ab_to_d65(np.full(1, 60.0), np.array([[40.0, -30.0]]))[0]
    np.testing.assert_allclose(
        seen[1:3, 10:14, 20:30], np.broadcast_to(under_d65[:, None, None] / 110, (2, 4, 10)), atol=1e-6
    )
    np.testing.assert_array_equal(seen[3], hints.mask)
    assert not seen[1:3][:, hints.mask == 0].any()


@pytest.mark.parametrize("shape", [(3 * SIDE, 5 * SIDE), (SIDE + 7, 2 * SIDE - 5), (SIDE // 2, SIDE // 3), (1, 9)])
def test_the_smallest_hint_keeps_its_color_at_any_size(shape, rng):
    for row, column in zip(rng.integers(0, shape[0], 5), rng.integers(0, shape[1], 5), strict=True):
        planes = zhang2017.hint_planes(np.full(shape, 50, np.float32), hinted(shape, row, column, (22, 0)), SIDE)[0]
        cells = planes[2] == 1
        assert cells.any()
        assert cells[row * SIDE // shape[0], column * SIDE // shape[1]]
        wanted = conversions.ab_to_d65(np.full(1, 50.0), np.array([[22.0, 0.0]]))[0] / 110
        np.testing.assert_allclose(
            planes[:2, cells], np.broadcast_to(wanted[:, None], (2, int(cells.sum()))), atol=1e-6
        )
        assert not planes[:, ~cells].any()


def test_hints_change_the_color_near_them_most(colorizer, scene):
    hints = hinted(scene.shape, slice(8, 12), slice(8, 12), (60, 40))
    change = np.linalg.norm(colorizer.predict(scene, hints).ab - colorizer.predict(scene).ab, axis=-1)
    assert change[6:14, 6:14].mean() > 3 * change[40:, 40:].mean()
    assert change[6:14, 6:14].mean() > 1


def test_classes_are_bins_of_ten_with_b_running_faster(colorizer, scene):
    found = centers()
    assert found.shape == (529, 2)
    assert [tuple(found[k]) for k in (0, 1, 23, 528)] == [(-110, -110), (-110, -100), (-100, -110), (110, 110)]
    distribution = colorizer.predict(scene).distribution
    np.testing.assert_allclose(distribution.probabilities.sum(-1), 1, atol=1e-4)
    np.testing.assert_allclose(distribution.centers[264], 0, atol=1e-4)


def test_a_batch_gives_what_each_alone_gives(colorizer):
    planes = torch.rand(2, 4, SIDE, SIDE)
    together, _ = colorizer._network(planes)
    alone = torch.cat([colorizer._network(each[None])[0] for each in planes])
    assert torch.allclose(together, alone, atol=1e-4)
