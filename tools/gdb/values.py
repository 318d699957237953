"""values.py - the kernel's variables, read through the table of offsets.

A Value is a piece of the kernel's memory with its type from the table. Members
are read as in C: task["wait"]["request"], through a pointer or not. The proxy
and GDB's commands share this file, and differ only in the function that
fetches the bytes.
"""
import json


class Unreadable(Exception):
    """There is no memory at this address, or no such name in the table."""


class Value:
    """Something at an address: int(v), v["field"], v[3], v.string()."""

    def __init__(self, kernel, address, kind):
        self.kernel = kernel
        self.address = address
        self.kind = kind

    def __int__(self):
        if self.kind[0] == "int":
            data = self.kernel.read(self.address, self.kind[1])
            return int.from_bytes(data, "little", signed=self.kind[2])
        if self.kind[0] == "pointer":
            return int.from_bytes(self.kernel.read(self.address, 4), "little")
        raise Unreadable("not a number: %s" % self.kind)

    def __bool__(self):
        return self.kind[0] == "struct" or int(self) != 0

    def __getitem__(self, key):
        if self.kind[0] == "pointer":
            target = self.target()
            if isinstance(key, int):
                return target.moved(key)
            return target[key]
        if self.kind[0] == "array":
            return Value(self.kernel, self.address, self.kind[1]).moved(key)
        try:
            offset, kind = self.kernel.fields(self.kind[1])[key]
        except KeyError:
            raise Unreadable("struct %s has no %s" % (self.kind[1], key))
        return Value(self.kernel, self.address + offset, kind)

    def moved(self, index):
        """The value so many elements further."""
        place = self.address + index * self.kernel.size(self.kind)
        return Value(self.kernel, place, self.kind)

    def target(self):
        """The target of a pointer."""
        return Value(self.kernel, int(self), self.kind[1])

    def string(self, most=256):
        """The text in an array of char, or where a pointer to char leads."""
        if self.kind[0] == "array":
            room = self.kind[2] if self.kind[2] > 1 else most  # char name[]
            return self.kernel.text(self.address, min(room, most))
        return self.kernel.text(int(self), most)

    def has(self, field):
        return field in self.kernel.fields(self.kind[1])


PHYSICAL = 1 << 40              # + a physical address without a kernel address


def dumped(text):
    """The bytes in the answer of QEMU's monitor to `xp`."""
    return bytes(int(word, 16) for line in text.splitlines() if ":" in line
                 for word in line.partition(":")[2].split())


class Kernel:
    """The table, and functions: read(address, size) reads memory, monitor(line)
    asks QEMU's monitor."""

    def __init__(self, path, read, monitor):
        with open(path) as file:
            self.table = json.load(file)
        self.read_virtual = read
        self.monitor = monitor
        self.lines = {}

    LINE = 256

    def read_now(self, address, size):
        if address < PHYSICAL:
            return self.read_virtual(address, size)
        return dumped(self.monitor("xp /%dxb %#x" % (size,
                                                     address - PHYSICAL)))

    def forget(self):
        """Forget the memory read before the machine ran."""
        self.lines = {}

    def read(self, address, size):
        """Bytes, in lines that are kept until forget()."""
        data = b""
        while len(data) < size:
            at = address + len(data)
            base = at - at % self.LINE
            if base not in self.lines:
                self.lines[base] = self.read_now(base, self.LINE)
            data += self.lines[base][at - base:]
        return data[:size]

    def text(self, address, most):
        data = b""
        while len(data) < most:
            data += self.read(address + len(data), min(16, most - len(data)))
            if b"\0" in data:
                break
        return data.split(b"\0")[0].decode("latin-1")  # each byte is one

    def fields(self, struct):
        if struct not in self.table["structs"]:
            raise Unreadable("this kernel has no struct " + struct)
        return self.table["structs"][struct]["fields"]

    def size(self, kind):
        if kind[0] == "int":
            return kind[1]
        if kind[0] == "pointer":
            return 4
        if kind[0] == "array":
            return kind[2] * self.size(kind[1])
        return self.table["structs"][kind[1]]["bytes"]

    def has(self, symbol):
        return symbol in self.table["symbols"]

    def __getitem__(self, symbol):
        """The variable of this name."""
        if symbol not in self.table["symbols"]:
            raise Unreadable("this kernel has no " + symbol)
        address, kind = self.table["symbols"][symbol]
        return Value(self, address, kind)

    def at(self, address, struct):
        """The struct at an address (or where a pointer leads)."""
        return Value(self, int(address), ["struct", struct])

    def function(self, name):
        """The first address of the function."""
        if name not in self.table["functions"]:
            raise Unreadable("this kernel has no function " + name)
        return self.table["functions"][name][0]

    def enum(self, name):
        """The values of an enum, by name."""
        return self.table["enums"][name]

    def list(self, head, struct, member):
        """The structs with their `member` as a node of this list."""
        offset = 0
        fields = self.fields(struct)
        for name in member.split("."):
            place, kind = fields[name]
            offset += place
            if kind[0] == "struct":
                fields = self.fields(kind[1])
        node = head["head"]["next"]
        for _ in range(100000):
            if int(node) == head.address or int(node) == 0:
                return
            yield self.at(int(node) - offset, struct)
            node = node["next"]
        raise Unreadable("a list without an end")
