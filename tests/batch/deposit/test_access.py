"""Small copies are made a few at a time, so that those of a hundred thousand pictures fit into memory."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

from photochrom.batch.deposit import access


def test_few_copies_wait_at_a_time(tmp_path, monkeypatch):
    lock, waiting, most, begun = threading.Lock(), 0, 0, 0

    class Watched(ThreadPoolExecutor):
        def submit(self, *given):
            nonlocal waiting, most, begun
            with lock:
                waiting, begun = waiting + 1, begun + 1
                most = max(most, waiting)
            future = super().submit(*given)
            future.add_done_callback(ended)
            return future

    def ended(_future):
        nonlocal waiting
        with lock:
            waiting -= 1

    monkeypatch.setattr(access, "ThreadPoolExecutor", Watched)
    pictures = [
        SimpleNamespace(
            **{"source": tmp_path / f"{number}.jpg", "page": 0, "output": PurePosixPath(f"{number}.png")},
            **{"source_sha256": f"{number:064x}", "result_sha256": f"{500 + number:064x}"},
        )
        for number in range(100)
    ]
    told = []
    access.Copies(tmp_path / "hidden", Path(tmp_path)).make(pictures, 2, lambda done, _what: told.append(done))
    assert most <= 2 * access.AHEAD
    assert begun == len(told) == 200
    assert told == sorted(told) and told[-1] == 1
