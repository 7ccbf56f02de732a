"""Names of Python 2 that old scripts use and Python 3 lacks. They are put into place when `gimpfu` is imported.

What Python 3 changed in meaning is left as it is: `python -m gimpfu_compat.check` names it.
"""

from __future__ import annotations

import builtins
import itertools
import os
import sys
from _functools import reduce  # type: ignore[import-not-found]  # functools itself is slow to import
from types import ModuleType

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any


class LateModule(ModuleType):
    """A module that is imported when it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(__import__(self.__name__), name)


class _GettextFinder:
    """Has `gettext.install` take the arguments it had in Python 2 too, wherever it is imported from."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name != "gettext":
            return None
        others = (finder for finder in sys.meta_path if finder is not _GettextFinder)
        spec = next(filter(None, (finder.find_spec(name, path) for finder in others)), None)
        if spec and spec.loader:
            execute = spec.loader.exec_module

            def execute_and_patch(module: Any) -> None:
                execute(module)
                _take_old_arguments(module)

            spec.loader.exec_module = execute_and_patch  # type: ignore[method-assign]
        return spec


def _take_old_arguments(gettext: Any) -> None:
    install = gettext.install

    def install_translation(
        domain: str, localedir: str | None = None, unicode: Any = None, codeset: Any = None, names: Any = None
    ) -> None:
        install(domain, localedir, names=None if isinstance(names, (bool, str)) else names)

    gettext.install = install_translation


def compare(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def apply(function: Any, arguments: Any = (), named: Any = None) -> Any:
    return function(*arguments, **(named or {}))


def lend() -> None:
    """Puts the names into place where nothing has that name."""
    if "gettext" in sys.modules:
        _take_old_arguments(sys.modules["gettext"])
    else:
        sys.meta_path.insert(0, _GettextFinder)
    for owner, names in (
        (
            builtins,
            {
                "xrange": range,
                "unicode": str,
                "basestring": str,
                "unichr": chr,
                "long": int,
                "raw_input": input,
                "reduce": reduce,
                "cmp": compare,
                "apply": apply,
                "intern": sys.intern,
                "_": lambda text: text,
            },
        ),
        (sys, {"maxint": sys.maxsize}),
        (os, {"getcwdu": os.getcwd}),
        (itertools, {"izip": zip, "imap": map, "ifilter": filter, "izip_longest": itertools.zip_longest}),
    ):
        for name, value in names.items():
            if not hasattr(owner, name):
                setattr(owner, name, value)
