"""One user of GIMP 2.10 for all tests of this folder, with an awkward name, and our gimpfu as a user installs it."""

import subprocess

import pytest
from photochrom.image.color_spaces import NAMED

from photochrom_client.kit import preferences

from . import editor

HOME = "Ann Müller (1)"
HISTORY = "photochrom-history.json"


@pytest.fixture(scope="session")
def gimp(tmp_path_factory):
    """GIMP 2.10 with the scripts of `inside/` among its plug-ins."""
    try:
        found = editor.find(tmp_path_factory.mktemp("gimp210") / HOME)
    except editor.NoGimp as error:
        pytest.skip(str(error))
    found.prepare()
    for script in [*(editor.HERE / "inside").glob("*.py"), *(editor.HERE / "scripts").glob("*.py")]:
        found.add(script)
    return found


@pytest.fixture(scope="session")
def photochrom(gimp):
    """The same GIMP with Photochrom's plug-in."""
    gimp.install_photochrom()
    yield gimp
    gimp.stop_engines()


@pytest.fixture
def newcomer(photochrom):
    """The same GIMP, whose user has not used Photochrom yet: other tests, and a first try of this one, have, and their
    settings would come back. The window about the installation was seen."""
    (photochrom.profile / HISTORY).unlink(missing_ok=True)
    (photochrom.profile / preferences.NAME).write_text(editor.INSTALLATION_SEEN, encoding="utf-8")
    return photochrom


@pytest.fixture(scope="session")
def outcome(gimp, tmp_path_factory):
    """A function from a script of `inside/` and a case's name to what came of it; each script is run once."""
    said = {}

    def of(script, name):
        if script not in said:
            out = tmp_path_factory.mktemp(script)
            (out / "wide.icc").write_bytes(NAMED["adobe-rgb"].icc)
            said[script] = out, gimp.batch(f"(python-fu-test-{script} 1 {editor.scheme_text(out)})", data=True)
        out, text = said[script]
        return editor.told(out, name, text)

    return of


@pytest.fixture(scope="module")
def display():
    """The name of a virtual display that is up and stays as it is when its last client goes."""
    server = subprocess.Popen(
        ["sh", "-c", "exec Xvfb -displayfd 1 -r -noreset -screen 0 1280x900x24 -nolisten tcp 2>/dev/null"],
        stdout=subprocess.PIPE,
        text=True,
    )
    number = server.stdout.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.stdout.close()
    server.terminate()
    server.wait(10)
