"""What a script registers: its procedures with their parameters, results and places in the menus."""

from __future__ import annotations

from . import parameters
from .errors import error
from .libraries import GIMP, Text, encode
from .libraries import function as declared
from .parameters import COLOR, DRAWABLE, FLOAT, IMAGE, INT32, STRING
from .plugin_process import install_procedure, menu_register

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

PF_INT32, PF_INT16, PF_INT8, PF_FLOAT, PF_STRING = range(5)
PF_INT, PF_VALUE = PF_INT32, PF_STRING
PF_INT32ARRAY, PF_INT16ARRAY, PF_INT8ARRAY, PF_FLOATARRAY, PF_STRINGARRAY = range(5, 10)
PF_COLOR = PF_COLOUR = COLOR
PF_ITEM, PF_DISPLAY, PF_IMAGE, PF_LAYER, PF_CHANNEL, PF_DRAWABLE = range(parameters.ITEM, parameters.SELECTION)
PF_VECTORS, PF_PARASITE, PF_STATUS = parameters.VECTORS, parameters.PARASITE, parameters.STATUS
PF_TOGGLE, PF_SLIDER, PF_SPINNER, PF_FONT, PF_FILE, PF_BRUSH, PF_PATTERN = range(1000, 1007)
PF_GRADIENT, PF_RADIO, PF_TEXT, PF_PALETTE, PF_FILENAME, PF_DIRNAME, PF_OPTION = range(1007, 1014)
PF_BOOL, PF_ADJUSTMENT = PF_TOGGLE, PF_SPINNER

_TYPES = {PF_TOGGLE: INT32, PF_OPTION: INT32, PF_SLIDER: FLOAT}
_OURS = ("python-", "extension-", "plug-in-", "file-")
_PLUGIN = 1
_IMAGE_AND_DRAWABLE = [(PF_IMAGE, "image", "Input image", None), (PF_DRAWABLE, "drawable", "Input drawable", None)]
_FILE_NAMES = [
    (PF_STRING, "filename", "The name of the file", ""),
    (PF_STRING, "raw-filename", "The name of the file as entered", ""),
]


class Parameter:
    """One parameter as a script wrote it down. `extra`: the range of a slider, the choices of a radio."""

    def __init__(self, kind: int, name: str, description: str, default: Any = None, extra: Any = None) -> None:
        self.kind, self.name, self.description, self.default, self.extra = kind, name, description, default, extra

    @property
    def type(self) -> int:
        """Its type in the procedure database. Fractions are fractions there too; radios are what their values are."""
        if self.kind == PF_SPINNER:
            numbers = (self.default, *(self.extra or ()))
            return FLOAT if any(isinstance(each, float) and not each.is_integer() for each in numbers) else INT32
        if self.kind == PF_RADIO:
            return {int: INT32, bool: INT32, float: FLOAT}.get(type(self.default), STRING)
        return _TYPES.get(self.kind, self.kind if self.kind < PF_TOGGLE else STRING)

    @property
    def entry(self) -> tuple[int, str, str]:
        return self.type, self.name, self.description.replace("_", "")


class Script:
    """One registered procedure: what `register` was given, with its parameters and results checked."""

    def __init__(
        self,
        name: str,
        texts: tuple[str | None, ...],
        label: str | None,
        imagetypes: str | None,
        params: tuple[Parameter, ...],
        results: tuple[tuple[int, str, str], ...],
        function: Callable[..., Any],
        menu: str | None,
        domain: Any,
        on_query: Callable[[], Any] | None,
        on_run: Callable[[], Any] | None,
        run_mode_param: bool,
    ) -> None:
        """`texts`: blurb, help, author, copyright, date."""
        self.name, self.texts, self.label, self.imagetypes, self.menu = name, texts, label, imagetypes, menu
        self.params, self.results, self.function, self.domain = params, results, function, domain
        self.on_query, self.on_run, self.run_mode_param = on_query, on_run, run_mode_param

    @property
    def blurb(self) -> str | None:
        return self.texts[0]

    def install(self) -> None:
        """Tells GIMP of it, in a query."""
        modes = [(INT32, "run-mode", "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1) }")]
        install_procedure(
            *(self.name, *self.texts, self.label, self.imagetypes, _PLUGIN),
            (modes if self.run_mode_param else []) + [parameter.entry for parameter in self.params],
            self.results,
        )
        if self.menu:
            menu_register(self.name, self.menu)
        if self.on_query:
            self.on_query()


scripts: dict[str, Script] = {}
"""What the script that runs has registered, by name."""


def register(
    proc_name: str,
    blurb: str,
    help: str,
    author: str,
    copyright: str,
    date: str,
    label: str | None,
    imagetypes: str | None,
    params: Sequence[Sequence[Any]],
    results: Sequence[Sequence[Any]],
    function: Callable[..., Any],
    menu: str | None = None,
    domain: Any = None,
    on_query: Callable[[], Any] | None = None,
    on_run: Callable[[], Any] | None = None,
    run_mode_param: bool = True,
) -> None:
    """Makes a Python function a procedure of GIMP's.

    A parameter is (type, name, description, default) with a fifth part where the type has one; a result (type, name,
    description). A label such as `<Image>/Filters/Name` is the menu too, and the image and the drawable come first
    then. Raises error for definitions that GIMP would refuse.
    """
    name = proc_name.replace("_", "-")
    if not name.startswith(_OURS):
        name = f"python-fu-{name}"
    wanted = [tuple(each) for each in params]
    _check(name, wanted, 4, "parameter")
    _check(name, results, 3, "result")
    if menu is None and label and "/" in label:
        menu, _, label = label.rpartition("/")
        wanted = _given_by(menu) + wanted
    scripts[name] = Script(
        *(name, (blurb, help, author, copyright, date), label, imagetypes),
        tuple(Parameter(*each[:5]) for each in wanted),
        tuple((Parameter(*each[:3]).type, each[1], each[2]) for each in results),
        function,
        menu,
        domain,
        on_query,
        on_run,
        run_mode_param,
    )


def query() -> None:
    for script in scripts.values():
        _translate(script.domain)
        script.install()


def _translate(domain: Any) -> None:
    """Tells GIMP which catalog the labels are translated by: a name, or a name and a folder."""
    if domain:
        name, folder = (domain, None) if isinstance(domain, str) else (*domain, None)[:2]
        register_domain = declared(GIMP, "gimp_plugin_domain_register", None, Text, Text)
        register_domain(encode(name), encode(folder) if folder else None)


def _given_by(menu: str) -> list[tuple[Any, ...]]:
    """The parameters that old scripts leave out, since their menu says them."""
    if menu.startswith("<Load>"):
        return list(_FILE_NAMES)
    if menu.startswith("<Save>"):
        return [*_IMAGE_AND_DRAWABLE, *_FILE_NAMES]
    return list(_IMAGE_AND_DRAWABLE) if menu.startswith("<Image>") else []


def _check(name: str, definitions: Sequence[Sequence[Any]], parts: int, what: str) -> None:
    for each in definitions:
        if len(each) < parts:
            raise error(f"{name}: a {what} needs at least {parts} parts: {tuple(each)!r}")
        if not isinstance(each[0], int):
            raise error(f"{name}: the {what} {each[1]} has no type of gimpfu's but {each[0]!r}")
        letters = each[1].replace("-", "").replace("_", "")
        if not (letters.isascii() and letters.isalnum()):
            raise error(f"{name}: a {what} cannot be named {each[1]!r}: letters, digits, - and _ only")
