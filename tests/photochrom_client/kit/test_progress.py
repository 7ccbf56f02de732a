"""Progress in stages."""

from hypothesis import given
from hypothesis import strategies as st

from photochrom_client.kit.progress import stage


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 2))
def test_stage_stays_within_its_part_of_the_bar(start, length, fraction):
    end = start + length * (1 - start)
    shown = []
    stage(start, end, lambda done, message: shown.append((done, message)))(fraction, "Working")
    ((done, message),) = shown
    assert start <= done <= end + 1e-12
    assert message == "Working"


def test_stage_never_asks_the_client_to_stop():
    assert stage(0, 1, lambda *_: False)(0.5, "Working") is None
