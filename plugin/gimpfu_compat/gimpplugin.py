"""Plug-ins as classes: a method for each procedure."""

from __future__ import annotations

import gimp

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any


class plugin:  # noqa: N801  the name scripts know
    """Override `query`, which installs procedures, and write a method of the name of each, with `_` for `-`."""

    def start(self) -> None:
        """Talks with GIMP until it is done."""

        def own(name: str) -> Any:
            return getattr(self, name) if getattr(type(self), name) is not getattr(plugin, name) else None

        gimp.main(own("init"), own("quit"), self.query, self._run)

    def init(self) -> None:
        """Called when GIMP starts, if it is overridden."""

    def quit(self) -> None:
        """Called when GIMP ends, if it is overridden."""

    def query(self) -> None:
        """Installs the procedures."""

    def _run(self, name: str, params: tuple[Any, ...]) -> Any:
        return getattr(self, name.replace("-", "_"))(*params)
