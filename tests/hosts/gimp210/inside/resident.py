#!/usr/bin/env python
"""Calls the procedures of `resident_runs.py`, notes what came of it, and whether GIMP has started them anew.

A plug-in of GIMP's.
"""

import os
import time

from cases import *
from gimpfu import *

ENDS = ("raised", "failed", "canceled", "exited", "of GIMP's", "silent", "nothing")
GIMP = os.getppid()


def called(name, *arguments):
    """A call of one of the procedures after a pause.

    GIMP needs a moment to read what is installed again, and starts the script itself until then.
    """
    time.sleep(0.02)
    return pdb["python-fu-resident-" + name](*arguments)


def ended(how):
    """How a call has ended for its caller."""
    try:
        called("end", how)
    except RuntimeError as failure:
        return type(failure).__name__, str(failure)
    return "", ""


def anew():
    """Whether GIMP starts the script anew now."""
    return called("count")[2] == GIMP


def resident():
    """The process that stays, or None."""
    anew()
    parent = called("count")[2]
    return None if parent == GIMP else parent


@case("values")
def try_it(out):
    told = [called("values", 6, "ü", (200, 60, 20), 2, (0.5, 2.0)) for _ in range(3)]
    values = [(a, b, list(c), d, e, f.width) for a, b, c, d, e, f, _ in told]
    return values, [parent == GIMP for *_, parent in told]


@case("ends")
def try_it(out):
    return {how: [ended(how), ended(how)] for how in ENDS}, anew()


@case("globals")
def try_it(out):
    told = [called("count") for _ in range(5)]
    return [count for count, _, _ in told], len({pid for _, pid, _ in told}), [parent == GIMP for *_, parent in told]


@case("nested")
def try_it(out):
    anew()
    told = [called("nested", 2) for _ in range(2)]
    return [(count, len(set(pids))) for count, pids in told], anew()


@case("groups")
def try_it(out):
    image, _ = an_image()
    anew()
    parents = [called("open-group", image) for _ in range(2)]
    return image.width, [parent == GIMP for parent in parents]


@case("pixels")
def try_it(out):
    _, layer = an_image()
    anew()
    parents, seen = [], [pixel(layer, 3, 4)]
    for _ in range(3):
        parents.append(called("pixels", layer) == GIMP)
        seen.append(pixel(layer, 3, 4))
    return seen, parents


@case("temporary")
def try_it(out):
    anew()
    parents = [called("temporary") == GIMP for _ in range(2)]
    return parents, "resident-left" in pdb, anew()


@case("listed once")
def try_it(out):
    anew()
    names = [name for name in pdb.query(".*") if name.startswith("python-fu-resident")]
    info = pdb.python_fu_resident_values
    return len(names), len(set(names)), [each[:2] for each in info.params], [each[:2] for each in info.return_vals]


@case("changed")
def try_it(out):
    """The script and the module beside it are written anew between two calls."""
    folder = os.path.dirname(os.path.abspath(__file__))

    def written(name, old, new):
        path = os.path.join(folder, name)
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace(old, new))

    def text():
        try:
            return called("changing")
        except RuntimeError as failure:
            return str(failure)

    told = [text(), text()]
    written("resident_changing.py", "FIRST", "SECOND")
    told.append(text())
    written("resident_beside.py", "old", "new, and longer")
    told.append(text())
    written("resident_changing.py", "main()", "")
    told.append(text())
    written("resident_changing.py", "register(", "main()\nregister(")
    told.append(text())
    return told, anew()


def status(process, key):
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key))


@case("many")
def try_it(out):
    process = resident()
    if not process:
        return None

    def now():
        return status(process, "VmRSS:"), len(os.listdir(f"/proc/{process}/fd")), len(os.listdir(f"/proc/{GIMP}/fd"))

    for _ in range(20):
        anew()
    before = now()
    started = sum(anew() for _ in range(200))
    return started, before, now()


@case("killed")
def try_it(out):
    process = resident()
    told = ended("killed")
    return told, anew(), anew(), ended("nothing"), os.path.exists(f"/proc/{process}")


def end_so(out, how):
    """One end, of a script that the resident process runs where there is one; and how it is afterwards."""
    CASES.clear()

    @case("end")
    def try_it(out):
        anew()
        before = anew()
        return before, ended(how), anew(), ended("nothing")

    run(out)


def who(out):
    """Waits for another GIMP that does the same, and tells which process is resident."""
    CASES.clear()

    @case("who")
    def try_it(out):
        return resident(), GIMP

    run(out)


def dialog(out):
    CASES.clear()

    @case("dialog")
    def try_it(out):
        first = called("ask", 3)
        time.sleep(0.02)
        number, parent = pdb.python_fu_resident_ask(3, run_mode=RUN_INTERACTIVE)
        return first[0], number, parent == GIMP, parent

    run(out)


def wait(paths):
    """Keeps GIMP open until there are these files, which others write once there is the first one."""
    begin, files = paths.split("\n")[0], paths.split("\n")[1:]
    open(begin, "w").close()
    ends = time.monotonic() + 60
    while not all(map(os.path.exists, files)) and time.monotonic() < ends:
        time.sleep(0.1)


OUT = (PF_STRING, "out", "A folder", "")
register("test-resident-end", "", *US, [OUT, (PF_STRING, "how", "", "")], [], end_so)
register("test-resident-who", "", *US, [OUT], [], who)
register("test-resident-dialog", "", *US, [OUT], [], dialog)
register("test-resident-wait", "", *US, [(PF_STRING, "paths", "One a line", "")], [], wait)
register_cases("resident")
main()
