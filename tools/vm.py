"""vm.py - build Parley and start it in QEMU: what run, debug and test share.

One function per decision, so that every way to boot boots the same machine:
COM1 is the terminal, COM2 the kernel's log, COM3 the host channel.
"""
import ctypes
import fcntl
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
QEMU = "qemu-system-i386"
KEPT_LOGS = 200


class Failure(Exception):
    """Something that keeps us from booting; its text is for the user."""


class Machine:
    """What to boot: variant of the kernel, image, memory, clock, processor."""

    def __init__(self, variant="debug", toolchain=None, test=False,
                 memory="128", icount=None, cpu="max", arguments=""):
        self.variant = variant
        self.toolchain = "" if toolchain == "auto" else toolchain
        self.test = test
        self.memory = memory
        self.icount = icount
        self.cpu = cpu
        self.arguments = arguments
        self.base = "build/clang" if toolchain == "clang" else "build"

    @property
    def kernel(self):
        return "%s/%s/parley.elf" % (self.base, self.variant)

    @property
    def initrd(self):
        name = "initrd-test.tar" if self.test else "initrd.tar"
        return "%s/user/%s" % (self.base, name)

    def build(self):
        """Bring kernel and image up to date; one build at a time."""
        command = ["make", "-s", "VARIANT=" + self.variant, "kernel",
                   "test-image" if self.test else "initrd"]
        if self.toolchain:
            command.append("TOOLCHAIN=" + self.toolchain)
        make(command)

    def command(self, has_exit=True):
        """The QEMU command line but for serial ports and display. Without
        the debug exit a panic stands still and can be read."""
        if not shutil.which(QEMU):
            raise Failure("%s not found. Run: make deps" % QEMU)
        command = [QEMU, "-accel", "tcg", "-cpu", self.cpu, "-m", self.memory,
                   "-vga", "std", "-net", "none", "-no-reboot"]
        if has_exit:
            command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
        if self.icount is not None:
            # Time is the count of instructions, and the date is always the
            # same: two runs are then equal to the last byte.
            command += ["-icount", "shift=%s,sleep=off" % self.icount,
                        "-rtc", "base=2026-01-01T00:00:00,clock=vm"]
        if os.environ.get("COVERAGE"):
            # What of the kernel is run, see tools/coverage.
            command += ["-d", "in_asm", "-dfilter", "0xc0000000+0x1000000",
                        "-D", "%s/guest/%d" % (os.environ["COVERAGE"],
                                               os.getpid())]
        return command

    def boot(self, keywords):
        """The part of the command line that says what to boot."""
        line = " ".join(word for word in (self.arguments, keywords) if word)
        return ["-kernel", self.kernel, "-initrd", self.initrd,
                "-append", line]


def machine_from_environment(test, arguments):
    """What VARIANT, TOOLCHAIN, MEM, ICOUNT and CPU ask for."""
    get = os.environ.get
    return Machine(variant=get("VARIANT") or ("test" if test else "debug"),
                   toolchain=get("TOOLCHAIN"), test=test,
                   memory=get("MEM") or "128", icount=get("ICOUNT") or None,
                   cpu=get("CPU") or "max", arguments=arguments)


def make(command):
    """Run make from the root; what it says goes to stderr."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("MAKE", "MFLAGS"))}
    # Variables of our own caller are not meant for this make.
    for name in ("CMD", "TEST", "VARIANT", "NAME"):
        environment.pop(name, None)
    os.makedirs(ROOT + "/build", exist_ok=True)
    with open(ROOT + "/build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = subprocess.run(command, cwd=ROOT, env=environment,
                                stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if result.returncode:
        raise Failure("the build failed")


def die_with_parent():
    """QEMU must not outlive us, however we end (Linux only)."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


def new_log(machine, suffix=".log"):
    """A path for a log of its own; the oldest logs go."""
    folder = "%s/%s/%s/log" % (ROOT, machine.base, machine.variant)
    os.makedirs(folder, exist_ok=True)
    old = sorted(os.listdir(folder))
    for name in old[:-KEPT_LOGS]:
        try:
            os.unlink(os.path.join(folder, name))
        except OSError:
            pass                        # another run was faster
    stamp = "%s-%06d-%d" % (time.strftime("%Y%m%d-%H%M%S"),
                            time.time_ns() // 1000 % 1000000, os.getpid())
    return os.path.join(folder, stamp + suffix)


def programs_in(folder):
    names = {os.path.basename(path)[:-2] for path in glob.glob(folder + "/*.c")}
    names |= {os.path.basename(os.path.dirname(path))
              for path in glob.glob(folder + "/*/*.c")}
    return sorted(names)


def read_text(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def status_of(log):
    """The status that the guest ended with, or None."""
    found = re.findall(r"parley: power off, status (-?\d+)", log)
    return int(found[-1]) & 255 if found else None


def panic_of(log):
    """The panic in the log with all that follows it, or None."""
    found = re.search(r"^.*PANIC:", log, re.MULTILINE)
    return log[found.start():] if found else None


def crashes_of(log):
    """The lines that tell of programs that died."""
    return re.findall(r"^.*\S\[\d+\]: SIG.*$", log, re.MULTILINE)
