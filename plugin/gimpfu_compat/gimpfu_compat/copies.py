"""Runs of scripts in copies of the resident process.

The procedures of a script that has offered itself are installed once more, as temporary ones of the same names: GIMP
runs what was installed last. For each call the process is copied before it reads the message. The copy reads it, runs
the script's file as it is then, answers, and ends: a run has a process of its own, as without the resident process.
GEGL and its threads, which no copy would have, are never started before.

GIMP takes an answer for that of the temporary procedure which it called last. So none is installed while one runs:
what is called meanwhile, by the script or by others, GIMP starts anew. What menus start it always does.
"""

from __future__ import annotations

import ctypes
import gc
import marshal
import os
import sys
from contextlib import suppress
from ctypes import POINTER, Structure, byref
from select import POLLIN, poll
from types import ModuleType

import gimpfu

from .errors import error
from .libraries import BASE, GIMP, GLIB, Int, Pointer, Text, encode, function
from .parameters import STRING
from .plugin_process import main, resident_procedure, uninstall_left_over
from .procedures import Info, pdb, wait_for_gimp
from .registration import scripts
from .resident import TAKE, TAKE_PARAMETERS, kind_of_python
from .running import run

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

ANSWERED, TAKEN = 17, 18
"""How a copy ends. Another number is that of a script that ended without an answer, as by `gimp.quit()`."""

DIES_WITH_PARENT, KILLED = 1, 9


class Uninstallation(Structure):
    """GPProcUninstall."""

    _fields_ = (("name", Text),)


_process = function(GIMP, "gimp_extension_process", None, ctypes.c_uint)
_uninstall = function(BASE, "gp_proc_uninstall_write", Int, Pointer, POINTER(Uninstallation), Pointer)
_channel = function(GLIB, "g_io_channel_unix_new", Pointer, Int)
_set_encoding = function(GLIB, "g_io_channel_set_encoding", Int, Pointer, Text, Pointer)
_set_buffered = function(GLIB, "g_io_channel_set_buffered", None, Pointer, Int)
_control = function(ctypes.CDLL(None), "prctl", Int, Int, ctypes.c_ulong)


class Reached(BaseException):
    """A script has come to its `main()`: what it registers is known."""


class Residence:
    """What the resident process knows, and each copy with it."""

    def __init__(self, writing: int) -> None:
        self.writing = writing
        self.channel = _channel(writing)
        _set_encoding(self.channel, None, None)
        _set_buffered(self.channel, 0)
        self.notes, self.held_back = os.memfd_create("notes"), -1
        self.installs: dict[str, Callable[[], None]] = {}
        self.files: dict[str, str] = {}
        self.running: list[str] = []
        self.registered = self.answered = False
        self.ends_with = ANSWERED

    def install(self, name: str, texts: Sequence[str], params: Sequence[Any], results: Sequence[Any]) -> None:
        """Has GIMP call this process for a procedure."""
        first, self.installs[name] = resident_procedure(self.run, self.hold_back, name, texts, params, results)
        first()

    def take(self) -> None:
        """Takes over the procedures that a copy has noted."""
        file, noted = marshal.loads(os.pread(self.notes, os.fstat(self.notes).st_size, 0))
        for name, *described in noted:
            info = Info(*described)
            pdb.know(name, info)
            self.files[name] = file
            self.install(name, [text or "" for text in info.texts], info.arguments, info.results)

    # What follows is done by copies.

    def answer(self) -> NoReturn:
        """Reads one message, and does what it asks for.

        The answer goes out together with what installs the procedures again, so that GIMP has read it when the caller
        calls again.
        """
        _control(DIES_WITH_PARENT, KILLED)  # GIMP ends a run by killing the process that it knows
        to_gimp, self.held_back = os.dup(self.writing), os.memfd_create("answer")
        _process(0)
        if not self.answered:
            os._exit(1)  # GIMP waits in vain, for something that a script has left
        for install in self.installs.values():
            install()
        answer = os.pread(self.held_back, os.fstat(self.held_back).st_size, 0)
        while answer:
            answer = answer[os.write(to_gimp, answer) :]
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self.ends_with)

    def run(self, name: str, arguments: tuple[Any, ...]) -> Any:
        self.running.append(name)
        if len(self.running) == 1:
            self.be_alone()
        if name == TAKE:
            self.note(*arguments)
            return None
        self.load(self.files[name])
        return run(name, arguments)

    def be_alone(self) -> None:
        """Uninstalls the procedures. What GIMP has called in the same moment is run here before this returns."""
        for name in self.installs:
            _uninstall(self.channel, byref(Uninstallation(encode(name))), None)
        wait_for_gimp()

    def hold_back(self) -> None:
        """Has libgimp write to a file what it sends from now on: the answer of what the copy was made for."""
        name = self.running.pop()
        if not self.running:
            uninstall_left_over()
            self.answered = True
            os.dup2(self.held_back, self.writing)
            self.installs = {name: self.installs[name], **self.installs}  # what was called last is called next

    def note(self, file: str, python: str, names: str) -> None:
        """Notes the procedures of a script that offers itself, as GIMP knows them, for the process that stays."""
        if python != kind_of_python() or file in self.files.values():
            return
        infos = [(name, pdb.info(name)) for name in names.split(",")]
        noted = [(name, *info.parts) for name, info in infos]
        os.pwrite(self.notes, marshal.dumps((file, noted)), 0)
        self.ends_with = TAKEN

    def load(self, file: str) -> None:
        """Runs a script up to its `main()`, as Python runs what it is started with."""
        scripts.clear()
        self.registered = False
        sys.argv[0], sys.path[0] = file, os.path.dirname(file)
        module = sys.modules["__main__"] = ModuleType("__main__")
        module.__file__ = file
        with open(file, "rb") as opened:
            code = compile(opened.read(), file, "exec", dont_inherit=True)
        with suppress(Reached):
            exec(code, vars(module))
        if not self.registered:
            raise error(f"{os.path.basename(file)} has ended before its main()")

    def reached(self) -> NoReturn:
        """The `main` of gimpfu's that scripts find here."""
        self.registered = True
        raise Reached


def serve(received: bytes) -> NoReturn:
    """Hands libgimp what GIMP has sent at first, and answers all that comes."""
    reading = int(sys.argv[2])
    replayed, end = os.pipe()
    os.write(end, received)
    os.close(end)
    sys.argv[2] = str(replayed)

    def called(name: str, arguments: tuple[Any, ...]) -> NoReturn:
        os.dup2(reading, replayed)
        os.close(reading)
        _serve(replayed, int(sys.argv[3]))

    os._exit(main(None, None, None, called))


def _serve(reading: int, writing: int) -> NoReturn:
    residence = Residence(writing)
    gimpfu.main = residence.reached
    residence.install(TAKE, [""] * 5, [(STRING, name, "") for name in TAKE_PARAMETERS], [])
    waiting = poll()
    waiting.register(reading, POLLIN)
    while True:
        gc.freeze()
        ((_, what),) = waiting.poll()
        if not what & POLLIN:
            os._exit(0)
        copy = os.fork()
        if not copy:
            residence.answer()
        ended = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
        if ended == TAKEN:
            residence.take()
        elif ended != ANSWERED:
            os._exit(1)  # what GIMP waits for cannot be known: it tells the caller, and starts the next run itself
