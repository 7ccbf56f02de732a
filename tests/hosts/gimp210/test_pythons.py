"""The same package on other versions of Python."""

import re
import shutil
import subprocess
import sys

import pytest

from . import editor

pytestmark = [pytest.mark.host, pytest.mark.slow]


def python_of(version):
    """The command of a version of Python, or None."""
    found = shutil.which(f"python{version}")
    if not found:
        return None
    done = subprocess.run(
        [found, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None


@pytest.mark.parametrize("version", ["3.10", "3.12", "3.13", "3.14"])
def test_the_sixty_names_do_the_same(version, tmp_path):
    python = python_of(version)
    if not python:
        # No failure in CI either: it has one Python.
        pytest.xfail(f"no Python {version} on this machine")
    try:
        gimp = editor.find(tmp_path)
    except editor.NoGimp as error:
        pytest.skip(str(error))
    gimp.prepare(python)
    for script in ("cases.py", "names.py", "procedures.py"):
        gimp.add(editor.HERE / "inside" / script)
    for script in ("names", "procedures"):
        said = gimp.batch(f"(python-fu-test-{script} 1 {editor.scheme_text(tmp_path)})")
        for name in editor.cases(f"{script}.py"):
            editor.told(tmp_path, name, said)
    interpreters = next((gimp.profile / "interpreters").iterdir()).read_text()
    assert set(re.findall(r"=(.*)", interpreters)) == {python}
    assert python != sys.executable
