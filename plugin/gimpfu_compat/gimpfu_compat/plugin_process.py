"""The conversation with GIMP: it starts the script to ask what it has (query), and to run a procedure."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, byref

from .errors import CancelError, error
from .libraries import GIMP, Int, Pointer, Text, encode, function
from .parameters import STRING, Definition, Parameter, from_memory, returned
from .procedures import CANCEL, EXECUTION_ERROR, SUCCESS, Pixels, pdb, wait_for_gimp

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    RunProcedure = Callable[[str, tuple[Any, ...]], Any]

Done = CFUNCTYPE(None)
Run = CFUNCTYPE(None, Text, Int, POINTER(Parameter), POINTER(Int), POINTER(POINTER(Parameter)))


class PlugInInfo(Structure):
    """GimpPlugInInfo."""

    _fields_ = (("init", Done), ("quit", Done), ("query", Done), ("run", Run))


_install_arguments = (*[Text] * 8, Int, Int, Int, POINTER(Definition), POINTER(Definition))
_install = function(GIMP, "gimp_install_procedure", None, *_install_arguments)
_install_temporary = function(GIMP, "gimp_install_temp_proc", None, *_install_arguments, Run)
_uninstall_temporary = function(GIMP, "gimp_uninstall_temp_proc", None, Text)
_menu_register = function(GIMP, "gimp_plugin_menu_register", Int, Text, Text)
_main = function(GIMP, "gimp_main", Int, POINTER(PlugInInfo), Int, POINTER(Text))

TEMPORARY = 3

_kept: list[Any] = []
"""Callbacks that C calls later: Python must not free them."""

_temporary: set[str] = set()
"""The procedures that a script has installed for the time while it runs."""


def main(init: Any, quit: Any, query: Any, run: RunProcedure | None) -> int:
    """Talks with GIMP until it is done. Each function may be None; `run` takes a procedure's name and its arguments.

    GIMP starts a plug-in with `init` at its own every start, so none must be given where there is nothing to do.
    """
    info = PlugInInfo(_guarded(init), _guarded(quit), _guarded(query), _answering(run) if run else Run())
    words = [os.fsencode(word) for word in sys.argv]
    _kept.append(info)
    if len(words) < 3:
        sys.stderr.write(
            f"{sys.argv[0]} is a plug-in of GIMP 2.10's: GIMP starts it."
            " `python -m gimpfu_compat.install` sets GIMP up.\n"
        )
        return 1
    return int(_main(byref(info), len(words), (Text * (len(words) + 1))(*words, None)))


def _guarded(function: Any) -> Any:
    """A callback whose exceptions are printed: none may reach C."""
    if function is None:
        return Done()

    def call() -> None:
        try:
            function()
        except BaseException:
            sys.excepthook(*sys.exc_info())

    return Done(call)


def _answering(run: RunProcedure, then: Callable[[], None] = lambda: None) -> Any:
    """A callback that runs a procedure and always leaves an answer: without one GIMP reads chance as success.

    `then` is called before libgimp sends the answer.
    """

    def call(name: bytes, count: int, parameters: Any, result_count: Any, results: Any) -> None:
        array, result_count[0] = _answer(run, name.decode(), count, parameters)
        results[0] = array
        then()

    return Run(call)


def _answer(run: RunProcedure, name: str, count: int, parameters: Any) -> tuple[Any, int]:
    try:
        value = run(name, tuple(from_memory(parameters, count)))
        if Pixels.settle:
            Pixels.settle(2)
        return returned(SUCCESS, _results(name, value))
    except CancelError as cancelled:
        return returned(CANCEL, [(STRING, "message", str(cancelled))])
    except BaseException as failure:
        sys.excepthook(type(failure), failure, failure.__traceback__)
        return returned(EXECUTION_ERROR, [(STRING, "message", _described(failure))])


def _results(name: str, value: Any) -> list[tuple[int, str, Any]]:
    """What a run returned as type, name, value: None is nothing, a tuple several, anything else one."""
    if value is None:
        return []
    wanted = pdb.info(name).results
    values = value if isinstance(value, tuple) and len(wanted) != 1 else (value,)
    if len(wanted) == 1 and isinstance(value, tuple) and len(value) == 1:
        values = value
    if not wanted:
        return []  # many scripts return something by chance
    if len(values) != len(wanted):
        raise TypeError(f"{name} must return {len(wanted)} values, not {len(values)}")
    return [(kind, title, each) for (kind, title, _), each in zip(wanted, values, strict=True)]


def _described(failure: BaseException) -> str:
    """What the user is told."""
    if isinstance(failure, SystemExit):
        return f"The script ended itself (sys.exit({failure.code!r}))"
    if isinstance(failure, error) and str(failure):
        return str(failure)
    frame = failure.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f" ({os.path.basename(frame.tb_frame.f_code.co_filename)}, line {frame.tb_lineno})" if frame else ""
    return f"{type(failure).__name__}: {failure}{where}"


def _definitions(described: Sequence[Any]) -> Any:
    """None where there are none: libgimp refuses an empty array."""
    if not described:
        return None
    return (Definition * len(described))(*(Definition(each[0], encode(each[1]), encode(each[2])) for each in described))


def _entry(
    name: str,
    blurb: str | None,
    help: str | None,
    author: str | None,
    copyright: str | None,
    date: str | None,
    label: str | None,
    imagetypes: str | None,
    type: int,
    params: Sequence[Any],
    return_vals: Sequence[Any],
) -> tuple[Any, ...]:
    texts = [encode(text or "") for text in (name, blurb, help, author, copyright, date)]
    menu = [encode(text) if text else None for text in (label, imagetypes)]
    counts = (len(params), len(return_vals))
    return (*texts, *menu, type, *counts, _definitions(params), _definitions(return_vals))


def install_procedure(*described: Any, **named: Any) -> None:
    """Tells GIMP of a procedure, in a query: name, blurb, help, author, copyright, date, label, imagetypes, type,
    params, return_vals. A parameter or value is (type, name, description).
    """
    _install(*_entry(*described, **named))


def install_temp_proc(*described: Any) -> None:
    """The same for a procedure that lasts while the script runs; its function comes last."""
    *entry, run = described
    callback = _answering(lambda _, arguments: run(*arguments))
    _kept.append(callback)
    _install_temporary(*_entry(*entry), callback)
    _temporary.add(entry[0])


def resident_procedure(
    run: RunProcedure, then: Callable[[], None], name: str, texts: Sequence[str], params: Any, results: Any
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Two functions that install a temporary procedure, which has no place in the menus: the first time, and again
    after GIMP, but not libgimp, was told to forget it. `run` takes its name and its arguments; `then` is called before
    its answer is sent.
    """
    described: tuple[Any, ...] = (name, *texts, None, None, TEMPORARY, params, results)
    entry = _entry(*described)
    callback = _answering(run, then)
    _kept.append(callback)
    return (lambda: _install_temporary(*entry, callback)), (lambda: _install(*entry))


def uninstall_temp_proc(name: str) -> None:
    _temporary.discard(name)
    _uninstall_temporary(encode(name))
    wait_for_gimp()


def uninstall_left_over() -> None:
    """Uninstalls what a script has left, as its end does where GIMP has started it."""
    for name in list(_temporary):
        uninstall_temp_proc(name)


def menu_register(name: str, path: str) -> None:
    """Puts a procedure into a menu. Raises error where GIMP refuses, as it does for a path without its beginning."""
    if not _menu_register(encode(name), encode(path)):
        raise error(f"GIMP has not put {name} into the menu {path}")
