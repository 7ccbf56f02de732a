"""A process that stays while GIMP is open, so that scripts which are called again and again need not start Python anew.

GIMP starts it as an extension each time it starts itself, and waits for it. So until a script offers itself it is a
bare Python that has imported nothing of libgimp's and speaks GIMP's protocol in bytes; `copies` does the work then.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import NoReturn

NAME = "extension-gimpfu-resident"
TAKE = "extension-gimpfu-take"
"""The procedure by which a script offers itself: its file, its kind of Python, its procedures' names with commas."""

TAKE_PARAMETERS = ("file", "python", "names")
SWITCH = "GIMPFU_RESIDENT"

_QUIT, _PROCEDURE_RUN, _PROCEDURE_INSTALL, _EXTENSION_READY = 0, 5, 9, 11
_STRING, _EXTENSION, _TEMPORARY = 4, 2, 3


def wanted() -> bool:
    """Whether the user has not switched it off, where it is possible."""
    return sys.platform == "linux" and os.environ.get(SWITCH) != "0"


def kind_of_python() -> str:
    """What must be alike for a script to be run by the Python of the resident process."""
    return repr((sys.executable, sys.version, sys.flags))


def main() -> NoReturn:
    """The plug-in that `install` puts into the profile."""
    if sys.argv[4:5] != ["-run"]:
        from .plugin_process import install_procedure, main

        os._exit(main(None, None, lambda: install_procedure(NAME, *[""] * 5, None, None, _EXTENSION, [], []), None))
    sys.path[0] = os.path.dirname(os.path.dirname(__file__))  # not the plug-ins' folder: it may hold any names
    reading, writing = map(int, sys.argv[2:4])
    if not wanted():
        os.write(writing, _numbers(_EXTENSION_READY, _QUIT))
        os._exit(0)
    received = _until_called(reading)
    os.write(writing, _installation_of_take() + _numbers(_EXTENSION_READY))
    _wait(reading)

    from .copies import serve

    serve(received)


def _numbers(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "big") for value in values)


def _text(text: str) -> bytes:
    data = text.encode() + b"\0"
    return _numbers(len(data)) + data


def _until_called(reading: int) -> bytes:
    """What GIMP sends at first: how it is set up, and the call of the extension. `copies` hands it to libgimp."""
    call = _numbers(_PROCEDURE_RUN) + _text(NAME) + _numbers(0)
    received = b""
    while not received.endswith(call):
        more = os.read(reading, 1 << 16)
        if not more:
            os._exit(1)
        received += more
    return received


def _installation_of_take() -> bytes:
    texts = _text(TAKE) + _text("") * 5 + _numbers(0, 0)  # no place in the menus, no types of images
    counts = _numbers(_TEMPORARY, len(TAKE_PARAMETERS), 0)
    parameters = (_numbers(_STRING) + _text(name) + _text("") for name in TAKE_PARAMETERS)
    return _numbers(_PROCEDURE_INSTALL) + texts + counts + b"".join(parameters)


def _wait(reading: int) -> None:
    """Waits until a script offers itself; ends with GIMP."""
    from select import POLLIN, poll

    waiting = poll()
    waiting.register(reading, POLLIN)
    ((_, what),) = waiting.poll()
    if not what & POLLIN or unread(reading) == len(_numbers(_QUIT)):
        os._exit(0)


def unread(pipe: int) -> int:
    """How many bytes wait in a pipe, of which this is either end."""
    from fcntl import ioctl
    from termios import FIONREAD

    return int.from_bytes(ioctl(pipe, FIONREAD, bytes(4)), sys.byteorder)


def offer(names: list[str]) -> None:
    """Offers the script that has just been run, with its procedures: the next calls may be the resident process's."""
    from contextlib import suppress

    from .procedures import Info, pdb

    # It is described here: between two questions it may be gone, as it is while another script runs.
    parameters = tuple((_STRING, name, "") for name in TAKE_PARAMETERS)
    pdb.know(TAKE, Info(TAKE.encode(), ("",) * 5, _TEMPORARY, parameters, (), 0))
    with suppress(Exception):  # the script has done its work, and is started anew the next time
        pdb.call(TAKE, (os.path.abspath(sys.argv[0]), kind_of_python(), ",".join(names)))
