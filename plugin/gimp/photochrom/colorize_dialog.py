"""The dialog that colors a photograph: before and after, and the settings."""

import gi

gi.require_version("Gtk", "3.0")
import arguments
import hints
import layers
import pixels
from coloring import FOLDER
from gi.repository import Gtk
from history_menu import HistoryMenu
from more_colorizers import MoreColorizers
from preview_dialog import PreviewDialog, becomes_rgb, text
from view import BeforeAfter

from photochrom_client import translated as _
from photochrom_client.kit.preview import Choices, Doubt, Reduced, scale_for
from photochrom_client.kit.texts import NO_DOUBT, NOTICED, SET_RIGHT, automatic, colored_by
from photochrom_client.kit.viewing import PaintWatch
from photochrom_client.protocol import AUTO


def small(image, source):
    """The layer for a preview."""
    scale = scale_for(source.get_width(), source.get_height())
    return Reduced(*pixels.reduced(source, scale, "CIE L float"), layers.profile_of(image))


class ColorizeDialog(PreviewDialog):
    TITLE = _("Photochrom: Colorize")
    OK = _("Colori_ze")

    def __init__(self, procedure, config, image, source):
        self._colorizers = Named(config, "colorizer")
        self._segmenters = Named(config, "segmenter")
        self._scores = {}
        self._paint = PaintWatch()
        config.set_property("original", layers.original_of(source))  # whatever the last photograph was
        self._noticed = Noticed(lambda original: config.set_property("original", original))
        self._listed = [(AUTO, automatic({}))]
        self._more = MoreColorizers(FOLDER, self._list)
        view, reduced = BeforeAfter(source), small(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=arguments.SETTINGS)
        self._colorizers.show(self._listed)
        self._segmenters.show([("", _("Best installed"))])
        self._read_hints()
        self._want()

    def close(self):
        self._more.close()
        super().close()

    def _rows(self):
        yield self._noticed.widget
        yield row(_("Co_lorizer"), self._colorizers.widget, self._more.widget)
        yield self._window.fill_box("photochrom-often", ["style", *self._scales("chroma", "harmonize")])
        rarely = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, margin_top=6)
        rarely.pack_start(row(_("O_bject segmenter"), self._segmenters.widget), False, False, 0)
        names = [*self._scales("warmth", "neutrals"), "keep-tint", "original", "output", "note"]
        label = self._window.get_widget("note", Gtk.CheckButton).get_child()
        label.set_line_wrap(True)  # the dialog must not become as wide as the sentence
        label.set_max_width_chars(50)
        rarely.pack_start(self._window.fill_box("photochrom-rarely", names), False, False, 0)
        expander = Gtk.Expander(label=_("More _settings"), use_underline=True)
        expander.add(rarely)
        yield expander
        self._hints = text()
        update = Gtk.Button(label=_("U_pdate"), use_underline=True, tooltip_text=_("Reads the painted hints again"))
        update.connect("clicked", self._update_hints)
        yield row("", self._hints, update)
        yield self._window.fill_box("photochrom-hints", self._scales("reach"))
        yield HistoryMenu(self._reuse).widget
        note = becomes_rgb(self._image)
        if note is not None:
            yield note

    def _rows_below(self):
        self._doubt = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0, 100, 10)
        self._doubt.set_draw_value(False)
        self._doubt.set_tooltip_text(_("Fades in where the colorizer is unsure: the brighter, the less sure"))
        self._doubt.connect("value-changed", self._fade_doubt)
        yield row(_("Show uncertaint_y"), self._doubt, text(_("brighter: less sure")))

    def _fade_doubt(self, scale):
        self._view.fade_doubt(scale.get_value() / 100)
        if scale.get_value() and not self._doubt_wanted:
            self._want()

    def look(self):
        """Follows what is painted while the dialog is open, as soon as the brush rests."""
        if self._paint.look(hints.fingerprint(self._image)):
            self._update_hints()

    def _read_hints(self):
        self._paint.read(hints.fingerprint(self._image))
        painted = hints.painted(self._image, self._source)
        self._hints.set_text(_("Follows the painted hints.") if painted else _("No hints are painted."))
        self._previewer.give(hints=painted)

    def _update_hints(self, _button=None):
        self._read_hints()
        self._want()

    def _reuse(self, settings):
        """Sets everything as for an earlier result, but of this photograph: what was scanned stays."""
        here = settings._replace(original=self._config.get_property("original"))
        arguments.set_all(self._config, arguments.SETTINGS, here)

    def _changed(self, *what):
        self._colorizers.follow()  # Reset and saved settings change them too
        self._segmenters.follow()
        super()._changed(*what)

    def _want(self):
        # Only while it is visible: it has to be computed and sent.
        self._doubt_wanted = self._doubt.get_value() > 0
        self._previewer.want(self._options(), self._doubt_wanted)

    def _options(self):
        return arguments.settings(self._config, self._source).options()

    def _hear(self, message):
        match message:
            case Choices(colorizers, segmenters):
                self._list(colorizers)
                self._segmenters.show([("", _("Best installed")), *segmenters])
            case Doubt(heat):
                self._view.show_doubt(heat)
                if heat is None:
                    self._status.set_text(NO_DOUBT)
        super()._hear(message)

    def _show(self, colored):
        self._view.show_after(colored.preview)
        self._noticed.show(colored.noticed, self._config.get_property("original"))
        self._scores = colored.scores or self._scores
        self._list(self._listed)
        by = colored_by(colored.colorizer, colored.scores)
        return _("Colored by {names}. Move the line with the mouse or ← →.").format(names=by)

    def _list(self, colorizers):
        """Names the result of the automatic choice in its row, once that is known."""
        self._listed = [(name, automatic(self._scores) if name == AUTO else title) for name, title in colorizers]
        self._colorizers.show(self._listed)


class Named:
    """A box of names with titles, for a text among the settings."""

    def __init__(self, config, name):
        self._config, self._name = config, name
        self._shown = None
        self.widget = Gtk.ComboBoxText()
        for cell in self.widget.get_cells():
            cell.set_property("ellipsize", 3)  # at its end: titles must not make the dialog wide
        self.widget.connect("changed", self._choose)

    def show(self, listed):
        """Takes (name, title) for each row."""
        if listed == self._shown:
            return
        if self._shown and [name for name, _title in listed] == [name for name, _title in self._shown]:
            # The rows stay, so that a box that is open stays too.
            for shown, (_name, title) in zip(self.widget.get_model(), listed, strict=False):
                shown[0] = title
        else:
            self._config.freeze_notify()
            self.widget.remove_all()
            for name, title in listed:
                self.widget.append(name, title)
            self.follow()
            self._config.thaw_notify()
        self._shown = list(listed)

    def follow(self):
        """Shows what is set."""
        chosen = self._config.get_property(self._name) or ""
        if not self.widget.set_active_id(chosen):  # a blend, or one that is not installed: the engine reports it
            self.widget.append(chosen, chosen)
            self.widget.set_active_id(chosen)

    def _choose(self, combo):
        # Setting what is set already would ask for another preview: the list also changes by itself.
        if combo.get_active_id() not in {None, self._config.get_property(self._name) or ""}:
            self._config.set_property(self._name, combo.get_active_id())


class Noticed:
    """What the photograph looks scanned from, with a button that sets it right; hidden where nothing is noticed, or it
    is right already."""

    def __init__(self, choose):
        self._original = ""
        self._words = text()
        self._button = Gtk.Button()
        self._button.connect("clicked", lambda _button: choose(self._original))
        line = Gtk.Box(spacing=6)
        line.pack_start(self._words, True, True, 0)
        line.pack_start(self._button, False, False, 0)
        line.show_all()
        self.widget = Gtk.Revealer(transition_type=Gtk.RevealerTransitionType.NONE)
        self.widget.add(line)

    def show(self, noticed, chosen):
        said = noticed in NOTICED and noticed != chosen
        if said:
            self._original = noticed
            self._words.set_text(NOTICED[noticed])
            self._button.set_label(SET_RIGHT[noticed])
        self.widget.set_reveal_child(said)


def row(label, widget, *more):
    line = Gtk.Box(spacing=6)
    if label:
        named = Gtk.Label.new_with_mnemonic(label)
        named.set_mnemonic_widget(widget)
        line.pack_start(named, False, False, 0)
    line.pack_start(widget, True, True, 0)
    for each in more:
        line.pack_start(each, False, False, 0)
    return line
