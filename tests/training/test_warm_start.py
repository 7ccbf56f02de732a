"""A shipped model read back as a start for training."""

import numpy as np
import pytest
import torch
from photochrom import models
from photochrom.runtime.inference import openvino
from photochrom.training import warm_start
from photochrom.training.network import ColorNetwork


@pytest.fixture(scope="module")
def folder():
    return models.shipped_folder() / "lite"


@pytest.fixture(scope="module")
def inputs():
    """Eight smooth pictures without hints: (8, 4, 64, 64)."""
    generator = torch.Generator().manual_seed(5)
    coarse = torch.rand(8, 1, 6, 6, generator=generator) * 100
    lightness = torch.nn.functional.interpolate(coarse, size=(64, 64), mode="bicubic").clamp(0, 100)
    return torch.cat([lightness, torch.zeros(8, 3, 64, 64)], 1)


@pytest.fixture(scope="module")
def network(folder, inputs):
    network = ColorNetwork(tuple(warm_start.classes_of(folder)["bins"]))
    warm_start.read_back(folder, network, inputs)
    return network


@pytest.mark.slow
def test_it_answers_as_the_model_does(folder, inputs, network):
    model = openvino.Core().compile_model(folder / "lite.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        ours = network.eval()(inputs)
    for answer, kept in zip(ours, model(inputs.numpy()).values(), strict=True):
        np.testing.assert_allclose(answer.numpy(), kept, atol=0.2)


@pytest.mark.slow
def test_its_normalizations_have_the_statistics_of_the_inputs(inputs, network):
    with torch.inference_mode():
        kept = network.eval()(inputs)[1]
        met = network.train()(inputs)[1]
    torch.testing.assert_close(met, kept, atol=0.05, rtol=0.01)


def test_a_run_is_no_model(tmp_path, folder):
    assert warm_start.holds_model(folder)
    (tmp_path / "weights.safetensors").touch()
    assert not warm_start.holds_model(tmp_path)
