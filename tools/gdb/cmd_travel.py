"""cmd_travel.py - goto, back, until-deadlock, who-changed, where.

The proxy (travel_machine.py) does all this work, in one go and within a limit
of time. This file makes GDB forget the old state, and prints the result.
"""
import gdb

import shell
from cmd_trace import newest
from cmd_tasks import ask_for_threads, deadlock
from shell import Complaint, command, kernel, say, table

TRACERS = ("trace_record", "trace_text")


class Limit(gdb.Parameter):
    """The limit of goto, back, until-deadlock and who-changed, in seconds."""

    def __init__(self):
        super().__init__("travel-seconds", gdb.COMMAND_RUNNING,
                         gdb.PARAM_ZINTEGER)
        self.value = 30


LIMIT = Limit()


def ask(what, *numbers):
    """The words behind the proxy's `ok`; the machine may stand elsewhere."""
    kernel()
    line = "monitor parley-%s %d %s" % (what, LIMIT.value, " ".join(
        str(number) for number in numbers))
    said = gdb.execute(line, to_string=True).strip()
    if said.startswith("ended: "):      # there is no machine to look at
        raise Complaint("%s: %s" % (what, said[len("ended: "):]))
    look_again()
    if not said.startswith("ok"):
        raise Complaint("%s: %s" % (what, said or "no answer"))
    return said[3:].split()


def look_again():
    """The proxy moved the machine behind GDB's back: let GDB forget the old
    state, and ask for the running task."""
    shell.TheKernel.forget()
    gdb.execute("maintenance flush register-cache", to_string=True)
    gdb.execute("maintenance flush dcache", to_string=True)
    ask_for_threads()
    for thread in gdb.selected_inferior().threads():
        if thread.name and thread.name.endswith("[running]"):
            thread.switch()
            break
    try:
        import programs
        programs.load_selected()
    except (Complaint, shell.Unreadable, gdb.error):
        pass


def show():
    """The last event, and the source line behind the event."""
    lines = newest(kernel(), 1)
    if lines:
        table(lines)
    frame = gdb.newest_frame()
    while frame.name() in TRACERS and frame.older():
        frame = frame.older()
    frame.select()
    gdb.execute("frame")


def trace_count():
    k = kernel()
    if not k.has("trace_count"):
        raise Complaint("this kernel has no trace")
    try:
        return int(k["trace_count"])
    except shell.Unreadable:
        return 0                        # before the kernel has memory


def numbers_only(words, usage):
    if len(words) != 1 or not words[0].isdigit():
        raise Complaint("usage: " + usage)
    return int(words[0])


@command("goto N", "in a replay: to where event N of the trace has just "
         "happened")
def goto(words):
    """Works forward in any run, and backward in a replay. See also `ktrace`."""
    number = numbers_only(words, "goto N, the number of an event")
    trace_count()
    ask("goto", number)
    show()


@command("back", "in a replay: to the event before this one")
def back(words):
    count = trace_count()
    if count < 2:
        raise Complaint("there is no event before this one")
    ask("goto", count - 2)
    show()


@command("where-now", "the number of the last event, and the instruction in a "
         "replay")
def where_now(words):
    words = ask("where")
    say("%s events so far%s" % (words[0], ", %s instructions" % words[1]
                                if len(words) > 1 else ""))


@command("until-deadlock", "go on until tasks wait for each other in a circle")
def until_deadlock(words):
    """Stops where the last of them is about to give the processor away."""
    ask("until-deadlock")
    deadlock([])
    gdb.execute("frame")


@command("who-changed EXPR", "in a replay: go back to what last changed EXPR")
def who_changed(words):
    """Stops behind the instruction that wrote the variable. For a variable of
a program, the address counts, in all programs."""
    text = " ".join(words)
    if not text:
        raise Complaint("usage: who-changed EXPR")
    value = gdb.parse_and_eval(text)
    if value.address is None:
        raise Complaint("%s has no address" % text)
    size = value.type.sizeof
    if size not in (1, 2, 4, 8):
        raise Complaint("%s is %d bytes long; name a member of it" % (text,
                                                                      size))
    now = gdb_text(text)
    words = ask("changed", int(value.address), size)
    if words[0] == "never":
        say("nothing has changed %s before" % text)
    else:
        say("%s became %s here, after event %d:" % (text, now,
                                                    int(words[0]) - 1))
    gdb.execute("frame")


def gdb_text(text):
    return gdb.execute("output " + text, to_string=True).strip()
