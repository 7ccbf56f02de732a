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
import time
from contextlib import suppress
from ctypes import POINTER, Structure, byref
from select import POLLIN, poll
from types import ModuleType

import gimp
import gimpfu

from .errors import error
from .libraries import BASE, GIMP, GLIB, Int, Pointer, Text, encode, function
from .parameters import STRING
from .plugin_process import main, resident_procedure, uninstall_left_over
from .procedures import Info, pdb
from .registration import scripts
from .resident import TAKE, TAKE_PARAMETERS, kind_of_python, unread
from .running import run

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

ANSWERED = 17
"""How a copy ends. Another number is that of a script that ended without an answer, as by `gimp.quit()`."""

PAUSE = 0.00005
"""Seconds between two looks whether GIMP has read what was sent."""

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

    def __init__(self, reading: int, writing: int) -> None:
        self.writing, self.waiting = writing, poll()
        self.waiting.register(reading, POLLIN)
        self.channel = _channel(writing)
        _set_encoding(self.channel, None, None)
        _set_buffered(self.channel, 0)
        self.note = os.memfd_create("note")
        self.installs: dict[str, Callable[[], None]] = {}
        self.files: dict[str, str] = {}
        self.running: list[str] = []
        self.taken: list[tuple[str, list[tuple[Any, ...]]]] = []
        self.held_back, self.registered, self.answered = -1, False, ""

    def know(
        self, name: str, texts: Sequence[str | None], params: Sequence[Any], results: Sequence[Any]
    ) -> Callable[[], None]:
        """Remembers a procedure that is to be answered here. The result installs it."""
        described = [text or "" for text in texts]
        install, self.installs[name] = resident_procedure(self.run, self.hold_back, name, described, params, results)
        return install

    def learn(self) -> None:
        """Reads what the last copy has noted. GIMP has what it took over already, but libgimp must know it here."""
        answered, taken = marshal.loads(os.pread(self.note, os.fstat(self.note).st_size, 0))
        for file, procedures in taken:
            for install in self.take(file, procedures):
                install()
        self.installs = _first(answered, self.installs)

    def take(self, file: str, procedures: list[tuple[Any, ...]]) -> list[Callable[[], None]]:
        """Takes over the procedures of a script. The results install them."""
        installs = []
        for name, *parts in procedures:
            info = Info(*parts)
            pdb.know(name, info)
            self.files[name] = file
            installs.append(self.know(name, info.texts, info.arguments, info.results))
        return installs

    # What follows is done by copies.

    def answer(self) -> NoReturn:
        """Reads one message, and does what it asks for.

        The answer goes out together with what installs the procedures again, so that GIMP has read it when the caller
        calls again.
        """
        to_gimp, self.held_back = os.dup(self.writing), os.memfd_create("answer")
        _process(0)
        if not self.answered:
            os._exit(1)  # GIMP waits in vain, for something that a script has left
        for install in self.installs.values():
            install()
        answer = os.pread(self.held_back, os.fstat(self.held_back).st_size, 0)
        while answer:
            answer = answer[os.write(to_gimp, answer) :]
        os.pwrite(self.note, marshal.dumps((self.answered, self.taken)), 0)
        _end()

    def run(self, name: str, arguments: tuple[Any, ...]) -> Any:
        self.running.append(name)
        if len(self.running) == 1:
            self.be_alone()
        # GIMP takes the first answer for that of the last call, so what was called meanwhile is answered before.
        while self.waiting.poll(0):
            _copied(self.answer_first)
        if name == TAKE:
            self.consider(*arguments)
            return None
        self.load(self.files[name])
        return run(name, arguments)

    def be_alone(self) -> None:
        """Uninstalls the procedures, and waits until GIMP has read that: nothing is called here any more then.

        GIMP is not asked whether it has: libgimp would take the first answer that comes for that of the last question.
        """
        for name in self.installs:
            _uninstall(self.channel, byref(Uninstallation(encode(name))), None)
        gone = poll()
        gone.register(self.writing, 0)
        while unread(self.writing):
            if gone.poll(0):
                os._exit(1)
            time.sleep(PAUSE)

    def answer_first(self) -> NoReturn:
        """The same while another copy waits, which installs the procedures again."""
        _process(0)
        _end()

    def hold_back(self) -> None:
        """Has libgimp write to a file what it sends from now on: the answer of what the copy was made for."""
        name = self.running.pop()
        if not self.running:
            uninstall_left_over()
            os.dup2(self.held_back, self.writing)
            self.answered = name
            self.installs = _first(name, self.installs)

    def consider(self, file: str, python: str, names: str) -> None:
        """Takes a script over that offers itself. Its procedures are described as GIMP knows them."""
        if python == kind_of_python() and file not in self.files.values():
            self.taken.append((file, [(name, *pdb.info(name).parts) for name in names.split(",")]))
            self.take(*self.taken[-1])

    def load(self, file: str) -> None:
        """Runs a script up to its `main()`, as Python runs what it is started with."""
        scripts.clear()
        self.registered = False
        sys.argv[0], sys.path[0] = file, os.path.dirname(os.path.realpath(file))
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


def _end() -> NoReturn:
    """Ends a copy that has answered."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # a script may have closed it, and a terminal may be gone
            stream.flush()
    os._exit(ANSWERED)


def _first(name: str, installs: dict[str, Callable[[], None]]) -> dict[str, Callable[[], None]]:
    """The same with this one first: GIMP reads one at a time, and what was called last is often called next."""
    return {name: installs[name], **installs}


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
    residence = Residence(reading, writing)
    gimpfu.main = residence.reached
    gimp.main = residence.reached  # type: ignore[assignment]  # of a script that was changed so
    residence.know(TAKE, [""] * 5, [(STRING, name, "") for name in TAKE_PARAMETERS], [])()
    while True:
        gc.freeze()
        ((_, what),) = residence.waiting.poll()
        if not what & POLLIN:
            os._exit(0)
        _copied(residence.answer)
        residence.learn()


def _copied(answer: Callable[[], NoReturn]) -> None:
    """Has a copy of this process answer, and waits for it."""
    copy = os.fork()
    if not copy:
        _control(DIES_WITH_PARENT, KILLED)  # GIMP ends a run by killing the process that it knows
        answer()
    if os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) != ANSWERED:
        os._exit(1)  # what GIMP waits for cannot be known: it tells the caller, and starts the next run itself
