"""printers.py - how the kernel's structs print: the most wanted facts.

`print *task` gives a line for each fact; `print/r *task` all members in C.
"""
import gdb
import gdb.printing

import names
import shell


def text(value, most=120):
    try:
        return value.string()
    except (gdb.error, UnicodeDecodeError):
        return "?"


def name_of(names, index):
    """The words in a table of the kernel's."""
    try:
        return text(gdb.parse_and_eval(names)[int(index)])
    except gdb.error:
        return str(index)


def length(head):
    """The members of a struct list, up to a limit."""
    end = int(head["head"].address)
    node = head["head"]["next"]
    count = 0
    while int(node) not in (0, end) and count < 10000:
        node = node["next"]
        count += 1
    return count


class Facts:
    """A printer for the result of `facts`: pairs of name and value."""

    def __init__(self, value):
        self.value = value

    def children(self):
        for name, value in self.facts(self.value):
            yield name, value


class TaskPrinter(Facts):
    def to_string(self):
        return "task %d (%s)" % (int(self.value["id"]),
                                 text(self.value["name"]))

    def facts(self, task):
        yield "state", name_of("task_state_name", task["state"])
        yield "priority", int(task["priority"])
        yield "process", task["process"]
        yield "wait", task["wait"]
        yield "esp", int(task["esp"])
        yield "stack", task["stack"]


class ProcessPrinter(Facts):
    def to_string(self):
        return "process %d (%s)" % (int(self.value["id"]),
                                    text(self.value["name"]))

    def facts(self, process):
        yield "tasks", process["tasks"]
        yield "children", process["children"]
        yield "parent", process["parent"]
        yield "group", int(process["group"])
        yield "descriptors", process["descriptors"]
        yield "space", process["space"]
        yield "status", int(process["status"])


class WaitPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if not int(self.value["queue"]):
            return "not waiting"
        request = self.value["request"]
        said = "waits for " + name_of("wait_event_name", request["event"])
        if int(request["object"]):
            said += " in " + str(ObjectPrinter(
                request["object"].dereference()).to_string())
        return said


class ObjectPrinter(Facts):
    def to_string(self):
        try:
            kernel = shell.kernel_now(False)
            return names.of_object(kernel, kernel.at(int(self.value.address),
                                                     "object"))
        except (shell.Complaint, shell.Unreadable, TypeError):
            return "%s %d" % (text(self.value["ops"]["kind"]),
                              int(self.value["id"]))

    def facts(self, thing):
        yield "refs", int(thing["refs"])
        yield "readers", int(thing["ends"][0])
        yield "writers", int(thing["ends"][1])
        yield "queue", thing["queue"]


class ListPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if not int(self.value["head"]["next"]):
            return "list, not set up"
        return "list of %d" % length(self.value)


class QueuePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "%d asleep, %d watching, %d woken" % (
            length(self.value["sleepers"]), length(self.value["watchers"]),
            int(self.value["owed"]))


class FilePrinter(Facts):
    def to_string(self):
        return "open file"

    def facts(self, file):
        flags = int(file["flags"])
        yield "object", str(ObjectPrinter(
            file["object"].dereference()).to_string())
        yield "access", ("read", "write", "read and write", "?")[flags & 3]
        yield "flags", "0x%x" % flags
        yield "refs", int(file["refs"])
        yield "position", int(file["position"])


class MessagePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        m = self.value
        return "message type %d from %d to %d, id %d, %d bytes, fd %d" % (
            int(m["type"]), int(m["sender"]), int(m["receiver"]),
            int(m["id"]), int(m["bytes"]), int(m["fd"]))


class RegionPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        bits = int(self.value["prot"])
        return "region %08x-%08x %s" % (
            int(self.value["start"]), int(self.value["end"]),
            "".join(letter if bits & 1 << i else "-"
                    for i, letter in enumerate("rwx")))


PRINTERS = (("task", TaskPrinter), ("process", ProcessPrinter),
            ("wait", WaitPrinter), ("object", ObjectPrinter),
            ("list", ListPrinter), ("wait_queue", QueuePrinter),
            ("open_file", FilePrinter), ("message", MessagePrinter),
            ("region", RegionPrinter))


def register():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("parley")
    for name, printer in PRINTERS:
        printers.add_printer(name, "^%s$" % name, printer)
    gdb.printing.register_pretty_printer(None, printers, replace=True)


register()
