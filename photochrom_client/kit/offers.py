"""The colorizers that are not installed: which there are, and each one's way from the offer over the question about its
license to its download."""

from typing import NamedTuple

from ..translation import translated as _
from .words import license_to_accept


def to_be_had(models):
    """Those of the client's models that are offered, the ones that a button can fetch first."""
    offered = [model for model in models if model.kind == "colorizer" and not model.installed]
    return sorted(offered, key=lambda model: not model.fetch)


class Shown(NamedTuple):
    """What is to be seen of an offer: a text, two buttons with these labels, a bar; "" and None are hidden."""

    text: str = ""
    yes: str = ""
    no: str = ""
    no_sensitive: bool = True
    fraction: float | None = None
    message: str = ""


class Offer:
    """One colorizer that is not installed, and how far it is on its way. `show` is called with a `Shown` whenever
    there is another to be seen; `yes` and `no` are for the buttons, `hear` for what the fetcher tells of the model."""

    def __init__(self, model, fetcher, show):
        self._model = model
        self._fetcher = fetcher
        self._show = show
        self._stopping = False
        self._on_yes = self._on_no = None
        if model.fetch:
            self._offer()
        else:
            show(Shown(_("{why_not} Then run: photochrom models import FILE").format(why_not=model.why_not)))

    def yes(self):
        self._on_yes()

    def no(self):
        self._on_no()

    def hear(self, said):
        if "error" in said:
            self._offer(str(said["error"]))
        elif "cancelled" in said:
            self._offer()
        else:
            self._under_way(said["fraction"], said["message"])

    def _offer(self, text=""):
        self._on_yes, self._on_no = self._ask, None
        self._show(Shown(text, yes=_("Get…")))

    def _ask(self):
        self._on_yes, self._on_no = self._fetch, self._offer
        self._show(Shown(license_to_accept(self._model), yes=_("Accept and download"), no=_("Not now")))

    def _fetch(self):
        self._on_yes, self._on_no = None, self._stop
        self._stopping = False
        self._under_way(0.0, _("Asking the engine…"))
        self._fetcher.fetch(self._model)

    def _stop(self):
        self._stopping = True
        self._fetcher.stop(self._model.name)
        self._under_way(*self._reached)

    def _under_way(self, fraction, message):
        self._reached = fraction, message
        self._show(Shown(no=_("Stop"), no_sensitive=not self._stopping, fraction=fraction, message=message))
