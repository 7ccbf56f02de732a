"""The engines that an editor under test has started."""

import json
import os
import signal
import time
from pathlib import Path


class WithEngines:
    """`home` belongs to the user who runs the editor."""

    home: Path

    @property
    def runtime(self) -> Path:
        return self.home / "run"

    def engine(self) -> dict | None:
        """The contents of the runtime file, if its engine is alive."""
        try:
            said = json.loads((self.runtime / "engine.json").read_text(encoding="utf-8"))
            os.kill(said["pid"], 0)
        except (OSError, ValueError, KeyError):
            return None
        return said

    def engines(self) -> list[int]:
        """The processes of all engines that this user has started."""
        wanted = f"PHOTOCHROM_RUNTIME_DIR={self.runtime}".encode()
        pids = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                leads = os.getsid(int(folder.name)) == int(folder.name)
            except OSError:
                continue
            # The client gives every engine a session of its own; GIMP and its plug-ins are in the tests' one.
            if leads and wanted in environment and b"serve" in (folder / "cmdline").read_bytes().split(b"\0"):
                pids.append(int(folder.name))
        return pids

    def stop_engines(self) -> None:
        """Kills them, and waits until they are gone."""
        for pid in self.engines():
            os.kill(pid, signal.SIGKILL)
        for _ in range(100):
            if not self.engines():
                return
            time.sleep(0.05)

    def logged(self, text: str = "") -> list[str]:
        """The lines of the log of the engine that runs now that have this text."""
        engine = self.engine()
        log = self.home / ".local" / "state" / "photochrom" / "engine.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() and engine else []
        return [line for line in lines if f" {engine['pid']} " in line and text in line]
