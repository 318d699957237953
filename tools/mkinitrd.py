#!/usr/bin/env python3
"""mkinitrd.py - pack the first file tree into a tar archive.

usage: mkinitrd.py ARCHIVE NAME=FILE... NAME/...

NAME=FILE puts FILE at /NAME, NAME/ makes an empty folder; folders on the way
are made too. The same input gives the same bytes: files are sorted and have no
owner and no date of their own.

The data of each file that is not empty starts on a page boundary, so that exec
can map a program straight from the archive. The gap is filled with a pax
header with a comment, which every tar skips.
"""
import os
import sys

BLOCK = 512
PAGE = 4096


def header(name, kind, size, mode):
    """A ustar header block."""
    prefix = b""
    name = name.encode()
    if len(name) > 100:
        cut = name.rfind(b"/", 0, 156)
        prefix, name = name[:cut], name[cut + 1:]
    if len(name) > 100 or len(prefix) > 155:
        sys.exit("mkinitrd.py: name too long: " + name.decode())
    block = bytearray(BLOCK)

    def put(offset, text):
        block[offset:offset + len(text)] = text

    put(0, name)
    put(100, b"%07o" % mode)
    put(108, b"%07o" % 0)
    put(116, b"%07o" % 0)
    put(124, b"%011o" % size)
    put(136, b"%011o" % 0)
    put(148, b" " * 8)
    put(156, kind)
    put(257, b"ustar\00000")
    put(345, prefix)
    put(148, b"%06o\0 " % sum(block))
    return bytes(block)


def padded(data):
    return data + bytes(-len(data) % BLOCK)


def comment(size):
    """A pax header of size bytes in all; at least two blocks."""
    size -= BLOCK
    start = b"%d comment=" % size
    body = start + b" " * (size - len(start) - 1) + b"\n"
    return header("PaxHeaders/align", b"x", size, 0o644) + body


def file_entry(offset, name, data, mode):
    """The entry of a file, whose header would come at offset."""
    gap = 0
    if data:
        gap = -(offset + BLOCK) % PAGE
        if gap == BLOCK:
            gap += PAGE
    return (comment(gap) if gap else b"") + \
        header(name, b"0", len(data), mode) + padded(data)


def collect(arguments):
    """{name: None for a folder, else (data, mode)} from the command line."""
    tree = {}
    for argument in arguments:
        name, _, source = argument.partition("=")
        name = name.strip("/")
        for i, char in enumerate(name):
            if char == "/":
                tree.setdefault(name[:i])
        if not source:
            tree.setdefault(name)
            continue
        with open(source, "rb") as file:
            data = file.read()
        executable = os.access(source, os.X_OK)
        tree[name] = (data, 0o755 if executable else 0o644)
    return tree


def pack(archive, tree):
    """Add the entries of the tree, and the end of an archive."""
    for name, content in sorted(tree.items()):
        if content is None:
            # Every user may write in /tmp, but remove only their own files.
            mode = 0o1777 if name == "tmp" else 0o755
            archive += header(name + "/", b"5", 0, mode)
        else:
            archive += file_entry(len(archive), name, *content)
    archive += bytes(2 * BLOCK)
    archive += bytes(-len(archive) % PAGE)


def end_of(archive):
    """Where the last entry ends: behind its data, whatever the data."""
    at = 0
    while archive[at:at + BLOCK].strip(b"\0"):
        size = int(archive[at + 124:at + 135], 8)
        at += BLOCK + size + -size % BLOCK
    return at


def add_folder(archive, folder, name):
    """Add the files of a folder, under this name."""
    tree = {name: None}
    for path, _, files in os.walk(folder):
        inside = os.path.join(name, os.path.relpath(path, folder))
        tree.update(collect(
            [os.path.normpath(inside) + "/"] +
            ["%s=%s" % (os.path.normpath(os.path.join(inside, file)),
                        os.path.join(path, file)) for file in files
             if os.path.isfile(os.path.join(path, file))]))
    del archive[end_of(archive):]
    pack(archive, tree)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    archive = bytearray()
    pack(archive, collect(sys.argv[2:]))
    # In one step: a machine may be about to boot the old archive.
    with open(sys.argv[1] + ".new", "wb") as file:
        file.write(archive)
    os.replace(sys.argv[1] + ".new", sys.argv[1])


if __name__ == "__main__":
    main()
