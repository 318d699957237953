"""instructions.py - rows of the benchmark, and where their instructions go.

QEMU writes down each instruction that the guest executes, we take the stretch
between two calls of cycles() in the benchmark and add up by function. The
benchmark itself prints the same sums.
"""
import bisect
import collections
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import vm                                                   # noqa: E402

BUDGETS = os.environ.get("BUDGETS") or "tests/bench/budgets"
SAVED = "tests/bench/profiles"
KERNEL = b"c0000000"            # addresses are words of the log
OTHER = b"0"                    # all code of unknown programs
# Programs and kernel. The BIOS is left out.
RANGES = "0x800000..0x1ffffff,0xc0000000..0xdfffffff"
# An instruction that faults is not counted: its repetition will be.
FAULTS = ("stub_0", "stub_5", "stub_6", "stub_7", "stub_10", "stub_11",
          "stub_12", "stub_13", "stub_14")
SECONDS = 300


class Row:
    """A line of the budgets."""

    def __init__(self, line):
        program, name, budget, moonshot, mark, words = line.split(None, 5)
        self.program = program
        self.name = name
        self.budget = None if budget == "-" else float(budget)
        self.moonshot = None if moonshot == "-" else float(moonshot)
        self.marks = mark.split(",")
        self.words = words.strip()
        # Growth of a cost with the number of objects: hopefully 0.
        self.is_growth = self.words.endswith("+")

    @property
    def has_debug(self):
        """Is the row measured in the debug build, too?"""
        return self.budget is not None and not self.is_growth

    @property
    def has_profile(self):
        """Frames are no instructions, some rows have too many, a row of the
        library is one function, a row of growth is a difference, and the boot
        depends on the size of the image."""
        return self.program not in ("frames", "long", "library", "growth",
                                    "boot")


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
                # ..@ is a label made by a macro of the assembler.
                if len(words) == 3 and words[1] in "tTwW" and \
                        not words[2].startswith("..@"):
                    found.append((int(words[0], 16), words[2]))
        found.sort()
        self.starts = [start for start, name in found]
        self.names = [name for start, name in found]

    def name(self, address):
        """A part split off by the compiler, or a label inside assembly, counts
        for its function."""
        at = bisect.bisect_right(self.starts, address) - 1
        return plain(self.names[at]) if at >= 0 else "?"

    def key(self, name):
        """The start of the function, as written in the log, or None."""
        for start, found in zip(self.starts, self.names):
            if found == name:
                return b"%08x" % start
        return None


class Recorder:
    """Reads QEMU's log of executed instructions; keeps the samples.

    The benchmark measures in groups: first an empty operation, then the
    operation of the row, many times. A program executed by the benchmark has
    the same addresses: instructions between its start and its end do not
    count. Nor do those before the start of the benchmark: init may have an
    instruction at the address of the mark.
    """

    def __init__(self, symbols):
        self.mark = symbols.key("cycles")
        self.nothing = symbols.key("do_nothing")
        self.faults = {symbols.key(name) for name in FAULTS}
        self.start = symbols.key("_start")
        self.end = symbols.key("process_exit")
        self.one_will_do = False        # a tick takes long to come
        self.is_done = False
        self.is_other = False   # a different program runs
        self.groups = []        # [nothing, sample...], Counters of addresses
        self.before = collections.Counter()     # the first sample
        self.order = None       # the addresses of the running sample

    def read(self, file):
        # `Trace 0: 0x7f... [00000000/c0101234/flags/...] name`. A line of a
        # different kind means: the block of the line before did not run.
        address = None
        for line in file:
            if not line.startswith(b"Trace"):
                address = None
                continue
            if address:
                self.take(address)
            if self.is_done:
                return
            at = line.index(b"/") + 1
            address = line[at:at + 8]

    def take(self, address):
        if address == self.start and not self.groups:
            self.order = None
        elif address == self.start and self.order is not None:
            self.is_other = True
        elif address == self.end:
            self.is_other = False
        if self.is_other and address < KERNEL:
            address = OTHER
        if address == self.mark:
            self.turn()
        if self.order is not None:
            if address in self.faults and self.order:
                self.order.pop()
            self.order.append(address)
        elif not self.groups:
            self.before[address] += 1

    def turn(self):
        """The clock was read: a sample begins or ends."""
        if self.order is None:
            self.order = []
            return
        sample = collections.Counter(self.order)
        self.order = None
        if self.nothing in sample and (
                not self.groups or self.nothing not in self.groups[-1][-1]):
            self.groups.append([])
        if not self.groups:
            return              # not of the benchmark
        self.groups[-1].append(sample)
        self.is_done = self.one_will_do and \
            size(sample) > size(self.groups[0][0])


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
        if recorder.is_done:
            qemu.kill()
        output = qemu.communicate()[0].decode(errors="replace")
        timer.cancel()
    return output


def path_of(program):
    """Where the machine finds the program. The boot is measured with the image
    that a user boots: the size of the image counts, and the image with the
    tests grows with each test. See boot_folder()."""
    return ("/host/" if program == "boot" else "/bench/") + program


@contextlib.contextmanager
def boot_folder(variant):
    """A folder with the program `boot`, for tools/run -a."""
    programs = vm.Machine(variant, vm.toolchain()).programs
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(programs + "/root/bench/boot", folder)
        yield folder


def toolchain_nm(machine):
    kind = machine.toolchain or "auto"
    text = vm.read_text("build/toolchain-%s%s.mk" % (
        kind, os.environ.get("CROSS", "")))
    found = re.search(r"^TARGET_OBJCOPY\s*:?=\s*(\S*)objcopy(\S*)", text,
                      re.MULTILINE)
    return "".join((found.group(1), "nm", found.group(2))) if found else "nm"


def size(sample):
    return sum(sample.values())


def middle(samples):
    return sorted(samples, key=size)[len(samples) // 2]


def cost_of(groups):
    """(sample, what to take off): the median of the only group; of two groups,
    the cost of the second beyond the first."""
    if len(groups) > 1:
        return middle(groups[-1][1:]), middle(groups[0][1:])
    nothing, *samples = groups[0]
    # A tick makes an empty operation cost something.
    costly = [sample for sample in samples if size(sample) > size(nothing)]
    return middle(costly or samples), nothing


class Profile:
    """Instructions and entries by function, of one operation."""

    def __init__(self, sample, less, symbols):
        self.instructions = collections.Counter()
        self.entries = collections.Counter()
        starts = {b"%08x" % start for start, name in
                  zip(symbols.starts, symbols.names) if "." not in name}
        for sign, counts in ((1, sample), (-1, less)):
            for address, times in counts.items():
                name = symbols.name(int(address, 16))
                if address == OTHER:
                    name = "user:(program)"
                elif address < KERNEL:
                    name = "user:" + name
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
    elf = "%s/elf/bench/%s.elf" % (machine.programs, row.program)
    symbols = Symbols(toolchain_nm(machine), machine.kernel, elf)
    recorder = Recorder(symbols)
    recorder.one_will_do = row.name == "tick"
    # As in tools/bench, the shell starts a process for the program: alone on
    # the line, the program would run in place of the shell.
    line = "log=com2 stdin=none run=%s %s && true" % (
        path_of(row.program), row.name)
    if row.name == "boot":
        machine = vm.Machine(machine.variant, machine.toolchain,
                             icount=machine.icount)
        machine.build()
        with boot_folder(machine.variant) as folder:
            machine.add(folder)
        run_logged(machine, line, recorder)
        machine.remove()
        return Profile(recorder.before, {}, symbols)
    output = run_logged(machine, line, recorder)
    if not recorder.groups or len(recorder.groups[0]) < 2:
        raise vm.Failure("nothing was measured: %s said %r" % (line, output))
    return Profile(*cost_of(recorder.groups), symbols)


# ---- The saved profile of a good run ---------------------------------------

def read_saved():
    """{row: {function: instructions}} as saved by tools/profile -s."""
    saved = collections.defaultdict(dict)
    for line in vm.read_text(SAVED).splitlines():
        if not line.startswith("#"):
            row, count, function = line.split()
            saved[row][function] = int(count)
    return saved


def write_saved(saved):
    with open(SAVED, "w") as file:
        file.write("# Instructions of each row by function, when they were "
                   "last good: what grows is\n# compared with this. Written "
                   "by `tools/profile -s ROW...`.\n")
        for row in sorted(saved):
            for function, count in sorted(saved[row].items(),
                                          key=lambda item: (-item[1], item)):
                file.write("%s %d %s\n" % (row, count, function))


# ---- Where they are, to read ------------------------------------------------

NOTES = "docs/performance.md"
MARK = re.compile(r"(<!-- profile (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
SMALL = 0.01            # a share of the row; smaller shares stand together


def in_words(row, counts):
    """A row's functions, the dearest first, and their sum."""
    total = sum(counts.values())
    lines = ["| %s | instructions |" % row.words, "|---|---:|"]
    rest = 0
    for name, count in sorted(counts.items(), key=lambda item: (-item[1],
                                                                item[0])):
        if count < SMALL * total:
            rest += count
            continue
        lines.append("| `%s` | %s |" % (name, format(count, ",")))
    if rest:
        lines.append("| %s | %s |" % (
            "the others together" if rest > 0 else "less the measuring",
            format(rest, ",")))
    lines.append("| in all; the moonshot is %s | %s |" % (
        format(row.moonshot, ",g"), format(total, ",")))
    return "\n".join(lines) + "\n"


def write_notes(saved):
    """The tables of the notes, from the saved profiles."""
    rows = {row.name: row for row in read_rows()}

    def table(found):
        name = found.group(2)
        if not saved.get(name):
            raise vm.Failure("%s has a place for %s, %s has no such row" % (
                NOTES, name, SAVED))
        return found.group(1) + in_words(rows[name], saved[name]) + \
            found.group(3)

    text = MARK.sub(table, vm.read_text(NOTES))
    with open(NOTES, "w") as file:
        file.write(text)


def growth(row, machine):
    """(more, function) for functions that cost more than in the saved profile,
    the worst first; None without a saved profile."""
    old = read_saved().get(row.name)
    if old is None:
        return None
    new = profile(row, machine).instructions
    changes = ((new[name] - old.get(name, 0), name) for name in new)
    return sorted((change for change in changes if change[0] > 0),
                  key=lambda change: (-change[0], change[1]))
