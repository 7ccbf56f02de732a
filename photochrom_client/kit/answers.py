"""One answer after the other to the same photograph, beside the dialog that shows them."""

import threading

from ..engine import connect
from ..errors import Cancelled, EngineError, JobFailed, RequestRefused, Unexpected
from ..settings import AUTO, STYLES
from ..translation import translated as _
from . import variants


class Answers:
    """Asks the engine on a thread of its own.

    `layer` is a `preview.Reduced`; `given` has what is heeded beside it ("hints", "selection", "reference", each as
    (width, height, bytes) for the client's `hint`, `select`, `refer`). `tell` is called on the thread with {"working":
    message}, {"key", "title", "settings", "preview"} for each answer, and at the end with {"done": text for the user}
    or {"error": EngineError}.

    A style that changes nothing is not told: some colorizers have one answer only.

    A colorizer that is gone is replaced by the automatic choice, and an answer that fails is left out: the text at the
    end says so.
    """

    def __init__(self, plugin_folder, layer, given, settings, tell):
        self._folder = plugin_folder
        self._layer = layer
        self._given = given
        self._settings = settings
        self._tell = tell
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="photochrom-variants", daemon=True)
        self._thread.start()

    def stop(self):
        """Ends the work, the engine's too; nothing more is told."""
        self._closed.set()

    def close(self):
        """The same, and waits until it has ended."""
        self.stop()
        self._thread.join(5)

    def _run(self):
        try:
            said = {"done": self._ask()}
        except Cancelled:
            return
        except EngineError as error:
            said = {"error": error}
        except Exception as error:  # on a thread nobody would hear of it
            said = {"error": Unexpected(error)}
        if not self._closed.is_set():
            self._tell(said)

    def _ask(self):
        """Tells the answers; returns what is said when all have come."""
        engine = connect(self._folder, self._go_on)
        layer = self._layer
        with engine.upload(layer.width, layer.height, [layer.lightness], icc=layer.icc) as sent:
            send = {"hints": sent.hint, "selection": sent.select, "reference": sent.refer}
            for what, planes in self._given.items():
                send[what](*planes)
            there = [each.name for each in engine.colorizers()]
            gone = [name for name in self._settings.colorizer.split("+") if name not in there]
            settings = self._settings._replace(colorizer=AUTO) if gone else self._settings
            others = [name for name in there if name != settings.colorizer]  # its answer is the main one
            failed = self._answer(sent, settings, variants.keys(self._count(sent, settings), others, settings.style))
        notes = []
        if gone:
            text = _("Not installed any more: {names}. These are answers of the automatic choice.")
            notes.append(text.format(names=", ".join(gone)))
        notes += [_("Left out: {names} ({why})").format(names=", ".join(failed[why]), why=why) for why in failed]
        return "\n".join([*notes, _("Choose one or several.")])

    def _answer(self, sent, settings, keys):
        """Tells the answers that there are; returns the titles of the others by the reason. Raises that if there are
        none at all."""
        failed, last, main = {}, None, None
        for key in keys:
            wanted = variants.settings_of(settings, key)
            try:
                job = sent.colorize(wanted.options(), self._go_on)
                preview = job.preview()
            except (JobFailed, RequestRefused) as error:
                failed.setdefault(error.cause.partition("\n")[0], []).append(variants.title(key))
                last = error
                continue
            if self._closed.is_set():
                raise Cancelled("Cancelled.", code="cancelled")
            if key in STYLES and preview == main:
                continue
            main = preview if main is None else main
            self._tell({"key": key, "title": variants.title(key, job.title), "settings": wanted, "preview": preview})
        if sum(map(len, failed.values())) == len(keys):
            raise last
        return failed

    def _count(self, sent, settings):
        """How many variants there are: the engine counts them when it is asked for one, and fails if there is none."""
        try:
            return sent.colorize(variants.settings_of(settings, "1").options(), self._go_on).variants
        except (JobFailed, RequestRefused):
            return 0  # what else is wrong, the main answer says, too

    def _go_on(self, _fraction, message):
        if not self._closed.is_set():
            self._tell({"working": message})
        return not self._closed.is_set()
