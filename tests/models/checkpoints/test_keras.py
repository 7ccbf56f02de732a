import numpy as np
import pytest
from photochrom.errors import CheckpointRefused

from .writers import hdf5, keras

ONE = np.ones(1, "f4")


@pytest.mark.parametrize("root", ["", "model_weights"])
def test_variables_are_named_by_their_layer(read, rng, root):
    kernel = rng.normal(size=(3, 3, 2, 4)).astype("f4")
    layers = {
        "conv2d_2": {"conv2d_2/kernel:0": kernel, "conv2d_2/bias:0": ONE},
        "input_1": {},
        # The number behind says how often the model was made.
        "batch_normalization_1": {"batch_normalization_1_7/gamma:0": ONE, "batch_normalization_1_7/moving_mean:0": ONE},
        "data": {"data/kernel:0": ONE},
    }
    found = read(keras(layers, root))
    assert set(found) == {
        "conv2d_2/kernel",
        "conv2d_2/bias",
        "batch_normalization_1/gamma",
        "batch_normalization_1/moving_mean",
        "data/kernel",
    }
    assert np.array_equal(found["conv2d_2/kernel"], kernel)


def test_layers_of_a_network_within_keep_their_names(read):
    names = ("block1_conv1/kernel:0", "block1_conv1/bias:0", "block1_conv2/kernel:0", "norm/gamma:0")
    found = read(keras({"vgg": dict.fromkeys(names, ONE), "conv": {"conv/kernel:0": ONE}}))
    assert set(found) == {"conv/kernel", *(f"vgg/{name.removesuffix(':0')}" for name in names)}


def test_the_state_of_the_optimizer_is_left_out(read):
    arrays = {"model_weights/conv/conv/kernel:0": ONE, "optimizer_weights/Adam/conv/kernel/m:0": ONE}
    assert set(read(hdf5(arrays))) == {"conv/kernel"}


def test_keras_3_numbers_the_variables(read):
    arrays = {
        "layers/conv2d/vars/0": ONE,
        "layers/conv2d/vars/1": ONE,
        "layers/functional/layers/dense/vars/0": ONE,
        "optimizer/vars/0": ONE,
    }
    assert set(read(hdf5(arrays))) == {"conv2d/0", "conv2d/1", "functional/dense/0"}


def test_two_variables_of_one_name_are_refused(read):
    with pytest.raises(CheckpointRefused, match="twice"):
        read(hdf5({"layers/conv/vars/0": ONE, "_layer_checkpoint_dependencies/conv/vars/0": ONE}))
