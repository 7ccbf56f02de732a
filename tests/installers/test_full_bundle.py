"""What the full bundle alone has, used as in test_bundle: torch, Segment Anything, rare file formats.

PHOTOCHROM_FULL_BUNDLE=dist/….tar.xz pytest tests/installers/test_full_bundle.py tests/installers/test_bundle.py -k full
"""

import os
import subprocess
import sys

import numpy as np
import pytest
from checkout import PYTHONPATH
from hosts.gimp3.editor import PHOTOGRAPH
from PIL import Image

from .conftest import SOMEBODY
from .people import give

torch = pytest.importorskip("torch")

from photochrom.colorizers import zhang2016  # noqa: E402
from photochrom.models import catalog  # noqa: E402
from photochrom.segmenters import sam  # noqa: E402
from segment_anything.build_sam import _build_sam  # noqa: E402
from segmenters.tiny_sam import TINY, installed  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture
def small(full):
    """The photograph in the user's home, at a quarter of its size."""
    return kept(full, "small.png", lambda path: Image.open(PHOTOGRAPH).convert("L").reduce(4).save(path))


def kept(full, name, write):
    """A file in the user's home, which is all that the user may read besides the bundle."""
    path = full.home / name
    write(path)
    give(path, SOMEBODY)
    return path


def must(full, *words):
    done = full.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def pixels(path):
    return np.asarray(Image.open(path))


def test_published_network_colors_as_unbundled(full, small, tmp_path):
    torch.manual_seed(1907)
    tensors = zhang2016.networks(catalog.find("zhang2016").details)["weights"].build().state_dict()
    checkpoint = kept(full, "any.pth", lambda path: torch.save(tensors, path))
    must(full, "models", "import", checkpoint)
    must(full, "colorize", small, "-o", "bundled.png", "-c", "zhang2016")
    environment = os.environ | {"PYTHONPATH": PYTHONPATH, "PHOTOCHROM_MODELS": str(tmp_path)}
    for words in (("models", "import", checkpoint), ("colorize", small, "-o", tmp_path / "out.png", "-c", "zhang2016")):
        subprocess.run([sys.executable, "-m", "photochrom", *words], env=environment, check=True, timeout=300)
    np.testing.assert_array_equal(pixels(full.home / "bundled.png"), pixels(tmp_path / "out.png"))


def test_segment_anything_is_converted_and_finds_objects(full, small):
    torch.manual_seed(1907)
    tensors = _build_sam(**{f"encoder_{name}": value for name, value in TINY.items()}).state_dict()
    details = {"image_encoder": "vit"} | TINY
    store = full.home / ".local" / "share" / "photochrom" / "models"
    store.mkdir(parents=True, exist_ok=True)
    installed(store / "sam-tiny", details, sam.networks(details)["weights"].adapt(tensors))
    give(full.home / ".local", SOMEBODY)
    must(full, "colorize", small, "-o", "harmonized.png", "--harmonize", "--segmenter", "sam-tiny")
    assert (store / "sam-tiny" / "openvino" / "encoder.xml").is_file()


@pytest.mark.parametrize("name", ["scan.heic", "scan.avif", "scan.jxl", "scan.jp2"])
def test_rare_formats_are_read(full, name):
    pillow = {"heic": "pillow_heif", "jxl": "pillow_jxl"}.get(name.split(".")[1])
    if pillow:
        pytest.importorskip(pillow)
    if pillow == "pillow_heif":
        sys.modules[pillow].register_heif_opener()
    gray = Image.open(PHOTOGRAPH).convert("RGB").reduce(4)
    must(full, "colorize", kept(full, name, gray.save), "-o", f"{name}.png")
