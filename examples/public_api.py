"""The public Python API: a photograph's colors as a file, as numbers, and brought to another size.

    python examples/public_api.py examples/dust-bowl-home.jpg results/

Writes `color.tif` and `calm.jpg` into the folder and prints what the colorizer chose.
"""

import sys
from pathlib import Path

import photochrom


def main(photograph: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)

    # One call from file to file. Depth, profile, resolution and metadata are kept; the suffix chooses the format.
    result = photochrom.colorize_file(photograph, folder / "color.tif", photochrom.Options())
    print(f"{result.output}: {result.width} x {result.height}, colors by {result.colorizer}")

    # Options are checked when they are made, and every error says what to do next.
    try:
        photochrom.Options(adjustments=photochrom.Adjustments(chroma=9.0))
    except photochrom.BadRequest as error:
        print(f"refused: {error.cause} {error.next_step}")

    # Less chroma, warmer, and only the most likely colors. Progress comes as a fraction from 0 to 1 with a message;
    # raising `photochrom.Cancelled` in the callback stops the work and leaves no file.
    gentle = photochrom.Options(style="calm", adjustments=photochrom.Adjustments(chroma=0.8, warmth=0.2))
    steps: list[str] = []
    photochrom.colorize_file(
        photograph, folder / "calm.jpg", gentle, progress=lambda fraction, message: steps.append(message)
    )
    print(f"{len(steps)} progress reports, from {steps[0]!r} to {steps[-1]!r}")

    # The same in two steps, without a file: predict at proxy size, then as many full-size results as are wanted.
    # What was computed for a proxy stays with it, so a second prediction with other adjustments costs almost nothing.
    picture = photochrom.open_picture(photograph)
    lightness = picture.lightness().copy_memory()  # L* 0…100 (D50), one band of floats at full size
    colors = photochrom.predict(photochrom.Proxy(lightness), photochrom.Options())
    ab = colors.full_ab(lightness).numpy()  # (height, width, 2): a* and b*, in Lab units
    print(f"mean a* {ab[..., 0].mean():.1f}, mean b* {ab[..., 1].mean():.1f}")
    for name, share in colors.scores.items():
        print(f"  {name}: {share:.0%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
