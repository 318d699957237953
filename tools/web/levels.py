"""levels.py - the programs of the museum for the pages, below /museum.

The programs that `explore -m` searches are compiled with a place for a decision
before each access to memory: see points.c. Some of these programs are levels of
`You are the scheduler`.
"""
import os
import re
import subprocess

import exhibit
import mkinitrd
import sources
from sources import ROOT

HERE = os.path.dirname(os.path.realpath(__file__))
COMPILER = os.path.join(ROOT, "build/sdk/bin/parley-cc")
# From one decision to many.
LEVELS = ("lost-update", "abba", "missed-signal", "flag-first", "last-put",
          "double-checked", "ring-race", "extra-release", "pause-window",
          "barrier-again", "wake-one", "two-calls", "if-not-while", "aba")
PARTS = (("show", ""), ("bug", ""), ("cure", "-cured"))
POINTS = ["-O1", "-g", "-fsanitize=thread", "-include",
          os.path.join(HERE, "points.h")]
ROW = re.compile(r"^(?:bug|cure)\.c\s+(\d+)\s+(0x[0-9a-f]+)", re.MULTILINE)


def compiled(work, source, name, options):
    """Compile a program into the folder museum; the program with its symbols
    stays outside."""
    full = os.path.join(work, name + ".elf")
    subprocess.run([COMPILER, *options, "-o", full, source], check=True)
    subprocess.run(["strip", "-o", os.path.join(work, "museum", name), full],
                   check=True)
    return full


def lines_of(full):
    """The places of the lines of a program, [[address, line]...]."""
    said = subprocess.run(["objdump", "--dwarf=decodedline", full], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    # Of the lines at an address, the last is that of an inlined function.
    return sorted(([int(address, 16), int(line)] for line, address
                   in ROW.findall(said)), key=lambda row: row[0])


def make(image, work):
    """Compile the programs, and add them to the image (a bytearray); the levels
    for the page."""
    folder = os.path.join(work, "museum")
    os.makedirs(folder)
    points = os.path.join(work, "points.o")
    subprocess.run([COMPILER, "-O2", "-fno-omit-frame-pointer", "-c", "-o",
                    points, os.path.join(HERE, "points.c")], check=True)
    found = {}
    for one in exhibit.exhibits():
        level = found[one.name] = {"name": one.name, "title": one.title}
        options = ["-O1", "-g"]
        if "-m" in (one.explore or ""):
            options = [*POINTS, points]
        for part, ending in PARTS:
            if not one.path(part + ".c"):
                continue
            full = compiled(work, one.path(part + ".c"), one.name + ending,
                            options)
            path = os.path.relpath(one.path(part + ".c"), ROOT)
            level[part] = {"path": path, "text": sources.read(path),
                           "lines": lines_of(full)
                           if one.name in LEVELS else []}
    mkinitrd.add_folder(image, folder, "museum")
    return [found[name] for name in LEVELS]
