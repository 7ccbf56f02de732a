"""The same request gives the same colors, to the last bit, whatever was requested before."""

import hashlib
import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from photochrom import models, pipeline
from photochrom.adjustments import Adjustments
from photochrom.cache import LRUCache
from photochrom.guidance.reference import Reference
from photochrom.image.picture import open_picture
from photochrom.options import Options
from photochrom.pipeline.recoloring import Object, recolor_object
from photochrom.pipeline.uncertainty import heat_map, paint_first
from photochrom.sampling.proxy import GUIDE_SIDE, Proxy

from photochrom_client.prompt import Prompt

DOUBT = "doubt, and where to paint first"
PHOTOGRAPH = Path(__file__).parents[1] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture
def finer(tmp_path, monkeypatch):
    """The name of a colorizer that looks at more than what others are shown is reduced from."""
    store = tmp_path / "store"
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(store))
    folder = shutil.copytree(models.shipped_folder() / "lite", store / "finer")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"name": "finer", "proxy_side": GUIDE_SIDE + 64}))
    return "finer"


@pytest.fixture(scope="module")
def photographs():
    """Lightness by name: two sizes, so that networks are shown pictures of other shapes in between."""
    whole = open_picture(PHOTOGRAPH).lightness()
    wide = whole.resize(480 / whole.height).copy_memory()
    return {"wide": wide, "tall": wide.crop(100, 0, 233, wide.height).copy_memory()}


@pytest.fixture(scope="module")
def wishes(photographs):
    """By name: options, and the results requested besides the colors, or instead of them."""
    paint = np.zeros((60, 80, 4), np.float32)
    paint[30:36, 30:40] = (60, 40, 20, 1)
    toned = photographs["wide"].bandjoin([photographs["wide"] * 0.4 - 20, 30 - photographs["wide"] * 0.5])
    reference = Reference(toned.numpy())
    return {
        "auto": (Options(), None),
        "one": (Options("lite"), None),
        "blend": (Options("lite+people", Adjustments(chroma=0.6, warmth=0.3)), None),
        "painted": (Options("lite", hints=paint), None),
        "harmonized": (Options(harmonize=0.7), None),
        "palette": (Options("lite", reference="palette", reference_picture=reference), None),
        "regions": (Options("lite", reference="regions", reference_picture=reference), None),
        "variant": (Options(variant=1), None),
        "object": (Options(), Object(Prompt().clicked(0.4, 0.6))),
        "doubt": (Options("people"), DOUBT),
        "finer": (Options("finer"), None),
    }


def answer(lightness, proxy, options, wanted):
    """A digest of everything visible of an answer: its pixels, and the data of its preview."""
    if isinstance(wanted, Object):
        made = recolor_object(proxy, options, wanted)
        parts = [made.mask, np.array(made.color), made.full_mask(lightness).numpy()]
    else:
        made = pipeline.predict(proxy, options)
        parts = [heat_map(proxy, made, options), paint_first(proxy, made, options)] if wanted == DOUBT else []
    digest = hashlib.sha256()
    for part in (*parts, made.guide, made.full_ab(lightness).numpy()):
        digest.update(np.ascontiguousarray(part).data)
    return digest.hexdigest()


def test_order_does_not_matter(finer, photographs, wishes):
    every = [(photograph, wish) for photograph in photographs for wish in wishes]
    alone = {}
    for photograph, wish in every:
        lightness = photographs[photograph]
        alone[photograph, wish] = answer(lightness, Proxy(lightness), *wishes[wish])
    assert len(set(alone.values())) == len(every), "these wishes are all different"
    cache = LRUCache(3)
    proxies = {name: Proxy(lightness, cache) for name, lightness in photographs.items()}
    order = every * 2
    random.Random(1907).shuffle(order)
    for done, (photograph, wish) in enumerate(order):
        got = answer(photographs[photograph], proxies[photograph], *wishes[wish])
        assert got == alone[photograph, wish], f"{photograph}, {wish} after {order[:done]}"
