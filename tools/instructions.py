"""instructions.py - rows of the benchmark, and where their instructions go.

QEMU writes down each instruction that the guest executes, we take the stretch
between two calls of cycles() in the benchmark and add up by function. The sums
are those that the benchmark itself prints.
"""
import bisect
import collections
import os
import re
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import vm                                                   # noqa: E402

BUDGETS = "tests/bench/budgets"
KERNEL_BASE = 0xc0000000
# Programs and kernel. What the BIOS does is not for us.
RANGES = "0x800000..0x1ffffff,0xc0000000..0xdfffffff"
# An instruction that faults is not counted: it will be, when it is repeated.
FAULTS = ("stub_0", "stub_5", "stub_6", "stub_7", "stub_10", "stub_11",
          "stub_12", "stub_13", "stub_14")
SECONDS = 300


class Row:
    """One line of the budgets."""

    def __init__(self, line):
        program, name, budget, moonshot, mark, words = line.split(None, 5)
        self.program = program
        self.name = name
        self.budget = None if budget == "-" else float(budget)
        self.moonshot = None if moonshot == "-" else float(moonshot)
        self.is_known_over = mark == "over"
        self.words = words.strip()


def read_rows():
    with open(BUDGETS) as file:
        return [Row(line) for line in file
                if line.strip() and not line.startswith("#")]


def plain(name):
    return name.lstrip(".").split(".")[0]


class Symbols:
    """Which function an address lies in."""

    def __init__(self, nm, *files):
        found = []
        for path in files:
            text = subprocess.check_output([nm, path], text=True)
            for line in text.splitlines():
                words = line.split()
                if len(words) == 3 and words[1] in "tTwW":
                    found.append((int(words[0], 16), words[2]))
        found.sort()
        self.starts = [start for start, name in found]
        self.names = [name for start, name in found]

    def name(self, address):
        """A part that the compiler split off, or a label inside of assembly,
        counts for its function."""
        at = bisect.bisect_right(self.starts, address) - 1
        return plain(self.names[at]) if at >= 0 else "?"

    def address(self, name):
        for start, found in zip(self.starts, self.names):
            if found == name:
                return start
        raise vm.Failure("no function %s" % name)


class Recorder:
    """Reads QEMU's log of executed instructions; keeps the samples."""

    def __init__(self, symbols):
        self.mark = b"%08x" % symbols.address("cycles")
        self.faults = {b"%08x" % symbols.address(name) for name in FAULTS}
        self.samples = []               # a Counter of addresses for each pair
        self.order = None               # the addresses of the running sample

    def read(self, file):
        # `Trace 0: 0x7f... [00000000/c0101234/flags/...] name`; what was said
        # of an instruction that did not run after all begins differently.
        for line in file:
            if not line.startswith(b"Trace"):
                if self.order:
                    self.order.pop()
                continue
            at = line.index(b"/") + 1
            address = line[at:at + 8]
            if address == self.mark:
                self.turn()
            if self.order is not None:
                if address in self.faults and self.order:
                    self.order.pop()
                self.order.append(address)

    def turn(self):
        """The clock was read: a sample begins or ends."""
        if self.order is None:
            self.order = []
        else:
            self.samples.append(collections.Counter(self.order))
            self.order = None


def run_logged(machine, words, recorder):
    """Boot with each instruction logged into the recorder."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        os.mkfifo(log)
        command = machine.command() + machine.boot(words) + [
            "-display", "none", "-monitor", "none", "-serial", "null",
            "-serial", "null", "-serial", "stdio", "-singlestep",
            "-d", "exec,nochain", "-dfilter", RANGES, "-D", log]
        qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                preexec_fn=vm.die_with_parent)
        timer = threading.Timer(SECONDS, qemu.kill)
        timer.start()
        with open(log, "rb", buffering=1 << 20) as file:
            recorder.read(file)
        output = qemu.communicate()[0].decode(errors="replace")
        timer.cancel()
    return output


def toolchain_nm(machine):
    kind = machine.toolchain or "auto"
    text = vm.read_text("build/toolchain-%s%s.mk" % (
        kind, os.environ.get("CROSS", "")))
    found = re.search(r"^TARGET_OBJCOPY\s*:?=\s*(\S*)objcopy(\S*)", text,
                      re.MULTILINE)
    return "".join((found.group(1), "nm", found.group(2))) if found else "nm"


class Profile:
    """Instructions and entries by function, of the median sample."""

    def __init__(self, samples, symbols):
        empty, *samples = samples
        samples.sort(key=lambda sample: sum(sample.values()))
        chosen = samples[len(samples) // 2]
        self.instructions = collections.Counter()
        self.entries = collections.Counter()
        starts = {b"%08x" % start for start, name in
                  zip(symbols.starts, symbols.names) if "." not in name}
        for sign, sample in ((1, chosen), (-1, empty)):
            for address, times in sample.items():
                name = symbols.name(int(address, 16))
                if int(address, 16) < KERNEL_BASE:
                    name = "user: " + name
                self.instructions[name] += sign * times
                if address in starts:
                    self.entries[name] += sign * times
        self.total = sum(self.instructions.values())

    def lines(self):
        """(instructions, entries, function), the dearest first."""
        return sorted(((count, self.entries[name], name)
                       for name, count in self.instructions.items() if count),
                      key=lambda line: (-line[0], line[2]))


def profile(row, machine):
    """The profile of one row."""
    elf = "%s/user/elf/bench/%s.elf" % (machine.base, row.program)
    symbols = Symbols(toolchain_nm(machine), machine.kernel, elf)
    recorder = Recorder(symbols)
    line = "/bench/%s %s" % (row.program, row.name)
    output = run_logged(machine, "log=com2 stdin=none run=" + line, recorder)
    if len(recorder.samples) < 2:
        raise vm.Failure("nothing was measured: %s said %r" % (line, output))
    return Profile(recorder.samples, symbols)
