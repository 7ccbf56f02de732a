#!/usr/bin/env python3
"""GIMP 3 plug-in: Colors ▸ Photochrom gives a black-and-white photograph its colors, in layers above it.

GIMP takes this file for a plug-in only while it has its folder's name and may be executed.
"""

import sys
import traceback

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Babl", "0.1")
import actions
from arguments import READ_WRITE
from gi.repository import Gegl, Gimp, GLib, GObject

from photochrom_client import Cancelled, EngineError, Unexpected
from photochrom_client.kit.unsuitable import Unsuitable


class Photochrom(Gimp.PlugIn):
    """Tells GIMP which procedures there are, and registers them."""

    def do_set_i18n(self, _name):
        return False  # the client's gettext has the texts

    def do_query_procedures(self):
        return list(actions.ALL)

    def do_create_procedure(self, name):
        Gegl.init(None)  # arguments and pixels have colors
        action = actions.ALL[name]
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        # Never grayed out: a message says what cannot be colored (see `sources.source_of`).
        procedure.set_image_types("*")
        every = Gimp.ProcedureSensitivityMask
        image = every.DRAWABLE | every.DRAWABLES | every.NO_DRAWABLES
        procedure.set_sensitivity_mask(image | every.NO_IMAGE if action.without_image else image)
        procedure.set_menu_label(action.label)
        procedure.add_menu_path("<Image>/Colors/Photochrom")
        procedure.set_documentation(action.blurb, action.explained, name)
        procedure.set_attribution("The Photochrom authors", "The Photochrom authors, GPL-3.0-or-later", "2026")
        action.arguments(procedure)
        if action.without_image:
            procedure.add_string_return_value("report", "Report", "Path of the report", "", READ_WRITE)
        else:
            procedure.add_layer_return_value("layer", "Layer", "The new layer", True, READ_WRITE)
        return procedure


def run(procedure, run_mode, image, drawables, config, _data):
    """Called by GIMP. Returns every error as a value: GIMP does not show tracebacks."""
    action = actions.ALL[procedure.get_name()]
    # Where an image is closed meanwhile, our own message says so: not one of GIMP's for each call.
    procedure.get_plug_in().set_pdb_error_handler(Gimp.PDBErrorHandler.PLUGIN)
    try:
        if run_mode == Gimp.RunMode.INTERACTIVE and procedure.get_name() != actions.INSTALLATION:
            import installation_window

            installation_window.show_if_due()
        result = action.run(procedure, run_mode, image, drawables, config)
    except Unsuitable as error:
        return failure(procedure, str(error), Gimp.PDBStatusType.CALLING_ERROR)
    except Cancelled:
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    except EngineError as error:
        return failure(procedure, str(error))
    except Exception as error:
        traceback.print_exc()
        return failure(procedure, str(Unexpected(error)))
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(str if action.without_image else Gimp.Layer, result))
    return values


def failure(procedure, text, status=Gimp.PDBStatusType.EXECUTION_ERROR):
    """Return values that GIMP shows as an error with this text."""
    return procedure.new_return_values(status, GLib.Error.new_literal(Gimp.PlugIn.error_quark(), text, 0))


Gimp.main(Photochrom.__gtype__, sys.argv)
