#!/usr/bin/env python
"""The least that a plug-in in Python can be: ctypes, one procedure that does nothing. A plug-in of GIMP's."""

import os
import sys
from ctypes import CDLL, CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_double, c_int

INT32, STATUS, SUCCESS, PLUGIN = 0, 21, 3, 1


class Definition(Structure):
    _fields_ = (("type", c_int), ("name", c_char_p), ("description", c_char_p))


class Parameter(Structure):
    _fields_ = (("type", c_int), ("padding", c_int), ("status", c_int), ("rest", c_double * 3))


Done = CFUNCTYPE(None)
Run = CFUNCTYPE(None, c_char_p, c_int, POINTER(Parameter), POINTER(c_int), POINTER(POINTER(Parameter)))


class PlugInInfo(Structure):
    _fields_ = (("init", Done), ("quit", Done), ("query", Done), ("run", Run))


gimp = CDLL("libgimp-2.0.so.0")
answer = (Parameter * 1)(Parameter(STATUS, 0, SUCCESS))


def query():
    mode = (Definition * 1)(Definition(INT32, b"run-mode", b"The run mode"))
    gimp.gimp_install_procedure(b"plug-in-bare-nothing", *[b""] * 5, None, None, PLUGIN, 1, 0, mode, None)


def run(name, count, parameters, result_count, results):
    result_count[0], results[0] = 1, answer


info = PlugInInfo(Done(), Done(), Done(query), Run(run))
words = [os.fsencode(word) for word in sys.argv]
gimp.gimp_main(byref(info), len(words), (c_char_p * (len(words) + 1))(*words, None))
os._exit(0)
