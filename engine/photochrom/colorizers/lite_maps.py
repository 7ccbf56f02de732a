"""The maps inside the embedded network, found in its graph by the names of its modules (`photochrom.training.network`).

For what wants to know what the network sees, beside its colors.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

LOOKS: Final = ("eighth", "sixteenth", "encoder", "join_sixteenth")
"""The maps whose means tell what a picture is as a whole: of the encoder, at 1/8, 1/16 and its last; and the first one
of the decoder."""


def refined(network: Any) -> dict[str, Any]:
    """The node that a module with a rectifier ends in, by the module's name."""
    return {
        node.get_friendly_name().removeprefix("__module.").split(".")[0]: node
        for node in network.get_ordered_ops()
        if node.get_type_name() == "Relu"
    }


def joined(node: Any) -> Any:
    """The encoder's map that enters a refinement (normalized convolution of two or more maps) beside the decoder's."""
    convolution = node.input_value(0).get_node().input_value(0).get_node()
    return convolution.input_value(0).get_node().input_value(1)


def looks(network: Any) -> Any:
    """The means over the maps of `LOOKS`, joined: (1, channels); (1, 1) zero for a network without them.

    That of the encoder's last map is there already: the network takes it for its overall impression of a picture.
    """
    from openvino import opset11 as ops

    found = refined(network)
    if "join_eighth" not in found:  # a network of other modules, which no judge was taught with
        return ops.constant(np.zeros((1, 1), np.float32))
    maps = [joined(found["join_eighth"]), joined(found["join_sixteenth"]), found["join_sixteenth"].output(0)]
    eighth, sixteenth, deep = (ops.reduce_mean(each, np.array([2, 3]), False) for each in maps)
    overall = next(
        node for node in network.get_ordered_ops() if node.get_friendly_name().startswith("__module.overall/")
    )
    while overall.get_type_name() != "ReduceMean":
        overall = overall.input_value(0).get_node()
    return ops.concat([eighth, sixteenth, overall.output(0), deep], 1)
