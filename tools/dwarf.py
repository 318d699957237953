"""dwarf.py - a walk over the bytes of DWARF: numbers and texts one by one."""
import struct


def text_at(data, offset):
    return data[offset:data.index(b"\0", offset)].decode()


class Reader:
    """Walks over bytes of DWARF."""

    def __init__(self, data, offset=0):
        self.data = data
        self.at = offset

    def number(self, form):
        value, = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def u8(self):
        self.at += 1
        return self.data[self.at - 1]

    def uleb(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def sleb(self):
        start = self.at
        value = self.uleb()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) else value

    def text(self):
        value = text_at(self.data, self.at)
        self.at += len(value.encode()) + 1
        return value
