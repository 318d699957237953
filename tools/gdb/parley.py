"""parley.py - what GDB knows of Parley beyond its symbols.

    user PROG [PLACE]   load the symbols of /bin/PROG or /tests/PROG; with a
                        PLACE (main, prog.c:12), stop there in that program
    tasks               every task with its state and what it waits for
"""
import os

import gdb

# Where the linked programs lie, with all their DWARF; tools/debug sets it.
ELF_FOLDER = os.environ.get("PARLEY_ELF", "build/user/elf")


def program_file(name):
    for folder in ("bin", "tests"):
        path = os.path.join(ELF_FOLDER, folder, name + ".elf")
        if os.path.exists(path):
            return path
    raise gdb.GdbError("no program %s in %s" % (name, ELF_FOLDER))


class User(gdb.Command):
    """user PROG [PLACE]: load a program's symbols, and stop at PLACE in it.

All programs lie at the same addresses, so the symbols of the one before go,
and a breakpoint counts only while the running task has the program's name."""

    def __init__(self):
        super().__init__("user", gdb.COMMAND_FILES)
        self.loaded = None

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if not words:
            raise gdb.GdbError("user PROG [PLACE]")
        path = program_file(words[0])
        if self.loaded:
            gdb.execute("remove-symbol-file " + self.loaded, to_string=True)
        gdb.execute("add-symbol-file " + path, to_string=True)
        self.loaded = path
        if len(words) == 1:
            return
        name = os.path.basename(words[0])[:15]
        # Hardware breakpoints hold before the program's pages are there.
        gdb.execute('hbreak %s if $_streq(cpu.current->name, "%s")' % (
            words[1], name))

    def complete(self, text, word):
        try:
            names = os.listdir(os.path.join(ELF_FOLDER, "bin"))
        except OSError:
            return gdb.COMPLETE_NONE
        return [name[:-4] for name in names
                if name.endswith(".elf") and name.startswith(text)]


def nodes_of(head, type_name, member):
    """Walk a struct list: the structs that hold its nodes."""
    kind = gdb.lookup_type(type_name)
    offset = next(field.bitpos // 8 for field in kind.fields()
                  if field.name == member)
    byte = gdb.lookup_type("char").pointer()
    end = int(head["head"].address)
    node = head["head"]["next"]
    while int(node) != end:
        yield (node.cast(byte) - offset).cast(kind.pointer()).dereference()
        node = node["next"]


def describe_wait(task):
    """What a task waits for, in words."""
    if not int(task["wait"]["queue"]):
        return ""
    event = task["wait"]["event"]
    names = gdb.parse_and_eval("wait_event_name")
    text = "waits for " + names[int(event)].string()
    if int(task["wait"]["object"]):
        text += " of object %s" % task["wait"]["object"]
    return text


class Tasks(gdb.Command):
    """tasks: every task with its state and what it waits for."""

    def __init__(self):
        super().__init__("tasks", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        names = gdb.parse_and_eval("task_state_name")
        current = int(gdb.parse_and_eval("cpu.current"))
        for task in nodes_of(gdb.parse_and_eval("task_list"), "struct task",
                             "all"):
            mark = "*" if int(task.address) == current else " "
            print("%s %4d %-15s %-10s %s" % (
                mark, int(task["id"]), task["name"].string(),
                names[int(task["state"])].string(), describe_wait(task)))


User()
Tasks()
