"""OpenVINO's package, of which most is imported when somebody asks for it."""

from __future__ import annotations

import subprocess
import sys


def ran(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


LOADED = "print(*(name for name in sys.modules if name.startswith(('openvino.opset', 'openvino.tools'))))"


def test_what_running_a_network_does_not_need_is_left_out():
    assert ran(f"import sys, photochrom.runtime.inference; {LOADED}") == ""


def test_it_is_there_for_whoever_asks():
    code = (
        "import photochrom.runtime.inference, openvino\n"
        "assert photochrom.runtime.inference.openvino is openvino\n"
        "from openvino import opset8, opset13\n"
        "assert openvino.opset8.add is opset8.add\n"
        "parameter = openvino.opset13.parameter([2])\n"
        "openvino.Model([openvino.opset13.relu(parameter)], [parameter])\n"
        "import openvino.tools.ovc as ovc\n"
        "assert openvino.convert_model is ovc.convert_model\n"
        "print(hasattr(openvino, 'opset0'), hasattr(openvino, 'nothing'))"
    )
    assert ran(code) == "False False"


def test_one_that_was_imported_before_is_taken_as_it_is():
    code = (
        "import openvino; from photochrom.runtime import inference as ours; "
        "print(ours.openvino is openvino, openvino.opset1)"
    )
    assert ran(code).startswith("True <module 'openvino.opset1'")


def test_a_version_that_needs_them_at_once_is_imported_as_it_comes():
    code = (
        "from photochrom.runtime import lean_openvino\n"
        "import re, sys\n"
        "lean_openvino.LATER = re.compile(r'openvino[.](opset[0-9]+|tools|utils)')\n"
        "package = lean_openvino.imported()\n"
        "print(package.Core().available_devices, package.opset8.add.__name__, package.utils.__name__)"
    )
    assert ran(code) == "['CPU'] add openvino.utils"
