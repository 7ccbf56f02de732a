"""Which pictures are drawn more often, and which part of a picture its mirror image shows."""

import pytest
import torch
from photochrom.training.network import ColorNetwork
from photochrom.training.objective import Batch, Objective, _enlarged, _part, rarely_colored
from photochrom.training.photographs import Photographs
from photochrom.training.recipe import Recipe


def photographs(*colors: tuple[int, int, int]) -> Photographs:
    """Pictures of 60 × 60 pixels, each a quarter of a color and gray elsewhere."""
    pictures = []
    for color in colors:
        picture = torch.full((60, 60, 3), 128, dtype=torch.uint8)
        picture[:30, :30] = torch.tensor(color, dtype=torch.uint8)
        pictures.append(picture.flatten())
    count, size = len(colors), torch.full((len(colors),), 60)
    names = tuple(str(number) for number in range(count))
    return Photographs(
        torch.cat(pictures), torch.arange(count) * 60 * 60 * 3, size, size, names, ("other",) * count, ("made",) * count
    )


def test_rare_are_the_hues_that_the_recipe_names():
    red, green, violet = (220, 20, 60), (0, 200, 110), (150, 30, 200)
    orange, blue, gray = (240, 150, 30), (110, 170, 220), (128, 128, 128)
    rare = rarely_colored(photographs(red, green, violet, orange, blue, gray), Recipe().rare)
    assert rare.tolist() == [1, 1, 1, 0, 0, 0]
    assert rarely_colored(photographs(red, orange), ((38.0, 135.0),)).tolist() == [0, 1]


def test_a_part_is_within_the_picture_and_the_same_for_a_step():
    for step in range(50):
        rows, columns = _part(48, 0.5, (1, step))
        assert rows.start >= 0 and rows.stop <= 48 and columns.stop <= 48
        assert 24 <= rows.stop - rows.start == columns.stop - columns.start <= 48
        assert [rows, columns] == _part(48, 0.5, (1, step))
    assert _part(48, 1.0, (1, 2)) == [slice(0, 48), slice(0, 48)]


def test_a_part_is_enlarged_and_its_hints_stay_whole():
    inputs = torch.zeros(1, 4, 8, 8)
    inputs[:, 0] = torch.arange(8.0)
    inputs[:, 1, 4, 4], inputs[:, 3, 4, 4] = 30.0, 1.0
    part = _enlarged(inputs, [slice(4, 8), slice(4, 8)])
    assert part.shape == inputs.shape
    assert torch.allclose(part[0, 0, 0], torch.tensor([4.0, 4.25, 4.75, 5.25, 5.75, 6.25, 6.75, 7.0]))
    assert part[0, 3].sum() == 4 and set(part[0, 1].unique().tolist()) == {0.0, 30.0}
    assert _enlarged(inputs, [slice(0, 8), slice(0, 8)]) is inputs


@pytest.mark.parametrize("follows", [False, True])
def test_a_mirrored_part_that_follows_does_not_move_the_answer(follows):
    recipe = Recipe(mirror=1.0, mirrored_part=0.5, mirror_follows=follows, batch=4)
    network = ColorNetwork((10, 11, 12), "lite0", (64, 32, 32, 16), attention=1)
    objective = Objective(recipe, targets=None, device=torch.device("cpu"))
    batch = Batch(torch.rand(4, 4, 64, 64), *[torch.empty(0)] * 4)
    answer = torch.full((4, 2, 32, 32), 20.0, requires_grad=True)
    objective._mirror(network, batch, answer, 3).backward()
    assert (answer.grad is None) == follows
    assert next(network.parameters()).grad.abs().sum() > 0
