import pytest
from photochrom.models import checkpoints


@pytest.fixture
def read(tmp_path):
    """Reads a checkpoint of these bytes, under a name without a hint of its format."""

    def read_bytes(content: bytes, name: str = "checkpoint"):
        path = tmp_path / name
        path.write_bytes(content)
        return checkpoints.read(path)

    return read_bytes
