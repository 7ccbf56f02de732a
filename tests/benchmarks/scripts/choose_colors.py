"""choose_colors.py PHOTOGRAPH ROUNDS: what `auto` takes in a process that is warm, from the photograph's lightness to
its colors. Prints JSON: the medians of seconds by the clock and of processor seconds.

Runs in any version of Photochrom: what moved is looked for where it is now, then where it was.
"""

import json
import sys
import time
from importlib import import_module
from statistics import median

WARM_UP = 3
PROXY = ("photochrom.sampling.proxy", "photochrom.proxy")
PICTURE = ("photochrom.image.picture",)
OPTIONS = ("photochrom.pipeline",)


def first(name: str, places: tuple[str, ...]) -> object:
    for place in places:
        try:
            return getattr(import_module(place), name)
        except (ModuleNotFoundError, AttributeError):
            continue
    raise ImportError(f"{name} is in none of {', '.join(places)}: name its new place in {__file__}")


def main(photograph: str, rounds: int) -> None:
    proxy, options, open_picture = first("Proxy", PROXY), first("Options", OPTIONS), first("open_picture", PICTURE)
    predict = import_module("photochrom.pipeline").predict
    lightness = open_picture(photograph).lightness().copy_memory()
    clock, processor = [], []
    for number in range(WARM_UP + rounds):
        other = (lightness * (1 - number / 1000)).copy_memory()  # an answer that was given before costs nothing
        began, began_on_processor = time.perf_counter(), time.process_time()
        predict(proxy(other), options())
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - began_on_processor)
    print(json.dumps({"seconds": median(clock[WARM_UP:]), "processor": median(processor[WARM_UP:])}))


main(sys.argv[1], int(sys.argv[2]))
