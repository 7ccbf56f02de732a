"""The process that stays while GIMP 2.10 is open, by what callers of scripts see with it and without it."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .editor import scheme_text, told
from .screen import insist, running, told_in_time, wait_for

pytestmark = pytest.mark.host

CHANGING = """#!/usr/bin/env python
import resident_beside
from gimpfu import *


def changing():
    return "FIRST " + resident_beside.AGE


register("resident-changing", "", "", "", "", "", None, None, [], [(PF_STRING, "text", "")], changing)
main()
"""
OTHER_PYTHON = """#!{python} -B
import os
from gimpfu import *
register("resident-other", "", "", "", "", "", None, None, [], [(PF_INT, "parent", "")], os.getppid)
main()
"""
CALLER = """#!/usr/bin/env python
import json, os, time
import gimp
from gimpfu_compat.libraries import GIMP, function


def run(name, arguments):
    function(GIMP, "gimp_extension_ack", None)()
    # GIMP returns to what it called first when all that it called later has answered: what lasts longest comes first.
    while not os.path.exists({begin!r}):
        time.sleep(0.05)
    wrong, parents, ends = 0, [], time.monotonic() + 4
    while time.monotonic() < ends:
        number = {number} + len(parents)
        found = gimp.pdb.python_fu_resident_values(number, name, (1, 2, 3), 1, ({number},))
        gimp.delete(found[5])
        wrong += found[:2] + found[4:5] != (number + 1, name + "\u00e9", (2 * {number},))
        parents.append(found[6] == os.getppid())
    with open({file!r} + ".part", "w") as file:
        json.dump([wrong, parents], file)
    os.rename({file!r} + ".part", {file!r})


extension = "extension-resident-{number}"
gimp.main(None, None, lambda: gimp.install_procedure(extension, *[""] * 5, None, None, 2, [], []), run)
"""
LINKED = """#!/usr/bin/env python
import os
import resident_linked_beside
from gimpfu import *
register("resident-linked", "", "", "", "", "", None, None, [], [(PF_INT, "parent", "")], os.getppid)
main()
"""
TITLE = "Resident Ask"
OFF = {"GIMPFU_RESIDENT": "0"}


@pytest.fixture(scope="module")
def with_changing(gimp):
    """GIMP with a script that is to be changed."""
    plug_ins = gimp.profile / "plug-ins"
    texts = {"resident_changing.py": CHANGING, "resident_beside.py": 'AGE = "old"\n'}

    def anew():
        for name, text in texts.items():
            (plug_ins / name).write_text(text, encoding="utf-8")
        (plug_ins / "resident_changing.py").chmod(0o755)
        return gimp

    yield anew
    for name in texts:
        (plug_ins / name).unlink()


@pytest.fixture(scope="module")
def both(with_changing, tmp_path_factory):
    """A function from a case's name to what came of it with the resident process and without it, and what GIMP said."""
    folders = {}
    for kind, environment in (("with", {}), ("without", OFF)):
        out = folders[kind] = tmp_path_factory.mktemp(kind)
        said = with_changing().batch(f"(python-fu-test-resident 1 {scheme_text(out)})", **environment)
        (out / "said.txt").write_text(said, encoding="utf-8")

    def values(name):
        found = []
        for out in folders.values():
            said = (out / "said.txt").read_text(encoding="utf-8")
            found.append(told(out, name, said)["values"])
        return found

    values.said = lambda: [(out / "said.txt").read_text(encoding="utf-8") for out in folders.values()]
    return values


def exists(process):
    return os.path.exists(f"/proc/{process}")


def test_a_script_that_was_called_once_is_not_started_anew_and_gives_the_same(both):
    (values, anew), (expected, always) = both("values")
    assert values == expected == [[7, "üé", [200, 60, 20, 255], 2, [1.0, 4.0], 3]] * 3
    assert anew == [True, False, False]
    assert always == [True] * 3


def test_failures_cancellations_and_exits_are_the_same(both):
    (ends, anew), (expected, always) = both("ends")
    assert ends == expected
    assert ends["raised"][0][1].startswith("KeyError: 'nothing' (resident_runs.py, line ")
    assert ends["failed"][0] == ["error", "It has failed"]
    assert ends["canceled"][0] == ["CancelError", "python-fu-resident-end was cancelled"]
    assert ends["exited"][0] == ["error", "The script ended itself (sys.exit(3))"]
    assert ends["of GIMP's"][0][0] == "error"
    assert ends["silent"][0] == ends["nothing"][0] == ["", ""]
    assert all(first == second for first, second in ends.values())
    assert (anew, always) == (False, True)


def test_each_run_has_a_process_and_globals_of_its_own(both):
    (*told, anew), (*expected, _) = both("globals")
    assert told == expected == [[1] * 5, 5]
    assert not any(anew)


def test_what_a_script_calls_itself_has_its_own_processes(both):
    (told, anew), (expected, _) = both("nested")
    assert told == expected == [[3, 3]] * 2
    assert not anew


def test_groups_that_a_script_leaves_open_are_closed(both):
    (width, anew), (expected, _) = both("groups")
    assert width == expected == 5
    assert not any(anew)
    counts = [said.count("left image undo in inconsistent state") for said in both.said()]
    assert counts == [2, 2]


def test_pixels_are_written_and_gegl_is_started_in_each_run(both):
    (seen, anew), (expected, _) = both("pixels")
    assert seen == expected
    assert seen[0] == seen[2] != seen[1] == seen[3]
    assert not any(anew)


def test_temporary_procedures_go_with_the_run(both):
    assert both("temporary") == [[[False, False], False, False], [[True, True], False, True]]


def test_a_procedure_is_listed_once_and_described_as_before(both):
    told, expected = both("listed once")
    assert told == expected
    assert told[0] == told[1] == 9


def test_a_changed_script_is_run_as_it_is(both):
    (told, anew), _ = both("changed")
    assert told[:4] == ["FIRST old", "FIRST old", "SECOND old", "SECOND new, and longer"]
    assert told[4] == "resident_changing.py has ended before its main()"
    assert told[5].startswith("KeyError: 'python-fu-resident-changing'")
    assert not anew


def test_hundreds_of_calls_leave_nothing_behind(both):
    (started, before, after), nothing = both("many")
    assert (started, nothing) == (0, None)
    assert after[0] - before[0] <= 512  # kB
    assert after[1:] == before[1:]


def test_a_script_that_is_killed_fails_alone(both):
    ((kind, text), *anew, last, stays), ((expected, _), *_) = both("killed")
    assert kind == expected == "error"
    assert text
    assert anew == [True, True]
    assert last == ["", ""]
    assert not stays


@pytest.mark.parametrize("how", ["left", "quit"])
def test_a_script_that_ends_its_process_fails_alone(gimp, tmp_path, how):
    said = gimp.batch(f'(python-fu-test-resident-end 1 {scheme_text(tmp_path)} "{how}")')
    before, (kind, _), after, last = told(tmp_path, "end", said)["values"]
    assert (before, kind, after, last) == (False, "error", True, ["", ""])


def test_each_gimp_has_its_own_which_ends_with_it(gimp, tmp_path):
    outs = [tmp_path / name for name in ("one", "other")]
    for out in outs:
        out.mkdir()
    with ThreadPoolExecutor(2) as threads:
        said = threads.map(lambda out: gimp.batch(f"(python-fu-test-resident-who 1 {scheme_text(out)})"), outs)
        found = [told(out, "who", text)["values"] for out, text in zip(outs, said, strict=True)]
    assert len({process for pair in found for process in pair}) == 4
    wait_for(lambda: not any(exists(process) for process, _ in found), 5, "the end of both")


@pytest.mark.parametrize("callers", [2, 3, 5])
def test_scripts_called_at_the_same_time_answer_their_callers(gimp, tmp_path, callers):
    """GIMP starts the callers itself, and they call as fast as they can."""
    scripts, files = [], []
    begin = tmp_path / "begin"
    for number in range(1000, 1000 * callers + 1, 1000):
        scripts.append(tmp_path / f"resident_caller_{number}.py")
        files.append(tmp_path / f"{number}.json")
        scripts[-1].write_text(CALLER.format(number=number, file=str(files[-1]), begin=str(begin)), encoding="utf-8")
        gimp.add(scripts[-1])
    try:
        gimp.batch("(python-fu-test-resident-wait 1 {})".format(scheme_text("\n".join(map(str, [begin, *files])))))
    finally:
        for script in scripts:
            (gimp.profile / "plug-ins" / script.name).unlink()
    answers = [json.loads(file.read_text()) for file in files]
    print("calls, and those that GIMP started a process for:", [(len(anew), sum(anew)) for _, anew in answers])
    assert not any(wrong for wrong, _ in answers)
    assert all(len(anew) > 40 // callers for _, anew in answers)
    assert not all(all(anew) for _, anew in answers)


def parents(gimp, name, file):
    """The processes that three calls of a script were children of, and what GIMP said; `file` is for the first."""
    call = f"(car (python-fu-resident-{name} 1))"
    said = gimp.batch(
        f"(let ((port (open-output-file {scheme_text(file)}))) (write (list {call} {call} {call}) port)"
        " (close-output-port port))"
    )
    assert file.exists(), said
    return set(file.read_text().strip("()").split()), said


def test_a_script_that_is_a_link_imports_what_is_beside_its_file(gimp, tmp_path):
    script, link = tmp_path / "resident_linked.py", gimp.profile / "plug-ins" / "resident_linked.py"
    script.write_text(LINKED, encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "resident_linked_beside.py").touch()
    link.symlink_to(script)
    try:
        found, said = parents(gimp, "linked", tmp_path / "parents")
    finally:
        link.unlink()
    assert len(found) > 1, said


def test_a_script_of_another_python_is_started_by_gimp(gimp, tmp_path):
    script = tmp_path / "resident_other.py"
    script.write_text(OTHER_PYTHON.format(python=sys.executable), encoding="utf-8")
    gimp.add(script)
    try:
        found, _ = parents(gimp, "other", tmp_path / "parents")
    finally:
        (gimp.profile / "plug-ins" / script.name).unlink()
    assert len(found) == 1


def test_dialogs_are_shown_menus_start_scripts_anew_and_all_ends_with_gimp(gimp, display, tmp_path):
    keys = gimp.profile / "menurc"
    keys.write_text('(gtk_accel_path "<Actions>/plug-in/python-fu-resident-ask" "<Primary>F11")\n')
    try:
        with running(gimp, display, "python-fu-test-resident-dialog", tmp_path) as screen:
            window = screen.window(TITLE)
            assert Path(screen.command(window)[1]).name == "python-fu"
            screen.leave(window, TITLE, "Return")
            values = told_in_time(tmp_path / "dialog.json")["values"]
            assert values[:3] == [3, 7, False]
            main = screen.window("GNU Image Manipulation Program")
            insist(lambda: screen.keys(main, "ctrl+F11"), lambda: screen.windows(TITLE), TITLE)
            assert Path(screen.command(screen.window(TITLE))[1]).name == "resident_runs.py"
            assert exists(values[3])
    finally:
        keys.unlink()
    wait_for(lambda: not exists(values[3]), 5, "its end")
