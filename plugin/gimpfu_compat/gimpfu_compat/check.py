"""`python -m gimpfu_compat.check SCRIPT…`: names what Python 3 changed in a Python-Fu script of Python 2's time.

It changes nothing and runs nothing. Names that gimpfu lends (`xrange`, `unicode`, …) are not mentioned. Python says too
little of the types of values to be sure of everything: what is named is to be looked at.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOOLKITS = {"gtk", "gimpui", "pygtk", "gobject", "pango", "glib"}
MOVED = {
    "ConfigParser": "configparser",
    "StringIO": "io",
    "cStringIO": "io",
    "cPickle": "pickle",
    "Tkinter": "tkinter",
    "tkFileDialog": "tkinter.filedialog",
    "tkMessageBox": "tkinter.messagebox",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "Queue": "queue",
    "commands": "subprocess",
    "__builtin__": "builtins",
    "HTMLParser": "html.parser",
    "copy_reg": "copyreg",
    "thread": "_thread",
    "sets": "the built-in set",
}
METHODS = {
    "has_key": "`.has_key(x)` is gone from dictionaries: write `x in …`",
    "iteritems": "`.iteritems()` is `.items()`",
    "itervalues": "`.itervalues()` is `.values()`",
    "iterkeys": "`.iterkeys()` is `.keys()`",
    "decode": "text has no `.decode()`, only bytes have: leave it out where the value is text",
    "tostring": "`.tostring()` of arrays is `.tobytes()`",
    "fromstring": "`.fromstring()` of arrays is `.frombytes()`",
    "next": "`.next()` of iterators is `next(…)`",
}
BUILT_IN = {
    "file": "`file(…)` is `open(…)`",
    "execfile": "`execfile(…)` is gone: write `exec(open(…).read())`",
    "reload": "`reload` is in importlib",
    "buffer": "`buffer` is `memoryview`",
    "coerce": "`coerce` is gone",
}
OF_STRING = {
    "join",
    "replace",
    "split",
    "lower",
    "upper",
    "strip",
    "find",
    "atoi",
    "atof",
    "letters",
    "zfill",
    "maketrans",
}
SPECIAL = {
    "__cmp__": "__lt__ and __eq__",
    "__nonzero__": "__bool__",
    "__unicode__": "__str__",
    "__metaclass__": "metaclass=",
}
LAZY = {"map", "filter", "zip", "range", "xrange"}
VIEWS = {"keys", "values", "items"}

OLD_SYNTAX = (
    (re.compile(r"^\s*print\s+[^(=\s]|^\s*print\s*$|^\s*print\s*>>"), "`print` is a function: write `print(…)`"),
    (re.compile(r"^\s*except\s+[\w.()\s,]+,\s*\w+\s*:"), "`except E, name:` is `except E as name:`"),
    (re.compile(r"^\s*raise\s+[\w.]+\s*,"), "`raise E, text` is `raise E(text)`"),
    (re.compile(r"^\s*exec\s+[^(\s]"), "`exec` is a function: write `exec(…)`"),
    (re.compile(r"<>"), "`<>` is `!=`"),
    (re.compile(r"(?<![\w.])0[0-7]+(?![\w.])"), "numbers of base eight are written `0o…`"),
    (re.compile(r"(?<![\w.])\d+[lL]\b"), "long numbers have no `L`"),
    (re.compile(r"(?<!\w)ur['\"]"), "text has no prefix `ur`"),
    (re.compile(r"`[^`]+`"), "backticks are `repr(…)`"),
    (re.compile(r"^\s*def\s+\w+\([^)]*\((?!\))[^=)]*\)\s*[,)]|lambda\s*\("), "arguments cannot be tuples"),
)


class Remark(NamedTuple):
    """Something to look at: a line, counted from 1, and what Python 3 changed there."""

    line: int
    text: str


def check(source: bytes) -> list[Remark]:
    """What Python 3 changed in a script, in the order of its lines."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as refused:
        line = getattr(refused, "lineno", None) or 1
        reason = getattr(refused, "msg", None) or str(refused)
        found = [Remark(line, f"not Python 3: {reason}"), *_by_line(source.decode("utf-8", "replace"))]
    else:
        found = [
            Remark(node.lineno, text) for node in ast.walk(tree) if isinstance(node, _PLACED) for text in _about(node)
        ]
    return sorted(set(found))


_PLACED = (ast.expr, ast.stmt)


def _by_line(text: str) -> Iterator[Remark]:
    """Old syntax, by its looks: such a script cannot be read in any other way."""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"'(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\"", "''", line).partition("#")[0]
        for pattern, remark in OLD_SYNTAX:
            if pattern.search(code):
                yield Remark(number, remark)


def _about(node: ast.expr | ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _about_import(node)
    elif isinstance(node, ast.BinOp):
        yield from _about_operator(node.op, node.left, node.right, node)
    elif isinstance(node, ast.AugAssign):
        yield from _about_operator(node.op, node.target, node.value, node)
    elif isinstance(node, ast.Call):
        yield from _about_call(node)
    elif isinstance(node, ast.Subscript):
        yield from _about_index(node)
    elif isinstance(node, (ast.FunctionDef, ast.Assign)):
        names = [node.name] if isinstance(node, ast.FunctionDef) else [_name(each) for each in node.targets]
        yield from (f"`{name}` is {SPECIAL[name]}" for name in names if name in SPECIAL)
    elif isinstance(node, ast.Attribute) and _name(node.value) == "string" and node.attr in OF_STRING:
        yield f"`string.{node.attr}` is gone: text has it as a method, or the module under another name"


def _about_import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for name in (each.partition(".")[0] for each in names):
        if name in TOOLKITS:
            yield f"`{name}` is PyGTK, which does not exist for Python 3: windows of its own must be rewritten"
        elif name in MOVED:
            yield f"the module `{name}` is {MOVED[name]} now"


def _about_operator(operator: ast.operator, left: ast.expr, right: ast.expr, node: ast.AST) -> Iterator[str]:
    if isinstance(operator, ast.Div) and not (_is_float(left) or _is_float(right)):
        yield f"`/` of whole numbers gives a fraction: `{ast.unparse(node)}`; write `//` where a whole number is meant"
    elif isinstance(operator, ast.RShift) and _name(left) == "print":
        yield "`print >> file` is `print(…, file=file)`"
    elif isinstance(operator, ast.Add) and any(_called(each) in LAZY | VIEWS for each in (left, right)):
        yield f"not a list any more: `{ast.unparse(node)}`; write `list(…)` around it"


def _about_call(node: ast.Call) -> Iterator[str]:
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr == "sort" and (node.args or any(each.arg == "cmp" for each in node.keywords)):
            yield "`.sort(function)` is `.sort(key=functools.cmp_to_key(function))`"
        elif function.attr == "encode" and node.args and isinstance(node.args[0], ast.Constant):
            if node.args[0].value in ("hex", "base64", "string_escape"):
                yield f"`.encode({node.args[0].value!r})` is in the module codecs or base64"
        elif function.attr in METHODS and not (function.attr == "decode" and isinstance(function.value, ast.Constant)):
            yield METHODS[function.attr]
    if _called(node) == "sorted" and (len(node.args) > 1 or any(each.arg == "cmp" for each in node.keywords)):
        yield "`sorted(list, function)` is `sorted(list, key=functools.cmp_to_key(function))`"
    if _called(node) == "array" and len(node.args) > 1 and (_is_text(node.args[1]) or _value(node.args[0]) == "c"):
        yield f'an array of bytes cannot be made of text: `{ast.unparse(node)}`; write `b"…"`'
    if isinstance(function, ast.Name) and function.id in BUILT_IN:
        yield BUILT_IN[function.id]


def _about_index(node: ast.Subscript) -> Iterator[str]:
    called = _called(node.value)
    if called in LAZY - {"range", "xrange"} or (
        called in VIEWS and isinstance(node.value, ast.Call) and not node.value.args
    ):
        yield f"not a list any more: `{ast.unparse(node)}`; write `list(…)` around it"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _called(node: ast.AST) -> str:
    """The last name of what is called, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)


def _value(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        return _is_text(node.func.value)
    return isinstance(_value(node), str) or _called(node) in ("str", "chr", "unichr")


def _is_float(node: ast.AST) -> bool:
    """Whether a value is a fraction for sure, or text, which has no `/`."""
    if isinstance(node, ast.BinOp):
        return _is_float(node.left) or _is_float(node.right)
    if isinstance(node, ast.UnaryOp):
        return _is_float(node.operand)
    if _name(node) == "pi":
        return True
    if isinstance(node, ast.Attribute):
        return node.attr in ("pi", "e", "opacity")
    fractional = (
        "float",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "atan",
        "atan2",
        "radians",
        "degrees",
        "hypot",
        "random",
        "time",
    )
    return isinstance(_value(node), (float, str)) or _called(node) in fractional


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m gimpfu_compat.check",
        description="Names what Python 3 changed in Python-Fu scripts of Python 2's time. It changes and runs nothing.",
        epilog="Ends with 0 where there is nothing to say, with 1 where there is, with 2 where a file cannot be read.",
    )
    parser.add_argument("script", nargs="+", type=Path)
    count = 0
    for path in parser.parse_args().script:
        try:
            remarks = check(path.read_bytes())
        except OSError as unreadable:
            print(f"{path}: {unreadable.strerror}", file=sys.stderr)
            return 2
        for remark in remarks:
            print(f"{path}:{remark.line}: {remark.text}")
        count += len(remarks)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
