"""Colorizers that are not installed: which are offered, and each one's way from the offer over its license to its
download."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from ..engine import Colorizer, Model
from ..translation import translated as _
from .background import Failed
from .downloads import Catalog, DownloadFailed, Downloading, Downloads, DownloadStopped, Message
from .texts import license_to_accept

CONNECTING = _("Connecting to the engine…")


def offered(models: Iterable[Model]) -> list[Model]:
    """The colorizers among them that are not installed, those that a button can download first."""
    missing = [model for model in models if model.kind == "colorizer" and not model.installed]
    return sorted(missing, key=lambda model: not model.fetch)


class Shown(NamedTuple):
    """The state of an offer's widgets: a text, two buttons with these labels, a bar; "" and None are hidden."""

    text: str = ""
    yes: str = ""
    no: str = ""
    no_sensitive: bool = True
    fraction: float | None = None
    message: str = ""


class Offer:
    """One colorizer that is not installed. `show` is called with every new state; `yes` and `no` are for the buttons,
    `hear` for messages about this model."""

    def __init__(self, model: Model, downloads: Downloads, show: Callable[[Shown], object]) -> None:
        self._model = model
        self._downloads = downloads
        self._show = show
        self._stopping = False
        self._reached = 0.0, ""
        self._on_yes: Callable[[], None] | None = None
        self._on_no: Callable[[], None] | None = None
        if model.fetch:
            self._offer()
        else:
            show(Shown(_("{why_not} Then run: photochrom models import FILE").format(why_not=model.why_not)))

    def yes(self) -> None:
        if self._on_yes is not None:
            self._on_yes()

    def no(self) -> None:
        if self._on_no is not None:
            self._on_no()

    def hear(self, message: Downloading | DownloadFailed | DownloadStopped) -> None:
        match message:
            case Downloading(_name, fraction, text):
                self._show_progress(fraction, text)
            case DownloadFailed(_name, error):
                self._offer(str(error))
            case DownloadStopped():
                self._offer()

    def _offer(self, text: str = "") -> None:
        self._on_yes, self._on_no = self._ask, None
        self._show(Shown(text, yes=_("Get…")))

    def _ask(self) -> None:
        self._on_yes, self._on_no = self._download, self._offer
        self._show(Shown(license_to_accept(self._model), yes=_("Accept and download"), no=_("Not now")))

    def _download(self) -> None:
        self._on_yes, self._on_no = None, self._stop
        self._stopping = False
        self._show_progress(0.0, CONNECTING)
        self._downloads.start(self._model)

    def _stop(self) -> None:
        self._stopping = True
        self._downloads.stop(self._model.name)
        self._show_progress(*self._reached)

    def _show_progress(self, fraction: float, message: str) -> None:
        self._reached = fraction, message
        self._show(Shown(no=_("Stop"), no_sensitive=not self._stopping, fraction=fraction, message=message))


class Row(Protocol):
    """An editor's widgets for one offer."""

    offer: Offer

    def remove(self) -> None: ...


class OfferList:
    """Keeps an editor's list of offers up to date with what `Downloads` tells, on the thread of its windows.

    `add(model)` appends a row and returns it; `say(text)` shows a text instead of the list, "" shows the list;
    `show_installed` is called with the colorizers whenever there may be more of them.
    """

    def __init__(
        self,
        add: Callable[[Model], Row],
        say: Callable[[str], object],
        show_installed: Callable[[list[Colorizer]], object],
    ) -> None:
        self._add = add
        self._say = say
        self._show_installed = show_installed
        self._rows: dict[str, Row] = {}
        say(CONNECTING)

    def hear(self, message: Message) -> None:
        match message:
            case Catalog(models, colorizers):
                self._show(offered(models))
                self._show_installed(colorizers)
            case Failed(error):
                self._say(str(error))
            case _:
                self._rows[message.name].offer.hear(message)

    def _show(self, models: list[Model]) -> None:
        """Rows of models that are still offered stay as they are: one of them may be downloading."""
        names = {model.name for model in models}
        for name in [name for name in self._rows if name not in names]:
            self._rows.pop(name).remove()
        for model in models:
            if model.name not in self._rows:
                self._rows[model.name] = self._add(model)
        self._say("" if models else _("All colorizers that Photochrom knows are installed."))
