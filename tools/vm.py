"""vm.py - build Parley and start it in QEMU: shared by run, debug and test.

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
import tempfile
import time

import mkinitrd
import settings
from settings import Failure, QEMU, ROOT                    # noqa: F401

KEPT_LOGS = 200
LEAST_MEMORY = 8                # MiB beside the file tree


class Machine:
    """The machine to boot: variant of the kernel, image, memory, clock,
    processor."""

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
        self.image = None               # see add()

    @property
    def kernel(self):
        return "%s/%s/parley.elf" % (self.base, self.variant)

    @property
    def initrd(self):
        name = "initrd-test.tar" if self.test else "initrd.tar"
        return "%s/%s" % (self.programs, name)

    @property
    def programs(self):
        """The folder of libc and programs: the measured ones differ."""
        return self.base + ("/measured" if self.variant == "measured"
                            else "") + "/user"

    def build(self):
        """Bring kernel and image up to date; one build at a time. A program
        with compile errors is left out of the image; this is no failure
        here."""
        build(self.variant, self.toolchain, [self.kernel, self.initrd])

    def add(self, folder):
        """Boot with the files of a folder below /host, until remove()."""
        with open(os.path.join(ROOT, self.initrd), "rb") as file:
            archive = bytearray(file.read())
        mkinitrd.add_folder(archive, folder, "host")
        needed = (len(archive) >> 20) + LEAST_MEMORY
        if needed > int(self.memory):
            raise Failure("the files of %s need a machine with more memory: "
                          "say MEM=%d" % (folder, needed))
        image = tempfile.NamedTemporaryFile(prefix="parley-", delete=False)
        with image:
            image.write(archive)
        self.image = image.name

    def remove(self):
        if self.image:
            os.unlink(self.image)

    def command(self, has_exit=True):
        """The QEMU command line but for serial ports and display. Without
        the debug exit a panic stands still and can be read."""
        if not shutil.which(QEMU):
            raise Failure("%s not found. Run: make deps" % QEMU)
        command = [QEMU, "-accel", "tcg", "-cpu", self.cpu, "-m", self.memory,
                   "-vga", "std", "-no-reboot"] + settings.network() + \
            settings.disk()
        if has_exit:
            command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
        if self.icount is not None:
            # Time is the count of instructions, and the date is always the
            # same: two runs are then equal to the last byte.
            command += ["-icount", "shift=%s,sleep=off" % self.icount,
                        "-rtc", "base=2026-01-01T00:00:00,clock=vm"]
        if os.environ.get("COVERAGE"):
            # The instructions run by the kernel, see tools/coverage.
            command += ["-d", "in_asm", "-dfilter", "0xc0000000+0x1000000",
                        "-D", "%s/guest/%d" % (os.environ["COVERAGE"],
                                               os.getpid())]
        return command

    def boot(self, keywords):
        """The part of the command line with the machine to boot."""
        line = " ".join(word for word in (self.arguments, keywords) if word)
        return ["-kernel", self.kernel, "-initrd", self.image or self.initrd,
                "-append", line]


def machine_from_environment(test, arguments):
    """The machine for VARIANT, TOOLCHAIN, MEM, ICOUNT and CPU."""
    return Machine(variant=settings.one_of("VARIANT", settings.VARIANTS,
                                           "test" if test else "debug"),
                   toolchain=toolchain(), test=test,
                   memory=settings.whole_number("MEM", 1, 65536, "128",
                                                "a number of MiB"),
                   icount=settings.whole_number("ICOUNT", 0, 10, None,
                                                "a shift"),
                   cpu=settings.processor(), arguments=arguments)


def toolchain():
    """The toolchain of TOOLCHAIN, or CC, as in the Makefile."""
    is_clang = "clang" in os.environ.get("CC", "")
    return settings.one_of("TOOLCHAIN", settings.TOOLCHAINS,
                           "clang" if is_clang else "auto")


def build(variant, compiler, files):
    """Bring these files up to date."""
    make(["make", "-s", "VARIANT=" + variant, "TOOLCHAIN=" +
          (compiler or "auto")] + files)


def make(command):
    """Run make from the root; its output goes to stderr."""
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
            pass                        # a parallel run was faster
    stamp = "%s-%06d-%d" % (time.strftime("%Y%m%d-%H%M%S"),
                            time.time_ns() // 1000 % 1000000, os.getpid())
    return os.path.join(folder, stamp + suffix)


def programs_in(folder):
    names = {os.path.basename(path)[:-2] for path in glob.glob(folder + "/*.c")}
    names |= {os.path.basename(os.path.dirname(path))
              for path in glob.glob(folder + "/*/*.c")}
    return sorted(names)


def copy_build(to):
    """Give a copy of the tree the built files of the debug kernel, so that
    only files changed in the copy are built again."""
    if os.path.exists(to + "/build") or \
            not os.path.exists(ROOT + "/build/debug/parley.elf"):
        return
    for folder in ("debug", "man", "user/obj", "user/elf/bin", "user/elf/guide",
                   "user/root/bin", "user/root/guide"):
        if not os.path.isdir("%s/build/%s" % (ROOT, folder)):
            continue                    # a tree without the guide's programs
        shutil.copytree("%s/build/%s" % (ROOT, folder),
                        "%s/build/%s" % (to, folder),
                        ignore=shutil.ignore_patterns("log", "*.iso", "tests"))
    for path in glob.glob(ROOT + "/build/*.mk") + \
            glob.glob(ROOT + "/build/user/*"):
        if os.path.isfile(path) and not path.endswith("-test.tar"):
            shutil.copy2(path, os.path.join(to, os.path.relpath(path, ROOT)))


def our_programs():
    """The programs of user/ in the git tree; all further programs are a
    user's."""
    with open(os.path.join(ROOT, "tests/programs.list")) as file:
        return [line.strip() for line in file if not line.startswith("#")]


def is_added(path):
    """Does this file below user/ belong to a program of the user's?"""
    parts = os.path.normpath(path).split(os.sep)
    return parts[0] == "user" and len(parts) > 1 and \
        parts[1].removesuffix(".c") not in our_programs() + [
            "README.md", "etc"]


def read_text(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def status_of(log):
    """The exit status of the guest, or None."""
    found = re.findall(r"^parley: power off, status (-?\d+)$", log,
                       re.MULTILINE)
    return int(found[-1]) & 255 if found else None


def panic_of(log):
    """The panic in the log with all lines below, or None."""
    found = re.search(r"^PANIC: ", log, re.MULTILINE)
    return log[found.start():] if found else None


def crashes_of(log):
    """The lines about programs that died, with their back traces."""
    return re.findall(r"^program .*\]: SIG.*(?:\n  .*)*", log, re.MULTILINE)
