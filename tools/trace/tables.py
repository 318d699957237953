"""tables.py - the names behind the numbers of a trace.

Nothing is written down twice: events, system calls, errors and signals come
from the tables in kernel/abi/, which the kernel itself uses. The words for
states and events come from the kernel's own arrays for printing.
"""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
ABI = "kernel/abi/"
KINDS = {"TASKS": 1, "CALLS": 2, "IPC": 4, "SIGNALS": 8, "PAGES": 16,
         "FAULTS": 32, "LIFE": 64}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)


class Kind:
    """A line of trace.def."""

    def __init__(self, number, match):
        self.number = number
        self.id, self.name, self.kind = match[0:3]
        self.words = match[3:6]         # meaning of object, a and b
        self.manual = match[6]


def event_kinds():
    lines = re.findall(r'^TRACE\((\w+),\s*(\w+),\s*(\w+),\s*(\w+),\s*(\w+),'
                       r'\s*(\w+),\s*"([^"]*)"\)', read(ABI + "trace.def"),
                       re.MULTILINE)
    return [Kind(number, line) for number, line in enumerate(lines)]


def numbered(path, pattern):
    """{number: name} of the lines of a table."""
    return {int(number): name for name, number in
            re.findall(pattern, read(path), re.MULTILINE)}


def calls():
    """{number: (name, how many arguments)}"""
    found = re.findall(r"^SYSCALL(?:_RAW)?\((\d+),\s*(\w+),[^A]*?\bA(\d)\(",
                       read(ABI + "syscalls.def"), re.MULTILINE)
    return {int(number): (name, int(count)) for number, name, count in found}


def array(path, name):
    """The strings of a constant array in C."""
    body = re.search(r"\b%s\[[^]]*\]\s*=\s*\{(.*?)\}" % name, read(path),
                     re.DOTALL)
    return re.findall(r'"([^"]*)"', body.group(1))


class Tables:
    def __init__(self):
        self.events = event_kinds()
        found = calls()
        self.calls = {number: name for number, (name, _) in found.items()}
        self.arguments = {number: count for number, (_, count)
                          in found.items()}
        self.errors = numbered(ABI + "errno.h",
                               r"^#define (E\w+)\s+(\d+)$")
        self.signals = numbered(ABI + "signals.def",
                                r"^SIGNAL\((\w+),\s*(\d+)")
        self.waits = array("kernel/task/wait.c", "wait_event_name")
        # The kinds of objects that a futex names: of its object_ops.
        self.locks = re.findall(r'\bOPS\("(\w+)"\)',
                                read("kernel/ipc/futex.c"))
        self.states = array("kernel/task/sched.c", "task_state_name")

    def call(self, number):
        return self.calls.get(number, "call %d" % number)

    def signal(self, number):
        return self.signals.get(number, "signal %d" % number)

    def result(self, word):
        value = word - (1 << 32) if word >> 31 else word
        if -200 < value < 0 and -value in self.errors:
            return "-" + self.errors[-value]
        return str(value) if value > -200 else "0x%x" % word

    @staticmethod
    def access(word):
        """The access that faulted, and whether a page was there."""
        what = "execute" if word & 16 else "write" if word & 2 else "read"
        return what + (" (not allowed)" if word & 1 else "")

    def event(self, number):
        return self.waits[number] if number < len(self.waits) else "?"

    def state(self, number):
        return self.states[number] if number < len(self.states) else "?"

    def status(self, word):
        """The status of waitpid(), in words."""
        if word & 0x7f:
            return "killed by " + self.signal(word & 0x7f)
        return "status %d" % (word >> 8 & 0xff)
