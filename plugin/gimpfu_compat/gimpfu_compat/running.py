"""A run of a registered procedure: from GIMP's arguments, the last values or a dialog to the script's function."""

from __future__ import annotations

from itertools import takewhile

from .errors import CancelError, error
from .procedures import RUN_INTERACTIVE, RUN_NONINTERACTIVE, pdb
from .registration import PF_CHANNEL, PF_DRAWABLE, PF_IMAGE, PF_ITEM, PF_LAYER, PF_VECTORS, Parameter, Script, scripts

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

_OF_THE_MENU = {PF_IMAGE, PF_ITEM, PF_LAYER, PF_CHANNEL, PF_DRAWABLE, PF_VECTORS}
_FILE_NAMES = {"filename", "raw-filename", "uri", "raw-uri"}


def run(name: str, arguments: tuple[Any, ...]) -> Any:
    """Runs a procedure as GIMP asks for it. Raises CancelError when the user cancels the dialog."""
    script = scripts[name]
    mode = RUN_NONINTERACTIVE
    if script.run_mode_param:
        mode, *rest = arguments
        arguments = tuple(rest)
    if script.on_run:
        script.on_run()
    if mode != RUN_NONINTERACTIVE:
        given = arguments[: given_by_gimp(script.params)]
        arguments = given + _asked_for(script, mode, given)
    value = script.function(*arguments)
    if value is None and script.results:
        raise error(f"{name} returned nothing, but has registered {len(script.results)} results")
    if mode != RUN_NONINTERACTIVE:
        pdb.call("gimp-displays-flush", ())
    return value


def run_and_offer(name: str, arguments: tuple[Any, ...]) -> Any:
    """The same in a process that GIMP has started for it; later calls may be the resident process's, if there is one.

    What a user starts from a menu is not called again and again.
    """
    value = run(name, arguments)
    if not scripts[name].run_mode_param or arguments[0] == RUN_NONINTERACTIVE:
        from . import resident

        if resident.wanted() and resident.TAKE in pdb:
            resident.offer(list(scripts))
    return value


def given_by_gimp(params: tuple[Parameter, ...]) -> int:
    """How many of the parameters GIMP gives a procedure started from a menu: image, drawable, and names of files."""
    kinds = [parameter.kind for parameter in params]
    count = 1 if kinds[:1] == [PF_IMAGE] else 0
    if count and len(kinds) > 1 and kinds[1] in _OF_THE_MENU - {PF_IMAGE}:
        count += 1
    return count + sum(1 for _ in takewhile(lambda parameter: parameter.name in _FILE_NAMES, params[count:]))


def _asked_for(script: Script, mode: int, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values GIMP has not given: those of last time, changed by the user in a dialog if the mode is interactive."""
    wanted = script.params[len(given) :]
    values = last_values(script.name, wanted)
    if mode == RUN_INTERACTIVE and wanted:
        from . import shelf
        from .dialog import ask

        answer = ask(script, wanted, values)
        if answer is None:
            raise CancelError(f"{script.name} was cancelled")
        values = answer
        shelf.shelf[_key(script.name)] = values
    return tuple(values)


def last_values(name: str, wanted: tuple[Parameter, ...]) -> list[Any]:
    """What the user chose last since GIMP was started; the defaults at first, or if the parameters are others."""
    from . import shelf

    kept = shelf.shelf.get(_key(name))
    if kept is None or len(kept) != len(wanted):
        return [parameter.default for parameter in wanted]
    return list(kept)


def _key(name: str) -> str:
    return f"gimpfu-last-values-{name}"
