"""Norms of training put into the weights: what torch itself computes with them in evaluation mode."""

import pytest
import torch
from photochrom.models.folding import without_spectral_norm, without_weight_norm
from torch import nn


@pytest.mark.parametrize("make", [lambda: nn.Conv2d(5, 7, 3), lambda: nn.Conv2d(5, 7, 1), lambda: nn.Conv1d(5, 7, 1)])
def test_spectral_norm_is_folded_as_torch_applies_it(make):
    torch.manual_seed(0)
    normed = nn.Sequential(nn.utils.spectral_norm(make()))
    picture = torch.randn(2, 5, *[6] * (normed[0].weight.ndim - 2))
    normed(picture)  # One step of training, so that u and v are no longer random.
    normed.eval()
    plain = nn.Sequential(make()).eval()
    plain.load_state_dict(without_spectral_norm(normed.state_dict()), strict=True)
    with torch.inference_mode():
        assert torch.equal(plain(picture), normed(picture))


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_weight_norm_is_folded_as_torch_applies_it():
    torch.manual_seed(0)
    normed = nn.Sequential(nn.utils.weight_norm(nn.Conv2d(5, 7, 1))).eval()
    nn.init.uniform_(normed[0].weight_g, 0.5, 2)
    plain = nn.Sequential(nn.Conv2d(5, 7, 1)).eval()
    plain.load_state_dict(without_weight_norm(normed.state_dict()), strict=True)
    picture = torch.randn(2, 5, 6, 6)
    with torch.inference_mode():
        torch.testing.assert_close(plain(picture), normed(picture), rtol=1e-6, atol=1e-6)


def test_a_missing_part_is_no_such_checkpoint():
    with pytest.raises(KeyError, match="weight_u"):
        without_spectral_norm({"a.weight_orig": torch.ones(2, 2), "a.weight_v": torch.ones(2)})
    with pytest.raises(KeyError, match="weight_v"):
        without_weight_norm({"a.weight_g": torch.ones(2, 1)})


def test_other_tensors_are_kept():
    tensors = {"a.weight": torch.ones(2, 2), "mean": torch.zeros(3)}
    assert without_spectral_norm(tensors) == tensors
    assert without_weight_norm(tensors) == tensors
