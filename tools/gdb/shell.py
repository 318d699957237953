"""shell.py - make a GDB command of a function.

    @command("why N", "what task N waits for, and who could end it")
    def why(words):
        ...

The words of the line come as a list. A Complaint prints an error as a line,
without a trace of Python.
"""
import os

import gdb

from values import Kernel, Unreadable

KNOWN = []                      # (usage, manual)


class Complaint(Exception):
    """An impossible request of the user."""


def read_memory(address, size):
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except gdb.error as error:
        raise Unreadable(str(error))


def ask_monitor(line):
    return gdb.execute("monitor " + line, to_string=True)


def layout_path():
    """The path of the table, from tools/debug; for an editor's GDB the table
    lies beside the kernel."""
    path = os.environ.get("PARLEY_LAYOUT")
    if not path:
        program = gdb.current_progspace().filename
        if not program:
            raise Complaint("which kernel? Give GDB build/debug/parley.elf")
        path = os.path.splitext(program)[0] + ".layout.json"
    if not os.path.exists(path):
        raise Complaint("no %s: `make debug-server` makes it" % path)
    return path


class TheKernel:
    """The Kernel of this session, made at the first use."""

    kernel = None
    cpu = None

    @classmethod
    def get(cls):
        check_stopped()
        if cls.kernel is None:
            cls.kernel = Kernel(layout_path(), read_memory, ask_monitor)
        return cls.kernel

    @classmethod
    def forget(cls, event=None):
        if cls.kernel:
            cls.kernel.forget()


def kernel():
    """The kernel, standing still; Complaint when there is none."""
    return TheKernel.get()


def kernel_now(must_be_fresh=True):
    """The same while GDB judges a breakpoint or looks for a frame. Then GDB
    still calls the machine running, and gives no sign after a run. For a frame
    an unchanged struct cpu is enough, since each entry into the kernel changes
    struct cpu."""
    if TheKernel.kernel is None:
        TheKernel.kernel = Kernel(layout_path(), read_memory, ask_monitor)
    k = TheKernel.kernel
    if not must_be_fresh:
        cpu = k["cpu"]
        now = read_memory(cpu.address, k.size(cpu.kind))
        must_be_fresh = now != TheKernel.cpu
        TheKernel.cpu = now
    if must_be_fresh:
        k.forget()
    return k


def is_running():
    return any(thread.is_running()
               for thread in gdb.selected_inferior().threads())


def check_stopped():
    inferior = gdb.selected_inferior()
    if not inferior.pid or not inferior.threads():
        raise Complaint("there is no machine. Start one: make debug")
    if is_running():
        raise Complaint("the machine runs: ctrl-c stops it")


for happened in (gdb.events.cont, gdb.events.stop, gdb.events.exited,
                 gdb.events.memory_changed, gdb.events.register_changed):
    happened.connect(TheKernel.forget)


class Command(gdb.Command):
    def __init__(self, usage, manual, function, complete):
        self.function = function
        self.usage = usage
        self.words = complete
        super().__init__(usage.split()[0], gdb.COMMAND_USER)

    def invoke(self, argument, from_tty):
        try:
            self.function(gdb.string_to_argv(argument))
        except (Complaint, gdb.error) as complaint:
            raise gdb.GdbError(str(complaint))
        except Unreadable as error:
            raise gdb.GdbError("not to be read here: %s. (Before kmain there "
                               "is nothing.)" % error)

    def complete(self, text, word):
        if not self.words:
            return gdb.COMPLETE_NONE
        return [name for name in self.words() if name.startswith(word)]


def command(usage, manual, complete=None):
    def make(function):
        more = function.__doc__ or ""
        KNOWN.append((usage, manual))
        # GDB reads the manual from the class, so each command has a class.
        kind = type("Command_" + usage.split()[0].replace("-", "_"),
                    (Command,), {"__doc__": "%s: %s.\n%s" % (usage, manual,
                                                             more)})
        kind(usage, manual, function, complete)
        return function
    return make


def number(words, usage):
    """The number that must be the only word of the line."""
    if len(words) < 1 or not words[0].isdigit():
        raise Complaint("usage: " + usage)
    return int(words[0])


def say(text=""):
    gdb.write(text + "\n")


def table(rows, right=()):
    """Print rows of words in columns; `right` names the columns aligned to the
    right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) if i in right else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        say("  ".join(cells).rstrip())


def make_help():
    """`help parley`: a line for each command."""
    width = max(len(usage) for usage, _ in KNOWN)
    text = "What GDB knows of Parley beyond its symbols.\n\n"
    text += "\n".join("%-*s  %s" % (width, usage, manual)
                      for usage, manual in sorted(KNOWN))

    class Parley(gdb.Command):
        __doc__ = text

        def invoke(self, argument, from_tty):
            say(text)

    Parley("parley", gdb.COMMAND_USER)
