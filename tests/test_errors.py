"""Any error as one that users see."""

import pytest
from photochrom.errors import BadPicture, OutOfMemory, Unexpected, as_photochrom_error


def test_an_error_with_a_cause_stays_as_it_is():
    error = BadPicture("It is empty.", "Scan it again.")
    assert as_photochrom_error(error, "a.png") is error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("Exception from src/core/allocator.cpp: std::bad_alloc"),
        RuntimeError(
            "DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes. Cannot allocate memory"
        ),
    ],
)
def test_too_little_memory_is_named_whoever_runs_out_of_it(error):
    shown = as_photochrom_error(error, "a.png")
    assert isinstance(shown, OutOfMemory)
    assert shown.cause == "a.png: not enough memory." and shown.next_step


def test_an_error_of_the_system_is_told_in_its_words():
    shown = as_photochrom_error(OSError(5, "Input/output error", "/media/scans/b.tif"), "a.png")
    assert shown.cause == "a.png: Input/output error (/media/scans/b.tif)."


def test_a_bug_is_told_with_what_helps_to_report_it():
    try:
        {}["x"]
    except KeyError as error:
        shown = as_photochrom_error(error, "a.png")
    assert isinstance(shown, Unexpected)
    assert shown.cause == "a.png: KeyError: 'x'."
    assert "--debug" in shown.next_step
    assert isinstance(shown.__cause__, KeyError)
