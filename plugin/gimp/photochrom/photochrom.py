#!/usr/bin/env python3
"""GIMP 3 plug-in: Colors ▸ Photochrom ▸ Colorize… puts a colour layer above a black-and-white photograph.

GIMP takes this file for a plug-in only while it has its folder's name and may be executed.
"""

import sys
import traceback

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
import colouring
import layers
from gi.repository import Gegl, Gimp, GLib, GObject
from photochrom_client import Cancelled, EngineError, log_path

PROCEDURE = "plug-in-photochrom-colorize"
READ_WRITE = GObject.ParamFlags.READWRITE


class Photochrom(Gimp.PlugIn):
    """What GIMP asks a plug-in: which procedures there are, and what each looks like."""

    def do_set_i18n(self, _name):
        return False  # English only: there is no catalogue to look for

    def do_query_procedures(self):
        return [PROCEDURE]

    def do_create_procedure(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        # Never greyed out: whatever cannot be coloured is told in words (see `layers.source_of`).
        procedure.set_image_types("*")
        every = Gimp.ProcedureSensitivityMask
        procedure.set_sensitivity_mask(every.DRAWABLE | every.DRAWABLES | every.NO_DRAWABLES)
        procedure.set_menu_label("_Colorize…")
        procedure.add_menu_path("<Image>/Colors/Photochrom")
        procedure.set_documentation(
            "Gives a black-and-white photograph its colours",
            "Adds a layer with the colours of the selected layer above it and returns it. The layer's tones stay: "
            "the new layer has the mode LCH Color, or, as a normal layer, the lightness of the photograph. "
            "Grayscale and indexed images become RGB. A selection becomes the new layer's mask. "
            "Works on this computer alone, with the Photochrom engine, which is started if it does not run.",
            name,
        )
        procedure.set_attribution("The Photochrom authors", "The Photochrom authors, GPL-3.0-or-later", "2026")
        procedure.add_string_argument(
            "colorizer",
            "Co_lorizer",
            "Which colorizer: auto, or a name that the engine lists",
            "auto",
            READ_WRITE,
        )
        procedure.add_double_argument(
            "chroma",
            "Stren_gth",
            "Strength of the colours: 0 gray, 1 as predicted",
            0.0,
            2.0,
            1.0,
            READ_WRITE,
        )
        output = Gimp.Choice.new()
        output.add("color-layer", 0, "Colour only (LCH Color layer)", "Keeps the tones of whatever is below")
        output.add("normal-layer", 1, "Colour and tones (normal layer)", "A complete picture in one layer")
        procedure.add_choice_argument(
            "output", "O_utput", "What the new layer holds", output, "color-layer", READ_WRITE
        )
        procedure.add_layer_return_value("layer", "Layer", "The new layer", False, READ_WRITE)
        return procedure


def run(procedure, run_mode, image, drawables, config, _data):
    """GIMP calls this. Nothing gets out of it but return values: GIMP shows no traceback to anybody."""
    try:
        Gegl.init(None)
        source = layers.source_of(image, drawables)
        if run_mode == Gimp.RunMode.INTERACTIVE:
            import dialog  # needs a display, which scripts may not have

            if not dialog.ask(procedure, config, image, source):
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
        layer = colouring.colorize(
            image,
            source,
            colouring.Settings(
                config.get_property("colorizer"), config.get_property("chroma"), config.get_property("output")
            ),
            say_converted=run_mode != Gimp.RunMode.INTERACTIVE,
        )
    except layers.Unsuitable as error:
        return failure(procedure, str(error), Gimp.PDBStatusType.CALLING_ERROR)
    except Cancelled:
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    except EngineError as error:
        return failure(procedure, str(error))
    except Exception as error:
        traceback.print_exc()
        return failure(
            procedure,
            f"Photochrom met an error that it does not know ({type(error).__name__}: {error}). "
            "The image is as it was.\n"
            "Try again; if it happens again, run “photochrom doctor” in a terminal and report what it says.\n"
            f"Log: {log_path()}",
        )
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Layer, layer))
    return values


def failure(procedure, text, status=Gimp.PDBStatusType.EXECUTION_ERROR):
    """Return values that GIMP shows as an error with this text."""
    return procedure.new_return_values(status, GLib.Error.new_literal(Gimp.PlugIn.error_quark(), text, 0))


Gimp.main(Photochrom.__gtype__, sys.argv)
