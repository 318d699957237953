"""names.py - the name of an object, as from object_describe().

One object has one name everywhere: see "One name" in kernel/README.md. This
file follows the same rule as kernel/obj/object.c, kernel/fs/names.c and
kernel/ipc/futex_name.c, but from outside, on a stopped machine; the test
tests/tools/names.py compares both.
"""
import struct

import facts
from values import Unreadable

KINDS_IN_IPC = {"mailbox": "mailbox", "mqueue": "queue", "sem": "semaphore",
                "shm": "shared memory"}
NAME_BYTES = 128                # OBJECT_NAME_BYTES
SHARED = 1                      # REGION_SHARED
DIRECT = 0xffffffff             # VARIABLE_DIRECT
SOCK_RAW = 3


def kind_of(thing):
    return thing["ops"]["kind"].string()


def of_object(kernel, thing):
    """The kind, then the object's own name, or its number."""
    name = own_name(kernel, thing)
    if not name:
        return "%s %d" % (kind_of(thing), int(thing["id"]))
    return "".join(c if " " <= c <= "~" else "?" for c in name)


def own_name(kernel, thing):
    """With the kind; "" without a name."""
    kind = kind_of(thing)
    if kind in ("mailbox", "queue"):
        return name_in_ipc(kernel, kind, thing)
    if kind == "socket":
        return local_name(kernel, kernel.at(thing.address, "local_socket"))
    if kind in ("tcp socket", "udp socket"):
        return inet_name(kernel, kernel.at(thing.address, "inet_socket"))
    if kind == "fifo":
        return node_name(kernel, kind,
                         kernel.at(thing.address, "fifo")["node"].target())
    if kind in ("pty", "ptmx"):
        return node_name(kernel, kind, pty_of(kernel, thing)["node"].target())
    if kind in ("file", "directory", "name", "special"):
        return node_name(kernel, kind, kernel.at(thing.address, "node"))
    if kind == "inbox":
        return "inbox of process %d" % int(
            kernel.at(thing.address, "mailbox")["owner"])
    if kind.startswith("sysv "):
        key = int(kernel.at(thing.address, "keyed")["perm"]["__key"])
        return "%s %#x" % (kind, key & 0xffffffff) if key else ""
    if kind == "tty":
        return "tty /dev/console"
    if is_futex(kernel, thing):
        return futex_name(kernel, kind, kernel.at(thing.address, "futex"))
    return ""


# ---- Sockets: kernel/ipc/socket_name.c, kernel/net/seen.c -------------------

def number_of(socket):
    return int(socket["socket"]["object"]["id"])


def local_name(kernel, socket):
    if int(socket["node"]):
        return node_name(kernel, "socket", socket["node"].target())
    peer = socket["peer"]
    if int(socket["to"]):
        peer = socket["to"].target()["socket"]
    if not int(peer):
        return ""
    peer = peer.target()
    to = number_of(peer)
    if int(peer["name"]):
        to = peer["name"]["address"]["sun_path"].string()
    return "socket %d to %s" % (number_of(socket), to)


def pty_of(kernel, thing):
    """The pair of a pseudo-terminal; the terminal is inside."""
    inside = kernel.fields("pty")["terminal"][0] \
        if kind_of(thing) == "pty" else 0
    return kernel.at(thing.address - inside, "pty")


def inet_block(socket):
    """The control block of lwIP, or None."""
    part = {"tcp socket": "tcp", "udp socket": "udp"}[
        kind_of(socket["socket"]["object"])]
    return socket[part].target() if int(socket[part]) else None


def inet_name(kernel, socket):
    """From a control block of lwIP. ICMP has no ports."""
    stages, block = kernel.enum("stage"), inet_block(socket)
    if not block or int(socket["socket"]["type"]) == SOCK_RAW:
        return ""
    name = "%s %d" % (kind_of(socket["socket"]["object"]), number_of(socket))
    here = int(block["local_port"])
    if int(socket["stage"]) in (stages["CONNECTING"], stages["CONNECTED"]):
        address = int(block["remote_ip"]["addr"]).to_bytes(4, "little")
        return "%s to %s:%d" % (name, ".".join(map(str, address)),
                                int(block["remote_port"]))
    return "%s at port %d" % (name, here) if here else ""


# ---- Paths ----------------------------------------------------------------

def node_name(kernel, kind, node):
    """"KIND PATH", or the name in the style of sem_open() and the like."""
    parts = []
    up = node
    while entry := next(kernel.list(up["entries"], "entry", "of_node"), None):
        parts.insert(0, entry["name"].string())
        up = entry["directory"].target()
    if len(parts) == 3 and parts[0] == "ipc" and parts[1] in KINDS_IN_IPC and \
            kind_of(node["object"]) != "directory":
        return "%s /%s" % (KINDS_IN_IPC[parts[1]], parts[2])
    if not parts and up.address != int(kernel["root"]):
        return ""
    name = "%s /%s" % (kind, "/".join(parts))
    return name if len(name) < NAME_BYTES else ""


def name_in_ipc(kernel, kind, thing):
    """The name of an object under /ipc, or ""."""
    for kept in kernel.list(kernel["ipc"]["children"], "entry", "sibling"):
        if KINDS_IN_IPC.get(kept["name"].string()) != kind:
            continue
        directory = kept["node"]
        for entry in kernel.list(directory["children"], "entry", "sibling"):
            node = entry["node"].target()
            if int(node["data"]) == thing.address:
                return node_name(kernel, kind, node)
    return ""


# ---- Locks: kernel/ipc/futex_name.c ---------------------------------------

def is_futex(kernel, thing):
    table = kernel["futex_ops"]
    return table.address <= int(thing["ops"]) < \
        table.address + kernel.size(table.kind)


class View:
    """The word of a futex in a process."""

    def __init__(self, process, region, word):
        self.process, self.region, self.word = process, region, word
        self.is_shared = int(region["flags"]) & SHARED and \
            int(region["source"])


def view_of(kernel, futex):
    """The view of the first process that maps the word, or None."""
    place = futex["place"]
    base, address = int(place["base"]), int(place["address"])
    for process in facts.processes(kernel):
        if not process["space"]:
            continue
        is_private = base == int(process["space"])
        for region in kernel.list(process["space"]["regions"]["list"],
                                  "region", "node.order"):
            word, start = address, int(region["start"])
            if not is_private:
                if not int(region["flags"]) & SHARED or \
                        int(region["source"]) != base:
                    continue
                word += start - int(region["source_page"]) * 4096
            if start <= word < int(region["end"]):
                return View(process, region, word)
    return None


def read_word(kernel, process, address):
    """The word in the memory of a program, or 0."""
    root = int(process["space"]["arch"]["root_pa"])
    place = facts.walk_tables(kernel, root, address) \
        if address % 4 == 0 else None
    return int.from_bytes(kernel.read(place, 4), "little") if place else 0


def holder_name(kernel, view):
    """The name of the shared object or file that holds the word, or ""."""
    if not view.is_shared:
        return ""
    source = view.region["source"].target()
    offset = kernel.fields("object")["refs"][0]
    holder = kernel.at(int(source["refs"]) - offset, "object")
    return own_name(kernel, holder) if kind_of(holder) == "file" else \
        of_object(kernel, holder)


def futex_name(kernel, kind, futex):
    view = view_of(kernel, futex)
    if view is None:
        return ""
    value = read_word(kernel, view.process, view.word)
    if kind == "thread" and value:
        return "thread %d" % value
    holder = holder_name(kernel, view)
    address = int(futex["place"]["address"])
    if holder and address == 0 and holder.startswith(kind + " "):
        return holder                   # semaphore /jobs
    if holder:
        return "%s at %#x of %s" % (kind, address, holder)
    name = variable_name(kernel, view) or "at %#x" % view.word
    return "%s %s of %s" % (kind, name, view.process["name"].string())


# ---- Variables: kernel/lib/variables.c ------------------------------------

class Variables:
    """The table in a program's file, as it lies in the boot image."""

    def __init__(self, kernel, process):
        self.entries, self.strings = [], b""
        table = self.find(kernel, process)
        if table is None:
            return
        place, size = table
        magic, functions, lines, frames, count, files, string_bytes, _ = \
            struct.unpack("<4s7I", kernel.read(place, 32))
        start = 32 + 8 * (functions + lines + frames)
        end = start + 24 * count + 4 * files + string_bytes
        if magic != b"PSY4" or end > size:
            return
        self.entries = list(struct.iter_unpack(
            "<6I", kernel.read(place + start, 24 * count)))
        self.strings = kernel.read(place + end - string_bytes, string_bytes)

    @staticmethod
    def find(kernel, process):
        """(address, size) of the section, or None."""
        if not process["image"] or kind_of(process["image"].target()) != "file":
            return None
        contents = kernel.at(process["image"], "node")["contents"]
        if int(contents["root"]) or not int(contents["image"]):
            return None                 # set by the program
        file = facts.KERNEL_BASE + int(contents["image"]) * 4096
        headers, = struct.unpack("<I", kernel.read(file + 32, 4))
        size, count, names = struct.unpack("<3H", kernel.read(file + 46, 6))
        sections = [struct.unpack("<10I", kernel.read(
            file + headers + i * size, 40)) for i in range(count)]
        for section in sections if names < count else []:
            name = kernel.text(file + sections[names][4] + section[0], 32)
            if name == ".parley.symbols":
                return file + section[4], section[5]
        return None

    def text(self, at):
        return self.strings[at:self.strings.index(b"\0", at)].decode(
            errors="replace")


TABLES = {}                     # by the place in the boot image


def variables(kernel, process):
    key = process["image"] and int(
        kernel.at(process["image"], "node")["contents"]["image"])
    if key not in TABLES:
        TABLES[key] = Variables(kernel, process)
    return TABLES[key]


def variable_name(kernel, view):
    """"fork[2]"; "" when no variable has the word."""
    try:
        table = variables(kernel, view.process)
    except (Unreadable, struct.error):
        return ""
    for address, offset, size, stride, count, name in table.entries:
        start = address
        if offset != DIRECT:
            start = read_word(kernel, view.process, address)
            if not int(view.region["start"]) <= start <= view.word:
                continue
            start += offset
        if not stride or view.word < start or not name:
            continue
        index, distance = divmod(view.word - start, stride)
        most = count or (float("inf") if view.is_shared else 1)
        if index < most and distance < size:
            return written(table.text(name), offset != DIRECT, index, distance)
    return ""


def written(name, is_behind, index, distance):
    if is_behind and index == 0:
        name = name.replace("[].", "->")
    name = name.replace("[]", "[%d]" % index)
    if name.endswith("+"):
        name = name[:-1] + ("+%#x" % distance if distance else "")
    return name


# ---- From a name to the object --------------------------------------------

def answers_to(kernel, thing):
    """The words that select an object: the number, the name with and without
    the kind, and the last part of a path."""
    full = of_object(kernel, thing)
    kind = kind_of(thing) + " "
    own = full[len(kind):] if full.startswith(kind) else full
    return str(int(thing["id"])), full, own, full.split("/")[-1]


def find_object(kernel, name):
    """The first object selected by the word, or None."""
    return next((thing for thing in facts.objects(kernel)
                 if name in answers_to(kernel, thing)), None)
