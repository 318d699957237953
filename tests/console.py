"""console.py - a test uses the machine's terminal, or the screen.

Terminal runs a command on a pseudo-terminal, as a person would; Screen starts
QEMU without a serial port, presses keys and reads the VGA text memory.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
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


# The kernel's question for the size of the window, see kernel/dev/window.c.
QUESTION = "\x1b7\x1b[999;999H\x1b[6n\x1b8"


# The prompt of Parley's shell, at the end of the output so far. Output comes in
# parts of any length: a line of a command must not begin like the prompt.
PROMPT = r"^\$ \Z"
# Seconds until a test takes an event for missing. No event takes a hundredth of
# this on an idle machine; a busy machine must not fail.
PATIENCE = 120


class Terminal:
    """A command on a pseudo-terminal, which tells the size like a terminal."""

    def __init__(self, command, rows=25, columns=80):
        self.rows, self.columns = rows, columns
        self.asked = 0                  # questions for the size
        self.begun = ""                 # may be the beginning of a question
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # A test run that ignores this signal must not hand this on: the
            # command ends with its terminal.
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.chdir(ROOT)
            os.execvp(command[0], command)
        # A character of several bytes may come in several reads.
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text = ""                  # output that no call has taken yet
        self.all = ""

    def resize(self, rows, columns):
        """The window is of this size from here on."""
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("4H", rows, columns, 0, 0))

    def send(self, text):
        os.write(self.fd, text.encode())

    def answer(self, text):
        """Take the questions out of the text and answer them."""
        text = self.begun + text
        count = text.count(QUESTION)
        for _ in range(count):
            self.send("\x1b[%d;%dR" % (self.rows, self.columns))
        self.asked += count
        text = text.replace(QUESTION, "")
        held = max((n for n in range(len(QUESTION))
                    if text.endswith(QUESTION[:n])), default=0)
        self.begun = text[len(text) - held:]
        return text[:len(text) - held]

    def clean(self, text):
        """The text to keep; a test of the drawing overrides this."""
        return text.replace("\r", "")

    def pause(self, seconds):
        """Take the output of this time."""
        self.expect("(?!)", seconds)

    def until(self, condition):
        """Take output until the condition holds; does it?"""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                return False
            self.pause(0.05)
        return True

    def expect(self, pattern, seconds=PATIENCE):
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
            except OSError:             # the command has closed the terminal
                data = b""
            if not data:
                return None
            data = self.clean(self.answer(self.decoder.decode(data)))
            self.text += data
            self.all += data

    def command(self, line, prompt=PROMPT):
        """Type a line at the prompt; the output up to the next prompt."""
        self.send(line + "\n")
        shown = self.expect(prompt)
        if shown is None:
            return "(no prompt) " + self.text
        lines = shown.split("\n")
        return "\n".join(lines[1:-1])

    def wait(self, seconds=PATIENCE):
        """The exit status of the command; None: the command goes on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pause(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        return None

    def quit(self):
        """Ctrl-] x: the machine ends as for a person."""
        self.send("\x1dx")
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
        """Send a line to QEMU's monitor; returns the answer."""
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

    def expect(self, pattern):
        """Wait until a line of the screen matches."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if any(re.search(pattern, line) for line in self.lines()):
                return True
            time.sleep(0.1)
        return False

    def quit(self):
        self.qemu.kill()
        self.qemu.wait()
        self.folder.cleanup()
