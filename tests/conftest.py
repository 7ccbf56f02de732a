"""What tests of several packages need."""

import shutil

import numpy as np
import pytest
from photochrom import colorizers, models, routing


@pytest.fixture
def forget():
    """A function that makes the next use read all models from their files again."""

    def unload():
        colorizers.unload()
        routing.unload()

    return unload


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
