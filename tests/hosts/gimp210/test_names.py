"""The names that most public scripts use, each by its pixels in GIMP 2.10."""

import pytest

from .editor import cases

pytestmark = pytest.mark.host


SIXTY = [(script, name) for script in ("names", "procedures") for name in cases(f"{script}.py")]


@pytest.mark.parametrize(("script", "name"), SIXTY)
def test_the_name_does_what_scripts_expect(outcome, script, name):
    outcome(script, name)


def test_there_are_sixty():
    assert len(SIXTY) == len(set(SIXTY)) >= 60
