"""Jobs give the same bytes in any order and from any engine."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyvips
from living import end, ready, run_job, spawn
from photochrom import pipeline
from photochrom.image.layer import LayerPixels, compose_lab
from photochrom.image.picture import open_picture
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"

WISHES: dict[str, dict[str, Any]] = {
    "auto": {},
    "one": {"colorizer": "lite", "hints": False},
    "painted": {"colorizer": "lite"},
    "adjusted": {"colorizer": "people", "chroma": 0.5, "warmth": 0.4},
    "harmonized": {"harmonize": 0.8},
    "palette": {"reference": "palette"},
    "variant": {"variant": 1, "hints": False},
    "object": {"object": {"x": 0.4, "y": 0.6}},
}


def photographs() -> dict[str, pyvips.Image]:
    whole = open_picture(PHOTOGRAPH).lightness()
    wide = whole.resize(480 / whole.height).copy_memory()
    return {"wide": wide, "tall": wide.crop(100, 0, 233, wide.height).copy_memory()}


def sent(client: httpx.Client, lightness: pyvips.Image) -> str:
    """A layer with hints and a reference."""
    size = {"width": lightness.width, "height": lightness.height}
    layer = client.post("/v1/layers", params=size, content=bytes(lightness.write_to_memory())).json()["layer"]
    paint = np.zeros((24, 32, 4), "<f4")
    paint[10:13, 12:16] = (50, 30, 20, 1)
    reference = np.random.default_rng(1907).uniform((0, -40, -40), (100, 40, 40), (50, 60, 3)).astype("<f4")
    for what, given in (("hints", paint), ("reference", reference)):
        at = {"width": given.shape[1], "height": given.shape[0]}
        assert client.put(f"/v1/layers/{layer}/{what}", params=at, content=given.tobytes()).is_success
    return str(layer)


def digest(client: httpx.Client, layer: str, wish: dict[str, Any]) -> str:
    job, events = run_job(client, layer, **wish)
    assert events[-1]["state"] == "done", events[-1]
    return hashlib.sha256(client.get(f"/v1/jobs/{job}/pixels").content).hexdigest()


def test_jobs_of_two_engines_in_any_order_are_those_of_the_pipeline(tmp_path: Path) -> None:
    pictures = photographs()
    wide = pictures["wide"]
    plane = LayerPixels.from_planes(wide.width, wide.height, bytes(wide.write_to_memory()), alpha=False)
    colors = pipeline.predict(Proxy(plane.lightness), Options("lite"))
    whole = compose_lab(plane, colors.full_ab(plane.lightness)).write_to_memory()
    first = {("wide", "one"): hashlib.sha256(bytes(whole)).hexdigest()}
    every = [(picture, wish) for picture in pictures for wish in WISHES]
    for seed in (1, 2):
        process = spawn(tmp_path)  # the second one finds the networks that the first one has compiled
        try:
            with ready(tmp_path, process).client() as client:
                layers = {name: sent(client, lightness) for name, lightness in pictures.items()}
                order = every * 2
                random.Random(seed).shuffle(order)
                for number, (picture, wish) in enumerate(order):
                    if number == len(every):  # Run Again sends the layer anew.
                        layers[picture] = sent(client, pictures[picture])
                    got = digest(client, layers[picture], WISHES[wish])
                    assert first.setdefault((picture, wish), got) == got, f"{picture}, {wish}, engine {seed}"
        finally:
            end(process)
    assert len(set(first.values())) == len(every), "these wishes are all different"
