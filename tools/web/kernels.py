"""kernels.py - the kernels of the museum's patches, below build/web-kernels.

Each kernel is built in a copy of the tree, in which make compiles only what
the patch changes. A kernel is built again when the true kernel or the patch
changes.
"""
import glob
import hashlib
import os
import subprocess
import sys

import exhibit
import vm
from sources import ROOT

FOLDER = os.path.join(ROOT, "build/web-kernels")
COPY = os.path.join(FOLDER, "tree")


def stamp(one, kernel):
    """What the kernel of an exhibit is made of."""
    digest = hashlib.sha256()
    for path in (kernel, one.path("bug.patch")):
        digest.update(exhibit.read(path))
    return digest.hexdigest()


def built(one, kernel):
    """The kernel of an exhibit, without what only a debugger reads."""
    path = os.path.join(FOLDER, one.name)
    wanted = "%s-%s" % (path, stamp(one, kernel)[:16])
    if not os.path.exists(wanted):
        exhibit.update_copy(one, COPY, "kernel")
        subprocess.run(["objcopy", "-S", COPY + "/build/debug/parley.elf",
                        wanted], check=True)
    return wanted


def make(kernel):
    """{name of an exhibit: path of its kernel, None if the patch does not
    fit}"""
    os.makedirs(FOLDER, exist_ok=True)
    made = {}
    for one in exhibit.exhibits():
        if not one.is_patch:
            continue
        try:
            made[one.name] = built(one, kernel)
        except vm.Failure as failure:
            print("web: %s; its plate does not run" % failure, file=sys.stderr)
            made[one.name] = None
    for path in glob.glob(FOLDER + "/*-*"):
        if path not in made.values():
            os.unlink(path)             # of an older tree
    return made
