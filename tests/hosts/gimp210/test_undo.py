"""One Ctrl+Z takes back what a call changed, in GIMP's window."""

import pytest

from .editor import cases, told
from .screen import running, told_in_time

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def undone(gimp, display, tmp_path_factory):
    out = tmp_path_factory.mktemp("undo")
    with running(gimp, display, "python-fu-test-undo", out):
        told_in_time(out / "done.json", 120)
    return lambda name: told(out, name, (out / "said.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", cases("undo.py"))
def test_one_undo_takes_it_back(undone, name):
    assert undone(name) == {"changed": True, "undone": True}
