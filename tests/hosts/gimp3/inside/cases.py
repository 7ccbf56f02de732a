"""Runs inside GIMP: one image a case. What must be true of each is in test_gimp.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import PDB, NAME, colorize, document, flattened, keep, photograph, read, run_all  # isort: skip
from gi.repository import Gegl, Gimp, Gio

P = Gimp.Precision


def colored(name, image, source, **settings):
    """Colors `source` and keeps what is needed to compare the tones of before and after."""
    before = document(image)
    keep(f"{name}-before.lab", read(flattened(image), "CIE Lab float"))
    own = memoryview(read(source, "R'G'B'A float")).cast("f")
    result, layer = colorize(image, [source], **settings)
    if layer is not None:
        keep(f"{name}-after.lab", read(flattened(image), "CIE Lab float"))
        keep(f"{name}-layer.lab", read(layer, "CIE Lab alpha float"))
        result["returned"] = layer.get_name()
        result["parent"] = layer.get_parent().get_name() if layer.get_parent() else None
        result["position"] = image.get_item_position(source) - image.get_item_position(layer)
        now = memoryview(read(source, "R'G'B'A float")).cast("f")
        result["source_change"] = max(map(abs, map(float.__sub__, own, now)))
    return {**result, "before": before}


def photograph_in(precision):
    image = photograph()
    if image.get_precision() != precision:
        image.convert_precision(precision)
    return image


def _precision(name, precision):
    def case():
        image = photograph_in(precision)
        return colored(name, image, image.get_layers()[0])

    case.__name__ = name
    return case


PRECISIONS = [
    _precision("u8", P.U8_NON_LINEAR),
    _precision("u16", P.U16_NON_LINEAR),
    _precision("u16_linear", P.U16_LINEAR),
    _precision("u32", P.U32_NON_LINEAR),
    _precision("half", P.HALF_NON_LINEAR),
    _precision("float", P.FLOAT_NON_LINEAR),
    _precision("float_linear", P.FLOAT_LINEAR),
]


def _filtered(name, precision, convert=None, **settings):
    """A photograph whose exposure, inversion and contrast are live filters."""

    def case():
        image = photograph_in(precision)
        if convert:
            convert(image)
        source = image.get_layers()[0]
        for operation, values in (
            ("gegl:exposure", {"exposure": 0.4}),
            ("gegl:invert-gamma", {}),
            ("gegl:brightness-contrast", {"contrast": 1.3}),
        ):
            live = Gimp.DrawableFilter.new(source, operation, "")
            for key, value in values.items():
                live.get_config().set_property(key, value)
            live.update()
            source.append_filter(live)
        hidden = Gimp.DrawableFilter.new(source, "gegl:gaussian-blur", "")  # GIMP 3.2 refuses gegl:posterize
        source.append_filter(hidden)
        hidden.set_visible(False)
        result = colored(name, image, source, **settings)
        result["filters"] = [each.get_operation_name() for each in source.get_filters()]
        return result

    case.__name__ = name
    return case


LIVE = [
    _filtered("live_u8", P.U8_NON_LINEAR),
    _filtered("live_u16", P.U16_NON_LINEAR),
    _filtered("live_gray_u16", P.U16_NON_LINEAR, Gimp.Image.convert_grayscale),
    _filtered("live_normal_layer", P.U16_NON_LINEAR, output="normal-layer"),
]


def normal_layer():
    image = photograph()
    return colored("normal_layer", image, image.get_layers()[0], output="normal-layer")


def normal_layer_u16():
    image = photograph()
    image.convert_precision(P.U16_NON_LINEAR)
    return colored("normal_layer_u16", image, image.get_layers()[0], output="normal-layer")


def no_chroma():
    image = photograph()
    return colored("no_chroma", image, image.get_layers()[0], chroma=0.0)


def half_chroma():
    image = photograph()
    return colored("half_chroma", image, image.get_layers()[0], chroma=0.5)


def gray():
    image = photograph()
    image.convert_grayscale()
    return colored("gray", image, image.get_layers()[0])


def gray_u16_alpha():
    image = photograph()
    image.convert_precision(P.U16_NON_LINEAR)
    image.convert_grayscale()
    image.get_layers()[0].add_alpha()
    return colored("gray_u16_alpha", image, image.get_layers()[0])


def _gray_profile(name, precision, *, alpha=False):
    """Gray pixels with a curve of their own: not that of sRGB."""

    def case():
        image = photograph_in(precision)
        image.convert_grayscale()
        linear = Gimp.ColorProfile.new_d65_gray_linear()
        image.convert_color_profile(linear, Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC, True)
        if alpha:
            image.get_layers()[0].add_alpha()
        return colored(name, image, image.get_layers()[0])

    case.__name__ = name
    return case


GRAY_PROFILES = [
    _gray_profile("gray_profile_u8", P.U8_NON_LINEAR),
    _gray_profile("gray_profile_u16", P.U16_NON_LINEAR),
    _gray_profile("gray_profile_u16_alpha", P.U16_NON_LINEAR, alpha=True),
    _gray_profile("gray_profile_float", P.FLOAT_NON_LINEAR, alpha=True),
]


def _gray_in_rgb(name, precision, *, profile=None, alpha=False, stripe=None):
    """Pixels whose red, green and blue are alike, but for a stripe of 8 rows at the bottom, where one is given."""

    def case():
        image = photograph_in(precision)
        image.convert_grayscale()
        image.convert_rgb()
        source = image.get_layers()[0]
        if profile:
            image.set_color_profile(profile())
        if alpha:
            source.add_alpha()
        if stripe:
            width, top = source.get_width(), source.get_height() - 8
            buffer = source.get_buffer()
            buffer.set(Gegl.Rectangle.new(0, top, width, 8), "R'G'B' u8", bytes(stripe) * (width * 8))
            buffer.flush()
            source.update(0, top, width, 8)
        return colored(name, image, source)

    case.__name__ = name
    return case


GRAY_IN_RGB = [
    _gray_in_rgb("rgb_u8", P.U8_NON_LINEAR),
    _gray_in_rgb("rgb_u16_alpha", P.U16_NON_LINEAR, alpha=True),
    _gray_in_rgb("rgb_profile_u8_alpha", P.U8_NON_LINEAR, profile=Gimp.ColorProfile.new_rgb_adobe, alpha=True),
    _gray_in_rgb("rgb_profile_u16", P.U16_NON_LINEAR, profile=Gimp.ColorProfile.new_rgb_adobe),
    _gray_in_rgb("rgb_color_below_u8", P.U8_NON_LINEAR, stripe=(190, 60, 90)),
    _gray_in_rgb("rgb_color_below_u16", P.U16_NON_LINEAR, stripe=(190, 60, 90), alpha=True),
]


def indexed():
    image = photograph()
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 200, False, False, "")
    return colored("indexed", image, image.get_layers()[0])


def other_profile():
    image = photograph()
    image.convert_precision(P.U16_NON_LINEAR)
    image.convert_color_profile(
        Gimp.ColorProfile.new_rgb_adobe(), Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC, True
    )
    return colored("other_profile", image, image.get_layers()[0])


def group_and_offset():
    """The photograph in a group, between two layers, moved so that a part is outside of the canvas."""
    image = photograph()
    source = image.get_layers()[0]
    source.set_name("scan")
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(source, group, 0)
    for name, position in (("above", 0), ("below", 2)):
        other = Gimp.Layer.new(image, name, 50, 40, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(other, group, position)
    source.set_offsets(-37, 21)
    result = colored("group_and_offset", image, source)
    return result


def selection():
    image = photograph()
    source = image.get_layers()[0]
    source.set_offsets(11, -7)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 50, 200, 150)
    rectangle = Gegl.Rectangle.new(11, -7, source.get_width(), source.get_height())
    shape = bytes(image.get_selection().get_buffer().get(rectangle, 1.0, "Y float", Gegl.AbyssPolicy.NONE))
    keep("selection.mask", shape)
    result = colored("selection", image, source)
    keep("selection-layer.mask", read(image.get_layers()[0].get_mask(), "Y float"))
    result["still_selected"] = not Gimp.Selection.is_empty(image)
    return result


def selection_and_mask():
    """What a layer mask hides stays without color too."""
    image = photograph()
    source = image.get_layers()[0]
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 20, 20, 200, 200)
    mask = source.create_mask(Gimp.AddMaskType.SELECTION)
    source.add_mask(mask)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 120, 0, 300, 300)
    hidden, chosen = read(mask, "Y float"), read(image.get_selection(), "Y float")
    keep("selection_and_mask-hidden.mask", hidden)
    keep("selection_and_mask-chosen.mask", chosen)
    result = colored("selection_and_mask", image, source)
    keep("selection_and_mask-layer.mask", read(image.get_layers()[0].get_mask(), "Y float"))
    return result


def alpha():
    image = photograph()
    image.convert_precision(P.U16_NON_LINEAR)  # at 8 bit, flattening would round twice
    source = image.get_layers()[0]
    source.add_alpha()
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 50, 200, 150)
    Gimp.Selection.feather(image, 30)
    source.edit_clear()
    Gimp.Selection.none(image)
    keep("alpha-source.alpha", read(source, "YA float"))
    return colored("alpha", image, source)


def last_values():
    image = photograph()
    return colored("last_values", image, image.get_layers()[0], **{"run_mode": Gimp.RunMode.WITH_LAST_VALS})


def unknown_colorizer():
    image = photograph()
    return colored("unknown_colorizer", image, image.get_layers()[0], colorizer="no-such-colorizer")


def rejected_group():
    image = photograph()
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    return {"before": document(image), **colorize(image, [group])[0]}


def rejected_two_layers():
    image = photograph()
    second = image.get_layers()[0].copy()
    image.insert_layer(second, None, 0)
    return {"before": document(image), **colorize(image, image.get_layers())[0]}


def rejected_no_layer():
    image = photograph()
    return {"before": document(image), **colorize(image, [])[0]}


def rejected_channel():
    image = photograph()
    channel = Gimp.Channel.new_from_component(image, Gimp.ChannelType.RED, "red")
    image.insert_channel(channel, None, 0)
    return {"before": document(image), **colorize(image, [channel])[0]}


def rejected_mask():
    image = photograph()
    source = image.get_layers()[0]
    source.add_mask(source.create_mask(Gimp.AddMaskType.WHITE))
    return {"before": document(image), **colorize(image, [source.get_mask()])[0]}


def rejected_empty_layer():
    image = photograph()
    layer = Gimp.Layer.new(image, "empty", 50, 40, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    return {"before": document(image), **colorize(image, [layer])[0]}


def rejected_text_layer():
    """From a file: GIMP makes none without fonts."""
    path = Path(__file__).with_name("text-layer.xcf")
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))
    return {"before": document(image), **colorize(image, image.get_layers())[0]}


def rejected_off_canvas():
    image = photograph()
    source = image.get_layers()[0]
    source.set_name("scan")
    source.set_offsets(image.get_width(), 0)
    return {"before": document(image), **colorize(image, [source])[0]}


def rejected_selection_beside():
    image = photograph()
    source = image.get_layers()[0]
    source.set_name("scan")
    source.set_offsets(40, 0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 30, 30)
    return {"before": document(image), **colorize(image, [source])[0]}


def one_pixel():
    image = Gimp.Image.new(1, 1, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "dot", 1, 1, Gimp.ImageType.RGB_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    return colored("one_pixel", image, layer)


def menu():
    procedure = PDB.lookup_procedure(NAME)
    return {
        "paths": list(procedure.get_menu_paths()),
        "label": procedure.get_menu_label(),
        "blurb": procedure.get_blurb(),
        "arguments": [argument.get_name() for argument in procedure.get_arguments()],
        "returns": [value.get_name() for value in procedure.get_return_values()],
    }


run_all(
    [
        menu,
        *PRECISIONS,
        *LIVE,
        normal_layer,
        normal_layer_u16,
        no_chroma,
        half_chroma,
        gray,
        gray_u16_alpha,
        *GRAY_PROFILES,
        *GRAY_IN_RGB,
        indexed,
        other_profile,
        group_and_offset,
        selection,
        selection_and_mask,
        alpha,
        last_values,
        unknown_colorizer,
        rejected_group,
        rejected_two_layers,
        rejected_no_layer,
        rejected_channel,
        rejected_mask,
        rejected_empty_layer,
        rejected_text_layer,
        rejected_off_canvas,
        rejected_selection_beside,
        one_pixel,
    ]
)
