#!/usr/bin/env bash
# pillow-jxl-plugin's saver takes no notice of icc_profile: the picture is stored, losslessly where asked for, and labeled
# sRGB, without a word. Reading it gives a profile, so that a check for one passes: it is sRGB's, not the picture's. Pillow's
# own savers store the profile they are given. No option of the saver changes it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    pillow-jxl-plugin==1.3.8 pillow==13.0.0 packaging==26.4

"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys
from importlib.metadata import version

import pillow_jxl  # registers the format
from PIL import Image, ImageCms

for package in ("pillow-jxl-plugin", "pillow"):
    print(package, version(package))


def primaries(profile):
    """The profile's red, green and blue, in XYZ for D50."""
    count = struct.unpack_from(">I", profile, 128)[0]
    tags = {profile[at : at + 4]: struct.unpack_from(">I", profile, at + 4)[0] for at in range(132, 132 + 12 * count, 12)}
    ends = (struct.unpack_from(">3i", profile, tags[name] + 8) for name in (b"rXYZ", b"gXYZ", b"bXYZ"))
    return [[round(each / 65536, 2) for each in end] for end in ends]


# sRGB with red and blue exchanged: a profile nobody could take for sRGB's.
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
other = srgb.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
print("given:  ", primaries(other))

picture = Image.new("RGB", (32, 32), (200, 100, 50))
kept = {}
for kind, options in (
    ("PNG", {}),
    ("JXL", {"lossless": True}),
    ("JXL", {"lossless": True, "use_original_profile": True, "use_container": True}),
):
    file = io.BytesIO()
    picture.save(file, kind, icc_profile=other, **options)
    with Image.open(io.BytesIO(file.getvalue())) as read:
        found = read.info.get("icc_profile", b"")
        same = read.getpixel((0, 0)) == (200, 100, 50)
    kept[kind, len(options)] = found == other, primaries(found) == primaries(srgb), same
    print(f"{kind} {options}: samples kept: {same}; profile read: {primaries(found)}")

expected = {("PNG", 0): (True, False, True), ("JXL", 1): (False, True, True), ("JXL", 3): (False, True, True)}
if kept != expected:
    sys.exit("CHANGED: the profile is stored otherwise than before.")
print("As found: the JPEG XL file says sRGB, whatever profile was given.")
PYTHON
