"""The dialog that colors a photograph: before and after, and the settings."""

import coloring
import hints
import more_colorizers
from gimpenums import RGB
from gimpfu_compat.dialog.toolkit import pack
from gimpfu_compat.pixels import is_srgb
from preview_dialog import PreviewDialog, becomes_rgb, small
from view import BeforeAfter
from widgets import Button, Check, Choice, Fader, Label, MenuButton, Table, expander, horizontal_box, labeled, show, tip

from photochrom_client import translated as _
from photochrom_client.kit.preview import Choices, Doubt
from photochrom_client.kit.texts import NO_DOUBT, NOTICED, ORIGINAL, SEEN_AS, SET_RIGHT, STYLES, automatic, colored_by
from photochrom_client.kit.viewing import PaintWatch
from photochrom_client.protocol import AUTO
from photochrom_client.settings import RANGES

OUTPUTS = (
    ("color-layer", _("Color only (LCH Color layer)")),
    ("normal-layer", _("Color and tones (normal layer)")),
)
NOT_SRGB = _(
    "This image's color profile is not sRGB, which GIMP 2.10's mode LCH Color expects: it would change the tones. The "
    "new layer is a normal one with colors and tones."
)
REACH = _("How far painted hints spread beyond the objects they are on: 0 not at all, 1 without bounds")
BEST = ("", _("Best installed"))


class ColorizeDialog(PreviewDialog):
    TITLE = _("Photochrom: Colorize")
    OK = _("Colori_ze")

    def __init__(self, image, source, settings):
        self._given = settings
        self._scores = {}
        self._paint = PaintWatch()
        self._listed = [(AUTO, automatic({}))]
        self._noticed = ""
        super().__init__(image, source, view=BeforeAfter(source), reduced=small(image, source))
        show(self._line, False)
        self._update_hints()

    def look(self):
        """Follows what is painted while the dialog is open, as soon as the brush rests."""
        if self._paint.look(hints.fingerprint(self._image)):
            self._update_hints()

    def chosen(self):
        """The `Settings`. Whether a note is wanted is remembered."""
        coloring.preferences().want_note(self._note.value)
        return self._settings()

    def _rows(self):
        given, changed = self._given, self._changed
        often, rarely = Table(), Table()
        self._colorizers = Choice(self._listed, given.colorizer, changed)
        self._style = Choice(STYLES, given.style, changed)
        more = Button(_("_More…"), lambda: more_colorizers.choose(self._window, self._list))
        tip(more.widget, _("Colorizers that can be installed"))
        often.row(_("Co_lorizer"), self._colorizers.widget, more.widget)
        often.row(_("C_olors"), self._style.widget)

        def scale(table, name, label, help):
            return table.scale(label, getattr(given, name), *RANGES[name], changed, help)

        self._numbers = {
            "chroma": scale(often, "chroma", _("Stren_gth"), _("Strength of the colors: 0 gray, 1 as predicted")),
            "harmonize": scale(
                *(often, "harmonize", _("E_ven out object colors")),
                _("How far each object is drawn to one color: 0 is off"),
            ),
        }
        self._segmenters = Choice([BEST], given.segmenter, changed)
        rarely.row(_("O_bject segmenter"), self._segmenters.widget)
        self._numbers |= {
            "warmth": scale(rarely, "warmth", _("_Warmth"), _("-1 cold, 1 warm")),
            "neutrals": scale(
                *(rarely, "neutrals", _("Protect _neutrals")),
                _("How much of what is almost gray stays gray: suits, hair, snow"),
            ),
        }
        self._tint = Check(_("_Keep the paper's tint"), any(given.tint), changed)
        self._original = Choice(SEEN_AS, given.original, changed)
        tip(self._original.widget, ORIGINAL)
        self._output = Choice(OUTPUTS, given.output, lambda: None)
        self._note = Check(
            _("Note in the image's me_tadata that its colors were made by an algorithm"),
            coloring.preferences().note_wanted(),
        )
        rarely.wide(self._tint.widget)
        rarely.row(_("Or_iginal"), self._original.widget)
        rarely.row(_("O_utput"), self._output.widget)
        rarely.wide(self._note.widget)
        rows = [
            self._noticed_row(),
            often.widget,
            expander(_("More _settings"), rarely.widget),
            self._hint_rows(),
            self._earlier(),
            *becomes_rgb(self._image),
        ]
        if self._image.base_type == RGB and not is_srgb(self._image):
            rows.append(Label(NOT_SRGB).widget)
        return rows

    def _noticed_row(self):
        """What the photograph looks scanned from, and the button that sets it right; hidden until it is noticed."""
        self._line, self._words = horizontal_box(), Label(width=220)
        self._right = Button("", self._set_right)
        pack(self._line, self._words.widget, expand=True)
        pack(self._line, self._right.widget)
        return self._line

    def _set_right(self):
        self._original.set(self._noticed)
        self._changed()

    def _hint_rows(self):
        table, line = Table(), horizontal_box()
        self._hints = Label(width=-1)
        update = Button(_("U_pdate"), self._update_hints)
        tip(update.widget, _("Reads the painted hints again"))
        pack(line, self._hints.widget, expand=True)
        pack(line, update.widget)
        table.wide(line)
        reach = table.scale(_("Hint re_ach"), self._given.reach, *RANGES["reach"], self._changed, REACH)
        self._numbers["reach"] = reach
        return table.widget

    def _rows_below(self):
        self._doubt = Fader(self._fade_doubt)
        tip(self._doubt.widget, _("Fades in where the colorizer is unsure: the brighter, the less sure"))
        line = labeled(_("Show uncertaint_y"), self._doubt.widget)
        pack(line, Label(_("brighter: less sure"), width=-1).widget)
        return [line]

    def _fade_doubt(self):
        self._view.fade_doubt(self._doubt.value)
        if self._doubt.value and not self._doubt_wanted:
            self._want()

    def _earlier(self):
        """The last results, whose settings can be reused."""
        entries = coloring.history().entries_of_wholes()
        titles = [entry.title for entry in entries]
        return MenuButton(_("_Earlier results…"), titles, lambda number: self._reuse(entries[number].settings)).widget

    def _reuse(self, settings):
        """Sets everything as for an earlier result."""
        for name, widget in {
            **self._numbers,
            **{"colorizer": self._colorizers, "style": self._style, "segmenter": self._segmenters},
            "output": self._output,
        }.items():
            widget.set(getattr(settings, name))
        self._tint.set(settings.tint is None or any(settings.tint))
        self._changed()

    def _update_hints(self):
        self._paint.read(hints.fingerprint(self._image))
        painted = hints.painted(self._image, self._source)
        self._hints.set(_("Follows the painted hints.") if painted else _("No hints are painted."))
        self._previewer.give(hints=painted)
        self._want()

    def _settings(self):
        return self._given._replace(
            **{name: number.value for name, number in self._numbers.items()},
            colorizer=self._colorizers.value,
            style=self._style.value,
            segmenter=self._segmenters.value,
            tint=coloring.paper_tint(self._source) if self._tint.value else (0.0, 0.0),
            original=self._original.value,
            output=self._output.value,
        )

    def _want(self):
        # Only while it is visible: it has to be computed and sent.
        self._doubt_wanted = self._doubt.value > 0
        self._previewer.want(self._options(), self._doubt_wanted)

    def _options(self):
        return self._settings().options()

    def _hear(self, message):
        match message:
            case Choices(colorizers, segmenters):
                self._list(colorizers)
                self._segmenters.list([BEST, *segmenters])
            case Doubt(heat):
                self._view.show_doubt(heat)
                if heat is None:
                    self._status.set(NO_DOUBT)
        super()._hear(message)

    def _show(self, colored):
        self._view.show_after(colored.preview)
        self._noticed = colored.noticed
        said = colored.noticed in NOTICED and colored.noticed != self._original.value
        if said:
            self._words.set(NOTICED[colored.noticed])
            self._right.set(SET_RIGHT[colored.noticed])
        show(self._line, said)
        self._scores = colored.scores or self._scores
        self._list(self._listed)
        by = colored_by(colored.colorizer, colored.scores)
        return _("Colored by {names}. Move the line with the mouse or ← →.").format(names=by)

    def _list(self, colorizers):
        """Names the result of the automatic choice in its row, once that is known."""
        self._listed = [(name, automatic(self._scores) if name == AUTO else title) for name, title in colorizers]
        self._colorizers.list(self._listed)
