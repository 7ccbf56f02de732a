"""Objects of GIMP's, held by their number: what images, items and displays share."""

from __future__ import annotations

from .errors import error
from .parasites import Parasite
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T", bound="Handle")


class Handle:
    """Equal to another object of the same number and sort: two of them may stand for the same layer."""

    ID: int
    _sort = ""

    @classmethod
    def of(cls: type[T], number: int) -> T:
        """The object that GIMP already has under this number."""
        handle = cls.__new__(cls)
        handle.ID = number
        return handle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and (self._sort, self.ID) == (other._sort, other.ID)

    def __hash__(self) -> int:
        return hash((self._sort, self.ID))

    def __repr__(self) -> str:
        return f"<gimp.{type(self).__name__} '{getattr(self, 'name', self.ID)}'>"


def attribute(getter: str, setter: str | None = None, convert: Callable[[Any], Any] | None = None) -> Any:
    """A property that procedures read and write. `convert` makes what scripts see of what GIMP gives."""

    def read(self: Handle) -> Any:
        value = pdb.call(getter, (self,))
        return convert(value) if convert else value

    def write(self: Handle, value: Any) -> None:
        pdb.call(setter or "", (self, value))

    return property(read, write if setter else None)


def method(procedure: str, *required: str, **optional: Any) -> Any:
    """A method that is a procedure: the object itself, then arguments by position or name, some with defaults."""
    names = (*required, *optional)

    def call(self: Handle, *values: Any, **named: Any) -> Any:
        given = {**optional, **dict(zip(names, values, strict=False)), **named}
        if len(values) > len(names) or set(given) != set(names):
            raise TypeError(f"{procedure} takes ({', '.join(names)}); {', '.join(optional) or 'none'} may be left out")
        return pdb.call(procedure, (self, *(given[name] for name in names)))

    call.__name__ = procedure.replace("-", "_")
    return call


class WithParasites(Handle):
    """Parasites of an image or an item."""

    def parasite_find(self, name: str) -> Parasite | None:
        """The parasite of this name, or None."""
        try:
            found: Parasite = pdb.call(f"gimp-{self._sort}-get-parasite", (self, name))
        except error:
            return None
        return found

    def parasite_attach(self, parasite: Parasite) -> None:
        pdb.call(f"gimp-{self._sort}-attach-parasite", (self, parasite))

    def attach_new_parasite(self, name: str, flags: int, data: Any) -> None:
        self.parasite_attach(Parasite(name, flags, data))

    def parasite_detach(self, name: str) -> None:
        pdb.call(f"gimp-{self._sort}-detach-parasite", (self, name))

    def parasite_list(self) -> tuple[str, ...]:
        return tuple(pdb.call(f"gimp-{self._sort}-get-parasite-list", (self,))[1])
