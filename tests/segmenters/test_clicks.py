"""The object at clicks, by the embedded segmenter: what was clicked counts, and objects that people drew are found."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from photochrom import segmenters
from photochrom.errors import BadRequest
from photochrom.evaluation import clicks as evaluation
from photochrom.segmenters import clicks

from photochrom_client.prompt import Click, Prompt

DATA = Path(__file__).parents[3] / "shared" / "data"
FLOORS = 0.3, 0.5, 0.6
"""Mean intersection over union after one, three and five clicks, of the few pictures that are looked at here."""

SEGMENTATIONS = DATA / "bsds500-segments"
PICTURES = 5


@pytest.fixture(scope="module")
def embedded():
    return segmenters.load(segmenters.EMBEDDED)


def scene(height=192, width=256):
    """Lightness of two discs, two squares and grain on a slope, and the masks of the discs."""
    y, x = np.mgrid[:height, :width] / height
    tones = 35 + 20 * y + np.random.default_rng(5).normal(0, 1.5, (height, width))
    discs = [(x - at) ** 2 + (y - 0.4) ** 2 < 0.2**2 for at in (0.3, 0.95)]
    for disc in discs:
        tones[disc] += 30
    tones[(np.abs(x - 0.3) < 0.07) & (np.abs(y - 0.4) < 0.07)] -= 12
    tones[(np.abs(x - 0.95) < 0.07) & (np.abs(y - 0.4) < 0.07)] -= 45
    return np.clip(tones, 0, 100).astype(np.float32), discs


def test_what_was_clicked_belongs_to_the_object_and_what_was_clicked_away_does_not(embedded):
    lightness, _ = scene()
    prompt = (
        Prompt().clicked(0.225, 0.55).clicked(0.225, 0.4).clicked(0.7125, 0.4, away=True).clicked(0.5, 0.9, away=True)
    )
    mask = embedded.mask(lightness, prompt)
    assert mask.shape == lightness.shape
    for x, y, away in prompt.clicks:
        assert mask[int(y * 192), int(x * 256)] == (not away)


def test_the_later_of_two_clicks_at_one_place_counts(embedded):
    lightness, _ = scene()
    prompt = Prompt().clicked(0.225, 0.55).clicked(0.6, 0.9, away=True)
    assert embedded.mask(lightness, prompt)[int(0.55 * 192), int(0.225 * 256)]
    assert not embedded.mask(lightness, prompt.clicked(0.225, 0.55, away=True))[int(0.55 * 192), int(0.225 * 256)]


def test_corrections_find_the_object(embedded):
    lightness, (disc, _) = scene()
    found = evaluation.simulated(embedded.mask, lightness, disc)
    assert found.shared[-1] > 0.9


def test_a_larger_size_has_all_of_a_smaller_one(embedded):
    lightness, _ = scene()
    masks = [embedded.mask(lightness, Prompt(size=size).clicked(0.225, 0.4)) for size in (-1, -0.5, 0, 0.5, 1)]
    for smaller, larger in itertools.pairwise(masks):
        assert larger[smaller].all()
    assert masks[0].sum() < masks[-1].sum()


def test_what_is_outside_of_the_box_is_off_the_object(embedded):
    lightness, (disc, _) = scene()
    mask = embedded.mask(lightness, Prompt(box=(0.05, 0.15, 0.4, 0.65)))
    assert evaluation.overlap(mask, disc) > 0.8
    assert not mask[:, 180:].any()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 4100), (2500, 1), (64, 64)])
@pytest.mark.parametrize("tone", [0, 50, 100])
def test_any_size_and_an_even_picture_has_a_mask(embedded, size, tone):
    mask = embedded.mask(np.full(size, tone, np.float32), Prompt().clicked(0.5, 0.5))
    assert mask.shape == size
    assert mask.dtype == bool
    assert mask.any()


def test_a_prompt_is_needed(embedded):
    for prompt in (Prompt(), Prompt((Click(0.5, 0.5, away=True),))):
        with pytest.raises(BadRequest, match="no prompt for the object"):
            embedded.mask(scene()[0], prompt)


def test_a_picture_is_surveyed_once(embedded, monkeypatch):
    lightness, _ = scene(96, 130)
    calls = []
    survey = clicks.survey
    monkeypatch.setattr(clicks, "survey", lambda given: calls.append(1) or survey(given))
    first = embedded.mask(lightness, Prompt().clicked(0.3, 0.4))
    embedded.mask(lightness, Prompt().clicked(0.8, 0.4))
    assert np.array_equal(first, embedded.mask(lightness, Prompt().clicked(0.3, 0.4)))
    assert len(calls) == 1


@pytest.mark.skipif(not SEGMENTATIONS.is_dir(), reason="needs the test photographs and their segmentations")
def test_objects_that_people_drew_are_found_in_pictures_that_taught_nothing(embedded):
    pictures = evaluation.held_out(list(evaluation.outlined(DATA / "test", SEGMENTATIONS)))[::5][:PICTURES]
    (first, third, fifth), _ = evaluation.summary(evaluation.measured(embedded.mask, pictures))
    assert first >= FLOORS[0]
    assert third >= FLOORS[1]
    assert fifth >= FLOORS[2]
