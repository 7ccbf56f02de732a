"""What `import photochrom` promises."""

import inspect
import subprocess
import sys

import photochrom
import pytest
from checkout import PYTHONPATH

PUBLIC = {
    "Adjustments",
    "BadPicture",
    "BadRequest",
    "Cancelled",
    "Colors",
    "ExtraMissing",
    "ModelDamaged",
    "ModelMissing",
    "Options",
    "OutputFailed",
    "PhotochromError",
    "Picture",
    "Proxy",
    "Result",
    "__version__",
    "colorize_file",
    "open_picture",
    "predict",
}


def test_the_public_names_change_on_purpose_only():
    assert set(photochrom.__all__) == PUBLIC
    assert photochrom.__all__ == sorted(photochrom.__all__)


@pytest.mark.parametrize("name", sorted(PUBLIC - {"__version__"}))
def test_a_public_name_is_documented_and_defined_where_the_package_says(name):
    value = getattr(photochrom, name)
    assert inspect.getdoc(value)
    assert name in photochrom._HOMES[value.__module__]
    assert name in dir(photochrom)


def test_no_other_name_is_public():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = photochrom.no_such_name
    assert {name for names in photochrom._HOMES.values() for name in names} == PUBLIC - {"__version__"}


def test_importing_the_package_alone_stays_light():
    heavy = "numpy", "openvino", "pyvips", "typer", "fastapi"
    code = f"import photochrom, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": PYTHONPATH},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"
