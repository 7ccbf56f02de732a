import pytest

torch = pytest.importorskip("torch", reason="needs the extra photochrom[train]")

# Small tensors gain nothing from threads, and threads that wait for each other cost much on a busy machine.
torch.set_num_threads(1)
