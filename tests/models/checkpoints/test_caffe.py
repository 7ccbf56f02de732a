import numpy as np
import pytest
from photochrom.errors import CheckpointRefused

from .writers import blob, caffe, field, hdf5, old_caffe, varint


def test_blobs_are_named_by_layer_and_place_in_the_order_of_the_network(read, rng):
    kernel, bias, deconv = rng.normal(size=(5, 2, 3, 3)).astype("f4"), np.ones(5, "f4"), np.ones((1, 1, 4, 4), "f4")
    found = read(caffe({"data": [], "conv2_1": [kernel, bias], "relu": [], "conv1/up": [deconv]}))
    assert list(found) == ["conv2_1.0", "conv2_1.1", "conv1/up.0"]
    assert np.array_equal(found["conv2_1.0"], kernel)
    assert found["conv2_1.1"].shape == (5,)


def test_old_files_have_four_dimensions(read, rng):
    weight = rng.normal(size=(7, 3)).astype("f4")
    found = read(old_caffe({"fc6": [weight, np.zeros(7, "f4")]}))
    assert {name: tuple(tensor.shape) for name, tensor in found.items()} == {
        "fc6.0": (1, 1, 7, 3),
        "fc6.1": (1, 1, 1, 7),
    }
    assert np.array_equal(found["fc6.0"][0, 0], weight)


def test_doubles_become_float32(read):
    (found,) = read(caffe({"conv": [np.arange(6.0).reshape(2, 3)]})).values()
    assert found.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_numbers_in_several_pieces_are_joined(read):
    whole = (
        field(7, field(1, varint(4))) + field(5, np.float32([1, 2]).tobytes()) + field(5, np.float32([3, 4]).tobytes())
    )
    (found,) = read(field(100, field(1, b"conv") + field(7, whole))).values()
    assert found.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("shape", [(5,), (-4,), (-2, -2), (1 << 62, 4), ()])
def test_shapes_that_do_not_fit_are_refused(read, shape):
    spoiled = field(7, field(1, b"".join(map(varint, shape)))) + field(5, np.ones(4, "f4").tobytes())
    with pytest.raises(CheckpointRefused, match="damaged"):
        read(field(1, b"net") + field(100, field(1, b"conv") + field(7, spoiled)))


def test_two_blobs_of_one_name_are_refused(read):
    layer = field(100, field(1, b"conv") + field(7, blob(np.ones(3, "f4"))))
    with pytest.raises(CheckpointRefused, match=r"conv\.0 of checkpoint is there twice"):
        read(layer + layer)


def test_a_network_without_weights_is_refused(read):
    with pytest.raises(CheckpointRefused, match="no weights"):
        read(caffe({"data": [], "relu": []}))


def test_caffes_own_hdf5_has_the_same_names(read, rng):
    kernel = rng.normal(size=(5, 2, 3, 3)).astype("f4")
    arrays = {"data/conv1/0": kernel, "data/conv1/1": np.ones(5, "f4"), "data/a/b/0": np.ones(1, "f4")}
    found = read(hdf5(arrays | {"diff/conv1/0": kernel, "data/data/0": np.ones(1, "f4")}))
    assert set(found) == {"conv1.0", "conv1.1", "a/b.0", "data.0"}
    assert np.array_equal(found["conv1.0"], kernel)
