"""stepping.py - step as a student does, inside GDB, and print each step.

    (gdb) source tests/tools/stepping.py
    (gdb) python walk_write()
    (gdb) python walk_read()

The first walk begins in a program just before a call of write(), and steps
until the kernel has done the call. The second walk begins at the program `cat`,
which waited in read() and is ready now, and steps until the read() returns.
Each step prints a line:

    step LEVEL FUNCTION FILE:LINE on|BACK

LEVEL counts the frames; BACK is a line before an earlier line of the same
call, in a function without a loop. Each argument is a line, too:

    argument shown|lost FUNCTION:LINE NAME
"""
import re

import gdb

STEPS_MOST = 1000
LOOP = re.compile(r"\b(for|while|do|goto)\b|for_each", re.IGNORECASE)
FRAME = re.compile(r"^#\d+ .*?(\S+) \((.*)\) at (\S+)$", re.MULTILINE)
ARGUMENT = re.compile(r"(?:^|, )([a-z_]\w*)(?:@entry)?=(<optimized out>)?")


def body_of(function):
    """The numbers of the first and the last line, and the text."""
    with open(function.symtab.fullname()) as file:
        lines = file.read().split("\n")
    last = function.line
    while last < len(lines) and not lines[last - 1].startswith("}"):
        last += 1
    return function.line, last, "\n".join(lines[function.line - 1:last])


class Call:
    """A call of a function, during the walk through the function."""

    def __init__(self, frame):
        self.function = frame.function()
        self.name = frame.name()
        self.pc = frame.pc()            # of the first step
        self.furthest = 0
        self.inlined = {}               # calls compiled into this call
        self.first, self.last, text = body_of(self.function)
        self.has_loop = LOOP.search(text) is not None

    def judge(self, place):
        """How the walk goes on at this line of the function."""
        line = place.line
        if place.symtab.filename != self.function.symtab.filename or \
                not self.first <= line <= self.last:
            return "on"                 # of a macro or an inlined function
        back = line < self.furthest and not self.has_loop
        self.furthest = max(self.furthest, line)
        return "BACK" if back else "on"


class Walk:
    def __init__(self):
        self.calls = {}                 # from the level to the call there

    def call_of(self, frame, level):
        """The current call of the walk. An inlined call has one place in its
        caller: the walk comes there once, if the caller has no loop."""
        for deeper in [key for key in self.calls if key > level]:
            del self.calls[deeper]
        call, caller = self.calls.get(level), self.calls.get(level - 1)
        if frame.type() == gdb.INLINE_FRAME and caller and \
                not caller.has_loop:
            block = frame.block()
            while not block.function:
                block = block.superblock
            return caller.inlined.setdefault(block.start, Call(frame))
        if call and call.name == frame.name() and call.pc != frame.pc():
            return call
        return Call(frame)

    def note(self):
        """Print where we are; False in the entry of the kernel."""
        frame = gdb.newest_frame()
        place = frame.find_sal()
        if not place.symtab or not frame.function():
            return not place.symtab or "/entry.asm" not in \
                place.symtab.filename
        level = level_of(frame)
        call = self.call_of(frame, level)
        is_new = call is not self.calls.get(level)
        self.calls[level] = call
        print("step %d %s %s:%d %s" % (
            level, frame.name(), place.symtab.filename, place.line,
            call.judge(place)))
        arguments("backtrace" if is_new else "backtrace 1")
        return True

    def go(self):
        """Step until the kernel is about to return to the program."""
        for _ in range(STEPS_MOST):
            if not self.note():
                return
            gdb.execute("step", to_string=True)
        print("no end after %d steps" % STEPS_MOST)


def level_of(frame):
    level = 0
    while frame:
        frame = frame.older()
        level += 1
    return level


def arguments(command):
    for function, given, place in FRAME.findall(
            gdb.execute(command, to_string=True)):
        for name, lost in ARGUMENT.findall(given):
            print("argument %s %s:%s %s" % (
                "lost" if lost else "shown", function, place.split(":")[-1],
                name))


def walk_write():
    gdb.execute("kernel", to_string=True)
    Walk().go()


def walk_read():
    reader = next(thread for thread in gdb.selected_inferior().threads()
                  if thread.name.startswith("cat [ready]"))
    reader.switch()
    gdb.execute("finish", to_string=True)
    Walk().go()
    frame = gdb.newest_frame()
    while frame.name() != "read":
        frame = frame.older()
    gdb.execute("tbreak *%#x" % frame.older().pc(), to_string=True)
    gdb.execute("continue", to_string=True)
    print("read has returned %d to %s" % (gdb.parse_and_eval("$eax"),
                                          gdb.newest_frame().name()))
