"""What a release is made with, checked as far as it can be without a release: scripts, the workflow, the SBOM."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import REPOSITORY

INSTALLERS = REPOSITORY / "installers"
WORKFLOW = REPOSITORY / ".github" / "workflows" / "release.yml"
sys.path.insert(0, str(INSTALLERS))

import sbom  # noqa: E402  isort: skip


def shell_scripts():
    files = [path for path in INSTALLERS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [path for path in files if path.read_bytes().startswith(b"#!/bin/sh")]


def test_shell_scripts_are_as_shellcheck_wants_them():
    if not shutil.which("shellcheck"):
        pytest.skip("no shellcheck here")
    assert len(shell_scripts()) >= 9
    done = subprocess.run(["shellcheck", *shell_scripts()], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_scripts_of_macos_say_that_they_are_for_macos_and_what_they_need():
    build = INSTALLERS / "macos" / "build"
    done = subprocess.run([build, "Photochrom.app", "1.0", "dist"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert ("run this there" if sys.platform != "darwin" else "has no program") in done.stderr
    assert "Usage" in subprocess.run([build], capture_output=True, text=True, check=False).stderr


def test_workflow_follows_its_schema():
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflow_runs_commands_that_are_there_and_actions_pinned_by_hash():
    text = WORKFLOW.read_text(encoding="utf-8")
    commands = set(re.findall(r"installers/[\w./]+", text))
    assert len(commands) >= 7
    assert not [name for name in commands if not (REPOSITORY / name).is_file()]
    uses = re.findall(r"uses: (\S+)", text)
    assert uses and not [each for each in uses if not re.search(r"@[0-9a-f]{40}$", each)]


def test_sbom_lists_what_is_bundled_and_nothing_of_the_build():
    found = {
        "metadata": {"component": {"bom-ref": "root-component", "name": "photochrom", "type": "application"}},
        "components": [
            {"bom-ref": "numpy==2.1", "name": "numpy", "version": "2.1"},
            {"bom-ref": "pip==25", "name": "pip", "version": "25"},
            {"bom-ref": "typer==1", "name": "typer", "version": "1"},
        ],
        "dependencies": [
            {"ref": "root-component", "dependsOn": ["numpy==2.1"]},
            {"ref": "numpy==2.1"},
            {"ref": "pip==25"},
            {"ref": "typer==1", "dependsOn": ["pip==25", "numpy==2.1"]},
        ],
    }
    made = sbom.contents(found, ["libssl.so.3 libssl3 3.0+x", "libcrypto.so.3 libssl3 3.0+x"], "1.2.3")
    assert made["metadata"]["component"]["version"] == "1.2.3"
    assert [each["name"] for each in made["components"]] == ["numpy", "typer", "libssl3"]
    assert made["components"][-1]["purl"] == "pkg:deb/debian/libssl3@3.0%2Bx"
    assert made["dependencies"] == [
        {"ref": "root-component", "dependsOn": ["deb:libssl3", "numpy==2.1", "typer==1"]},
        {"ref": "numpy==2.1", "dependsOn": []},
        {"ref": "typer==1", "dependsOn": ["numpy==2.1"]},
    ]
    assert json.dumps(made)


def test_what_is_left_out_of_sbom_and_licenses_is_locked_for_the_build():
    locked = (INSTALLERS / "bundle" / "lite.lock").read_text(encoding="utf-8")
    names = Path(INSTALLERS / "bundle" / "not-bundled.txt").read_text().split()
    known = {"pip"}  # comes with the environment
    assert not [name for name in names if f"\n{name}==" not in locked and name not in known]
