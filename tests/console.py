"""console.py - a test sits at the machine's terminal, or at its screen.

Terminal runs a command on a pseudo-terminal, as a person would; Screen starts
QEMU without a serial port, presses keys and reads the VGA text memory.
"""
import os
import pty
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import vm                                                   # noqa: E402

count = failures = 0


def ok(condition, name, more=""):
    global count, failures
    count += 1
    failures += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, name))
    if not condition and more:
        print("".join("# %s\n" % line for line in str(more).splitlines()))
    sys.stdout.flush()
    return bool(condition)


def done():
    print("1..%d" % count)
    sys.exit(1 if failures else 0)


class Terminal:
    """A command on a pseudo-terminal."""

    def __init__(self, command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvp(command[0], command)
        self.text = ""                  # what has come and was not taken
        self.all = ""

    def send(self, text):
        os.write(self.fd, text.encode())

    def clean(self, text):
        """What of the output is kept; a test of what is drawn wants more."""
        return text.replace("\r", "")

    def expect(self, pattern, seconds=30):
        """Wait for the pattern; the text up to its end, or None."""
        end = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.text, re.MULTILINE)
            if match:
                taken = self.text[:match.end()]
                self.text = self.text[match.end():]
                return taken
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return None
            try:
                data = os.read(self.fd, 4096)
            except OSError:             # the other end has gone
                data = b""
            if not data:
                return None
            data = self.clean(data.decode(errors="replace"))
            self.text += data
            self.all += data

    def command(self, line, prompt=r"^[^\n]*[$#] $", seconds=30):
        """Type a line at the prompt; what came before the next prompt."""
        self.send(line + "\n")
        shown = self.expect(prompt, seconds)
        if shown is None:
            return "(no prompt) " + self.text
        lines = shown.split("\n")
        return "\n".join(lines[1:-1])

    def wait(self, seconds=10):
        """The exit status of the command, or None if it does not end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.expect("(?!)", 0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        return None

    def quit(self):
        """Ctrl-a x: the machine ends as for a person."""
        self.send("\x01x")
        return self.wait()


KEYS = {" ": "spc", "\n": "ret", "/": "slash", "-": "minus", ".": "dot",
        "|": "shift-backslash", "\\": "backslash", ">": "shift-dot",
        "<": "shift-comma", ";": "semicolon", "&": "shift-7",
        "_": "shift-minus", "'": "apostrophe", '"': "shift-apostrophe"}


class Screen:
    """A machine with screen and keyboard only."""

    def __init__(self, machine):
        self.folder = tempfile.TemporaryDirectory()
        path = self.folder.name + "/monitor"
        self.qemu = subprocess.Popen(
            machine.command(has_exit=False) + machine.boot("") + [
                "-display", "none", "-serial", "null",
                "-monitor", "unix:%s,server=on,wait=off" % path],
            cwd=ROOT, preexec_fn=vm.die_with_parent)
        self.monitor = socket.socket(socket.AF_UNIX)
        for _ in range(200):
            try:
                self.monitor.connect(path)
                break
            except OSError:
                time.sleep(0.02)
        self.ask(None)

    def ask(self, command):
        """Say a line to QEMU's monitor; its answer."""
        if command is not None:
            self.monitor.sendall(command.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"(qemu) "):
            answer += self.monitor.recv(65536)
        return answer.decode(errors="replace")

    def type(self, text):
        for char in text:
            key = KEYS.get(char, char)
            if char.isupper():
                key = "shift-" + char.lower()
            self.ask("sendkey %s 20" % key)
            time.sleep(0.04)

    def lines(self):
        """The 25 lines of the screen."""
        dump = self.ask("xp /2000hx 0xb8000")
        rows = re.findall(r"^[0-9a-f]{8,}: (.*)$", dump, re.MULTILINE)
        cells = re.findall(r"0x([0-9a-f]{4})", " ".join(rows))
        text = "".join(chr(int(cell, 16) & 0x7f or 32) for cell in cells)
        return [text[i:i + 80].rstrip() for i in range(0, 2000, 80)]

    def expect(self, pattern, seconds=30):
        """Wait until a line of the screen matches."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(re.search(pattern, line) for line in self.lines()):
                return True
            time.sleep(0.1)
        return False

    def quit(self):
        self.qemu.kill()
        self.qemu.wait()
        self.folder.cleanup()
