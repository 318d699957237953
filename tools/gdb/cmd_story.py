"""cmd_story.py - story: the way through the kernel, from function to function.

A step by source lines shows each loop and each list. `story` steps to the next
function with a part in the mechanism, and prints the first sentence of the
function's comment. Helpers have no place in the story: functions in headers,
functions of a single statement, lists and memory. `step` shows these.
"""
import contextlib
import os
import re

import gdb

import facts
from shell import Complaint, command, kernel as the_kernel, say

STEPS_MOST = 500
TOLD = re.compile(r"^(\./)?kernel/(?!lib/|mm/)\w+/.*\.c$")
COMMENT = re.compile(r"/\*(?! ----)((?:(?!\*/).)*)\*/\s*$", re.DOTALL)


class Story:
    """Where the story stands."""

    woken = None                # the number of the task that this call woke
    told = []                   # the calls told so far, from the program inward


@contextlib.contextmanager
def silence():
    """GDB prints each stop of a step, even when the command's text is
    captured, so the standard output itself leads away."""
    gdb.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        gdb.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def names_of_calls():
    frame, found = gdb.newest_frame(), []
    while frame:
        found.insert(0, frame.name())
        frame = frame.older()
    return found


def text_of(path):
    with open(path) as file:
        return file.read()


def definition_of(function):
    """The comment above the function, or above its prototype, and the body."""
    path = function.symtab.fullname()
    name = re.compile(r"^[a-z][^\n=(]*\b%s\([^;{]*[;{]" % function.name,
                      re.MULTILINE)
    comment, body = "", ""
    for place in (path, os.path.splitext(path)[0] + ".h"):
        text = text_of(place) if os.path.exists(place) else ""
        for found in name.finditer(text):
            above = COMMENT.search(text[:found.start()])
            comment = comment or (above.group(1) if above else "")
            if found.group().endswith("{"):
                body = text[found.end():text.index("\n}", found.end())]
    return comment, body


def first_sentence(comment):
    words = " ".join(line.lstrip("\t *") for line in comment.splitlines())
    return re.split(r"(?<=[.:?])\s", words.strip())[0].rstrip(":")


def is_in(frame, name):
    place = frame.find_sal().symtab
    return place and os.path.basename(place.filename) == name


def is_part(frame):
    place = frame.find_sal().symtab
    if not frame.function() or not place or not TOLD.match(place.filename):
        return False
    body = definition_of(frame.function())[1]
    return body.count(";") - body.count("ASSERT(") > 1


def tell(frame):
    """A function's call, and what the function does."""
    if frame.name() == "unblock_task":
        Story.woken = int(frame.read_var("task")["id"])
    gdb.execute("frame")
    sentence = first_sentence(definition_of(frame.function())[0])
    if sentence:
        say("        (%s)" % sentence)


def go_on_in(number):
    """Run until the woken task comes out of switch_to_task()."""
    thread = next((thread for thread in gdb.selected_inferior().threads()
                   if thread.ptid[1] == number), None)
    Story.woken = None
    if not thread:
        raise Complaint("the call is done, and task %d has ended" % number)
    say("The call is done. The task that the call woke goes on:")
    thread.switch()
    with silence():
        gdb.execute("finish", to_string=True)
    gdb.execute("frame")


def leave_switch():
    """By instructions, to the stack of the next task."""
    with silence():
        while is_in(gdb.newest_frame(), "switch.asm"):
            gdb.execute("stepi", to_string=True)
    say("The processor goes to another task:")
    gdb.execute("frame")


def end():
    """Run to the program's line behind the call."""
    say("The call is done. The program goes on:")
    number = int(gdb.parse_and_eval("cpu.current->id"))
    with silence():
        gdb.execute("program", to_string=True)
        stop = gdb.Breakpoint("*%#x" % gdb.selected_frame().pc(),
                              internal=True, temporary=True)
        stop.silent = True
        stop.condition = "cpu.current->id == %d" % number
        gdb.execute("continue", to_string=True)
    gdb.execute("frame")


def next_part():
    """Step until a function begins that is not told yet, or the call ends."""
    Story.told = names_of_calls()
    for _ in range(STEPS_MOST):
        gdb.execute("step", to_string=True)
        frame, calls = gdb.newest_frame(), names_of_calls()
        if frame.pc() < facts.KERNEL_BASE or is_in(frame, "entry.asm"):
            return go_on_in if Story.woken else end
        if is_in(frame, "switch.asm"):
            return leave_switch
        if is_in(frame, "usercopy.asm"):
            continue
        if len(calls) <= len(Story.told):
            del Story.told[len(calls):]
        if calls != Story.told and is_part(frame):
            return tell
    raise Complaint("no function comes in %d steps: `finish` leads out" %
                    STEPS_MOST)


@command("story", "in the kernel: step to the next function of the way, and "
         "say what it does")
def story(words):
    """At the end of a call that has woken a task, the story goes on in this
task. Return repeats the command: a story is `kernel`, `story`, and this key."""
    the_kernel()
    if gdb.newest_frame().pc() < facts.KERNEL_BASE:
        raise Complaint("this is the program; `kernel` goes to its next call")
    with silence():
        go_on = next_part()
    if go_on is tell:
        tell(gdb.newest_frame())
    elif go_on is go_on_in:
        go_on_in(Story.woken)
    else:
        go_on()
