"""The window about the installation: what is there, what it can do, what else can be fetched, what is out of date.

It shows itself once, and whenever there is no engine, or engine and plug-in are of different versions.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from ..engine import Engine, Progress, connect
from ..errors import EngineError, EngineIncompatible, EngineMissing
from ..finding import command_of
from ..runtime_file import RuntimeFile
from ..translation import translated as _
from .background import Background, Failed
from .offers import CONNECTING, Shown, offered
from .updates import Offer, get_engine, update, version_of

FIRST = "first"
"""What is remembered once the window has been shown."""


class Looked(NamedTuple):
    """A message: what was found, in words, and what can be done about it."""

    text: str
    offer: Offer | None


class Doing(NamedTuple):
    """A message: how far (0…1) the accepted offer is."""

    fraction: float
    message: str


class Stopped(NamedTuple):
    """A message: the user stopped it."""


Message = Looked | Doing | Stopped | Failed


def reason(plugin_folder: str | os.PathLike[str], seen: str) -> str | None:
    """Whether the window is to show itself: what to remember as `seen` then, else None.

    `seen` is what was remembered the last time, "" at first. Takes milliseconds: no engine is started.
    """
    running = None
    with suppress(OSError, ValueError):
        running = RuntimeFile.read().version
    if running is None and _engine_is_missing(plugin_folder):
        return seen or FIRST  # and again the next time
    if not seen:
        return FIRST
    plugin = version_of(plugin_folder)
    pair = f"{plugin} {running}"
    differs = running is not None and plugin not in {"", running}
    return pair if differs and pair != seen else None


class Installation:
    """What the window shows and does. `host` is the editor's name for `photochrom plugin install`, such as "krita".

    `tell` is called on threads with messages, which are to be given to `hear` on the thread of the windows; `show` is
    called there with every new state; `yes` and `no` are for the buttons.
    """

    def __init__(
        self,
        plugin_folder: str | os.PathLike[str],
        host: str,
        tell: Callable[[Message], object],
        show: Callable[[Shown], object],
    ) -> None:
        self._folder = plugin_folder
        self._host = host
        self._tell = tell
        self._show = show
        self._offer: Offer | None = None
        self._work: Background | None = None
        self._on_yes: Callable[[], None] | None = None
        self._stopping = False

    def look(self) -> None:
        """Looks at everything anew."""
        self._on_yes = None
        self._stopping = False
        self._show(Shown(CONNECTING))

        def work(thread: Background) -> None:
            found = look(self._folder, self._host, lambda *_progress: not thread.stopped)
            if not thread.stopped:
                self._tell(found)

        self._work = Background("installation", work, self._tell)

    def yes(self) -> None:
        if self._on_yes is not None:
            self._on_yes()

    def no(self) -> None:
        """Stops what is being done."""
        if self._work is not None:
            self._stopping = True
            self._work.stop()

    def close(self) -> None:
        """Stops everything and waits until it has stopped."""
        if self._work is not None:
            self._work.stop()
            self._work.join()

    def hear(self, message: Message) -> None:
        match message:
            case Looked(text, offer):
                self._offer = offer
                self._on_yes = self._accept if offer else None
                self._show(Shown(text, yes=offer.label if offer else ""))
            case Doing(fraction, text):
                self._show(Shown(no=_("Stop"), no_sensitive=not self._stopping, fraction=fraction, message=text))
            case Stopped():
                if self._stopping:  # else the window was closed and opened meanwhile, and has looked
                    self.look()
            case Failed(error):
                self._on_yes = self._accept if self._offer else self.look
                self._show(Shown(str(error), yes=_("Try again")))

    def _accept(self) -> None:
        offer = self._offer
        assert offer is not None
        self._on_yes = None
        self._stopping = False
        self._show(Shown(no=_("Stop"), fraction=0.0, message=offer.label))

        def work(thread: Background) -> None:
            def on_progress(fraction: float, message: str) -> bool:
                if not thread.stopped:
                    self._tell(Doing(fraction, message))
                return not thread.stopped

            try:
                done = offer.do(on_progress)
                found = look(self._folder, self._host, lambda *_progress: not thread.stopped)
            except EngineError:  # `Cancelled`, or one that came first, such as that of a network that is away
                if not thread.stopped:
                    raise
                self._tell(Stopped())
            else:
                self._tell(found._replace(text=f"{done}\n\n{found.text}" if done else found.text))

        self._work = Background("installation", work, self._tell)


def look(plugin_folder: str | os.PathLike[str], host: str, on_progress: Progress) -> Looked:
    """Starts the engine if it does not run, and describes everything; without one, what can be fetched.

    Raises `EngineError`: an engine is there and does not work.
    """
    try:
        engine = connect(plugin_folder, on_progress)
    except EngineMissing as missing:
        text, offer = get_engine()
        return Looked(f"{missing.cause}\n\n{text}", offer)
    except EngineIncompatible as error:
        found = update(plugin_folder, host, RuntimeFile.read().version)
        return Looked(found.text, found.offer) if found else Looked(str(error), None)
    found = update(plugin_folder, host, engine.version)
    text = overview(engine)
    return Looked(f"{found.text}\n\n{text}", found.offer) if found else Looked(text, None)


def overview(engine: Engine) -> str:
    """What is installed, what the included network can do, and what else can be fetched."""
    installed = "\n".join(f"• {title}" for _name, title in engine.colorizers()[1:])
    parts = [
        _("Photochrom {version} is installed on this computer, and ready.").format(version=engine.version),
        _(
            "The network that is included colors any photograph, in a second or two and without the internet. It has "
            "five experts: portraits, landscapes and streets, things, animals and flowers, and one for everything. "
            "The colors are plausible guesses, and the tones of the photograph stay."
        ),
        _("Installed:") + f"\n{installed}",
    ]
    more = "\n".join(f"• {each.name}: {each.size}, {each.license}" for each in offered(engine.models()) if each.fetch)
    if more:
        parts.append(
            _("Other colorizers can be fetched under “More…”, beside the choice of the colorizer:") + f"\n{more}"
        )
    return "\n\n".join(parts)


def _engine_is_missing(plugin_folder: str | os.PathLike[str]) -> bool:
    try:
        return command_of(plugin_folder) is None
    except (OSError, ValueError):
        return True
