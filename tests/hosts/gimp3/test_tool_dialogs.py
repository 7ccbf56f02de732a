"""The dialogs of the tools in a real GIMP 3 with windows, driven as a person would; what is seen is in artifacts/."""

from contextlib import contextmanager

import numpy as np
import pytest

from photochrom_client.kit.history import History
from photochrom_client.settings import Settings

from .editor import PHOTOGRAPH
from .screen import Screen, driven, insist, read_when_there, running, wait_for
from .test_dialog import jobs_begun

pytestmark = [pytest.mark.host, driven]


class Desk:
    """A GIMP with the photograph, in which dialogs are opened one after the other."""

    def __init__(self, gimp, out, display):
        self.screen = Screen(gimp, display)
        self._out = out
        self._number = -1
        self.window = None

    def next_dialog(self, title):
        """Waits for the next dialog, and returns the document as it was before."""
        self._number += 1
        before = read_when_there(self._out / f"dialog-{self._number}-before.json")
        (self.window,) = wait_for(lambda: self.screen.find(title), 90, title)
        wait_for(lambda: self.told()["view"] or self.told()["buttons"], 30, "what is in it")
        return before

    def result(self):
        result = read_when_there(self._out / f"dialog-{self._number}-result.json")
        (self._out / "dialog-shown.json").unlink(missing_ok=True)
        return result

    def told(self):
        return read_when_there(self._out / "dialog-shown.json")

    def label(self, *parts):
        def found():
            return [text for text in self.told()["labels"] if all(part in text for part in parts)]

        return wait_for(found, 60, lambda: f"a label with {parts}, not {self.told()['labels']}")[0]

    def click(self, label="", tip=""):
        def place():
            return [
                each["at"]
                for each in self.told()["buttons"]
                if (label and each["label"] == label) or (tip and tip in each["tip"])
            ]

        self.screen.click(self.window, wait_for(place, 30, f"a button {label or tip}")[0])

    def number(self, mnemonic, value):
        """Types a number that no other setting has into the field of a setting."""

        def type_it():
            self.screen.key(self.window, f"alt+{mnemonic}")
            self.screen.run("xdotool", "type", "--delay", "50", "--", str(value))
            self.screen.run("xdotool", "key", "Tab")

        insist(type_it, lambda: value in self.told()["numbers"], f"{value} by Alt+{mnemonic}")

    def undo(self, document, what):
        """One step back in the image's window gives this document."""
        self.screen.step("ctrl+z", self._out, document, f"{what} undone in one step")


@contextmanager
def desk(gimp, out, display, *actions, **environment):
    with running(gimp, out, "dialogs.py", display, PHOTOCHROM_ACTIONS=",".join(actions), **environment):
        yield Desk(gimp, out, display)


def good(result):
    assert result["status"] == "success", result["error"]
    return result["document"]


def test_objects_are_recolored_one_after_the_other_each_in_one_undo_step(gimp, out, display):
    with desk(gimp, out, display, "recolor", "recolor") as at:
        states = []
        for where_in_view, picture in (((0, 10), "gimp3-recolor"), ((-140, -150), "gimp3-recolor-again")):
            states.append(at.next_dialog("Photochrom: Recolor"))
            at.label("Click on the object")
            x, y = at.told()["view"]
            at.screen.click(at.window, (x + where_in_view[0], y + where_in_view[1]))
            at.label("choose its color")
            at.click("Larger")
            at.screen.settled()  # the suggestions find their places
            at.click(tip=" %")
            at.label("choose its color")
            at.screen.settled()
            at.screen.picture(picture)
            at.click("Apply")
            after = good(at.result())
            # The first one brings the colors of the rest, too.
            assert len(after["layers"]) == len(states[-1]["layers"]) + (2 if len(states) == 1 else 1)
            assert after["layers"][0]["mode"] == "lch-color"
            assert after["layers"][0]["mask"]
        at.screen.picture("gimp3-recolored")
        for document in reversed(states):
            at.undo(document, "a recolored object")


def test_several_objects_and_the_rest_are_colored_in_one_undo_step(gimp, out, display):
    with desk(gimp, out, display, "recolor") as at:
        before = at.next_dialog("Photochrom: Recolor")
        at.label("Click on the object")
        x, y = at.told()["view"]
        for (across, down), color in (((0, 100), "green"), ((-140, -150), "blue")):
            at.screen.click(at.window, (x + across, y + down))
            at.label("choose its color")
            at.screen.settled()
            at.click(tip=color)
            at.screen.settled()
            if color == "green":
                at.click("Next object")
                at.label("Click on the object")
        at.screen.picture("gimp3-recolor-objects")
        at.click("Apply")
        after = good(at.result())
        assert len(after["layers"]) == len(before["layers"]) + 3
        assert [bool(layer["mask"]) for layer in after["layers"]] == [True, True, False, False]
        assert all(layer["visible"] for layer in after["layers"])
        at.screen.picture("gimp3-recolored-objects")
        at.undo(before, "objects and rest")


def test_object_in_a_box_becomes_the_selection(gimp, out, display):
    with desk(gimp, out, display, "recolor") as at:
        before = at.next_dialog("Photochrom: Recolor")
        at.label("drag a box")
        x, y = at.told()["view"]
        at.screen.drag(at.window, (x - 100, y - 60), (x + 90, y + 100))
        at.label("choose its color")
        at.screen.settled()
        at.screen.picture("gimp3-recolor-boxed")
        at.click("Only select the object, for a mask or other tools")
        at.click("Apply")
        after = good(at.result())
        assert len(after["layers"]) == len(before["layers"])
        assert not before["selection"][0] and after["selection"][0]
        at.screen.picture("gimp3-object-selected", moving=True)  # the selection
        at.undo(before, "the selection")


def test_variants_are_chosen_from_thumbnails(gimp, out, display):
    with desk(gimp, out, display, "variants") as at:
        before = at.next_dialog("Photochrom: Variants")

        def labels():
            return at.told()["labels"]

        wanted = {"weaker colors", "stronger colors"}
        wait_for(lambda: wanted <= set(labels()), 240, lambda: f"{wanted}, not {labels()}")
        # Above it is said what an earlier test has used and removed.
        end = "Choose one or several."
        wait_for(lambda: [text for text in labels() if text.endswith(end)], 120, lambda: f"{end}, not {labels()}")
        shown = [each["at"] for each in at.told()["buttons"] if not each["label"] and each["at"][1] < 560]
        assert 5 <= len(shown) <= 9
        for place in shown[:2]:
            at.screen.click(at.window, place)
        at.screen.picture("gimp3-variants")
        at.click("Insert")
        after = good(at.result())
        assert len(after["layers"][0]["children"]) == 2
        at.screen.picture("gimp3-variants-inserted")
        at.undo(before, "the group")


def test_hints_painted_while_the_dialog_is_open_are_followed(gimp, out, display):
    with desk(gimp, out, display, "hinted") as at:
        before = at.next_dialog("Photochrom: Colorize")
        assert before["layers"][0]["name"] == "Photochrom hints"
        at.label("Colored by")
        at.label("No hints are painted")
        before_hints = at.screen.after(at.window)

        def paint():
            at.screen.key(at.screen.find(f"{PHOTOGRAPH.stem}.*GIMP")[-1], "ctrl+comma")  # Fill with Foreground

        insist(paint, lambda: "Follows the painted hints." in at.told()["labels"], "painted hints")

        def changed():
            return np.abs(at.screen.after(at.window) - before_hints).mean() > 2

        wait_for(changed, 30, "a preview that goes by them")
        at.screen.picture("gimp3-hints")
        at.click("Colorize")
        after = good(at.result())
        assert [layer["visible"] for layer in after["layers"]] == [True, True, True]
        assert after["selected"] == ["Photochrom hints"]


def test_dialog_shows_more_settings_within_a_small_screen_and_remembers_all_of_them(gimp, out, display, tmp_path):
    with desk(gimp, out, display, "colorize") as at:
        at.next_dialog("Photochrom: Colorize")
        at.label("Colored by")
        at.click("More settings")
        wait_for(lambda: len(at.told()["numbers"]) >= 4, 30, "more settings")
        at.number("g", 75)
        at.number("v", 50)
        at.number("w", 25)
        insist(
            lambda: at.screen.key(at.window, "alt+k"),
            lambda: at.told()["checked"] == [True, True],
            "both boxes checked",
        )
        at.screen.picture("gimp3-more-settings")
        assert all(height <= 800 for _width, height in at.told()["sizes"])
        chosen = at.told()["numbers"], at.told()["checked"]
        assert chosen[0][:3] == [75, 50, 25]
        assert chosen[1] == [True, True]  # the paper's tint, and the note in the metadata, which is on from the start
        at.click("Colorize")
        good(at.result())
    later = out / "later"
    later.mkdir()
    with desk(gimp, later, display, "colorize") as at:
        at.next_dialog("Photochrom: Colorize")
        at.label("Colored by")
        at.click("More settings")
        wait_for(lambda: (at.told()["numbers"], at.told()["checked"]) == chosen, 30, f"{chosen}, as chosen before")
        at.screen.settled()  # the settings below have just been unfolded
        at.click("Earlier results…")
        at.label(PHOTOGRAPH.stem, "strength 75 %, evened out 50 %, warmth 25 %")
        at.screen.picture("gimp3-earlier-results")


def test_earlier_results_of_a_negative_leave_a_print_a_print(gimp, out, display):
    earlier = Settings(chroma=0.55, warmth=0.35, original="negative")
    History(gimp.profile / "photochrom-history.json").add("negative.tif", "Scenes (Photochrom)", earlier)
    with desk(gimp, out, display, "colorize") as at:
        at.next_dialog("Photochrom: Colorize")
        at.label("Colored by")
        at.click("More settings")
        wait_for(lambda: "Print" in at.told()["words"], 30, "what was scanned")
        at.screen.settled()  # the settings below have just been unfolded
        at.click("Earlier results…")
        title = at.label("negative.tif")
        at.screen.settled()
        at.click(title)
        wait_for(lambda: {35, 55} <= set(map(round, at.told()["numbers"])), 30, "the settings taken over")
        assert "Print" in at.told()["words"]
        at.click("Colorize")
        good(at.result())


def test_colors_are_adjusted_afterwards_in_one_undo_step(gimp, out, display):
    with desk(gimp, out, display, "adjust") as at:
        before = at.next_dialog("Photochrom: Adjust")
        at.label("Move the line")
        assert at.told()["numbers"] == [100, 0, 0, 0]
        assert at.screen.chroma(at.window) > 5
        at.number("g", 25)
        at.number("w", -50)
        at.screen.picture("gimp3-adjust")
        at.click("Adjust")
        after = good(at.result())
        changed = before["layers"][0] | {"digest": after["layers"][0]["digest"]}
        assert before["layers"][0] != changed
        assert after == before | {"layers": [changed, *before["layers"][1:]]}
        at.undo(before, "adjusting")


def test_colors_of_an_open_image_are_followed(gimp, out, display):
    begun = jobs_begun(gimp)
    with desk(gimp, out, display, "color-like") as at:
        at.next_dialog("Photochrom: Color Like")
        at.label("Choose a color picture")
        at.screen.settled()
        assert not [text for text in at.told()["labels"] if text.startswith("Colored by")]

        def choose():
            at.screen.key(at.window, "alt+i")
            at.screen.run("xdotool", "key", "Down")

        insist(choose, lambda: at.told()["chosen"][0] is not None, "the other image")
        at.label("Colored by")
        at.screen.picture("gimp3-color-like")
        at.click("Colorize")
        after = good(at.result())
        assert jobs_begun(gimp) <= begun + 2, "a preview that nobody asked for"
        assert after["layers"][0]["mode"] == "lch-color"


def test_dialog_speaks_the_language_of_the_editor(gimp, out, display):
    with desk(gimp, out, display, "colorize", LANGUAGE="de") as at:
        at.next_dialog("Photochrom: Kolorieren")
        at.label("Koloriert von")
        assert "Allgemein: jedes Foto" in at.told()["rows"][0]
        at.click("Weitere Einstellungen")
        at.label("Wärme")
        at.screen.picture("gimp3-german")
        at.screen.leave(at.window, "Photochrom: Kolorieren", "Escape")
        assert at.result()["status"] == "cancel"
