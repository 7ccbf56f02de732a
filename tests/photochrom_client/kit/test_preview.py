"""Previews from a real engine; the newest options win; the dialog's end stops everything."""

import os
import queue
import signal
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

import photochrom_client
from photochrom_client.errors import Unexpected
from photochrom_client.kit import preview
from photochrom_client.kit.background import Failed
from photochrom_client.kit.preview import Choices, Colored, Doubt


@given(st.integers(1, 300_000), st.integers(1, 300_000))
def test_fitted_size_is_within_bounds_and_not_enlarged(width, height):
    fitted = preview.fit(width, height, 560, 420)
    assert 1 <= fitted[0] <= min(width, 560)
    assert 1 <= fitted[1] <= min(height, 420)


@given(st.integers(1, 300_000), st.integers(1, 300_000))
def test_reduced_layer_is_bounded(width, height):
    scale = preview.scale_for(width, height, 512, 2048)
    assert 0 < scale <= 1
    assert max(width, height) * scale <= 2048.5
    assert min(width, height) * scale <= 512.5


def small(width=64, height=48):
    lightness = struct.pack(f"<{width * height}f", *(100 * x / width for _ in range(height) for x in range(width)))
    return preview.Reduced(width, height, lightness, None)


def until(said, kind):
    while True:
        told = said.get(timeout=60)
        if isinstance(told, Failed) and kind is not Failed:
            raise told.error
        if isinstance(told, kind):
            return told


@pytest.fixture
def said():
    """The reports of the previewer of `opened`."""
    return queue.Queue()


@pytest.fixture
def opened(plugin_folder, said):
    """Opens the previewer of a layer; it is closed after the test."""
    previewers = []

    def one(layer):
        previewers.append(preview.Previewer(plugin_folder, layer, said.put))
        return previewers[-1]

    yield one
    for previewer in previewers:
        previewer.close()


@pytest.mark.slow
def test_preview_appears_and_follows_the_options(said, opened):
    previewer = opened(small())
    previewer.want({"chroma": 1.0})
    assert until(said, Choices).colorizers[0].name == "auto"
    told = until(said, Colored)
    assert len(told.preview.rgb) == 3 * told.preview.width * told.preview.height
    assert set(told.scores) == {"General", "Portraits", "Scenes", "Things", "Nature"}
    assert sum(told.scores.values()) == pytest.approx(1)
    assert told.colorizer == " + ".join(told.scores)
    previewer.want({"chroma": 0.0})
    gray = until(said, Colored).preview.rgb
    assert max(abs(red - blue) for red, blue in zip(gray[0::3], gray[2::3], strict=True)) <= 1
    assert gray != told.preview.rgb


@pytest.mark.slow
def test_doubt_follows_the_preview_where_it_is_wanted(said, opened):
    previewer = opened(small())
    previewer.want({"chroma": 1.0}, doubt=True)
    preview = until(said, Colored).preview
    doubt = until(said, Doubt).heat
    assert doubt.bands == 4
    assert doubt.width / doubt.height == pytest.approx(preview.width / preview.height, rel=0.05)
    assert len(set(doubt.rgb[3::4])) > 1
    previewer.want({"chroma": 0.5})
    until(said, Colored)
    previewer.close()
    assert not any(isinstance(told, Doubt) for told in said.queue)


@pytest.mark.slow
def test_a_job_that_cannot_say_its_doubt_has_none(said, opened):
    """As one about an object."""
    previewer = opened(small())
    previewer.want({"object": {"x": 0.5, "y": 0.5}}, doubt=True)
    until(said, Colored)
    assert until(said, Doubt).heat is None


@pytest.mark.slow
def test_error_is_reported_and_the_next_request_is_tried(plugin_folder, said, opened):
    command = plugin_folder / "engine-command.json"
    aside = command.rename(plugin_folder / "aside.json")
    previewer = opened(small())
    previewer.want({"chroma": 1.0})
    assert "photochrom plugin install" in str(until(said, Failed).error)
    aside.rename(command)
    previewer.want({"chroma": 1.0})
    assert until(said, Colored).colorizer


@pytest.mark.slow
def test_engine_that_ended_while_the_dialog_was_open_is_restarted(plugin_folder, said, opened):
    previewer = opened(small())
    previewer.want({"chroma": 1.0})
    until(said, Colored)
    os.kill(photochrom_client.connect(plugin_folder).pid, signal.SIGKILL)
    previewer.want({"chroma": 0.5})
    assert until(said, Colored).colorizer


@pytest.mark.slow
def test_failed_previews_leave_no_layers_in_the_engine(plugin_folder, said, opened):
    previewer = opened(small())
    previewer.want({"chroma": 1.0})
    until(said, Colored)
    for _ in range(2):
        previewer.want({"colorizer": "nobody"})
        assert "nobody" in str(until(said, Failed).error)
    assert photochrom_client.connect(plugin_folder)._connection.ask("GET", "/v1/status")["layers"] == 1


@pytest.mark.slow
def test_closed_previewer_has_stopped(plugin_folder):
    previewer = preview.Previewer(plugin_folder, small(), lambda said: None)
    previewer.want({"chroma": 1.0})
    previewer.close()
    assert not previewer._thread.alive


@pytest.mark.slow
def test_unexpected_exception_is_reported_and_the_next_request_is_tried(said, opened):
    """Here of a layer with fewer bytes than its size says."""
    previewer = opened(small()._replace(lightness=bytes(40)))
    for _ in range(2):
        previewer.want({"chroma": 1.0})
        error = until(said, Failed).error
        assert type(error) is Unexpected
        assert "instead of" in str(error) and "photochrom doctor" in str(error)
