"""guards.py - find shared fields of the kernel that do not name their guard.

A field of a struct in kernel/ or arch/ names its protection in its comment:

    [P]      task switches postponed: one task at a time in the kernel
    [I]      interrupts masked: an interrupt handler uses the field too
    [const]  set once, before other tasks can see the struct
    [own]    used by one task only: on its stack, or lent to a function

A mark in the comment above the struct, or behind its opening brace, holds for
every field without a mark of its own. `kernel/abi/` is left out: its structs
are the layout of user memory.

tools/lint counts the fields without a mark. The count stands in
tools/guards.limit, and may only fall.
"""
import os
import re

MARK = re.compile(r"\[(P|I|const|own)\]")
OPENING = re.compile(r"^(?:static |const )*struct (\w+) \{(.*)$")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FOLDERS = ("kernel", "arch")


def comment_above(lines, number):
    """The text of the comment that ends on the line before `number`."""
    text = []
    while number > 0:
        number -= 1
        line = lines[number].strip()
        if not text and not line.endswith("*/"):
            break
        text.append(line)
        if line.startswith("/*"):
            break
    return " ".join(text)


def fields_of(body):
    """Pairs (first words, comment) of the fields in a struct's body.

    A comment belongs to the field on the same line, or to the field below a
    comment on separate lines."""
    above, text, fields, depth = "", "", [], 0
    for part in re.split(r"(/\*.*?\*/|\n)", body, flags=re.S):
        if part.startswith("/*"):
            if text.strip() or not fields or fields[-1][2]:
                above += part
            else:
                fields[-1][1] += part
            continue
        if part == "\n":
            if fields and not text.strip():
                fields[-1][2] = True            # the line is over
            continue
        for piece in re.split(r"([;{}])", part):
            depth += {"{": 1, "}": -1}.get(piece, 0)
            if piece == ";" and depth == 0:
                fields.append([" ".join(text.split()), above, False])
                above, text = "", ""
            elif piece != ";":
                text += piece
    return [(name, comment) for name, comment, over in fields]


def unguarded_in(text):
    """(line, struct, field) for each field without a mark."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        match = OPENING.match(lines[number])
        if not match:
            number += 1
            continue
        start = number
        while number < len(lines) and not lines[number].startswith("}"):
            number += 1
        whole = comment_above(lines, start) + match.group(2)
        if MARK.search(whole):
            continue
        body = "\n".join(lines[start + 1:number])
        for name, comment in fields_of(body):
            if not MARK.search(comment):
                yield start + 1, match.group(1), name


def sources(root):
    for folder in FOLDERS:
        for where, folders, names in os.walk(os.path.join(root, folder)):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(where, name), root)
                if name.endswith((".c", ".h")) and \
                        not path.startswith("kernel/abi/"):
                    yield path


def unguarded(root):
    """(path, line, struct, field) of the whole tree."""
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for line, struct, field in unguarded_in(file.read()):
                yield path, line, struct, field
