"""frames.py - where the return address of a function lies, by DWARF.

A function without calls may have no frame: then the frame pointer is the
caller's, and only the stack pointer leads to the return address. The compiler
writes into .debug_frame where the frame begins ("CFA"), for each instruction;
the return address is the word below (DWARF 5, section 6.4).
"""
from dwarf import Reader

ESP = 4
BY_POINTER = 0xffffffff         # SYMBOLS_FRAME_POINTER
USUAL = 0xfffffffe              # SYMBOLS_FRAME_USUAL
CIE = 0xffffffff
# Operands of an instruction without an effect on the CFA: u is a number
# without a sign, s a number with a sign, b a block.
OTHERS = {0x00: "", 0x05: "uu", 0x06: "u", 0x07: "u", 0x08: "u", 0x09: "uu",
          0x10: "ub", 0x11: "us", 0x14: "uu", 0x15: "us", 0x16: "ub",
          0x2e: "u", 0x2f: "uu"}


def skip(reader, kinds):
    for kind in kinds:
        if kind == "s":
            reader.sleb()
        elif kind == "u":
            reader.uleb()
        else:
            length = reader.uleb()
            reader.at += length


class Rules:
    """Where the CFA is: register and offset. Register None: elsewhere."""

    def __init__(self, code_align, data_align):
        self.code_align = code_align
        self.data_align = data_align
        self.cfa = (None, 0)
        self.stack = []

    def words(self):
        """From the stack pointer to the return address."""
        register, offset = self.cfa
        return (offset - 4) // 4 if register == ESP else BY_POINTER

    def run(self, reader, end, address=0):
        """Carry out instructions; each (address, words) they make."""
        while reader.at < end:
            op = reader.u8()
            step = None
            if op >> 6 == 1:
                step = op & 63
            elif op in (0x02, 0x03, 0x04):
                step = reader.number("BHI"[op - 2])
            if step is not None:
                yield address, self.words()
                address += step * self.code_align
            else:
                self.change(reader, op)
        yield address, self.words()

    def change(self, reader, op):
        register, offset = self.cfa
        if op >> 6 == 2:                            # offset
            reader.uleb()
        elif op == 0x0a:                            # remember_state
            self.stack.append(self.cfa)
        elif op == 0x0b:                            # restore_state
            self.cfa = self.stack.pop()
        elif op == 0x0c:                            # def_cfa
            self.cfa = reader.uleb(), reader.uleb()
        elif op == 0x0d:                            # def_cfa_register
            self.cfa = reader.uleb(), offset
        elif op == 0x0e:                            # def_cfa_offset
            self.cfa = register, reader.uleb()
        elif op == 0x0f:                            # def_cfa_expression
            skip(reader, "b")
            self.cfa = None, 0
        elif op == 0x12:                            # def_cfa_sf
            self.cfa = reader.uleb(), reader.sleb() * self.data_align
        elif op == 0x13:                            # def_cfa_offset_sf
            self.cfa = register, reader.sleb() * self.data_align
        elif op >> 6 == 0:
            if op not in OTHERS:
                raise ValueError("instruction %#x of DWARF is unknown" % op)
            skip(reader, OTHERS[op])


def read_common(data, at):
    """The rules at the start of a function, from its common entry."""
    reader = Reader(data, at)
    end = reader.number("I") + reader.at
    reader.number("I")
    version = reader.u8()
    reader.text()                                   # augmentation
    if version >= 4:
        reader.at += 2
    rules = Rules(reader.uleb(), reader.sleb())
    reader.u8() if version == 1 else reader.uleb()  # the return address's
    for _ in rules.run(reader, end):
        pass
    return rules


def functions_of(data):
    """Each function's (start, end, [(address, words)])."""
    reader = Reader(data)
    while reader.at < len(data):
        end = reader.number("I") + reader.at
        common = reader.number("I") if reader.at < end else CIE
        if common != CIE:
            rules = read_common(data, common)
            start, size = reader.number("I"), reader.number("I")
            yield start, start + size, list(rules.run(reader, end, start))
        reader.at = end


def by_code(code):
    """words_by_code() of arch/i686/user_frames.c, and the length of the
    instruction where the frame pointer is not set."""
    if code[:1] in (b"\x55", b"\xc3"):
        return 0, 1
    if code[:2] == b"\x89\xe5":
        return 1, 2
    return BY_POINTER, None


def is_usual(elf, end, rows):
    """Do the instructions alone tell where the return address lies?"""
    for (address, words), (after, _) in zip(rows, rows[1:] + [(end, 0)]):
        told, length = by_code(elf.code_at(address))
        if told != words or (length and after > address and
                             after != address + length):
            return False
    return True


def frames_of(elf):
    """(address, words) by address, without repetitions. A function with a usual
    beginning and end needs no rows of its own. A function written in assembly
    has no frame."""
    rows, covered = {}, []
    for start, end, found in functions_of(elf.section(".debug_frame")):
        if not elf.is_code(start):
            continue
        covered.append((start, end))
        if is_usual(elf, end, found):
            rows[start] = USUAL
        else:
            rows.update(found)
    covered.sort()
    place = 0
    for address, name in elf.functions():
        while place < len(covered) and covered[place][1] <= address:
            place += 1
        if name and (place == len(covered) or address < covered[place][0]):
            rows[address] = 0
    result = []
    for address in sorted(rows):
        if not result or result[-1][1] != rows[address]:
            result.append((address, rows[address]))
    return result
