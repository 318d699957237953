"""parley.py - what GDB knows of Parley beyond its symbols.

    user PROG [PLACE]   load the symbols of /bin/PROG or /tests/PROG; with a
                        PLACE (main, prog.c:12), stop there in that program
    tasks               every task with its state and what it waits for
    task PID [COMMAND]  do COMMAND (backtrace) as that task, which does not run
    program [COMMAND]   do COMMAND (backtrace) in the program whose system call
                        or fault the kernel is serving
"""
import contextlib
import os

import gdb

KERNEL_BASE = 0xc0000000
# Where the linked programs lie, with all their DWARF; tools/debug sets it.
ELF_FOLDER = os.environ.get("PARLEY_ELF", "build/user/elf")


def program_file(name):
    for folder in ("bin", "tests"):
        path = os.path.join(os.path.abspath(ELF_FOLDER), folder, name + ".elf")
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


def word_at(address):
    kind = gdb.lookup_type("unsigned int").pointer()
    return int(gdb.Value(address).cast(kind).dereference())


@contextlib.contextmanager
def registers(values):
    """Other registers for a while: GDB then sees another stack."""
    frame = gdb.newest_frame()
    frame.select()
    before = {name: int(frame.read_register(name)) & 0xffffffff
              for name in values}
    try:
        for name, value in values.items():
            gdb.execute("set $%s = %#x" % (name, value), to_string=True)
        yield
    finally:
        for name, value in before.items():
            gdb.execute("set $%s = %#x" % (name, value), to_string=True)


class Task(gdb.Command):
    """task PID [COMMAND]: see the kernel stack of a task that does not run."""

    def __init__(self):
        super().__init__("task", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        number, _, command = argument.partition(" ")
        command = command or "backtrace"
        task = self.find(number)
        if int(task.address) == int(gdb.parse_and_eval("cpu.current")):
            gdb.execute(command)
            return
        # As switch_to_task has left it, see arch/i686/switch.asm.
        sp = int(task["esp"])
        values = {name: word_at(sp + 4 * i) for i, name in
                  enumerate(("ebp", "edi", "esi", "ebx", "eip"))}
        values["esp"] = sp + 20
        with registers(values):
            gdb.execute(command)

    @staticmethod
    def find(number):
        for task in nodes_of(gdb.parse_and_eval("task_list"), "struct task",
                             "all"):
            if str(int(task["id"])) == number:
                return task
        raise gdb.GdbError("no task %s; `tasks` lists them" % number)


class Program(gdb.Command):
    """program [COMMAND]: see the stack of the program that the kernel serves.

A back trace in the kernel ends at the entry from user mode; this one begins
there. After a system call it starts at who called libc's stub."""

    # Label, label of the end, and where the program's eip and esp lie below
    # the top of the kernel stack: see arch/i686/entry.asm.
    STUBS = (("sysenter_entry", "'sysenter_entry.slow'", 8, 4),
             ("trap_entry", "return_to_user", 20, 8))

    def __init__(self):
        super().__init__("program", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        command = argument or "backtrace"
        frame = gdb.newest_frame()
        if frame.pc() < KERNEL_BASE:
            gdb.execute(command)
            return
        frame, stub = self.entry(frame)
        top = int(gdb.parse_and_eval("cpu.current->stack_top"))
        pc, sp = (word_at(top - place) for place in stub[2:])
        if stub is self.STUBS[0]:
            pc, sp = word_at(sp) - 1, sp + 4
        values = {name: int(frame.read_register(name)) & 0xffffffff
                  for name in ("ebp", "edi", "esi", "ebx")}
        with registers(dict(values, eip=pc, esp=sp)):
            gdb.execute(command)

    def entry(self, frame):
        """The frame of the entry stub, and which one it is."""
        while frame:
            for stub in self.STUBS:
                start, end = (int(gdb.parse_and_eval("(unsigned int)&" + name))
                              for name in stub[:2])
                if start < frame.pc() < end:
                    return frame, stub
            frame = frame.older()
        raise gdb.GdbError("the kernel is not serving a program here")


User()
Tasks()
Task()
Program()
