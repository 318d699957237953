"""nbd.py - a disk for QEMU that writes down each write and each flush.

A server of the protocol NBD on a unix socket, for one client. The disk's bytes
are in memory. `log` is the history: (offset, bytes) for a write, None for a
flush. image() gives the bytes that a power cut may have left.
"""
import socket
import struct
import threading

SECTOR = 512
GREETING = b"NBDMAGICIHAVEOPT" + struct.pack(">H", 3)
OPTION_REPLY = 0x3e889045565a9
REQUEST, REPLY = 0x25609513, 0x67446698
OPTION_ABORT, OPTION_GO = 2, 7
ANSWER_ACK, ANSWER_INFO, ANSWER_UNKNOWN = 1, 3, 1 << 31 | 1
READ, WRITE, END, FLUSH = 0, 1, 2, 3
HAS_FLAGS, HAS_FLUSH = 1, 4
EIO = 5


class Disk(threading.Thread):
    """Serves one machine. bad: offsets of blocks that cannot be used."""

    def __init__(self, path, first, bad=()):
        super().__init__(daemon=True)
        self.first = bytes(first)
        self.bytes = bytearray(first)
        self.bad = set(bad)
        self.log = []
        self.url = "nbd+unix:///?socket=" + path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(4)
        self.start()

    def run(self):
        while True:
            self.client = self.listener.accept()[0]
            try:
                if self.greet():
                    self.serve()
            except (ConnectionError, EOFError):
                pass
            self.client.close()

    def take(self, count):
        parts = b""
        while len(parts) < count:
            part = self.client.recv(count - len(parts))
            if not part:
                raise EOFError
            parts += part
        return parts

    def answer(self, option, kind, data=b""):
        self.client.sendall(struct.pack(">QIII", OPTION_REPLY, option, kind,
                                        len(data)) + data)

    def greet(self):
        self.client.sendall(GREETING)
        self.take(4)
        while True:
            _, option, length = struct.unpack(">8sII", self.take(16))
            self.take(length)
            if option == OPTION_GO:
                self.answer(option, ANSWER_INFO, struct.pack(
                    ">HQH", 0, len(self.bytes), HAS_FLAGS | HAS_FLUSH))
                self.answer(option, ANSWER_ACK)
                return True
            self.answer(option, ANSWER_ACK if option == OPTION_ABORT
                        else ANSWER_UNKNOWN)
            if option == OPTION_ABORT:
                return False

    def serve(self):
        while True:
            magic, _, kind, handle, offset, length = struct.unpack(
                ">IHHQQI", self.take(28))
            assert magic == REQUEST
            data = self.take(length) if kind == WRITE else b""
            if kind == END:
                return
            error = EIO if kind != FLUSH and any(
                offset <= place < offset + length for place in self.bad) else 0
            if not error and kind == WRITE:
                self.bytes[offset:offset + length] = data
                self.log.append((offset, data))
            elif kind == FLUSH:
                self.log.append(None)
            reply = struct.pack(">IIQ", REPLY, error, handle)
            if kind == READ and not error:
                reply += self.bytes[offset:offset + length]
            self.client.sendall(reply)


class Cuts:
    """The images of power cuts, with growing length of the history."""

    def __init__(self, disk):
        self.log = list(disk.log)
        self.safe = bytearray(disk.first)   # all up to the last flush
        self.done = 0

    def image(self, length, random):
        """The bytes after `length` entries of the history: all that was
        flushed, and of the later writes some, one of them torn."""
        flushes = [i for i in range(self.done, length) if self.log[i] is None]
        if flushes:
            for entry in self.log[self.done:flushes[-1]]:
                if entry:
                    put(self.safe, *entry)
            self.done = flushes[-1] + 1
        image = bytearray(self.safe)
        later = [entry for entry in self.log[self.done:length] if entry]
        if random and later:
            for entry in later:
                if random.random() < 0.5:
                    put(image, *entry)
            offset, data = random.choice(later)
            sectors = random.randrange(len(data) // SECTOR + 1)
            put(image, offset, data[:sectors * SECTOR])
        else:
            for entry in later:
                put(image, *entry)
        return image


def put(image, offset, data):
    image[offset:offset + len(data)] = data
