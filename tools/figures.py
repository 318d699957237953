"""figures.py - the figures of the last commit: a ratchet.

tests/bench/figures has a line for each row of the budgets: the typical case,
the worst usual case, and the typical case in the debug build. A figure that
rises by more than 1 % fails `tools/bench -s`. A rise that is meant is written
into the file by `tools/bench -w ROW...`, in the commit with the change.
"""
import os
import re
import subprocess

import vm

FIGURES = os.environ.get("FIGURES") or "tests/bench/figures"
KINDS = ("typical", "worst", "debug")
RISE_MOST = 1.01
LAST_DIGIT = 0.011
COMPILER = "# Compiler: "
HEAD = """\
# What each row costs, in instructions: row, typical case, worst usual case,
# debug build. A figure that rises by more than 1 % fails `tools/bench -s`.
# Written by `tools/bench -w [ROW...]`, in the commit that changes a figure.
"""


def compiler(toolchain):
    """The compiler that `make` takes, with its version."""
    make = ["make", "-s", "-f", "-", "TOOLCHAIN=" + (toolchain or "auto"),
            "version"]
    text = "include %s\nversion:\n\t@echo '$(TARGET_VERSION)'\n" % (
        "build/toolchain-%s.mk" % (toolchain or "auto"))
    return subprocess.run(make, input=text, stdout=subprocess.PIPE,
                          text=True).stdout.strip()


def number(text):
    return None if text == "-" else float(text)


def read():
    """({row: {kind: figure or None}}, the compiler)"""
    figures, made_by = {}, ""
    for line in vm.read_text(FIGURES).splitlines():
        if line.startswith(COMPILER):
            made_by = line[len(COMPILER):]
        elif line and not line.startswith("#"):
            row, *numbers = line.split()
            figures[row] = dict(zip(KINDS, map(number, numbers)))
    return figures, made_by


def in_digits(value):
    """As many digits as the benchmark prints."""
    return "-" if value is None else re.sub(r"\.?0+$", "", "%.2f" % value)


def write(results, rows, made_by):
    """Keep the figures of rows that were not measured."""
    figures = read()[0]
    for result in results:
        figures[result.row.name] = result.figures
    with open(FIGURES, "w") as file:
        file.write(HEAD + COMPILER + made_by + "\n")
        for row in rows:
            if row.name in figures:
                file.write(" ".join([row.name] + [
                    in_digits(figures[row.name].get(kind))
                    for kind in KINDS]) + "\n")


def has_risen(now, before):
    """By more than 1 %, and more than the last digit of a share. A row of
    growth may be below 0."""
    return now is not None and before is not None and \
        abs(now) > abs(before) * RISE_MOST and \
        abs(now) - abs(before) > LAST_DIGIT


def complaints(results):
    """A line for each figure that has risen, and for each row without one."""
    figures = read()[0]
    for result in results:
        name = result.row.name
        before = figures.get(name)
        if before is None:
            yield "%s has no figure in %s: write it with tools/bench -w %s" % (
                name, FIGURES, name)
            continue
        for kind in KINDS:
            now, old = result.figures.get(kind), before.get(kind)
            if has_risen(now, old):
                yield ("%s rose (%s) from %s to %s: find the cause, or, if "
                       "the rise is meant, commit tools/bench -w %s with it" %
                       (name, kind, in_digits(old), in_digits(now), name))
