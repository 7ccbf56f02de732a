#!/usr/bin/env bash
# OpenVINO converts PyTorch's softplus without its beta, and round without its decimals: both become the function with its
# defaults, and nothing warns. A network with Softplus(beta=5) answers other numbers, of the right shape.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    torch==2.13.0 openvino==2026.4.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import openvino
import torch

for package in ("torch", "openvino", "numpy"):
    print(package, version(package))


class Rounded(torch.nn.Module):
    def __init__(self, decimals):
        super().__init__()
        self.decimals = decimals

    def forward(self, x):
        return torch.round(x, decimals=self.decimals)


values = torch.tensor([-1.0, 0.0, 0.26, 1.04])
cases = {
    "Softplus()": (torch.nn.Softplus(), None),
    "Softplus(beta=5)": (torch.nn.Softplus(beta=5), torch.nn.Softplus()),
    "round": (Rounded(0), None),
    "round, decimals=1": (Rounded(1), Rounded(0)),
}
for name, (module, instead) in cases.items():
    converted = openvino.convert_model(module, example_input=values)
    found = openvino.compile_model(converted, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(values.numpy())[0]
    expected = module(values).numpy()
    print(f"{name}: PyTorch {expected.round(3)}, OpenVINO {found.round(3)}")
    if not np.allclose(found, (instead or module)(values).numpy(), atol=1e-3):
        sys.exit("CHANGED: OpenVINO answers something else than before.")
print("As found: beta and decimals are ignored.")
PYTHON
