"""comments.py - find comments that name a file or a function that is gone.

A comment in C or assembly names a file as `name.c`, with or without folders,
and a function as `name()`. The file is a file of the tree. The name of the
function stands somewhere in the code of the tree, outside of comments: the
function is defined there, or declared, or called (as a function of lwIP is).

tools/lint reports what this module finds.
"""
import os
import re

FOLDERS = ("kernel", "arch", "boot", "libc", "user", "tests")
ENDINGS = (".c", ".h", ".asm", ".inc", ".def")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
ASSEMBLY_COMMENT = re.compile(r";[^\n]*")
NAME = re.compile(r"[A-Za-z_]\w*")
FILE = re.compile(r"(?<![\w./*-])([\w-]+(?:/[\w-]+)*\.(?:c|h|asm|def))\b(?!\()")
FUNCTION = re.compile(r"\b([a-z_]\w*)\(\)")
# Stand for any name: "drop in NAME.c", "a.c and b.c match".
ANY_NAME = re.compile(r"(NAME|(^|/)[a-z])\.\w+$")
# The headers of lwIP, which the tree does not contain.
FOREIGN = "lwip/"


def sources(root):
    for folder in FOLDERS:
        for where, folders, names in os.walk(os.path.join(root, folder)):
            folders.sort()
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    yield os.path.relpath(os.path.join(where, name), root)


def comment_of(path):
    return ASSEMBLY_COMMENT if path.endswith((".asm", ".inc")) else COMMENT


def stale(root):
    """(path, line, name) for each name that is gone."""
    texts = {}
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8",
                  errors="replace") as file:
            texts[path] = file.read()
    code, ends = set(), set()
    for path, text in texts.items():
        code.update(NAME.findall(comment_of(path).sub(" ", text)))
        parts = path.split("/")
        ends.update("/".join(parts[i:]) for i in range(len(parts)))
    for path, text in texts.items():
        for comment in comment_of(path).finditer(text):
            words = comment.group(0)
            names = [name for name in FILE.findall(words)
                     if name not in ends and not ANY_NAME.search(name)
                     and not name.startswith(FOREIGN)]
            names += [name + "()" for name in FUNCTION.findall(words)
                      if name not in code]
            line = text.count("\n", 0, comment.start()) + 1
            for name in names:
                yield path, line, name
