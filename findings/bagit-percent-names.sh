#!/usr/bin/env bash
# bagit.py makes a bag with a file whose name has "%0A" in it, without a word, and then finds its own bag incomplete: it
# stores the name as it is and reads it as a line's end. RFC 8493 (2.1.3) wants a percent sign in a name written as %25.
# A name with another percent, "100%25.txt", is stored as it is too: valid for bagit.py, another name for readers that
# follow the RFC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bagit==1.9.0

cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import logging
import pathlib
import sys
from importlib.metadata import version

import bagit

print("bagit", version("bagit"))
logging.disable()
found = {}
for name in ("plain.txt", "100%25.txt", "a%0Ab.txt"):
    bag = pathlib.Path(f"bag-{len(found)}")
    bag.mkdir()
    (bag / name).write_text("content")
    made = bagit.make_bag(str(bag), checksums=["sha256"])
    line = (bag / "manifest-sha256.txt").read_text().split(maxsplit=1)[1].strip()
    try:
        made.validate()
        said = "valid"
    except bagit.BagValidationError as error:
        said = f"invalid: {error!r}"
    found[name] = line, said.partition(":")[0]
    print(f"{name}: listed as {line}, {said}")

expected = {
    "plain.txt": ("data/plain.txt", "valid"),
    "100%25.txt": ("data/100%25.txt", "valid"),
    "a%0Ab.txt": ("data/a%0Ab.txt", "invalid"),
}
if found != expected:
    sys.exit("CHANGED: names with a percent sign are stored or read otherwise than before.")
print("As found: percent signs are not escaped, and %0A in a name makes a bag that is invalid from the start.")
PYTHON
