"""Names and shapes of published checkpoints, written down from their releases."""


def convolution(name, before, after, size=3):
    return {f"{name}.weight": (after, before, size, size), f"{name}.bias": (after,)}


def transposed(name, before, after, size=4):
    return {f"{name}.weight": (before, after, size, size), f"{name}.bias": (after,)}


def normalization(name, channels, counted=True):
    own = {f"{name}.{part}": (channels,) for part in ("weight", "bias", "running_mean", "running_var")}
    return own | ({f"{name}.num_batches_tracked": ()} if counted else {})


def _trunk(first):
    widths = {
        1: (first, 64, 64),
        2: (64, 128, 128),
        3: (128, 256, 256, 256),
        4: (256, 512, 512, 512),
        **{number: (512, 512, 512, 512) for number in (5, 6, 7)},
    }
    layout = {}
    for number, channels in widths.items():
        last = len(channels) - 1
        for index in range(last):
            layout |= convolution(f"model{number}.{2 * index}", channels[index], channels[index + 1])
        layout |= normalization(f"model{number}.{2 * last}", channels[-1])
    return layout


ECCV16 = (
    _trunk(1)
    | transposed("model8.0", 512, 256)
    | convolution("model8.2", 256, 256)
    | convolution("model8.4", 256, 256)
    | convolution("model8.6", 256, 313, 1)
    | {"model_out.weight": (2, 313, 1, 1)}
)

SIGGRAPH17 = (
    _trunk(4)
    | transposed("model8up.0", 512, 256)
    | convolution("model3short8.0", 256, 256)
    | convolution("model8.1", 256, 256)
    | convolution("model8.3", 256, 256)
    | normalization("model8.5", 256)
    | transposed("model9up.0", 256, 128)
    | convolution("model2short9.0", 128, 128)
    | convolution("model9.1", 128, 128)
    | normalization("model9.3", 128)
    | transposed("model10up.0", 128, 128)
    | convolution("model1short10.0", 64, 128)
    | convolution("model10.1", 128, 128)
    | convolution("model_class.0", 256, 529, 1)
    | convolution("model_out.0", 128, 2, 1)
)


def _weighing(name, channels):
    layout = {}
    for head in ("simple_instance_conv", "simple_bg_conv"):
        for index, (before, after) in enumerate(((channels, 16), (16, 16), (16, 1))):
            layout |= convolution(f"{name}.{head}.{2 * index}", before, after)
    return layout


WEIGHINGS = {
    "weight_layer": 64,
    "weight_layer2": 128,
    "weight_layer3": 256,
    **{f"weight_layer{number}": 512 for number in (4, 5, 6, 7)},
    "weight_layer8_1": 256,
    "weight_layer8_2": 256,
    **{f"weight_layer{number}": 128 for number in ("9_1", "9_2", "10_1", "10_2")},
}

FUSION = {
    f"module.{name}": shape
    for layout in (SIGGRAPH17, *(_weighing(*each) for each in WEIGHINGS.items()), _weighing("weight_layerout", 2))
    for name, shape in layout.items()
}


def learnt(layout):
    """How many parameters a layout holds."""
    total = 0
    for name, shape in layout.items():
        if not name.endswith(("running_mean", "running_var", "num_batches_tracked")):
            product = 1
            for length in shape:
                product *= length
            total += product
    return total
