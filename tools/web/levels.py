"""levels.py - exhibits of the museum as levels of `You are the scheduler`.

Each level is a program with a bug and its cure, compiled with a place for a
decision before each access to memory: see points.c. Both come into the image
that runs in the pages, below /levels.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]
import mkinitrd                                             # noqa: E402
import sources                                              # noqa: E402
from sources import ROOT                                    # noqa: E402

# From one decision to many.
NAMES = ("lost-update", "flag-first", "last-put", "double-checked",
         "ring-race", "shared-argument", "extra-release", "pause-window",
         "wake-one", "semaphore-order", "two-calls", "aba", "wrong-caller")
FLAGS = ["-O1", "-g", "-fsanitize=thread"]
ROW = re.compile(r"^(?:bug|cure)\.c\s+(\d+)\s+(0x[0-9a-f]+)", re.MULTILINE)


def compiled(folder, source, name, points):
    """Compile a program into the folder; the places of its lines,
    [[address, line]...]."""
    full = os.path.join(os.path.dirname(folder), name + ".elf")
    program = os.path.join(folder, name)
    compiler = os.path.join(ROOT, "build/sdk/bin/parley-cc")
    subprocess.run([compiler, *FLAGS, "-o", full, source, points], check=True)
    subprocess.run(["strip", "-o", program, full], check=True)
    said = subprocess.run(["objdump", "--dwarf=decodedline", full], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return sorted([int(address, 16), int(line)] for line, address
                  in ROW.findall(said))


def make(image, work):
    """Compile all levels, add them to the image (a bytearray); the facts for
    the page."""
    folder = os.path.join(work, "levels")
    os.makedirs(folder, exist_ok=True)
    points = os.path.join(work, "points.o")
    compiler = os.path.join(ROOT, "build/sdk/bin/parley-cc")
    subprocess.run([compiler, "-O2", "-c", "-o", points,
                    os.path.join(HERE, "points.c")], check=True)
    found = []
    for name in NAMES:
        plate = sources.read("docs/museum/%s/plate.md" % name)
        level = {"name": name, "title": plate.split("\n")[0].lstrip("# ")}
        for file, ending in (("bug", ""), ("cure", "-cured")):
            path = "docs/museum/%s/%s.c" % (name, file)
            level[file] = {"path": path, "text": sources.read(path),
                           "lines": compiled(folder, os.path.join(ROOT, path),
                                             name + ending, points)}
        found.append(level)
    mkinitrd.add_folder(image, folder, "levels")
    return found
