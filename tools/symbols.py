#!/usr/bin/env python3
"""symbols.py - the names and lines of an ELF program as one small table.

usage: symbols.py [--strip PREFIX] [--frames] [--variables] PROGRAM.elf TABLE

The kernel uses such a table to print `main+0x12 (prog.c:9)` instead of an
address: the kernel's table is linked in as section .symbols. The table of a
program sits in the section .parley.symbols of its file and is never loaded. We
read the ELF symbols and the DWARF line program ourselves, so that gcc, clang
and every version of objdump give the same table.

kernel/lib/symbols.h describes the layout of the table. --strip takes PREFIX
off the names of files. --frames adds the place of the return address while a
function has no frame (tools/frames.py). --variables adds the variables of the
program, for the names of locks (tools/variables.py).
"""
import getopt
import os
import struct
import sys
import zlib

from dwarf import Reader, text_at
from frames import frames_of
from variables import variables_of

SHT_PROGBITS, SHT_SYMTAB = 1, 2
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
STT_NOTYPE, STT_OBJECT, STT_FUNC = 0, 1, 2


class Elf:
    """An ELF32 little-endian file, by section."""

    def __init__(self, data):
        if data[:6] != b"\x7fELF\x01\x01":
            sys.exit("symbols.py: not a 32-bit little-endian ELF file")
        self.data = data
        offset, = struct.unpack_from("<I", data, 32)
        size, count, names = struct.unpack_from("<HHH", data, 46)
        self.headers = [struct.unpack_from("<10I", data, offset + i * size)
                        for i in range(count)]
        strings = self.contents(self.headers[names])
        self.sections = {text_at(strings, h[0]): h for h in self.headers}
        self.code = [(h[3], h[3] + h[5]) for h in self.headers
                     if h[2] & SHF_EXECINSTR]
        self.data_ranges = [(h[3], h[3] + h[5]) for h in self.headers
                            if h[2] & SHF_WRITE and h[3]]

    def contents(self, header):
        return self.data[header[4]:header[4] + header[5]]

    def build(self):
        """The CRC-32 of code, constants and data: it tells builds apart."""
        sum = 0
        for header in self.headers:
            if header[1] == SHT_PROGBITS and header[2] & SHF_ALLOC:
                sum = zlib.crc32(self.contents(header), sum)
        return sum

    def section(self, name):
        header = self.sections.get(name)
        return self.contents(header) if header else b""

    def is_data(self, address):
        """Can the section be written?"""
        return any(start <= address < end for start, end in self.data_ranges)

    def code_at(self, address):
        """The bytes of the program from this address on."""
        for header in self.headers:
            if header[2] & SHF_EXECINSTR and \
                    header[3] <= address < header[3] + header[5]:
                at = header[4] + address - header[3]
                return self.data[at:header[4] + header[5]]
        return b""

    def is_code(self, address):
        return any(start <= address < end for start, end in self.code)

    def functions(self):
        """(address, name) of each function, a single name for each address."""
        found = {}
        for header in self.headers:
            if header[1] != SHT_SYMTAB:
                continue
            strings = self.contents(self.headers[header[6]])
            for symbol in struct.iter_unpack("<IIIBBH", self.contents(header)):
                name, address, _, info, _, section = symbol
                if info & 15 not in (STT_NOTYPE, STT_FUNC) or section == 0:
                    continue
                if section >= 0xff00 or not self.is_code(address):
                    continue
                text = text_at(strings, name)
                is_typed = info & 15 == STT_FUNC
                if "." in text and not is_typed:
                    continue                    # a label within a function
                text = text.partition(".")[0]   # not over.constprop.0
                if not text:
                    continue
                # A typed or global name says more than a local label.
                rank = (is_typed, info >> 4, text)
                if rank > found.get(address, (False, -1, "")):
                    found[address] = rank
        for _, end in self.code:                # behind code lies nothing
            found.setdefault(end, (False, -1, ""))
        return sorted((address, rank[2]) for address, rank in found.items())

    def data_symbols(self):
        """(address, size, name) of all writable data."""
        for header in self.headers:
            if header[1] != SHT_SYMTAB:
                continue
            strings = self.contents(self.headers[header[6]])
            for symbol in struct.iter_unpack("<IIIBBH", self.contents(header)):
                name, address, size, info, _, _ = symbol
                if info & 15 == STT_OBJECT and size and self.is_data(address):
                    yield address, size, text_at(strings, name)


def read_form(reader, form, elf):
    """One attribute of a DWARF 5 directory or file entry."""
    if form == 0x08:                                    # DW_FORM_string
        return reader.text()
    if form in (0x0e, 0x1f):                            # strp, line_strp
        name = ".debug_str" if form == 0x0e else ".debug_line_str"
        return text_at(elf.section(name), reader.number("I"))
    if form == 0x0f:                                    # udata
        return reader.uleb()
    if form == 0x1e:                                    # data16, the MD5
        reader.at += 16
        return None
    if form == 0x09:                                    # block
        length = reader.uleb()
        reader.at += length
        return None
    sizes = {0x0b: "B", 0x05: "H", 0x06: "I", 0x07: "Q"}
    if form not in sizes:
        sys.exit("symbols.py: DWARF form %#x is unknown" % form)
    return reader.number(sizes[form])


def read_entries(reader, elf):
    """A DWARF 5 table of directories or files: [(path, directory)]."""
    forms = [(reader.uleb(), reader.uleb()) for _ in range(reader.u8())]
    entries = []
    for _ in range(reader.uleb()):
        entry = {kind: read_form(reader, form, elf) for kind, form in forms}
        entries.append((entry.get(1, "?"), entry.get(2, 0)))
    return entries


def read_old_entries(reader):
    """The tables of DWARF 2 to 4; directory 0 is where the compiler ran."""
    directories = ["."]
    while reader.data[reader.at]:
        directories.append(reader.text())
    reader.at += 1
    files = [("?", 0)]
    while reader.data[reader.at]:
        files.append((reader.text(), reader.uleb()))
        reader.uleb(), reader.uleb()
    reader.at += 1
    return directories, files


def path_of(directories, entry):
    name, directory = entry
    if directory < len(directories):
        name = os.path.join(directories[directory], name)
    name = os.path.normpath(name)
    root = os.getcwd() + os.sep
    return name[len(root):] if name.startswith(root) else name


def line_rows(elf):
    """Each (address, path, line) of the program; path None ends a stretch."""
    reader = Reader(elf.section(".debug_line"))
    while reader.at < len(reader.data):
        length = reader.number("I")
        end = reader.at + length
        yield from unit_rows(reader, end, elf)
        reader.at = end


def unit_rows(reader, end, elf):
    version = reader.number("H")
    if version >= 5:
        reader.at += 2                      # sizes of address and selector
    program = reader.number("I")
    program += reader.at
    smallest = reader.u8()
    if version >= 4:
        reader.u8()                         # operations per instruction
    reader.u8()                             # is_stmt at the start
    line_base = reader.number("b")
    line_range = reader.u8()
    base = reader.u8()
    lengths = [0] + [reader.u8() for _ in range(base - 1)]
    if version >= 5:
        directories = [path for path, _ in read_entries(reader, elf)]
        files = read_entries(reader, elf)
    else:
        directories, files = read_old_entries(reader)
    paths = [path_of(directories, entry) for entry in files]
    reader.at = program
    yield from run_program(reader, end, paths, smallest, line_base,
                           line_range, base, lengths)


def run_program(reader, end, paths, smallest, line_base, line_range, base,
                lengths):
    """Run one line-number program (DWARF 5, section 6.2.5)."""
    address, file, line = 0, 1, 1
    while reader.at < end:
        op = reader.u8()
        if op >= base:                              # special
            address += (op - base) // line_range * smallest
            line += line_base + (op - base) % line_range
            yield address, paths[min(file, len(paths) - 1)], line
        elif op == 0:                               # extended
            stop = reader.uleb() + reader.at
            op = reader.u8()
            if op == 1:
                yield address, None, 0
                address, file, line = 0, 1, 1
            elif op == 2:
                address = reader.number("I")
            reader.at = stop
        elif op == 1:                               # copy
            yield address, paths[min(file, len(paths) - 1)], line
        elif op == 2:
            address += reader.uleb() * smallest
        elif op == 3:
            line += reader.sleb()
        elif op == 4:
            file = reader.uleb()
        elif op == 8:
            address += (255 - base) // line_range * smallest
        elif op == 9:
            address += reader.number("H")
        else:
            for _ in range(lengths[op]):
                reader.uleb()


def lines_of(elf):
    """(address, path, line) by address, with nothing said twice."""
    rows = {}
    for address, path, line in line_rows(elf):
        inside = elf.is_code(address)
        if path is None:
            rows.setdefault(address, (None, 0))     # a start, perhaps
        elif inside and line:
            rows[address] = (path, min(line, 65535))
    result = []
    for address in sorted(rows):
        path, line = rows[address]
        if not result or result[-1][1:] != (path, line):
            result.append((address, path, line))
    while result and result[0][1] is None:
        result.pop(0)
    return result


def table_of(elf, strip, options):
    strings = bytearray(b"\0")
    places = {"": 0}

    def place(text):
        if text not in places:
            places[text] = len(strings)
            strings.extend(text.encode() + b"\0")
        return places[text]

    functions = b"".join(struct.pack("<II", address, place(name))
                         for address, name in elf.functions())
    files = {}
    lines = bytearray()
    for address, path, line in lines_of(elf):
        if path is not None and path.startswith(strip):
            path = path[len(strip):]
        number = files.setdefault(path, len(files)) if path else 0
        lines += struct.pack("<IHH", address, number, line)
    frames = b"".join(struct.pack("<II", address, words) for address, words in
                      (frames_of(elf) if "--frames" in options else ()))
    variables = b"".join(
        struct.pack("<6I", *numbers, place(name)) for *numbers, name in
        (variables_of(elf) if "--variables" in options else ()))
    names = b"".join(struct.pack("<I", place(path)) for path in files)
    strings += bytes(-len(strings) % 4)
    return struct.pack("<4s7I", b"PSY4", len(functions) // 8, len(lines) // 8,
                       len(frames) // 8, len(variables) // 24, len(files),
                       len(strings), elf.build()) + \
        functions + lines + frames + variables + names + strings


def main():
    try:
        found, words = getopt.getopt(sys.argv[1:], "", ["strip=", "frames",
                                                    "variables"])
    except getopt.GetoptError as error:
        sys.exit("symbols.py: %s" % error)
    options = dict(found)
    if len(words) != 2:
        sys.exit(__doc__)
    with open(words[0], "rb") as file:
        elf = Elf(file.read())
    with open(words[1], "wb") as file:
        file.write(table_of(elf, options.get("--strip", ""), options))


if __name__ == "__main__":
    main()
