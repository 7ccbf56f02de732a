"""OpenVINO: networks compute in float32 on every processor; and no telemetry is sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from photochrom import models, pipeline
from photochrom.errors import BadRequest
from photochrom.image.picture import open_picture
from photochrom.models import catalog
from photochrom.options import Options
from photochrom.runtime import compiled_networks, inference
from photochrom.sampling.proxy import Proxy

PHOTOGRAPH = Path(__file__).resolve().parents[2] / "examples" / "dust-bowl-home.jpg"

OVERHEARD = """
import sys, threading
sys.addaudithook(lambda event, given: event.startswith(("socket.", "subprocess.")) and print(event, given))
{work}
for thread in threading.enumerate():
    thread is threading.current_thread() or thread.join(5)
"""
"""What a process asks of the network is printed, also by threads that outlive the work."""


def overheard(work: str, home: Path) -> str:
    """This code's network connections and child processes, for a user who has not opted out of telemetry."""
    unset = {"CI", "TF_BUILD", "JENKINS_URL", "PHOTOCHROM_CACHE", "XDG_CACHE_HOME"}
    outside = {name: value for name, value in os.environ.items() if name not in unset}
    ran = subprocess.run(
        [sys.executable, "-c", OVERHEARD.format(work=work)],
        env={**outside, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


@pytest.mark.parametrize(
    "work",
    [
        "from photochrom.runtime.inference import openvino; import openvino.tools.ovc",
        "from pathlib import Path; from photochrom import Options, colorize_file; "
        f"colorize_file(Path({str(PHOTOGRAPH)!r}), Path.home() / 'color.png', Options())",
    ],
    ids=["imported", "at work"],
)
def test_no_output_and_no_files_are_left_behind(tmp_path: Path, work: str) -> None:
    assert overheard(work, tmp_path) == ""
    left = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file() and path.name != "color.png"]
    cache = compiled_networks.folder().relative_to(os.environ["PHOTOCHROM_CACHE"])
    assert [path for path in left if path.parent.name != cache.name or path.suffix != compiled_networks.SUFFIX] == []


COLORS = """
import sys
import numpy as np
from photochrom import pipeline
from photochrom.options import Options
from photochrom.runtime import inference
from photochrom.image.picture import open_picture
from photochrom.sampling.proxy import Proxy
for wanted in ("auto", "lite"):
    lightness = open_picture(sys.argv[1]).lightness()
    colors = pipeline.predict(Proxy(lightness), Options(wanted))
    np.save(f"{sys.argv[2]}/{wanted}.npy", colors.ab)
print(inference.precision())
"""


@pytest.fixture
def unforced(monkeypatch, forget):
    """As for a user, with models that were loaded so."""
    monkeypatch.delenv("PHOTOCHROM_PRECISION", raising=False)
    forget()
    yield
    forget()


def test_networks_compute_in_float32_and_all_are_compiled_in_one_place(unforced):
    card = models.shipped()[0]
    network = inference.compiled(inference.read(card.file("lite.xml"), card.file("lite.bin")))
    assert network.get_property("INFERENCE_PRECISION_HINT") == inference.openvino.Type.f32
    assert inference.precision() == inference.PRECISION == "float32"
    engine = Path(inference.__file__).parents[1]
    assert [path.name for path in engine.rglob("*.py") if "compile_model" in path.read_text()] == ["inference.py"]


def test_every_card_says_so():
    said = [card.details["precision"] for card in models.shipped()]
    said += [published.details["precision"] for published in catalog.published()]
    assert set(said) == {inference.PRECISION}


def test_the_other_precision_gives_nearly_the_same_colors(unforced, tmp_path):
    """Where the processor has no bfloat16, the same."""
    ran = subprocess.run(
        [sys.executable, "-c", COLORS, str(PHOTOGRAPH), str(tmp_path)],
        env={**os.environ, "PHOTOCHROM_PRECISION": "bf16"},
        capture_output=True,
        text=True,
        check=True,
    )
    other = ran.stdout.strip()
    has_it = "BF16" in inference.openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert other in ({"bfloat16", inference.PRECISION} if has_it else {inference.PRECISION})
    for wanted in ("auto", "lite"):
        ours = pipeline.predict(Proxy(open_picture(PHOTOGRAPH).lightness()), Options(wanted)).ab
        apart = np.linalg.norm(np.load(tmp_path / f"{wanted}.npy") - ours, axis=-1)
        assert (apart.max() > 0) == (other == "bfloat16")
        assert apart.mean() < 1.5 and np.percentile(apart, 99) < 5 and apart.max() < 10, wanted


def test_an_unknown_precision_is_refused(monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_PRECISION", "double")
    with pytest.raises(BadRequest, match="PHOTOCHROM_PRECISION is 'double'") as refused:
        inference.precision()
    assert "f32 or bf16" in refused.value.next_step
