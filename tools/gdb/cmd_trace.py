"""cmd_trace.py - ktrace: the newest events of the kernel's trace ring."""
import re

import facts
import names
import programs
from shell import Complaint, command, kernel, say, table

DEFINITIONS = programs.ROOT + "/kernel/abi/trace.def"
FIELD = re.compile(r"TRACE\(\s*(\w+),\s*(\w+),\s*(\w+),\s*(\w+),\s*(\w+),"
                   r"\s*(\w+),", re.MULTILINE)


class Event:
    """The words of trace.def for a kind of event."""

    def __init__(self, name, kinds):
        self.name = name
        self.kinds = kinds              # of object, a and b


def definitions():
    """By number; the names of the fields say how to print them."""
    try:
        with open(DEFINITIONS) as file:
            text = file.read()
    except OSError:
        return []
    return [Event(found[1], found[3:6]) for found in FIELD.findall(text)
            if found[0] != "NAME"]


def call_name(k, number):
    for name, value in k.enum("syscall_number").items():
        if value == number:
            return name[len("CALL_"):]
    return str(number)


def task_words(k, number):
    task = facts.find_task(k, number)
    return facts.label(task) if task is not None else "task %d" % number


def object_words(k, address):
    for thing in facts.objects(k):
        if thing.address == address:
            return names.of_object(k, thing)
    return "object at %#x" % address


def signed(word):
    return word - (1 << 32) if word >> 31 else word


def enum_words(k, enum, prefix, number):
    for name, value in k.enum(enum).items():
        if value == number:
            return name[len(prefix):].lower()
    return str(number)


def words_of(k, kind, word):
    """A word of an event, printed by its meaning in trace.def; "" for
    nothing."""
    if kind == "NONE":
        return ""
    if kind == "OBJECT":
        return object_words(k, word) if word else ""
    if kind == "TASK":
        return task_words(k, word)
    if kind == "CALL":
        return call_name(k, word)
    if kind == "RESULT":
        return "result %d" % signed(word)
    if kind == "EVENT":
        return "for " + enum_words(k, "wait_event", "WAIT_", word)
    if kind == "STATE":
        return enum_words(k, "task_state", "TASK_", word)
    if kind == "TEXT":
        data = word.to_bytes(4, "little")
        return data.split(b"\0")[0].decode(errors="replace")
    if kind == "MS":
        return "for ever" if word == 0xffffffff else "until %d ms" % word
    if kind in ("ADDRESS", "WORD", "KINDS"):
        return "%#x" % word
    return "%s %d" % (kind.lower(), word)


def line(k, number, known):
    """(number, time, task, name, words) of the event with this number."""
    size = k["trace_ring"].kind[2]
    event = k["trace_ring"][number % size]
    which = int(event["id"])
    if which >= len(known):
        return (number, "", "", "event %d" % which, "")
    what = known[which]
    said = [words_of(k, kind, int(event[field]))
            for kind, field in zip(what.kinds, ("object", "a", "b"))]
    return (number, task_words(k, int(event["task"])), what.name,
            ", ".join(word for word in said if word))


def newest(k, count):
    """The lines of the newest events, oldest first."""
    if not k.has("trace_ring"):
        raise Complaint("this kernel has no trace")
    total = int(k["trace_count"])
    size = k["trace_ring"].kind[2]
    known = definitions()
    first = max(0, total - min(count, size))
    return [line(k, number, known) for number in range(first, total)]


@command("ktrace [N]", "the newest N (20) events of the kernel's trace")
def ktrace(words):
    """`goto` takes the number of an event in a replay."""
    if words and not words[0].isdigit():
        raise Complaint("usage: ktrace [N]")
    lines = newest(kernel(), int(words[0]) if words else 20)
    if not lines:
        say("no event yet; is the trace on (trace=on)?")
        return
    table([("EVENT", "TASK", "WHAT", "")] + lines, right=(0,))
