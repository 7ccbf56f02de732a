"""The file that tells clients where the engine is: written for its user alone, believed only where it is whole."""

import json
import os
import stat
import subprocess
import sys

import pytest
from checkout import PYTHONPATH

from photochrom_client.protocol import PROTOCOL, Versions
from photochrom_client.runtime_file import NAME, RuntimeFile

FILE = RuntimeFile(4321, "secret", 17, "0.1.0", PROTOCOL)


def test_file_comes_back_as_it_was_written_and_is_its_owners_alone(tmp_path, monkeypatch):
    FILE.write(tmp_path / NAME)
    assert RuntimeFile.read(tmp_path / NAME) == FILE
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path))
    assert RuntimeFile.read() == FILE
    FILE._replace(port=1).write(tmp_path / NAME)
    assert RuntimeFile.read().port == 1
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_keys_of_a_later_version_are_ignored():
    assert RuntimeFile.validate({**FILE._asdict(), "moonlight": 3}) == FILE


@pytest.mark.parametrize(
    "content",
    [
        *[{name: value for name, value in FILE._asdict().items() if name != missing} for missing in FILE._fields],
        *[{**FILE._asdict(), name: None} for name in FILE._fields],
        {**FILE._asdict(), "port": "4321"},
        {**FILE._asdict(), "pid": True},
        {**FILE._asdict(), "protocol": [1]},
        {**FILE._asdict(), "protocol": ["1", 1]},
        [],
        None,
        "text",
    ],
)
def test_what_is_no_runtime_file_is_refused(content, tmp_path):
    with pytest.raises(ValueError, match="no runtime file"):
        RuntimeFile.validate(content)
    (tmp_path / NAME).write_text(json.dumps(content))
    with pytest.raises(ValueError):
        RuntimeFile.read(tmp_path / NAME)


def test_token_of_another_user_is_not_read(tmp_path, monkeypatch):
    FILE.write(tmp_path / NAME)
    monkeypatch.setattr(os, "getuid", lambda: (tmp_path / NAME).stat().st_uid + 1)
    with pytest.raises(PermissionError):
        RuntimeFile.read(tmp_path / NAME)


@pytest.mark.parametrize(
    ("ours", "theirs", "common"),
    [
        ((1, 1), (1, 1), True),
        ((1, 2), (2, 3), True),
        ((2, 3), (1, 2), True),
        ((1, 1), (2, 2), False),
        ((3, 4), (1, 2), False),
    ],
)
def test_versions_overlap_where_one_is_common(ours, theirs, common):
    assert Versions(*ours).overlap(Versions(*theirs)) == common


def test_what_the_engine_imports_of_the_client_is_light():
    code = (
        "import sys, photochrom_client.protocol, photochrom_client.places, photochrom_client.runtime_file\n"
        "print(*{'numpy', 'http.client', 'subprocess', 'gettext'} & sys.modules.keys())"
    )
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    printed = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == ""
