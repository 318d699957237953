"""sources.py - the files of the tree, and where each function stands.

The code that links the guide to the source, and the check of the links, use
this file.
"""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
CODE = (".c", ".h", ".asm")
# The first folder that defines a name is the folder that a reader wants.
ORDER = ("kernel/", "arch/", "boot/", "libc/", "user/", "tools/", "tests/")
# A C function begins in the first column, and so does a label in assembly.
C_FUNCTION = re.compile(
    r"^[a-z_][\w \t*]*?[ \t*](\w+)\([^;{}]*\)[^;{}()]*\{", re.MULTILINE)
LABEL = re.compile(r"^(\w+):", re.MULTILINE)
MACRO = re.compile(r"^#define (\w+)\(", re.MULTILINE)


def files():
    """The paths of the tree: files known to git, or all files except built
    files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT,
                            stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    if listed.returncode == 0 and listed.stdout:
        found = os.fsdecode(listed.stdout).split("\0")
    else:
        found = [os.path.relpath(os.path.join(where, name), ROOT)
                 for where, _, names in os.walk(ROOT) for name in names]
    return sorted(path for path in found
                  if not path.startswith(("build/", ".git/"))
                  and os.path.isfile(os.path.join(ROOT, path)))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8",
              errors="replace") as file:
        return file.read()


def place_of(path):
    """Sorts a path by its top folder."""
    for number, folder in enumerate(ORDER):
        if path.startswith(folder):
            return number
    return len(ORDER)


def functions(paths=None):
    """{name: [(path, line), ...]} of the C functions, function-like macros and
    labels; the places in the order of ORDER."""
    found = {}
    for path in sorted(paths or files(), key=place_of):
        if not path.endswith(CODE):
            continue
        text = read(path)
        patterns = [LABEL] if path.endswith(".asm") else [C_FUNCTION, MACRO]
        for pattern in patterns:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start(1)) + 1
                found.setdefault(match.group(1), []).append((path, line))
    return found
