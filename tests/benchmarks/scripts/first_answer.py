"""first_answer.py LIGHTNESS WIDTH HEIGHT: an editor's first wish, no engine running: starts it through the client that
the plug-ins bring, sends the layer, asks for its colors, takes the preview and the first strip. Then ends the engine.

Prints JSON: the seconds since the beginning after which the engine answered, and preview and strip were there; and the
engine's peak memory in bytes.
"""

import json
import os
import signal
import sys
import sysconfig
import time
from pathlib import Path


def main(lightness: bytes, width: int, height: int) -> None:
    began = time.perf_counter()
    # Once it was vendored into the plug-ins alone; where it is a package of its own, this adds nothing.
    sys.path.append(str(Path(sysconfig.get_path("purelib"), "photochrom", "_plugin")))
    from photochrom_client.engine import connect

    passed = {}
    engine = connect(plugin_folder=os.curdir)
    try:
        passed["ready"] = time.perf_counter() - began
        with engine.upload(width, height, [lightness]) as layer:
            job = layer.colorize({"colorizer": "auto"})
            job.preview()
            passed["preview"] = time.perf_counter() - began
            strips = job.strips()
            next(strips)
            passed["strip"] = time.perf_counter() - began
            strips.close()
        status = Path(f"/proc/{engine.pid}/status").read_text()
        (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        passed["peak"] = int(peak) * 1024
    finally:
        os.kill(engine.pid, signal.SIGTERM)
        os.waitpid(engine.pid, 0)
    print(json.dumps(passed))


main(Path(sys.argv[1]).read_bytes(), int(sys.argv[2]), int(sys.argv[3]))
