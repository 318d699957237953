"""events.py - a recorded trace as a list of events with names.

The kernel writes 24 bytes an event: time (64 bits), kind and task (16 each),
three words. Names come as events of their own, see kernel/abi/trace.def. One
walk over the bytes puts both together. Numbers of tasks and addresses of
objects are used again, so each event points to the Task and the Object of its
moment; a name given by a later event is then known everywhere.
"""
import struct

import tables

EVENT = struct.Struct("<QHHIII")
FOREVER = 0xffffffff
# Kinds of objects that are no communication.
FILES = ("file", "directory", "null", "zero", "full", "special", "name")


class Task:
    machine = ""                        # with two machines: its name

    def __init__(self, number, name="", parent=None):
        self.number = number
        self.name = name
        self.parent = parent            # its Task
        self.state = 2                  # enum task_state, at birth

    def __str__(self):
        return "%s%s %d" % (self.machine, self.name or "task", self.number)

    def descends_from(self, other):
        task = self
        while task is not None:
            if task is other:
                return True
            task = task.parent
        return False


class Object:
    machine = ""

    def __init__(self, address, number=0):
        self.address = address
        self.number = number
        self.told_kind = ""
        self.name = ""

    @property
    def kind(self):
        return self.told_kind or self.name.split(" ")[0]

    @property
    def is_channel(self):
        """Can tasks communicate through the object?"""
        return bool(self.kind) and self.kind not in FILES

    def __str__(self):
        """The name from the kernel's object_describe(), if the trace has the
        name."""
        return self.machine + (self.name or "%s %d" % (
            self.kind or "object", self.number))


class Event:
    """time in cycles, us since the first event; words as recorded."""

    def __init__(self, number, kind, time, task, words):
        self.number = number
        self.kind = kind
        self.id = kind.id
        self.time = time
        self.us = 0.0
        self.task = task
        self.who = str(task)            # its name at this moment
        self.words = words
        self.object = None              # Task or Object of the words
        self.other = None
        self.far = None                 # a second Object: the peer, for example
        self.card = None                # of ARRIVE: the network card, if any
        self.message = 0                # its number, from 1 on
        self.name = ""                  # of EXEC: of the new program
        self.is_early = False           # tells what is there at the beginning

    a = property(lambda self: self.words[1])
    b = property(lambda self: self.words[2])


class Trace:
    """events, and all tasks and objects of the events."""

    def __init__(self, data, first=0):
        self.tables = tables.Tables()
        self.tasks = []
        self.objects = []
        self.events = []
        self.khz = 1000000
        self.now = {}                   # number: Task
        self.at = {}                    # address: Object
        self.naming = {}                # address: "told_kind" or "name"
        self.new_name = set()           # tasks with a new name to come
        self.execs = {}                 # task number: its last EXEC
        self.sent = {}                  # (object, word): message
        self.messages = 0
        self.card = None                # the Object of all frames
        self.journeys = []              # of frames: see pair.py
        self.has_begun = False
        for place in range(len(data) // EVENT.size):
            self.add(first + place, EVENT.unpack_from(data,
                                                      place * EVENT.size))
        # The shell that runs the command is the first.
        self.roots = [event.task for event in self.events[:1]]
        self.measure()

    def measure(self):
        for event in self.events:
            event.us = (event.time - self.events[0].time) * 1000 / self.khz

    # ---- Tasks and objects of an event ------------------------------------

    def task(self, number):
        if number not in self.now:
            self.new_task(number, None)
        return self.now[number]

    def new_task(self, number, parent):
        self.now[number] = Task(number, parent=parent)
        self.tasks.append(self.now[number])
        return self.now[number]

    def object_at(self, address):
        if address == 0:
            return None
        if address not in self.at:
            self.new_object(address, 0)
        return self.at[address]

    def new_object(self, address, number):
        self.at[address] = Object(address, number)
        self.objects.append(self.at[address])
        return self.at[address]

    # ---- One event -------------------------------------------------------

    def add(self, number, record):
        time, kind, task, *words = record
        if kind >= len(self.tables.events):
            raise ValueError("event %d is of no known kind" % number)
        event = Event(number, self.tables.events[kind], time, self.task(task),
                      words)
        self.has_begun |= event.id in ("EXEC", "CALL", "SWITCH")
        event.is_early = not self.has_begun
        before = getattr(self, "on_" + event.id.lower(), None)
        if before:
            before(event)
        if event.object is None and "OBJECT" == event.kind.words[0]:
            event.object = self.object_at(words[0])
        for word, meaning in zip(words[1:], event.kind.words[1:]):
            if meaning == "TASK":
                event.other = self.task(word)
            if meaning == "OBJECT":
                event.far = self.object_at(word)
        self.events.append(event)

    def on_start(self, event):
        self.khz = event.a

    def on_task(self, event):
        self.new_task(event.a, event.task)
        self.new_name.add(event.a)

    def on_known(self, event):
        self.task(event.a).state = event.b
        self.new_name.add(event.a)

    def on_exec(self, event):
        self.new_name.add(event.a)
        self.execs[event.a] = event

    def on_task_name(self, event):
        task = self.task(event.words[0])
        if event.words[0] in self.new_name:
            self.new_name.remove(event.words[0])
            task.name = ""
        task.name += text_of(event)
        if event.words[0] in self.execs:
            self.execs[event.words[0]].name = task.name

    def on_create(self, event):
        address = event.words[0]
        known = self.at.get(address)
        if not known or known.number != event.a:
            self.new_object(address, event.a)
        self.at[address].told_kind = ""
        self.naming[address] = "told_kind"

    def on_open(self, event):
        address = event.words[0]
        self.object_at(address).number = event.a
        self.at[address].name = ""
        self.naming[address] = "name"

    def on_object_name(self, event):
        event.object = self.object_at(event.words[0])
        which = self.naming.get(event.words[0], "name")
        setattr(event.object, which,
                getattr(event.object, which) + text_of(event))

    def on_destroy(self, event):
        event.object = self.object_at(event.words[0])
        self.at.pop(event.words[0])

    def on_send(self, event):
        if event.b:
            self.messages += 1
            event.message = self.messages
            self.sent[event.words[0], event.b] = event.message

    def on_receive(self, event):
        event.message = self.sent.pop((event.words[0], event.b), 0)

    def on_frame_out(self, event):
        if not self.card:
            self.card = Object(0)
            self.card.name = "network card"
            self.objects.append(self.card)
        event.object = self.card

    on_frame_in = on_frame_out

    def on_arrive(self, event):
        event.card = self.card

    # ---- Words -----------------------------------------------------------

    def word(self, event, place):
        """Word 0, 1 or 2 of an event as text; "" without a meaning."""
        meaning, word = event.kind.words[place], event.words[place]
        if meaning == "NONE":
            return ""
        if meaning == "OBJECT":
            return str((event.far if place else event.object) or "")
        if meaning == "TASK":
            return str(event.other) if place else str(self.task(word))
        if meaning == "MS":
            return "" if word == FOREVER else "until %.3f s" % (word / 1000)
        if meaning == "MESSAGE":
            return "message %d" % event.message if event.message else ""
        if meaning in ("CALL", "RESULT", "EVENT", "STATE", "SIGNAL", "STATUS",
                       "ACCESS"):
            return getattr(self.tables, meaning.lower())(word)
        if meaning == "TEXT":
            return repr(text_of(event)) if place == 1 else ""
        if meaning in ("ADDRESS", "WORD", "KINDS"):
            return "0x%x" % word
        return "%d %s" % (word, meaning.lower())


def text_of(event):
    """The characters in the last two words."""
    data = struct.pack("<II", event.a, event.b)
    return data.split(b"\0")[0].decode("latin-1")
