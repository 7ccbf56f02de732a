"""A host on the command line: sends a grayscale photograph to the engine and writes what comes back in color.

    python examples/pgm_host.py scan.pgm color.ppm

It reads binary PGM (8 or 16 bits) and writes binary PPM, which need no library, and talks to the engine through
`photochrom_client` alone, exactly as the plug-ins for GIMP and Krita do. docs/add-a-host.md explains each step.
"""

import os
import shlex
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path

import photochrom_client

WHITE = 0.9642, 1.0, 0.8249
"""XYZ of the D50 white that the engine's Lab is relative to."""

FROM_XYZ = (3.1339, -1.6169, -0.4906), (-0.9788, 1.9161, 0.0335), (0.0719, -0.2290, 1.4052)
"""XYZ (D50) to linear sRGB, adapted by Bradford's method."""


def read_pgm(path: Path) -> tuple[int, int, int, memoryview]:
    """Width, height, largest sample and the samples, row by row. ValueError for anything but a binary PGM."""
    content = path.read_bytes()
    words: list[bytes] = []
    at = 0
    while len(words) < 4:
        end = at
        while end < len(content) and not content[end : end + 1].isspace():
            end += 1
        if content[at : at + 1] == b"#":
            end = content.index(b"\n", at)
        elif end > at:
            words.append(content[at:end])
        at = end + 1
    if words[0] != b"P5":
        raise ValueError(f"{path} is no binary PGM")
    width, height, largest = (int(word) for word in words[1:])
    samples = array("H" if largest > 255 else "B", content[at:])
    if largest > 255 and sys.byteorder == "little":
        samples.byteswap()
    if len(samples) < width * height:
        raise ValueError(f"{path} ends early")
    return width, height, largest, memoryview(samples)[: width * height]


def lightness_of(sample: float) -> float:
    """sRGB gray, 0…1 -> CIE L*, 0…100."""
    linear = sample / 12.92 if sample <= 0.04045 else ((sample + 0.055) / 1.055) ** 2.4
    return 116 * linear ** (1 / 3) - 16 if linear > 216 / 24389 else linear * 24389 / 27


def rgb_of(lightness: float, a: float, b: float) -> bytes:
    """CIE L*, a*, b* (D50) -> three bytes of sRGB."""
    middle = (lightness + 16) / 116
    roots = middle + a / 500, middle, middle - b / 200
    xyz = [w * (f**3 if f > 6 / 29 else (116 * f - 16) * 27 / 24389) for w, f in zip(WHITE, roots, strict=True)]
    channels = []
    for row in FROM_XYZ:
        linear = min(1.0, max(0.0, sum(m * v for m, v in zip(row, xyz, strict=True))))
        channel = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
        channels.append(round(255 * channel))
    return bytes(channels)


def colored(job: photochrom_client.Job) -> Iterator[bytes]:
    """The result as rows of RGB bytes. A strip is "CIE Lab alpha float": four little-endian float32 a pixel."""
    for strip in job.strips(rows=64, on_progress=show):
        values = array("f", strip.data)
        if sys.byteorder == "big":
            values.byteswap()
        pixels = zip(values[::4], values[1::4], values[2::4], strict=True)
        yield b"".join(rgb_of(*pixel) for pixel in pixels)


def show(fraction: float, message: str) -> None:
    """Called at least once a second. Returning False would cancel the work."""
    print(f"\r{fraction:4.0%} {message:60}", end="", file=sys.stderr, flush=True)


def main(source: Path, output: Path) -> None:
    width, height, largest, samples = read_pgm(source)
    table = array("f", (lightness_of(sample / largest) for sample in range(largest + 1)))
    lightness = array("f", (table[sample] for sample in samples))
    if sys.byteorder == "big":
        lightness.byteswap()

    # An installed plug-in has an engine-command.json in its folder instead.
    os.environ.setdefault("PHOTOCHROM_ENGINE", shlex.join([sys.executable, "-m", "photochrom", "serve"]))
    engine = photochrom_client.connect(Path(__file__).parent, show)
    with engine.upload(width, height, [lightness.tobytes()], on_progress=show) as layer:
        job = layer.colorize({"style": "vivid"}, show)
        with output.open("wb") as file:
            file.write(b"P6\n%d %d\n255\n" % (width, height))
            file.writelines(colored(job))
    print(f"\r{output}: colors by {job.made_by.colorizer}{'':60}", file=sys.stderr)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except photochrom_client.EngineError as error:
        sys.exit(f"\n{error.cause} {error.next_step}")
