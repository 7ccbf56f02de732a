#!/usr/bin/env bash
# SMOTE interpolates between two samples of the rarer class: a new sample's values lie between theirs, one would think.
# With uint8 features, such as pixels, the difference to a smaller neighbor wraps around at 256, and new samples leave the
# range of their class, without a warning. The same values as int16 or float stay within it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    imbalanced-learn==0.14.2 scikit-learn==1.9.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
from imblearn.over_sampling import SMOTE

for package in ("imbalanced-learn", "scikit-learn", "numpy"):
    print(package, version(package))

random = np.random.default_rng(0)
common, rare = random.integers(100, 110, (40, 4)), random.integers(200, 210, (10, 4))
samples = np.concatenate([common, rare])
labels = np.repeat([0, 1], [40, 10])
within = {}
for kind in (np.uint8, np.int16, np.float32):
    resampled, _ = SMOTE(random_state=0).fit_resample(samples.astype(kind), labels)
    new = resampled[len(samples) :]  # appended to what was given
    within[kind.__name__] = bool(rare.min() <= new.min() and new.max() <= rare.max())
    print(f"{kind.__name__}: class {rare.min()} to {rare.max()}, new samples {new.min():.0f} to {new.max():.0f}")
if within != {"uint8": False, "int16": True, "float32": True}:
    sys.exit("CHANGED: other new samples are within the range of their class than before.")
print("As found: new samples of uint8 leave the range of their class.")
PYTHON
