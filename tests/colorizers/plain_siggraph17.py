"""The network of Zhang 2017, operation by operation, as a reference."""

import torch
from torch.nn import functional


def plain_forward(weights, planes, visit=lambda _name, features: features):
    """The release's graph: (1, 4, h, w) -> tanh of ab (1, 2, h, w), logits (1, 529, h/4, w/4). `visit` may replace
    the output of any layer."""

    def conv(name, x, pad=1, spread=1):
        weight, bias = weights[name + ".weight"], weights[name + ".bias"]
        return functional.conv2d(x, weight, bias, padding=pad * spread, dilation=spread)

    def doubled(name, x):
        weight, bias = weights[name + ".0.weight"], weights[name + ".0.bias"]
        return functional.conv_transpose2d(x, weight, bias, stride=2, padding=1)

    def norm(name, x):
        mean, var, scale, shift = (
            weights[f"{name}.{part}"][:, None, None] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (x - mean) / torch.sqrt(var + 1e-5) * scale + shift

    x, kept = planes, {}
    for number, count in ((1, 2), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3), (7, 3)):
        for index in range(count):
            x = conv(f"model{number}.{2 * index}", x, spread=2 if number in {5, 6} else 1).relu()
        x = kept[number] = visit(f"conv{number}_{count}", norm(f"model{number}.{2 * count}", x))
        if number <= 3:
            x = x[:, :, ::2, ::2]
    x = visit("conv8_up", doubled("model8up", x) + conv("model3short8.0", kept[3])).relu()
    x = conv("model8.3", conv("model8.1", x).relu()).relu()
    x = quarter = visit("conv8_3", norm("model8.5", x))
    x = visit("conv9_up", doubled("model9up", x) + conv("model2short9.0", kept[2])).relu()
    x = visit("conv9_3", norm("model9.3", conv("model9.1", x).relu()))
    x = visit("conv10_up", doubled("model10up", x) + conv("model1short10.0", kept[1])).relu()
    x = visit("conv10_2", functional.leaky_relu(conv("model10.1", x), 0.2))
    return conv("model_out.0", x, pad=0).tanh(), conv("model_class.0", quarter, pad=0)
