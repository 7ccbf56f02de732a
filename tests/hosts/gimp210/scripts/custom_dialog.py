#!/usr/bin/env python
"""A plug-in as a class, with a window of its own and the last values on the shelf."""

import gimp
import gimpplugin
from gimpenums import *
from gimpshelf import shelf

pdb = gimp.pdb
KEY = "photochrom-test-custom"
DEFAULTS = {"red": 255, "green": 0, "blue": 0}


class Tint(gimpplugin.plugin):
    def start(self):
        gimp.main(self.init, self.quit, self.query, self._run)

    def query(self):
        gimp.install_procedure(
            "python_fu_test_custom",
            "Fills with a color",
            "",
            "Photochrom",
            "Photochrom",
            "2026",
            "<Image>/Filters/Test/_Custom dialog...",
            "RGB*",
            PLUGIN,
            [
                (PDB_INT32, "run_mode", "Run mode"),
                (PDB_IMAGE, "image", "Image"),
                (PDB_DRAWABLE, "drawable", "Drawable"),
                (PDB_INT32, "red", "Red"),
                (PDB_INT32, "green", "Green"),
                (PDB_INT32, "blue", "Blue"),
            ],
            [],
        )

    def python_fu_test_custom(self, run_mode, image, drawable, red=0, green=0, blue=0):
        values = dict(shelf[KEY]) if shelf.has_key(KEY) else dict(DEFAULTS)
        if run_mode == RUN_NONINTERACTIVE:
            values = {"red": red, "green": green, "blue": blue}
        elif run_mode == RUN_INTERACTIVE:
            values = self.ask(values)
            if values is None:
                return
        shelf[KEY] = values
        gimp.context_push()
        gimp.set_foreground(values["red"], values["green"], values["blue"])
        drawable.fill(FOREGROUND_FILL)
        gimp.context_pop()
        gimp.displays_flush()

    def ask(self, values):
        import tkinter

        window = tkinter.Tk()
        window.title("Custom dialog")
        scales, answer = {}, {}
        for name in values:
            scales[name] = tkinter.Scale(window, label=name, from_=0, to=255, orient="horizontal")
            scales[name].set(values[name])
            scales[name].pack()

        def fine(event=None):
            answer.update((name, scale.get()) for name, scale in scales.items())
            window.destroy()

        tkinter.Button(window, text="OK", command=fine).pack()
        window.bind("<Return>", fine)
        window.mainloop()
        return answer or None


if __name__ == "__main__":
    Tint().start()
