"""layout.py - write the table of offsets from DWARF, for all further tools.

    gdb -batch -ex 'python OUTPUT = "FILE"' -x tools/gdb/layout.py KERNEL

Offsets and addresses are known only in DWARF, and every user has GDB as a
reader of DWARF. So GDB writes the table once for each build, as JSON, and
tools outside GDB (such as the proxy) need no DWARF:

    {"symbols": {"cpu": [address, TYPE], ...},
     "structs": {"task": {"bytes": n, "fields": {"id": [offset, TYPE]}}},
     "enums": {"task_state": {"TASK_READY": 1, ...}},
     "functions": {"switch_to_task": [start, end]}}

    TYPE: ["int", bytes, is_signed] | ["pointer", TYPE] | ["struct", name]
          | ["array", TYPE, count] | ["none"]
"""
import json

import gdb

SYMBOLS = ("cpu", "task_list", "process_list", "object_list", "process_init",
           "task_state_name", "wait_event_name", "frame_count",
           "frame_use_name", "syscall_table", "task_area", "pool_list")
# Absent in some versions or variants of the kernel.
OPTIONAL = ("trace_ring", "trace_count", "trace_mask", "trace_on")
# Names that are static in a file, found through the file.
STATIC = (("ipc", "kernel/fs/names.c"), ("root", "kernel/fs/fs.c"),
          ("futex_ops", "kernel/ipc/futex.c"))
STRUCTS = ("task", "process", "object", "object_ops", "open_file",
           "descriptors", "space", "region", "arch_space", "page_source",
           "node", "entry", "pipe", "fifo", "futex", "futex_place",
           "futex_sleeper", "mailbox", "mail",
           "mail_receive", "mail_send",
           "mqueue", "queued_message", "eventfd", "timerfd",
           "signalfd", "pidfd", "pages", "registers", "pool", "mutex",
           "trace_event", "poll_set", "poll_entry", "epoll", "epoll_entry",
           "child_wait", "wait_request", "local_socket", "local_port",
           "local_name", "inet_socket", "tcp_pcb", "udp_pcb",
           "pbuf", "pty")
ENUMS = ("task_state", "wait_event", "process_state", "frame_use",
         "syscall_number")
OPTIONAL_ENUMS = ("stage",)             # of inet.h: absent without lwIP
FUNCTIONS = ("switch_to_task", "sysenter_entry", "sysenter_traced_entry",
             "int80_entry", "trap_entry", "return_to_user", "enter_user",
             "new_task_entry", "block_task", "kmain", "user_mode")
OPTIONAL_FUNCTIONS = ("trace_record",)


class Writer:
    def __init__(self):
        self.structs = {}

    def kind(self, what):
        """A gdb.Type in the form of the table; structs are noted on the way."""
        what = what.strip_typedefs()
        if what.code == gdb.TYPE_CODE_PTR:
            return ["pointer", self.shallow(what.target())]
        if what.code == gdb.TYPE_CODE_ARRAY:
            low, high = what.range()
            return ["array", self.kind(what.target()), high - low + 1]
        if what.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return ["struct", self.struct(what)]
        if what.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_ENUM,
                         gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR):
            signed = what.code == gdb.TYPE_CODE_INT and what.is_signed
            return ["int", what.sizeof, signed]
        return ["none"]

    def shallow(self, what):
        """The target of a pointer: a struct by name only, since the work on
        this struct may be unfinished."""
        what = what.strip_typedefs()
        if what.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return ["struct", what.tag or ""]
        return self.kind(what)

    def struct(self, what):
        name = what.tag or "anonymous-%d" % len(self.structs)
        if name in self.structs:
            return name
        fields = {}
        self.structs[name] = {"bytes": what.sizeof, "fields": fields}
        self.fields(what, 0, fields)
        return name

    def fields(self, what, base, into):
        """Members of an unnamed struct count as members of the outer struct."""
        for field in what.fields():
            if not hasattr(field, "bitpos"):
                continue
            offset = base + field.bitpos // 8
            if field.name:
                into[field.name] = [offset, self.kind(field.type)]
            else:
                self.fields(field.type.strip_typedefs(), offset, into)


def ends_of(function):
    symbol = gdb.lookup_global_symbol(function) or \
        gdb.lookup_static_symbol(function)
    if symbol and symbol.symtab:
        block = gdb.block_for_pc(int(symbol.value().address))
        if block and block.function and block.function.name == function:
            return [int(block.start), int(block.end)]
    start = int(gdb.parse_and_eval("(unsigned int)&" + function))
    # Assembly has labels only: the line of the last instruction is unknown.
    return [start, start]


def symbol_value(name):
    return gdb.lookup_global_symbol(name).value()


def static_value(name, path):
    return gdb.parse_and_eval("'%s'::%s" % (path, name))


def optional(get, *arguments):
    try:
        return get(*arguments)
    except (gdb.error, AttributeError):
        return None


def table():
    writer = Writer()
    symbols, functions, enums = {}, {}, {}
    found = [(name, symbol_value(name)) for name in SYMBOLS]
    found += [(name, static_value(name, path)) for name, path in STATIC]
    found += [(name, optional(symbol_value, name)) for name in OPTIONAL]
    for name, value in found:
        if value is not None:
            symbols[name] = [int(value.address), writer.kind(value.type)]
    for name in STRUCTS:
        what = optional(gdb.lookup_type, "struct " + name)
        if what is not None:
            writer.struct(what)
    for name in ENUMS + OPTIONAL_ENUMS:
        what = optional(gdb.lookup_type, "enum " + name)
        if what is not None or name in ENUMS:
            enums[name] = {field.name: field.enumval
                           for field in what.fields()}
    for name in FUNCTIONS + OPTIONAL_FUNCTIONS:
        ends = optional(ends_of, name)
        if ends:
            functions[name] = ends
    return {"symbols": symbols, "structs": writer.structs, "enums": enums,
            "functions": functions}


if "OUTPUT" in globals():
    with open(OUTPUT, "w") as file:             # noqa: F821
        json.dump(table(), file, indent=1)
