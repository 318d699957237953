"""settings.py - settings in environment variables, checked.

Each function reads one variable of the environment. An empty variable counts
as not set. A wrong value raises Failure, and its text lists the possible
values.
"""
import os
import re
import shutil
import subprocess
import tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
QEMU = "qemu-system-i386"
VARIANTS = ("debug", "measured", "test", "checked")
TOOLCHAINS = ("auto", "gcc", "clang")
TRACE = "kernel/task/trace.c"   # has the words for kinds of events
SHELL = "user/sh/builtin.c"     # has the names that the shell knows


class Failure(Exception):
    """A reason to give up; the text is for the user."""


def switch(name):
    """Is the switch on? Empty, 0 and no mean off."""
    return os.environ.get(name, "") not in ("", "0", "no")


def one_of(name, values, default):
    value = os.environ.get(name) or default
    if value not in values:
        raise Failure("%s=%s: %s is one of: %s" % (
            name, value, name, " ".join(values)))
    return value


def whole_number(name, low, high, default, what):
    """The number as text, for QEMU; None without a number."""
    value = os.environ.get(name) or default
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and
            low <= int(value) <= high):
        raise Failure("%s=%s: %s is %s, from %d to %d" % (
            name, value, name, what, low, high))
    return str(int(value))


def seconds(name, default, option=None):
    """As a number, from an option or the variable; 0 is for ever."""
    value = option or os.environ.get(name) or str(default)
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number < 1e6:
        raise Failure("%s=%s: %s is a number of seconds, or 0 for no limit" % (
            name, value, name))
    return number


def processor():
    """CPU: a name known to QEMU, with `,+FEATURE` or `,-FEATURE`
    behind."""
    value = os.environ.get("CPU") or "max"
    if value == "max" or not shutil.which(QEMU):
        return value
    said = subprocess.run([QEMU, "-cpu", "help"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True).stdout
    # Old QEMUs print `x86 NAME`, new ones `  NAME`.
    known = re.findall(r"^(?:x86)?\s+([\w.-]+)", said, re.MULTILINE)
    if value.split(",")[0] not in known:
        raise Failure("CPU=%s: QEMU has no such processor; `%s -cpu help` "
                      "lists them, for example max, pentium3, n270" % (
                          value, QEMU))
    return value


def kinds(text, where):
    """The kinds of events in a list with commas, as the kernel names them."""
    with open(os.path.join(ROOT, TRACE)) as file:
        known = re.findall(r'\{ "(\w+)", TRACE_\w+ \}', file.read())
    for word in text.split(","):
        if word not in known:
            raise Failure("%s%s: a list, with commas, of the kinds: %s" % (
                where, text, " ".join(known)))
    return text


def shell_names():
    """The builtin commands and reserved words of the shell, from its
    source."""
    with open(os.path.join(ROOT, SHELL)) as file:
        text = file.read()
    words = re.search(r"words\[\] = \{(.*?)\};", text, re.DOTALL).group(1)
    return re.findall(r'^\t\{ "([^"]+)", builtin_', text, re.MULTILINE) + \
        re.findall(r'"([^"]+)"', words)


def command(line, image):
    """Refuse a command line with a first word that is neither a program of the
    image nor a builtin command of the shell."""
    match = re.match(r"\s*(?:/bin/)?([a-z][\w.+-]*)(?=[\s;&|]|$)", line)
    if not match or match.group(1) in shell_names():
        return
    with tarfile.open(image) as tar:
        programs = [name[4:] for name in tar.getnames()
                    if name.startswith("bin/")]
    if match.group(1) not in programs:
        raise Failure("there is no program %s; there are: %s" % (
            match.group(1), " ".join(programs)))


def writable(path):
    """Check a file to write, or None."""
    folder = os.path.dirname(os.path.abspath(path or "x"))
    if not os.access(folder, os.W_OK) or path and os.path.isdir(path):
        raise Failure("%s: cannot be written; name a file in a folder that "
                      "is there" % path)


def folder(path):
    """End with one line if this is no folder."""
    if not os.path.isdir(path):
        raise Failure("no folder %s" % path)


def readable(path):
    """Check a file to read, or None."""
    if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
        raise Failure("%s: there is no such file" % path)


def host_compiler():
    """The compiler for programs of this machine."""
    value = os.environ.get("HOSTCC") or "cc"
    if not shutil.which(value):
        raise Failure("%s not found. Run: make deps; or HOSTCC=NAME names "
                      "another C compiler of this machine" % value)
    return value


def network():
    """QEMU's arguments for NET: none, user[,HOSTPORT:GUESTPORT...],
    listen:SOCKET or connect:SOCKET (two machines, joined by a socket)."""
    value = os.environ.get("NET", "")
    if not value:
        return ["-net", "none"]
    if value.startswith(("listen:", "connect:")):
        kind, path = value.split(":", 1)
        back = "stream,addr.type=unix,addr.path=%s,server=%s" % (
            path, "on" if kind == "listen" else "off")
    else:
        back = "user" + "".join(forwards(value))
    # No file of a boot ROM, and an address of its own for each machine.
    card = "virtio-net-pci,netdev=net,romfile=,mac=%s" % (
        os.environ.get("MAC") or "52:54:00:12:34:" + (
            "57" if value.startswith("connect:") else "56"))
    return ["-netdev", back + ",id=net", "-device", card]


def forwards(value):
    """The forwarded ports of NET=user,HOST:GUEST..."""
    words = value.split(",")
    if words[0] != "user":
        raise Failure("NET=%s: NET is user, or user,HOSTPORT:GUESTPORT" % value)
    for word in words[1:]:
        ports = word.split(":")
        if len(ports) != 2 or not all(
                port.isascii() and port.isdigit() and
                0 < int(port) < 65536 for port in ports):
            raise Failure("NET=%s: %s is not HOSTPORT:GUESTPORT" % (
                value, word))
        yield ",hostfwd=tcp:127.0.0.1:%s-:%s" % tuple(ports)


def disk():
    """QEMU's arguments for DISK: a file, made and formatted on first use, or
    nbd+unix://... (a server of disks). A file that has no permission to write
    is a disk that can only be read."""
    path = os.environ.get("DISK", "")
    if not path or path.startswith("nbd"):
        return drive(path)
    path = os.path.abspath(path)
    if not os.path.exists(path):
        writable(path)
        format_disk(path)
    if os.stat(path).st_mode & 0o222 == 0:
        return drive(path, ",readonly=on")
    writable(path)
    return drive(path)


def drive(path, more=""):
    """QEMU's arguments for this image of a disk, or for none."""
    if not path:
        return []
    return ["-drive", "file=%s,format=raw,if=none,id=disk%s" %
            (path.replace(",", ",,"), more),
            "-device", "virtio-blk-pci,drive=disk"]


def format_disk(path, mebibytes=64, options=()):
    """Make an image with an empty file system of ext3."""
    tool = shutil.which("mke2fs", path=os.environ["PATH"] + ":/sbin:/usr/sbin")
    if not tool:
        raise Failure("mke2fs not found, to format DISK=%s. Run: make deps" %
                      path)
    with open(path, "wb") as image:
        image.truncate(mebibytes << 20)
    subprocess.run([tool, "-q", "-F", "-t", "ext3", "-b", "4096", *options,
                    path], check=True)
