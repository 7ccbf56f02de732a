"""The file that tells clients where the engine is: written for its user alone, trusted only if it is complete."""

import json
import os
import stat
import subprocess
import sys

import pytest
from checkout import PYTHONPATH

from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import NAME, RuntimeFile

FILE = RuntimeFile(4321, "secret", 17, "0.1.0", PROTOCOL)


def test_file_is_read_as_written_and_accessible_to_its_owner_alone(tmp_path, monkeypatch):
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


def test_a_file_or_folder_that_others_may_write_to_is_not_believed(tmp_path):
    FILE.write(tmp_path / NAME)
    tmp_path.chmod(0o770)
    with pytest.raises(PermissionError):
        RuntimeFile.read(tmp_path / NAME)
    tmp_path.chmod(0o700)
    (tmp_path / NAME).chmod(0o606)
    with pytest.raises(PermissionError):
        RuntimeFile.read(tmp_path / NAME)


def test_a_link_is_not_followed(tmp_path):
    FILE.write(tmp_path / "elsewhere.json")
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(OSError):
        RuntimeFile.read(tmp_path / NAME)


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
