"""Published models, fetched by a real engine from a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mirror import Mirror, serving

import photochrom_client
from photochrom_client import (
    Cancelled,
    JobFailed,
    RequestRefused,
)

pytestmark = pytest.mark.slow  # engines of its own


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """In place of the servers that models lie on; the engine's store is the test's own."""
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    (tmp_path / "mirror").mkdir()
    with serving(tmp_path / "mirror") as server:
        monkeypatch.setenv("PHOTOCHROM_MIRROR", server.url)
        yield server


def zhang2016(engine: photochrom_client.Engine) -> photochrom_client.Model:
    return next(each for each in engine.models() if each.name == "zhang2016")


def test_models_come_with_what_is_to_be_shown(mirror: Mirror, plugin_folder: Path) -> None:
    model = zhang2016(photochrom_client.connect(plugin_folder))
    assert (model.kind, model.installed, model.fetch, model.why_not) == ("colorizer", False, True, "")
    assert model.good_at and model.license and model.weights_license.endswith(".")
    assert model.bytes
    assert model.size == f"{model.bytes / 1e6:.0f} MB"


def test_fetch_without_its_license_is_refused(mirror: Mirror, plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    with pytest.raises(RequestRefused, match="license of zhang2016") as refused:
        engine.fetch("zhang2016", "none")
    assert refused.value.code == "license"
    assert not mirror.asked


def test_failed_download_gives_the_reason(mirror: Mirror, plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    with pytest.raises(JobFailed, match="does not exist") as failed:
        engine.fetch("zhang2016", zhang2016(engine).license)
    assert failed.value.code == "download-failed"
    assert failed.value.next_step
    assert not zhang2016(engine).installed


def test_fetch_is_cancelled_by_progress_that_returns_false(mirror: Mirror, plugin_folder: Path) -> None:
    engine = photochrom_client.connect(plugin_folder)
    file = mirror.folder / "zhang2016" / "colorization_release_v2-9b330a0b.pth"
    file.parent.mkdir()
    with file.open("wb") as empty:
        empty.truncate(zhang2016(engine).bytes)
    mirror.behavior = "stalls"
    with pytest.raises(Cancelled):
        engine.fetch("zhang2016", zhang2016(engine).license, lambda fraction, message: fraction == 0)
    assert mirror.left.wait(60)
    assert not zhang2016(engine).installed
