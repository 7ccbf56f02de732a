"""What the checker says of scripts."""

import subprocess
import sys
from pathlib import Path

import pytest
from gimpfu_compat.check import check

COMPAT = Path(__file__).resolve().parents[3] / "plugin" / "gimpfu_compat"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = width / 2", "`/` of whole numbers"),
        ("width /= tiles", "`/` of whole numbers"),
        ("names.sort(compare)", "`.sort(function)`"),
        ("names.sort(cmp=compare)", "`.sort(function)`"),
        ("sorted(names, compare)", "cmp_to_key"),
        ('array("B", "\\x00" * 10)', "cannot be made of text"),
        ("array.array('B', ''.join(rows))", "cannot be made of text"),
        ("pixels.tostring()", "`.tobytes()`"),
        ("name = filename.decode('utf-8')", "`.decode()`"),
        ("import gtk", "PyGTK"),
        ("from gimpui import Dialog", "PyGTK"),
        ("import ConfigParser, os", "configparser"),
        ("if d.has_key('a'): pass", "x in"),
        ("for a, b in d.iteritems(): pass", "`.items()`"),
        ("first = d.keys()[0]", "not a list"),
        ("first = map(f, x)[0]", "not a list"),
        ("x = range(3) + [4]", "not a list"),
        ("string.join(words, ' ')", "`string.join`"),
        ("file('a.txt')", "open"),
        ("print >> log, 'text'", "file=file"),
        ("class A:\n    def __cmp__(self, other): pass", "__lt__"),
        ("print 'a'", "print"),
        ("try:\n    pass\nexcept ValueError, e:\n    pass", "as name"),
        ("raise ValueError, 'no'", "raise E(text)"),
        ("if a <> b: pass", "`!=`"),
        ("os.chmod(p, 0755)", "0o"),
        ("f = lambda (x, y): x", "tuples"),
    ],
)
def test_what_python_3_changed_is_named(code, said):
    remarks = check(code.encode())
    assert any(said in remark.text for remark in remarks), remarks


@pytest.mark.parametrize(
    "code",
    [
        "x = width / 2.0",
        "x = width // 2",
        "x = float(width) / height",
        "x = math.pi / 4",
        "x = 2 * pi / points",
        "names.sort()",
        "names.sort(key=len)",
        "array('B', region[0:w, 0:h])",
        "array('B', [0] * 10)",
        "b'abc'.decode('utf-8')",
        "for a in d.keys(): pass",
        "for i in xrange(10): print(unicode(i))",
        "print('a < b', x)",
        "'%s/%s' % (a, b)",
        "import os, gimpcolor",
        "register('name', '0755 print it', 'raise it, now')",
    ],
)
def test_what_means_the_same_is_not(code):
    assert check(code.encode()) == []


def test_lines_are_named_in_order(tmp_path):
    script = tmp_path / "old script.py"
    script.write_text("from gimpfu import *\nimport gtk\n\nw = a / b\n")
    command = [sys.executable, "-m", "gimpfu_compat.check", str(script)]
    done = subprocess.run(command, cwd=COMPAT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == [f"{script}:2", f"{script}:4"]
    script.write_text("from gimpfu import *\nmain()\n")
    done = subprocess.run(command, cwd=COMPAT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    command[-1] = str(tmp_path / "missing.py")
    assert subprocess.run(command, cwd=COMPAT, capture_output=True, check=False).returncode == 2
