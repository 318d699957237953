#!/usr/bin/env python3
"""symbols.py - our table of symbols agrees with nm and objdump."""
import glob
import os
import re
import struct
import subprocess
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.path.insert(0, "tools")
from frames import by_code                                  # noqa: E402
from symbols import Elf                                     # noqa: E402

count = failures = 0


def ok(condition, name):
    global count, failures
    count += 1
    failures += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, name))


def read_table(path):
    """({address: function}, [(address, file, line)], {address: words}) of a
    table."""
    with open(path, "rb") as file:
        data = file.read()
    magic, functions, lines, frames, variables, files, string_bytes, _ = \
        struct.unpack_from("<4s7I", data)
    assert magic == b"PSY4"
    at = 32
    strings = data[len(data) - string_bytes:]

    def text(offset):
        return strings[offset:strings.index(b"\0", offset)].decode()

    names = {}
    for _ in range(functions):
        address, name = struct.unpack_from("<II", data, at)
        names[address] = text(name)
        at += 8
    rows = [struct.unpack_from("<IHH", data, at + 8 * i) for i in range(lines)]
    at += 8 * lines
    words = dict(struct.unpack_from("<II", data, at + 8 * i)
                 for i in range(frames))
    at += 8 * frames + 24 * variables
    paths = [text(struct.unpack_from("<I", data, at + 4 * i)[0])
             for i in range(files)]
    return names, [(address, paths[file] if line else None, line)
                   for address, file, line in rows], words


def line_at(rows, address):
    best = (0, None, 0)
    for row in rows:
        if best[0] <= row[0] <= address:
            best = row
    return best[1:]


def check(program, table):
    names, rows, _ = read_table(table)
    addresses = sorted(names)
    ok(addresses and sorted(r[0] for r in rows) == [r[0] for r in rows],
       "table_of_%s_is_sorted" % os.path.basename(program))
    listed = subprocess.run(["nm", program], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    functions = re.findall(r"^([0-9a-f]+) T (\w+)$", listed, re.MULTILINE)
    known = [int(a, 16) in names for a, _ in functions]
    ok(functions and all(known), "no_function_is_missing")
    # Ask a second reader of DWARF about some addresses.
    some = ["%x" % (int(a, 16) + 3) for a, _ in functions[::7]]
    said = subprocess.run(["addr2line", "-e", program] + some, check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    wrong = []
    for address, answer in zip(some, said.splitlines()):
        path, _, line = answer.partition(":")
        ours = line_at(rows, int(address, 16))
        line = line.split()[0]
        if line in ("?", "0") or not ours[0]:
            continue
        if not path.endswith(ours[0].split("/")[-1]) or int(line) != ours[1]:
            wrong.append("%s: %s, ours %s:%d" % ((address, answer) + ours))
    ok(not wrong, "lines_are_those_of_addr2line")
    print("".join("# %s\n" % text for text in wrong[:5]), end="")


def readelf_frames(program):
    """The same as the table's {address: words}, as readelf reads DWARF."""
    said = subprocess.run(["readelf", "--debug-dump=frames-interp", program],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=True).stdout
    found = {}
    for entry in said.split("\n\n"):
        fde = re.search(r"FDE cie=\w+ pc=(\w+)\.\.(\w+)", entry)
        if not fde or not int(fde[1], 16):
            continue
        rows = re.findall(r"^(\w{8}) +(?:esp\+(\d+)|\S+)", entry, re.MULTILINE)
        rows = [row for row in rows if row[0] != "LOC"][1:] or [(fde[1], "4")]
        for address, offset in rows:
            found[int(address, 16)] = int(offset) // 4 - 1 if offset else -1
    return found


def check_frames(program, table):
    """Where the return address lies: our reader of DWARF and readelf agree."""
    _, _, words = read_table(table)
    addresses = sorted(words)
    wanted = readelf_frames(program)
    with open(program, "rb") as file:
        elf = Elf(file.read())
    wrong = []
    for address, offset in wanted.items():
        best = [a for a in addresses if a <= address]
        ours = words[best[-1]] if best else 0xfffffffe
        if ours == 0xfffffffe:                  # the instruction tells
            ours = by_code(elf.code_at(address))[0]
        if ours != offset & 0xffffffff:
            wrong.append("%#x: %d, ours %d" % (address, offset, ours))
    ok(wanted and not wrong, "return_addresses_of_%s_are_those_of_readelf" %
       os.path.basename(program))
    print("".join("# %s\n" % text for text in wrong[:5]), end="")


def main():
    check("build/debug/parley.elf", "build/debug/gen/symbols.bin")
    for program in sorted(glob.glob("build/user/elf/bin/*.elf"))[:2] + \
            ["build/user/elf/bin/sh.elf"]:
        check(program, program[:-4] + ".symbols")
        check_frames(program, program[:-4] + ".symbols")
    print("1..%d" % count)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
