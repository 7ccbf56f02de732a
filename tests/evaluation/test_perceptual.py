"""LPIPS and FID: the formula by hand, the rest wherever its libraries are installed.

The published backbones cannot be fetched in a test, so networks of the same shape with random weights lie in
their place: all of the way to the number is run, the number itself is not theirs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import ExtraMissing, ModelMissing
from photochrom.evaluation import perceptual
from photochrom.evaluation.dataset import photographs
from photochrom.evaluation.measure import measure
from photochrom.evaluation.results import GRAY, ORIGINAL

from .conftest import colorful, fading


@pytest.fixture
def torch_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of torch's downloads."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    perceptual._lpips_network.cache_clear()
    perceptual._inception_network.cache_clear()
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


class TestFrechetDistance:
    def test_shifted_sets_by_hand(self) -> None:
        """Equal covariances: only the squared shift of the means is left, 3² + 4²."""
        first = np.random.default_rng(1).normal(size=(50, 2))
        assert perceptual.frechet_distance(first, first + np.array([3.0, 4.0])) == pytest.approx(25)

    def test_scaled_sets_by_hand(self) -> None:
        """σ² and 4σ² in one dimension: (σ - 2σ)², with σ² the sample variance."""
        first = np.array([[-1.0], [1.0]])  # variance 2
        assert perceptual.frechet_distance(first, 2 * first) == pytest.approx(2.0)

    def test_agrees_with_the_matrix_square_root(self) -> None:
        linalg = pytest.importorskip("scipy.linalg")
        random = np.random.default_rng(2)
        first, second = random.normal(size=(40, 5)), random.normal(size=(60, 5)) @ random.normal(size=(5, 5)) + 1
        shift = first.mean(axis=0) - second.mean(axis=0)
        one, two = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
        expected = shift @ shift + np.trace(one + two - 2 * linalg.sqrtm(one @ two).real)
        assert perceptual.frechet_distance(first, second) == pytest.approx(expected)

    def test_holds_for_fewer_pictures_than_features(self) -> None:
        random = np.random.default_rng(3)
        first, second = random.normal(size=(4, 30)), random.normal(size=(6, 30))
        assert perceptual.frechet_distance(first, first) == pytest.approx(0, abs=1e-9)
        assert perceptual.frechet_distance(first, second) == pytest.approx(perceptual.frechet_distance(second, first))

    def test_one_picture_is_refused(self) -> None:
        with pytest.raises(ValueError, match="two pictures"):
            perceptual.frechet_distance(np.zeros((1, 4)), np.zeros((5, 4)))


@pytest.mark.usefixtures("torch_home")
def test_without_libraries_or_backbone_they_are_left_out_with_a_word(album: Path) -> None:
    evaluation = measure("album", photographs(album)[:2], {"fading": fading(0.5)})
    for key in ("lpips", "fid"):
        assert "photochrom[perceptual]" in evaluation.left_out[key] or "hub" in evaluation.left_out[key]
    assert evaluation.fid == {}
    with pytest.raises((ExtraMissing, ModelMissing)):
        perceptual.lpips(colorful(1, 64, 64), colorful(2, 64, 64))


def test_lpips_is_zero_for_equal_pictures_and_grows(torch_home: Path) -> None:
    pytest.importorskip("lpips")
    torch = pytest.importorskip("torch")
    models = pytest.importorskip("torchvision.models")
    torch.manual_seed(1)
    torch.save(models.alexnet(weights=None).state_dict(), torch_home / perceptual.ALEXNET)
    original = colorful(1, 70, 64)
    near, far = fading(0.8)(original)[0], fading(0.0)(original)[0]
    assert perceptual.lpips(original, original) == 0
    assert 0 < perceptual.lpips(original, near) < perceptual.lpips(original, far)
    with pytest.raises(ValueError, match="32"):
        perceptual.lpips(colorful(1, 20, 64), colorful(1, 20, 64))


def test_lpips_is_the_papers_sum_over_layers(torch_home: Path) -> None:
    """Zhang et al. 2018, eq. 1, worked here: AlexNet's five ReLU layers of pictures normalized as for ImageNet, unit
    length over channels, squared differences weighted by the package's own heads, mean over positions, sum over layers.
    """
    lpips = pytest.importorskip("lpips")
    torch = pytest.importorskip("torch")
    models = pytest.importorskip("torchvision.models")
    torch.manual_seed(1)
    alexnet = models.alexnet(weights=None).eval()
    torch.save(alexnet.state_dict(), torch_home / perceptual.ALEXNET)
    heads = torch.load(Path(lpips.__file__).parent / "weights" / "v0.1" / "alex.pth", map_location="cpu")
    pictures = np.stack([colorful(1, 70, 64), colorful(2, 70, 64)])
    normalized = (pictures / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    features = torch.tensor(normalized).permute(0, 3, 1, 2).float()
    expected = 0.0
    with torch.no_grad():
        for number, layer in enumerate(alexnet.features[:12]):
            features = layer(features)
            if number in (1, 4, 7, 9, 11):
                first, second = features / features.norm(dim=1, keepdim=True).clamp(min=1e-10)
                head = heads[f"lin{(1, 4, 7, 9, 11).index(number)}.model.1.weight"][0]
                expected += float((head * (first - second) ** 2).sum(0).mean())
    assert perceptual.lpips(*pictures) == pytest.approx(expected, rel=1e-4)


def test_fid_of_a_set_against_the_originals(torch_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    inception = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")

    class Untrained(inception.FeatureExtractorInceptionV3):  # type: ignore[misc, name-defined]
        def load_state_dict(self, *_: object, **__: object) -> None:
            """Keeps its random weights."""

    torch.manual_seed(1)
    with monkeypatch.context() as patch:
        patch.setattr(torch, "load", lambda *_, **__: {})
        untrained = Untrained("untrained", ["2048"], feature_extractor_weights_path="none")
    torch.save(untrained.state_dict(), torch_home / perceptual.INCEPTION)

    sets = perceptual.FeatureSets()
    for seed in range(3):
        original = colorful(seed, 40, 40)
        sets.add({ORIGINAL: original, "near": fading(0.8)(original)[0], GRAY: fading(0.0)(original)[0]})
    distances = sets.distances(ORIGINAL)
    assert 0 < distances["near"] < distances[GRAY]
