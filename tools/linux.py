"""linux.py - the same benchmark on Linux, in the same QEMU: make bench-linux.

Debian's own kernel, unpacked from its package by `make deps-linux`, with the
sources of tests/bench compiled statically against this machine's libc. The rows
about the C library run with glibc's code for the i686, and call programs of
busybox for the i686. This file writes the first file system, a cpio archive.
"""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import settings                                             # noqa: E402
import vm                                                   # noqa: E402

FOLDER = "build/linux"
KERNEL = FOLDER + "/vmlinuz"
QEMU = "qemu-system-x86_64"
# No mitigations and four levels of tables: the fastest Linux.
ARGUMENTS = ("console=ttyS0 quiet mitigations=off no5lvl nokaslr panic=-1 "
             "random.trust_cpu=on")
# Each turn of a REP counts. Without ERMS Linux moves words, not bytes.
CPU = "max,-erms,-fsrm"
SECONDS = 600
COMPILER = ["-O2", "-static", "-w", "-s", "-I.", "-D_GNU_SOURCE"]
I686 = FOLDER + "/i686"
I686_COMPILER = ["i686-linux-gnu-gcc", "-isystem", I686 + "/include", "-B",
                 I686 + "/lib", "-L", I686 + "/lib"]
TOOLS = ("wc", "tr", "cmp", "sort")
THE_END = "bench-linux: the end"
DIRECTORY, DEVICE, PROGRAM, LINK = 0o040755, 0o020600, 0o100755, 0o120777


def says(source, mark):
    """Has the opening comment this line?"""
    return re.search(r"^ \* " + mark, vm.read_text(source), re.MULTILINE)


def compiler_of(source):
    if says(source, "on Linux: i686"):
        return I686_COMPILER
    return [settings.host_compiler()]


def programs():
    """{path in the image: source}."""
    found = {"init": "tools/linux/init.c", "bin/true": "tools/linux/true.c"}
    for source in sorted(glob.glob("tests/bench/*.c")):
        if not says(source, "only: parley"):
            name = os.path.basename(source)[:-2]
            found["bench/" + name] = source
    return found


def cpio_entry(name, mode, data=b"", device=(0, 0)):
    """A file in the format of Linux' first file system ("newc")."""
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0) + device + \
        (len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields)
    head += name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def build(has_disk=False):
    """Make the image, with the modules for a disk or without; returns the
    path."""
    if not os.path.exists(FOLDER + "/busybox"):
        raise vm.Failure("no Linux to measure. Run: make deps-linux")
    image = b"".join(cpio_entry(name, DIRECTORY)
                     for name in ("dev", "bin", "bench", "tmp", "proc", "data",
                                  "modules"))
    image += cpio_entry("dev/console", DEVICE, device=(5, 1))
    with open(FOLDER + "/busybox", "rb") as file:
        image += cpio_entry("bin/busybox", PROGRAM, file.read())
    for tool in TOOLS:
        image += cpio_entry("bin/" + tool, LINK, b"busybox")
    for name, source in programs().items():
        path = "%s/%s" % (FOLDER, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if subprocess.run([*compiler_of(source), *COMPILER, "-o", path,
                           source]).returncode:
            raise vm.Failure("%s does not compile for Linux" % source)
        with open(path, "rb") as file:
            image += cpio_entry(name, PROGRAM, file.read())
    for path in glob.glob(FOLDER + "/modules/*") if has_disk else ():
        with open(path, "rb") as file:
            image += cpio_entry("modules/" + os.path.basename(path), PROGRAM,
                                file.read())
    image += cpio_entry("TRAILER!!!", 0)
    with open(FOLDER + "/initrd", "wb") as file:
        file.write(image)
    return FOLDER + "/initrd"


def release():
    """The version of the kernel, as in the package."""
    return vm.read_text(FOLDER + "/release").strip() or "?"


def run(memory="512", icount=True, disk=None):
    """The output of the programs; of tests/bench/disk.c with this image of a
    disk."""
    clock = ["-icount", "shift=0,sleep=off", "-rtc",
             "base=2026-01-01T00:00:00,clock=vm"] if icount else []
    command = [QEMU, "-accel", "tcg", "-cpu", CPU, "-m", memory,
               "-net", "none", "-no-reboot", "-display", "none", "-monitor",
               "none", "-seed", "1", "-kernel", KERNEL, "-initrd", build(disk),
               "-append", ARGUMENTS, "-serial",
               "stdio"] + clock + settings.drive(disk)
    try:
        output = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            timeout=SECONDS, preexec_fn=vm.die_with_parent).stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    output = output.decode(errors="replace").replace("\r", "")
    if THE_END not in output:
        raise vm.Failure("Linux did not come to its end:\n" + output[-2000:])
    return output
