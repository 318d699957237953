"""stub.py - the packets of GDB's remote protocol, and QEMU's stub as a client.

A packet is $TEXT#SUM with the sum of its bytes in two hex digits; the receiver
answers + to a whole packet. A lone byte 3 means: stop the machine.
"""
import select
import socket
import time


class Gone(Exception):
    """The peer has closed the connection."""


class Silent(Exception):
    """No answer in the allowed time."""


class Line:
    """An end of a connection for packets."""

    def __init__(self, connection):
        self.connection = connection
        self.bytes = b""
        self.wants_acks = True

    def fileno(self):
        return self.connection.fileno()

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        self.raw(b"$%s#%02x" % (data, sum(data) & 255))

    def raw(self, data):
        try:
            self.connection.sendall(data)
        except OSError:
            raise Gone()

    def packets(self):
        """The packets received whole so far; "\\3" for an interrupt."""
        try:
            data = self.connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise Gone()
        self.bytes += data
        while self.bytes:
            if self.bytes[0] != ord("$"):
                if self.bytes[0] == 3:
                    yield "\3"
                self.bytes = self.bytes[1:]
                continue
            end = self.bytes.find(b"#")
            if end < 0 or len(self.bytes) < end + 3:
                return
            text = self.bytes[1:end].decode("latin-1")
            self.bytes = self.bytes[end + 3:]
            if self.wants_acks:
                self.raw(b"+")
            yield text


class Stub(Line):
    """QEMU's side: asks and answers."""

    def __init__(self, path, seconds=20):
        connection = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + seconds
        while True:
            try:
                connection.connect(path)
                break
            except OSError:
                if time.monotonic() > end:
                    raise Silent("QEMU does not answer")
                time.sleep(0.01)
        super().__init__(connection)
        self.waiting = []

    def answer(self, seconds=20):
        """The next packet; Silent when none comes in time."""
        end = time.monotonic() + seconds
        while not self.waiting:
            left = max(0, end - time.monotonic())
            if not select.select([self], [], [], left)[0]:
                raise Silent("no answer in %g s" % seconds)
            self.waiting += self.packets()
        return self.waiting.pop(0)

    def ask(self, text, seconds=20):
        self.send(text)
        return self.answer(seconds)

    def read(self, address, size):
        """Memory as seen by the processor now."""
        data = b""
        while len(data) < size:
            part = min(size - len(data), 1024)
            text = self.ask("m%x,%x" % (address + len(data), part))
            if text.startswith("E") or not text:
                raise OSError("no memory at %#x" % (address + len(data)))
            data += bytes.fromhex(text)
        return data

    def registers(self):
        """The whole of `g`, as hex."""
        return self.ask("g")

    def monitor(self, command, seconds=20):
        """Send a line to QEMU's monitor; returns the answer."""
        self.send("qRcmd," + command.encode().hex())
        said = b""
        while True:
            text = self.answer(seconds)
            if text.startswith("O") and text != "OK":
                said += bytes.fromhex(text[1:])
            else:
                return said.decode(errors="replace")

    def interrupt(self):
        self.raw(b"\3")
