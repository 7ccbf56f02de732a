"""The locked versions are those of a Photochrom that could be installed today."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from .conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = {
    "lite": PROJECT["dependencies"],
    "full": [*PROJECT["dependencies"], *EXTRAS["pool"], *EXTRAS["formats"]],
}


def pins(kind):
    """Name -> locked version, of every line of a lock."""
    text = (REPOSITORY / "installers" / "bundle" / f"{kind}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("kind", WANTED)
def test_every_requirement_is_locked_at_a_version_that_it_allows(kind):
    locked = pins(kind)
    for wanted in map(Requirement, WANTED[kind]):
        name = wanted.name.lower().replace("_", "-")
        assert name in locked, f"{kind}.lock lacks {wanted}"
        assert wanted.specifier.contains(locked[name]), f"{kind}.lock has {name} {locked[name]}, not {wanted}"


@pytest.mark.parametrize("kind", WANTED)
def test_every_version_is_verified_by_a_hash(kind):
    text = (REPOSITORY / "installers" / "bundle" / f"{kind}.lock").read_text()
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) >= len(WANTED[kind])
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_lite_has_no_torch_and_nothing_that_it_brings():
    assert not {"torch", "torchvision", "scipy", "scikit-image", "pillow"} & set(pins("lite"))


def test_both_bundles_have_the_same_versions_of_what_both_have():
    lite, full = pins("lite"), pins("full")
    assert not {name for name in lite.keys() & full.keys() if lite[name] != full[name]} - {"numpy", "tifffile"}
