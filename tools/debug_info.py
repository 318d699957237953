"""debug_info.py - the variables of a program and their types, from .debug_info.

Only the entries for variables.py: variables with an address, and types as far
as they give the places of members. Units of libc are passed over. DWARF 4 and
5 as written by gcc and clang; the numbers come from the standard.
"""
import struct
import sys

from dwarf import Reader, text_at

TAGS = {0x01: "array_type", 0x0b: "lexical_block", 0x0d: "member",
        0x0f: "pointer_type", 0x11: "compile_unit", 0x13: "structure_type",
        0x16: "typedef", 0x17: "union_type", 0x21: "subrange_type",
        0x24: "base_type", 0x26: "const_type", 0x2e: "subprogram",
        0x34: "variable", 0x35: "volatile_type", 0x37: "restrict_type",
        0x47: "atomic_type"}
NAME, BYTE_SIZE, SIBLING, LOCATION = 0x03, 0x0b, 0x01, 0x02
UPPER_BOUND, COUNT, MEMBER_AT, TYPE = 0x2f, 0x37, 0x38, 0x49
SPECIFICATION = 0x47            # a definition of this declaration follows
STR_OFFSETS_BASE, ADDR_BASE = 0x72, 0x73
OP_ADDR, OP_ADDRX = 0x03, 0xa1
UNSIGNED = {0x0b: "B", 0x05: "H", 0x06: "I", 0x07: "Q", 0x01: "I", 0x0c: "B",
            0x11: "B", 0x12: "H", 0x13: "I", 0x14: "Q", 0x17: "I", 0x10: "I",
            0x25: "B", 0x26: "H", 0x28: "I", 0x29: "B", 0x2a: "H", 0x2c: "I",
            0x20: "Q"}


class Entry:
    """One entry of .debug_info, with its children."""

    def __init__(self, unit, tag, values):
        self.unit, self.tag, self.values = unit, tag, values
        self.children = []

    def get(self, attribute, otherwise=0):
        return self.values.get(attribute, (0, otherwise))[1]

    def said(self, attribute):
        """(form, value) here or at the declaration; None: not said."""
        declared = self.unit.entries.get(self.get(SPECIFICATION))
        return self.values.get(attribute) or \
            declared and declared.values.get(attribute)

    @property
    def name(self):
        return self.unit.text(self.said(NAME))

    @property
    def type(self):
        """The type of an entry, or None for void."""
        said = self.said(TYPE)
        return self.unit.entries.get(said[1]) if said else None

    @property
    def offset(self):
        """Of a member of a struct."""
        return self.get(MEMBER_AT)

    def members(self):
        return [child for child in self.children if child.tag == "member"]

    def counts(self):
        """How long an array is, outermost first; unknown counts as 0."""
        return [child.get(COUNT) or child.get(UPPER_BOUND, -1) + 1
                for child in self.children if child.tag == "subrange_type"]

    def size_in_all(self):
        if self.tag == "array_type":
            size = self.type.size_in_all()
            for count in self.counts():
                size *= count
            return size
        if self.tag == "pointer_type":
            return 4
        if BYTE_SIZE in self.values or self.type is None:
            return self.get(BYTE_SIZE)
        return self.type.size_in_all()

    @property
    def address(self):
        """The fixed address of a variable, or None."""
        where = self.get(LOCATION, b"")
        if not isinstance(where, bytes) or not where:
            return None
        if where[0] == OP_ADDR and len(where) == 5:
            return struct.unpack_from("<I", where, 1)[0]
        if where[0] == OP_ADDRX:
            place = self.unit.base(ADDR_BASE, 8) + 4 * Reader(where, 1).uleb()
            return struct.unpack_from(
                "<I", self.unit.elf.section(".debug_addr"), place)[0]
        return None


class Unit:
    """The entries compiled from one file."""

    def __init__(self, elf, start, abbreviations):
        self.elf, self.start = elf, start
        self.abbreviations = abbreviations
        self.entries = {}               # by place in the unit
        self.root = None

    def base(self, attribute, otherwise):
        return self.root.get(attribute, otherwise)

    def text(self, value):
        """A name: in place, elsewhere, or its number elsewhere."""
        form, what = value or (0x08, "")
        if form in (0x0e, 0x1f):
            section = ".debug_str" if form == 0x0e else ".debug_line_str"
            return text_at(self.elf.section(section), what)
        if form in (0x1a, 0x25, 0x26, 0x28):
            place = self.base(STR_OFFSETS_BASE, 8) + 4 * what
            at, = struct.unpack_from(
                "<I", self.elf.section(".debug_str_offsets"), place)
            return text_at(self.elf.section(".debug_str"), at)
        return what


def read_value(reader, form, constant):
    if form in UNSIGNED:
        return reader.number(UNSIGNED[form])
    if form in (0x0e, 0x1f):            # strp, line_strp
        return reader.number("I")
    if form in (0x0f, 0x15, 0x1a, 0x1b, 0x22, 0x23):
        return reader.uleb()            # udata, ref_udata and numbers of things
    if form == 0x0d:                    # sdata
        return reader.sleb()
    if form == 0x08:                    # string
        return reader.text()
    if form == 0x19:                    # flag_present
        return 1
    if form == 0x21:                    # implicit_const
        return constant
    if form in (0x09, 0x18, 0x0a, 0x03, 0x04):      # blocks, exprloc
        size = reader.uleb() if form in (0x09, 0x18) else \
            reader.number({0x0a: "B", 0x03: "H", 0x04: "I"}[form])
    elif form == 0x1e:                  # data16
        size = 16
    else:
        sys.exit("debug_info.py: form %#x is unknown" % form)
    reader.at += size
    return bytes(reader.data[reader.at - size:reader.at])


def read_abbreviations(data, at):
    """{code: (tag, has children, [(attribute, form, constant)])}"""
    reader = Reader(data, at)
    found = {}
    while True:
        code = reader.uleb()
        if not code:
            return found
        tag, has_children = reader.uleb(), reader.u8()
        attributes = []
        while True:
            attribute, form = reader.uleb(), reader.uleb()
            constant = reader.sleb() if form == 0x21 else 0
            if not attribute and not form:
                break
            attributes.append((attribute, form, constant))
        found[code] = (TAGS.get(tag, ""), has_children, attributes)


def read_entries(unit, reader, end):
    """All entries of the unit; the first entry is the unit itself."""
    above = []
    while reader.at < end:
        place = reader.at - unit.start
        code = reader.uleb()
        if not code:
            if above:
                above.pop()
            continue
        tag, has_children, attributes = unit.abbreviations[code]
        values = {attribute: (form, read_value(reader, form, constant))
                  for attribute, form, constant in attributes}
        entry = Entry(unit, tag, values)
        unit.entries[place] = entry
        if above:
            above[-1].children.append(entry)
        else:
            unit.root = entry
            if entry.name.startswith("libc/"):
                return
        if has_children:
            above.append(entry)


def units(elf):
    data = elf.section(".debug_info")
    reader = Reader(data)
    while reader.at < len(data):
        start = reader.at
        end = reader.number("I") + reader.at
        version = reader.number("H")
        if version >= 5:
            reader.at += 2              # kind of unit, bytes of an address
        abbreviations = reader.number("I")
        reader.at += version < 5
        unit = Unit(elf, start, read_abbreviations(
            elf.section(".debug_abbrev"), abbreviations))
        if version in (4, 5):           # assembly has no types
            read_entries(unit, reader, end)
            yield unit
        reader.at = end


def variables(elf):
    """All entries with a name and an address, in functions too."""
    for unit in units(elf):
        for entry in list(unit.entries.values()):
            if entry.tag == "variable" and entry.address and entry.name:
                yield entry
