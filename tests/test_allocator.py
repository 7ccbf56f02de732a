"""glibc's allocator, in processes of their own: what is set holds for a whole process."""

import platform
import subprocess
import sys

import pytest
from checkout import PYTHONPATH

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")

C = """
import ctypes, os, threading
from pathlib import Path
from photochrom import allocator
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
"""

ARENAS = """
barrier = threading.Barrier(6)

def allocate():
    barrier.wait()
    c.malloc(100)
    barrier.wait()  # an arena is used again once its thread has ended

threads = [threading.Thread(target=allocate) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
c.fopen.restype, c.fclose.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
c.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
path = Path("arenas.xml")
file = c.fopen(bytes(path), b"w")
c.malloc_info(0, file)
c.fclose(file)
print(path.read_text().count("<heap nr="))
"""

FREED = """
def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

blocks = [c.malloc(1000) for _ in range(100_000)]
[ctypes.memset(block, 1, 1000) for block in blocks]
before = megabytes()
[c.free(block) for block in blocks[:-1]]  # the last one keeps the heap from shrinking by itself
freed = megabytes()
allocator.return_freed()
print(before - freed, freed - megabytes())
"""


def run(folder, *code):
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([C, *code])],
        env={"PYTHONPATH": PYTHONPATH},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


def test_threads_share_one_arena(tmp_path):
    assert run(tmp_path, ARENAS)[0] > 1
    assert run(tmp_path, "allocator.use_one_arena()", ARENAS) == [1]


def test_what_was_freed_goes_back(tmp_path):
    at_once, later = run(tmp_path, FREED)
    assert at_once < 10
    assert later > 80
