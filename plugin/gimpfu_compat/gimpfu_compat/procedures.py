"""`pdb`: every procedure of GIMP's database, by one path."""

from __future__ import annotations

from ctypes import POINTER, byref

from .errors import CancelError, error
from .libraries import GIMP, Int, Pointer, Text, decode, encode, function, taken
from .parameters import Definition, Parameter, from_memory, to_memory

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

EXECUTION_ERROR, CALLING_ERROR, PASS_THROUGH, SUCCESS, CANCEL = range(5)
RUN_INTERACTIVE, RUN_NONINTERACTIVE, RUN_WITH_LAST_VALS = range(3)

NOTHING_SAID = ("", "execution error", "calling error")
"""What GIMP says of a failure when it has no reason to give."""

_Definitions = POINTER(Definition)
_exists = function(GIMP, "gimp_procedural_db_proc_exists", Int, Text)
_info = function(
    *(GIMP, "gimp_procedural_db_proc_info", Int, Text),
    *[POINTER(Pointer)] * 5,
    *[POINTER(Int)] * 3,
    *[POINTER(_Definitions)] * 2,
)
_run = function(GIMP, "gimp_run_procedure2", POINTER(Parameter), Text, POINTER(Int), Int, POINTER(Parameter))
_free_parameters = function(GIMP, "gimp_destroy_params", None, POINTER(Parameter), Int)
_free_definitions = function(GIMP, "gimp_destroy_paramdefs", None, _Definitions, Int)
_error_text = function(GIMP, "gimp_get_pdb_error", Text)

_IGNORE = ("gimp-progress", "gimp-message", "gimp-context", "gimp-getpid", "gimp-version", "gimp-displays-flush")
_READ = {"get", "is", "has", "find", "list", "exists", "info", "bounds", "size", "width", "height", "bpp", "type"}
_READ |= {"offsets", "duplicate", "undo"}


def _touches(name: str) -> int:
    """What a procedure does with pixels, by its name: 0 nothing, 1 it may read them, 2 it may change them."""
    if name.startswith((*_IGNORE, "gimp-procedural-db")):
        return 0
    return 2 if _READ.isdisjoint(name.split("-")) else 1


class Info:
    """What GIMP tells about a procedure: `texts` are blurb, help, author, copyright, date; an argument or result is a
    tuple of type, name, description.
    """

    def __init__(
        self,
        name: bytes,
        texts: tuple[str | None, ...],
        kind: int,
        arguments: tuple[tuple[int, str, str], ...],
        results: tuple[tuple[int, str, str], ...],
        touches: int,
    ) -> None:
        self.name, self.texts, self.type = name, texts, kind
        self.arguments, self.results, self.touches = arguments, results, touches

    @property
    def parts(self) -> tuple[Any, ...]:
        """What makes another of it."""
        return self.name, self.texts, self.type, self.arguments, self.results, self.touches


class Pixels:
    """What is done before GIMP itself reads (1) or changes (2) pixels; set by `buffers` once a script touches them."""

    settle: Callable[[int], None] | None = None


class Database:
    """`pdb.gimp_image_new(…)` or `pdb["gimp-image-new"](…)`.

    The argument run-mode is left out by callers: it is RUN_NONINTERACTIVE unless `run_mode=` says otherwise.
    One result is given plain, several as a tuple, none as None.
    """

    def __init__(self) -> None:
        self._known: dict[str, Info] = {}

    def info(self, name: str) -> Info:
        """What GIMP tells about a procedure: asked once. Raises AttributeError where there is none."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _asked(name)
        return known

    def know(self, name: str, info: Info) -> None:
        """Saves the question."""
        self._known[name] = info

    def call(self, name: str, arguments: Sequence[Any], run_mode: int = RUN_NONINTERACTIVE) -> Any:
        """Runs a procedure by its name with dashes.

        Raises TypeError for wrong arguments, CancelError when the user cancelled it, error with GIMP's text when it
        failed.
        """
        info = self.info(name)
        wanted = info.arguments
        if wanted and wanted[0][1] == "run-mode" and len(arguments) == len(wanted) - 1:
            arguments = (run_mode, *arguments)
        if len(arguments) != len(wanted):
            names = ", ".join(each[1] for each in wanted if each[1] != "run-mode")
            raise TypeError(f"{name} takes ({names}), not {len(arguments)} arguments")
        if Pixels.settle and info.touches:
            Pixels.settle(info.touches)
        keep: list[Any] = []
        given = (Parameter * max(1, len(wanted)))(
            *(to_memory(kind, value, title, keep) for (kind, title, _), value in zip(wanted, arguments, strict=True))
        )
        count = Int()
        results = _run(info.name, byref(count), len(wanted), given)
        if not results:
            raise error(f"{name} ended without an answer")
        try:
            status, *values = from_memory(results, count.value if results[0].data.int32 == SUCCESS else 1)
        finally:
            _free_parameters(results, count)
        if status == CANCEL:
            raise CancelError(f"{name} was cancelled")
        if status != SUCCESS:
            text = decode(_error_text()) or ""
            raise error(f"{name}: {text or 'failed'}" if text in NOTHING_SAID else text)
        return None if not values else values[0] if len(values) == 1 else tuple(values)

    def query(self, *patterns: str) -> tuple[str, ...]:
        """Names of the procedures whose name, blurb, help, author, copyright, date, type match regular expressions."""
        _, names = self.call("gimp-procedural-db-query", [*patterns, *[".*"] * (7 - len(patterns))])
        return tuple(names)

    def __getitem__(self, name: str) -> Procedure:
        dashed = name.replace("_", "-")
        try:
            self.info(dashed)
        except AttributeError as missing:
            raise KeyError(str(missing)) from missing
        return Procedure(dashed)

    def __getattr__(self, name: str) -> Procedure:
        if name.startswith("__"):
            raise AttributeError(name)
        dashed = name.replace("_", "-")
        self.info(dashed)
        return Procedure(dashed)

    def __contains__(self, name: str) -> bool:
        return bool(_exists(encode(name.replace("_", "-"))))

    has_key = __contains__

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> tuple[str, ...]:
        return self.query(".*")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name.replace("-", "_") for name in self.keys())]


class Procedure:
    """One procedure of the database: a function that also tells about itself."""

    def __init__(self, name: str) -> None:
        self.proc_name = name

    def __call__(self, *arguments: Any, run_mode: int = RUN_NONINTERACTIVE) -> Any:
        return pdb.call(self.proc_name, arguments, run_mode)

    @property
    def proc_blurb(self) -> str | None:
        return pdb.info(self.proc_name).texts[0]

    @property
    def proc_help(self) -> str | None:
        return pdb.info(self.proc_name).texts[1]

    @property
    def proc_author(self) -> str | None:
        return pdb.info(self.proc_name).texts[2]

    @property
    def proc_copyright(self) -> str | None:
        return pdb.info(self.proc_name).texts[3]

    @property
    def proc_date(self) -> str | None:
        return pdb.info(self.proc_name).texts[4]

    @property
    def proc_type(self) -> int:
        return pdb.info(self.proc_name).type

    @property
    def params(self) -> tuple[tuple[int, str, str], ...]:
        return pdb.info(self.proc_name).arguments

    @property
    def return_vals(self) -> tuple[tuple[int, str, str], ...]:
        return pdb.info(self.proc_name).results

    @property
    def nparams(self) -> int:
        return len(self.params)

    @property
    def nreturn_vals(self) -> int:
        return len(self.return_vals)

    def __repr__(self) -> str:
        return f"<pdb function {self.proc_name}>"


def _asked(name: str) -> Info:
    if not _exists(encode(name)):
        raise AttributeError(f"GIMP has no procedure {name}")
    texts = [Pointer() for _ in range(5)]
    kind, argument_count, result_count = Int(), Int(), Int()
    arguments, results = _Definitions(), _Definitions()
    pointers = (*texts, kind, argument_count, result_count, arguments, results)
    _info(encode(name), *map(byref, pointers))
    told = tuple(taken(text.value) for text in texts)
    info = Info(
        encode(name),
        told,
        kind.value,
        _described(arguments, argument_count.value),
        _described(results, result_count.value),
        _touches(name),
    )
    _free_definitions(arguments, argument_count)
    _free_definitions(results, result_count)
    return info


def _described(definitions: Any, count: int) -> tuple[tuple[int, str, str], ...]:
    return tuple((each.type, decode(each.name) or "", decode(each.description) or "") for each in definitions[:count])


pdb = Database()


def wait_for_gimp() -> None:
    """Waits until GIMP has read what was sent without an answer, such as the end of a temporary procedure (and with it
    that of a progress bar). A process that ends while several of its messages wait is cut off after the first of them,
    and its results are lost: "returned no return values".
    """
    _exists(b"gimp-version")
