"""The bundles, built and used for real: no Python, no package of ours, no network, nothing written beside them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from http.client import HTTPConnection

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from hosts.gimp3 import editor as gimp3
from hosts.gimp3.conftest import where
from hosts.krita import editor as krita5
from hosts.krita.conftest import screen, told_by
from hosts.published import archives, published

from .conftest import HERE, REPOSITORY, SHARED, SOMEBODY, told
from .people import SomebodysKrita, give, somebody

MOST_BYTES = 260e6
MOST_BYTES_PACKED = 100e6
PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"

pytestmark = pytest.mark.slow


def pixels(path):
    return pyvips.Image.new_from_file(str(path)).numpy()


@pytest.fixture
def photograph(bundle):
    """The photograph in the user's home, which is all that the user may read besides the bundle."""
    copy = bundle.home / "dust bowl.jpg"
    shutil.copy(PHOTOGRAPH, copy)
    copy.chmod(0o644)
    return copy


@pytest.fixture(scope="module")
def unbundled(tmp_path_factory):
    """The answer of the engine of this checkout."""
    output = tmp_path_factory.mktemp("unbundled") / "color.png"
    command = [sys.executable, "-m", "photochrom", "colorize", PHOTOGRAPH, "-o", output]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": PYTHONPATH}, check=True, timeout=300)
    return pixels(output)


def test_small_on_disk_and_as_archive(lite):
    size = sum(path.lstat().st_size for path in lite.folder.rglob("*") if not path.is_dir())
    print(f"lite: {size / 1e6:.1f} MB on disk, {lite.archive.stat().st_size / 1e6:.1f} MB as .tar.xz")
    assert size <= MOST_BYTES
    assert lite.archive.stat().st_size <= MOST_BYTES_PACKED


def test_holds_the_parts_of_openvino_that_run_our_networks_and_no_others(lite):
    parts = {path.name.split(".so")[0] for path in lite.folder.rglob("libopenvino*.so*")}
    assert parts == {"libopenvino", "libopenvino_intel_cpu_plugin", "libopenvino_ir_frontend"}
    assert not [path for name in ("torch", "scipy", "skimage") for path in lite.folder.rglob(f"{name}/")]


def test_says_under_which_licenses_its_parts_are(bundle):
    assert "GNU GENERAL PUBLIC LICENSE" in (bundle.folder / "LICENSE").read_text()
    found = {path.name for path in (bundle.folder / "THIRD-PARTY").iterdir()}
    assert {"openvino", "numpy", "pyvips-binary", "photochrom"} <= found


def test_has_the_license_of_each_library_that_is_the_systems(bundle):
    third_party = bundle.folder / "THIRD-PARTY"
    if not shutil.which("dpkg-query"):
        pytest.skip("the system is no Debian")
    listed = [line.split(" ") for line in (third_party / "libraries.txt").read_text().splitlines()]
    names = {library for library, _, _ in listed}
    assert {"libssl.so.3", "libcrypto.so.3"} <= names
    for library, package, version in listed:
        assert list(bundle.folder.rglob(library)), library
        assert version and (third_party / package / "copyright").stat().st_size > 300
    text = (third_party / "libstdc++6" / "copyright").read_text()
    assert all(
        (third_party / "common-licenses" / each).is_file() for each in re.findall(r"common-licenses/(GPL-\d)", text)
    )


def test_no_library_looks_where_the_builders_python_is(bundle):
    wanting = []
    for path in bundle.folder.rglob("*.so*"):
        said = subprocess.run(["readelf", "--dynamic", path], capture_output=True, text=True, check=False).stdout
        paths = [each for line in re.findall(r"(?:RUNPATH|RPATH).*\[(.*)\]", said) for each in line.split(":")]
        wanting += [(path.name, each) for each in paths if not each.startswith("$ORIGIN")]
    assert wanting == []


def test_doctor_finds_nothing_wrong_but_the_missing_editors(bundle):
    done = bundle.run("doctor")
    bad = [line for line in done.stdout.splitlines() if line.startswith(" FAIL")]
    # A GIMP 2.10 of this machine is found without a profile too, and has no plug-in.
    assert [line.split(":")[0].split()[-1] for line in bad] in (["editors"], ["2.10"]), done.stdout + done.stderr
    assert "it colors" in done.stdout


def test_colors_are_those_of_the_unbundled_engine(bundle, photograph, unbundled):
    done = bundle.run("colorize", photograph, "-o", "färbig.png")
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(pixels(bundle.home / "färbig.png"), unbundled)


def test_batch_colors_three_pictures_in_processes_of_its_own(bundle, photograph, unbundled):
    folder = bundle.home / "drei Bilder"
    folder.mkdir()
    for number in range(3):
        shutil.copy(photograph, folder / f"{number}.jpg")
    folder.chmod(0o755)
    done = bundle.run("batch", folder, "-o", bundle.home / "farbig", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    results = sorted((bundle.home / "farbig").glob("*.jpg"))
    assert [path.stem for path in results] == ["0", "1", "2"]
    first, *others = map(pixels, results)
    assert all(np.array_equal(first, other) for other in others)
    assert np.abs(first.astype(int) - unbundled).mean() < 3  # they are JPEG files


def test_missing_extra_leads_to_the_full_bundle(lite):
    picture = lite.home / "scan.heic"
    picture.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
    done = lite.run("colorize", picture, "-o", "scan.png")
    assert done.returncode != 0
    assert "full bundle" in done.stderr
    assert "pip install" not in done.stderr


@pytest.mark.parametrize("users", ["/opt/their own", None])
def test_programs_it_starts_get_the_users_libraries_not_its_own(bundle, users):
    programs = bundle.home / f"programs-{users is None}"
    programs.mkdir()
    said = programs / "said"
    said.touch()
    said.chmod(0o666)
    editor = programs / "gimp"
    editor.write_text(f"#!/bin/sh\nenv > '{said}'\necho 'GNU Image Manipulation Program version 3.0.4'\n")
    editor.chmod(0o755)
    given = {} if users is None else {"LD_LIBRARY_PATH": users}
    done = bundle.run("plugin", "install", "--gimp", "--dry-run", PATH=f"{programs}:/usr/bin:/bin", **given)
    assert "GIMP/3.0" in done.stdout, done.stderr
    seen = dict(line.split("=", 1) for line in said.read_text().splitlines() if "=" in line)
    assert seen.get("LD_LIBRARY_PATH") == users
    assert not [name for name in seen if name.startswith("_PYI")]


def test_service_answers_and_ends(bundle):
    runtime = bundle.home / "run"
    process = subprocess.Popen(
        bundle.command("serve"),
        env=bundle.environment | {"PHOTOCHROM_RUNTIME_DIR": str(runtime)},
        cwd=bundle.home,
    )
    try:
        until = time.monotonic() + 120
        while not (runtime / "engine.json").exists():
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        said = json.loads((runtime / "engine.json").read_text())
        assert said["pid"] == process.pid
        connection = HTTPConnection("127.0.0.1", said["port"], timeout=60)
        connection.request("GET", "/v1/status", headers={"Authorization": f"Bearer {said['token']}"})
        assert json.load(connection.getresponse())["pid"] == process.pid
        connection.close()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


# ------------------------------------------------------------------------------------- editors


@pytest.mark.host
def test_gimp_colorizes_through_the_bundle_alone(lite, tmp_path):
    gimp = editor_with(lite, gimp3, gimp3.NoGimp, tmp_path)
    try:
        started = gimp.batch("once.py", **where(tmp_path), PHOTOCHROM_CASE="gimp", PHOTOCHROM_SCALE="0.5")
        result = told(started, tmp_path / "gimp.json")
        assert result["status"] == "success", result["error"]
        assert [layer["mode"] for layer in result["document"]["layers"]] == ["lch-color", "normal"]
        assert runs_from(gimp.engine()["pid"], lite)
    finally:
        gimp.stop_engines()


@pytest.mark.host
def test_krita_colorizes_through_the_bundle_alone(lite, tmp_path):
    krita = editor_with(lite, krita5, krita5.NoKrita, tmp_path)
    try:
        with screen(krita, "1280x900") as display:
            started = krita.window(HERE / "inside" / "krita_once.py", display, **where(tmp_path))
            result = told(started, tmp_path / "krita.json")
        assert result["error"] == ""
        assert ["(Photochrom)" in layer[0] for layer in result["layers"]] == [False, True]
        assert runs_from(krita.engine()["pid"], lite)
    finally:
        krita.stop_engines()


@pytest.mark.host
def test_krita_imports_the_plugin_which_fetches_the_bundle_and_both_go(lite, unpacked):
    """The user has a plain name: Krita 5.2.9's own importer fails in a folder with an umlaut."""
    try:
        found = krita5.find(unpacked / "Krita's own" / "Ann (1)")
    except krita5.NoKrita as error:
        pytest.skip(str(error))
    if found.tree is None:
        pytest.skip("Krita is on this machine itself, and may find another engine there.")
    user = somebody(replace(found, visible=SHARED), found.home, SOMEBODY, SomebodysKrita)
    plain = "[python]\nenable_driver=true\nenable_plugin_importer=true\n\n[photochrom]\npreview=false\n"
    user.settings.write_text(plain, encoding="utf-8")
    before = {path.relative_to(user.home) for path in user.home.rglob("*")}
    zipped = archives(user.home.parent / "dist")["krita"]
    for script in ("importing", "first_start"):
        (user.home.parent / script).mkdir()
    give(user.home.parent, SOMEBODY)
    engine = user.home / ".local" / "share" / "photochrom" / "engine" / "photochrom"
    try:
        with (
            screen(user, "1400x1000") as display,
            published(user.home.parent / "release", lite.archive) as release,
        ):
            said = told_by(user, display, "importing", **release, PHOTOCHROM_ARCHIVE=str(zipped))("imported")
            assert said["messages"] == 1 and "Photochrom" in said["message"]
            said = told_by(user, display, "first_start", **release)("first_start")
        assert f"{lite.archive.stat().st_size / 1e6:.0f} MB" in said["missing"] and "SHA-256: " in said["missing"]
        assert said["error"] == ""
        assert said["layers"][1].endswith(" (Photochrom)")
        assert os.path.samefile(f"/proc/{user.engine()['pid']}/exe", engine)
        done = subprocess.run(user.command(str(engine), "plugin", "remove", "--purge"), check=False, timeout=120)
        assert done.returncode == 0
        assert user.engine() is None
    finally:
        user.stop_engines()
    left = {path.relative_to(user.home) for path in user.home.rglob("*")} - before
    assert [path for path in left if "photochrom" in str(path).lower()] == []
    names = [line.partition("=")[0] for line in user.settings.read_text(encoding="utf-8").splitlines()]
    assert [name for name in names if "photochrom" in name] == []


def editor_with(lite, module, missing, tmp_path):
    """The editor where of ours there is the bundle alone, whose own command has installed the plug-in."""
    try:
        found = module.find(tmp_path / "Ann Müller (1)")
    except missing as error:
        pytest.skip(str(error))
    scripts = gimp3.HERE / "inside", krita5.HERE / "inside", HERE / "inside"
    editor = replace(found, visible=(lite.folder, *scripts, PHOTOGRAPH))
    editor.prepare()
    subprocess.run(editor.command(str(lite.program), "plugin", "install"), check=True, timeout=120)
    return editor


def runs_from(pid, lite):
    return os.path.samefile(f"/proc/{pid}/exe", lite.program)
