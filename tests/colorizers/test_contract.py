"""What every colorizer of the pool promises, whatever its network: the embedded one with its real weights, the
others with random weights, installed in a store and loaded from it."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module

import numpy as np
import pytest
import pyvips
from photochrom import colorizers, models, pipeline
from photochrom.colorizers import conversions
from photochrom.errors import ModelDamaged
from photochrom.guidance.hints import from_paint
from photochrom.guidance.levin2004 import propagate
from photochrom.models import catalog
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy
from photochrom.values import Hints
from safetensors.torch import save_file


def hurry(colorizer):
    """Lets the detector look at fewer pixels than 800 × 800 and at fewer places."""
    detector = colorizer._detector
    detector.transform.min_size, detector.transform.max_size = (96,), 160
    detector.rpn._post_nms_top_n["testing"] = 20


@dataclass(frozen=True)
class Case:
    """A published model; how its card differs here, to be quick; `most`, the longest side of its ab; by which factor
    random weights of some names are smaller, so that residuals do not pile up; what is done to it once loaded; and the
    sizes of pictures."""

    name: str
    details: dict = field(default_factory=dict)
    most: int | None = None
    smaller: dict = field(default_factory=dict)
    prepare: Callable = lambda colorizer: None
    sizes: tuple = ((1, 1), (1, 301), (203, 1), (131, 95))

    def expected(self, height, width):
        """The size of ab, or None where a test of its own states it."""
        if self.name == "lite":
            return -(-height // 2), -(-width // 2)
        return None if self.most is None else (min(height, self.most), min(width, self.most))


LITE = {r"embedding\..*project\.0\.weight|.*last\.weight": 0.1}

FUSED = {"side": 64, "embedding": "efficientnet-lite0", "proxy_side": 64}

CASES = [
    Case("lite"),
    Case(
        "ccc",
        {
            "bins": list(range(160, 260)),
            "encoder": "efficientnet-lite0",
            "widths": [32, 32, 32, 32],
            "temperature": 0.38,
            "proxy_side": 64,
        },
    ),
    Case(
        "an2020",
        {"backbone": "efficientnet-lite0", "classes": 40, "channels": 64}
        | {"side": 64, "temperature": 0.38, "proxy_side": 64},
        16,
    ),
    Case("chromagan", {"proxy_side": 64}, 112),
    Case("ddcolor-tiny", {"side": 64, "proxy_side": 64}, 64),
    Case("deoldify-artistic", {"render_factor": 3, "proxy_side": 48}, 48),
    Case("iizuka2016", {"proxy_side": 64}),
    Case("koalarization", FUSED | {"layers": "baldassarre"}, smaller=LITE),
    Case("iitg", FUSED | {"layers": "guwahati"}, smaller=LITE),
    Case("deepcolor", FUSED | {"architecture": "base"}, smaller=LITE),
    Case(
        "hensman2017",
        {"side": 64, "width": 8, "blur": 1.5, "balls": [3, 1], "saturation": 1.1, "palette": [], "proxy_side": 64},
    ),
    Case("larsson2016", {"canvas": 64, "proxy_side": 32}),
    Case("metalgan", {"side": 64, "width": 16, "proxy_side": 64}, 32),
    Case("nazeri2018", {"side": 64, "width": 64, "proxy_side": 64}, 64),
    Case("pixcolor", {"side": 64, "width": 16, "temperature": 1.0, "proxy_side": 64}, 32),
    Case("richart2017", {"patch": 5, "hidden": 8, "temperature": None, "side": 64, "proxy_side": 64}),
    Case(
        "su2020",
        {"side": 32, "proxy_side": 64},
        32,
        {r".*(bn3|downsample\.1)\.weight": 0.3, r".*bbox_pred\.weight": 0.03, r"model_out\.0\.weight": 0.1},
        hurry,
    ),
    Case("zhang2016", {"side": 64, "proxy_side": 64}, 16),
    Case("zhang2017", {"side": 64, "proxy_side": 64}, 64),
]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request, tmp_path_factory, random_tensors):
    """The case whose model is installed in the store, alone."""
    store = tmp_path_factory.mktemp("store")
    if request.param.name != "lite":
        install(store / request.param.name, request.param, random_tensors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOCHROM_MODELS", str(store))
        LOADED.clear()
        yield request.param
        LOADED.clear()
    shutil.rmtree(store)  # Some are large.


def install(folder, case, random_tensors):
    folder.mkdir()
    known = {entry.name: entry.details for entry in (*catalog.published(), *catalog.trainable())}
    values = {**known[case.name], **case.details, "files": {}}
    system = import_module(f"photochrom.colorizers.{values['system']}")
    for name, network in system.networks(values).items():
        path = folder / f"{name}.safetensors"
        tensors = random_tensors(network.layout())
        for key, tensor in tensors.items():
            tensor.mul_(next((factor for names, factor in case.smaller.items() if re.fullmatch(names, key)), 1))
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path)
        with path.open("rb") as file:
            values["files"][path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    (folder / "card.json").write_text(json.dumps(values))


@pytest.fixture(scope="module")
def colorizer(case):
    loaded = colorizers.load(case.name)
    case.prepare(loaded)
    return loaded


def scene(height, width, seed=0):
    """Lightness (height, width) of even squares."""
    coarse = np.random.default_rng(seed).uniform(5, 95, (height // 16 + 2, width // 16 + 2))
    return np.kron(coarse, np.ones((16, 16)))[:height, :width].astype(np.float32)


def proxy_of(lightness):
    return Proxy(pyvips.Image.new_from_array(lightness))


def painted(*dabs):
    """A layer (80, 80, 4) with dabs of color: (rows, columns, (a, b))."""
    paint = np.zeros((80, 80, 4), np.float32)
    for rows, columns, color in dabs:
        paint[rows, columns] = 50, *color, 1
    return paint


def test_any_size_gets_finite_colors_no_larger_than_itself(case, colorizer, rng):
    for size in case.sizes:
        prediction = colorizer.predict(rng.uniform(0, 100, size).astype(np.float32))
        ab, distribution = prediction.ab, prediction.distribution
        assert ab.dtype == np.float32
        assert ab.shape[2] == 2
        assert all(1 <= own <= given for own, given in zip(ab.shape, size, strict=False))
        assert case.expected(*size) in {None, ab.shape[:2]}
        assert np.isfinite(ab).all()
        assert np.abs(ab).max() <= conversions.MOST_AB
        assert prediction.calm is None or prediction.calm.shape == ab.shape
        if distribution is not None:
            np.testing.assert_allclose(distribution.probabilities.sum(-1), 1, atol=1e-4)
            assert distribution.probabilities.min() >= 0
            assert distribution.centers.shape == (distribution.probabilities.shape[-1], 2)


def test_the_same_picture_gets_the_same_colors_from_any_thread(colorizer, rng):
    picture = rng.uniform(0, 100, (60, 70)).astype(np.float32)
    alone = colorizer.predict(picture).ab
    with ThreadPoolExecutor(2) as threads:
        for again in threads.map(colorizer.predict, [picture, picture]):
            np.testing.assert_array_equal(again.ab, alone)


def test_an_empty_mask_is_no_hint(colorizer):
    if colorizers.takes_hints(colorizer):
        picture = scene(96, 128)
        nothing = Hints(np.full((96, 128, 2), 50, np.float32), np.zeros((96, 128), np.float32))
        np.testing.assert_array_equal(colorizer.predict(picture).ab, colorizer.predict(picture, nothing).ab)


def test_a_hint_is_followed(case, colorizer):
    proxy = proxy_of(np.full((80, 80), 60, np.float32))
    paint = painted((np.s_[30:50], np.s_[30:50], (50, 30)))
    before, after = (pipeline.predict(proxy, Options(case.name, hints=each)).prediction.ab for each in (None, paint))
    middle = before.shape[0] // 2, before.shape[1] // 2
    distances = [np.linalg.norm(ab[middle] - (50, 30)) for ab in (before, after)]
    if colorizer.card.details.get("hints") != models.INPUT:  # An untrained network need not follow what it is told.
        assert distances[1] < distances[0] / 2
    assert not np.array_equal(before, after)


def test_strokes_run_only_networks_that_take_hints(case, colorizer, monkeypatch):
    runs = []
    predict = colorizer.predict
    monkeypatch.setattr(colorizer, "predict", lambda *given: (runs.append(given), predict(*given))[1])
    proxy = proxy_of(scene(80, 80))
    lightness = proxy.at(colorizer.card.proxy_side)
    plain = pipeline.predict(proxy, Options(case.name)).prediction.ab
    strokes = [(np.s_[10 * row : 10 * row + 8], np.s_[20:40], (40, 10 * row)) for row in range(1, 5)]
    for count in range(1, len(strokes) + 1):
        paint = painted(*strokes[:count])
        hinted = pipeline.predict(proxy, Options(case.name, hints=paint)).prediction.ab
        assert not np.array_equal(hinted, plain)
        if not colorizers.takes_hints(colorizer):
            np.testing.assert_array_equal(hinted, propagate(lightness, from_paint(paint, *lightness.shape), plain))
    expected = [1, *([2] * len(strokes) if colorizers.takes_hints(colorizer) else [])]
    assert [len(given) for given in runs] == expected


def test_changed_weights_are_refused(case, colorizer, tmp_path):
    for name in colorizer.card.files:
        folder = shutil.copytree(colorizer.card.folder, tmp_path / name)
        with (folder / name).open("r+b") as file:
            file.seek(-1, 2)
            last = file.read(1)
            file.seek(-1, 2)
            file.write(bytes([last[0] ^ 1]))
        with pytest.raises(ModelDamaged, match="is not the file"):
            opened_from(folder)
        shutil.rmtree(folder)


def test_weights_of_another_network_are_refused(case, colorizer, tmp_path):
    if case.name == "lite":
        pytest.skip("its structure is in its files")
    folder = shutil.copytree(colorizer.card.folder, tmp_path / case.name)
    values = json.loads((folder / "card.json").read_text())
    other = next(iter(values["files"]))
    save_file({"another": conversions.gray_planes(np.zeros((1, 1), np.float32))}, folder / other)
    values["files"][other] = hashlib.sha256((folder / other).read_bytes()).hexdigest()
    (folder / "card.json").write_text(json.dumps(values))
    with pytest.raises(ModelDamaged, match="does not fit"):
        opened_from(folder)
    shutil.rmtree(folder)


def opened_from(folder):
    card = models.read_card(folder / "card.json")
    return import_module(f"photochrom.colorizers.{card.system}").open_model(card)
