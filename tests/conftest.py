"""What tests of several packages need."""

import shutil
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from photochrom import cli, models
from photochrom.models.loaded import LOADED
from small_disk import Unavailable, small_disk


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Compiled networks are kept for these tests alone, and for the processes that they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOCHROM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def forget():
    """A function that makes the next use read all models from their files again."""

    return LOADED.clear


@pytest.fixture
def own_models(tmp_path, monkeypatch, forget):
    """A copy of the shipped models that may be spoiled."""
    copy = shutil.copytree(models.shipped_folder(), tmp_path / "models")
    monkeypatch.setattr(models, "shipped_folder", lambda: copy)
    forget()
    yield copy
    forget()


@pytest.fixture
def rng():
    return np.random.default_rng(1907)


@pytest.fixture
def disk(tmp_path):
    """A disk of 8 MB that may be filled."""
    try:
        with small_disk(tmp_path / "disk", 8 << 20) as mounted:
            yield mounted
    except Unavailable as error:
        pytest.skip(str(error))


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys):
    """The command in this process: nothing is loaded again for each test."""

    def run_command(*words):
        monkeypatch.setattr(sys, "argv", ["photochrom", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Outcome(ended.value.code or 0, said.out, said.err)

    return run_command
