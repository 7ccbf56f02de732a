"""Folders of photographs, colorized by a run that can be stopped at any moment and resumed.

A batch lives in its output folder: `.photochrom/journal.sqlite` there holds its settings and what became of every file.
`plan` finds the photographs and names their results; `runner` hands them to processes that read and write (`worker`),
runs the network for all of them, and keeps the journal (`journal`); results appear whole or not at all (`publishing`).
"""
