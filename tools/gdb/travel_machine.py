"""travel_machine.py - the way back in a recorded run, and long ways forward.

QEMU's own reverse execution hangs under load. A recorded run is the same every
time, so the way back is a new start and an earlier stop, which takes less than
a second for the runs of a lesson. Two clocks say where "earlier" is:

    the event   trace_count; at value N, event N is about to be recorded. A
                watchpoint on N's place in the ring finds N at full speed.
    the instruction     QEMU's count of them, with `replay_break` to stop at
                one.

GDB asks by `monitor WORD ...`; an answer begins with "ok" or is an error.
Nothing runs for longer than the seconds that GDB allows.
"""
import re
import time

import facts
import waits
from stub import Gone, Silent
from values import Unreadable

EVENT_BYTES = 4                 # watch this word of an event


class Late(Exception):
    """The time is over; the machine stands somewhere on the way."""


class Refused(Exception):
    """A wrong number; the text says which are possible."""


class Travel:
    def __init__(self, proxy, can_go_back, events=None):
        self.proxy = proxy
        self.can_go_back = can_go_back
        self.events = events            # how many a recorded run has
        self.end = 0                    # share of the allowed time
        proxy.travel = self
        for name in ("where", "goto", "until-deadlock", "changed",
                     "instruction"):
            proxy.commands["parley-" + name] = self.guard(
                getattr(self, name.replace("-", "_")))

    def guard(self, function):
        """Run the command with its time limit; every error becomes text."""
        def run(seconds, *words):
            self.end = time.monotonic() + float(seconds)
            try:
                return "ok " + function(*(int(word, 0) for word in words))
            except Late:
                return "no end after %s s; the machine stands on the way, " \
                    "at event %d" % (seconds, self.count())
            except Gone:
                if not self.can_go_back:
                    return "ended: the run ends before that; `make " \
                        "debug` begins it again"
                self.restart()
                return "the run ends before that; this is its first " \
                    "instruction again"
            except Refused as refusal:
                return str(refusal)
            except (Unreadable, Silent) as error:
                return "impossible: %s" % error
        return run

    # ---- Running ----------------------------------------------------------

    @property
    def stub(self):
        return self.proxy.stub

    @property
    def kernel(self):
        return self.proxy.machine.kernel

    def restart(self):
        """To the first instruction."""
        if not self.can_go_back:
            raise Unreadable("this run was not recorded: make trace, then "
                             "make replay")
        self.proxy.connect()

    def run(self):
        """On until the machine stops; Late if the stop comes too late."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise Late()
        self.kernel.forget()
        self.stub.send("c")
        try:
            packet = self.stub.answer(left)
        except Silent:
            self.stub.interrupt()
            self.stub.answer()
            raise Late()
        if packet.startswith(("W", "X")):
            raise Gone()

    def with_stop(self, kind, address, size, goes_on):
        """Run from stop to stop at a watchpoint (2) or breakpoint (1) while
        goes_on() says so."""
        place = "%d,%x,%x" % (kind, address, size)
        if self.stub.ask("Z" + place) != "OK":
            raise Unreadable("QEMU cannot stop at %#x" % address)
        try:
            self.run()
            while goes_on():
                if kind == 1:
                    self.step_off(place)
                self.run()
        finally:
            try:
                self.stub.ask("z" + place)
            except (Gone, Silent):
                pass
            self.kernel.forget()

    def step_off(self, place):
        """QEMU stops again at the breakpoint of the current instruction."""
        self.stub.ask("z" + place)
        self.stub.ask("s")
        self.stub.ask("Z" + place)

    def count(self):
        """Events recorded so far; 0 before the kernel has memory."""
        try:
            return int(self.kernel["trace_count"])
        except Unreadable:
            return 0

    def icount(self):
        """Instructions executed so far, of a replay."""
        said = self.stub.monitor("info replay")
        found = re.search(r"instruction count = (\d+)", said)
        if not found:
            raise Unreadable("this run was not recorded: make record, then "
                             "make replay")
        return int(found.group(1))

    # ---- The commands -----------------------------------------------------

    def where(self):
        """Event and, in a replay, instruction."""
        text = "%d" % self.count()
        return text + (" %d" % self.icount() if self.can_go_back else "")

    def goto(self, number):
        """Right after event `number` was recorded."""
        if self.events is not None and number >= self.events:
            raise Refused("there is no event %d; this run has 0 to %d" % (
                number, self.events - 1))
        ring = self.kernel["trace_ring"]
        if self.count() > number:
            self.restart()
        size = ring.kind[2]
        place = ring[number % size]["object"].address
        counter = self.kernel["trace_count"].address
        if self.count() < number or self.count() == 0:
            self.with_stop(2, place, EVENT_BYTES,
                           lambda: self.count() < number)
        self.with_stop(2, counter, 4, lambda: self.count() <= number)
        return self.where()

    def until_deadlock(self):
        """Where the last task of a circle is about to give the processor
        away."""
        def goes_on():
            task = facts.current(self.kernel)
            return task is None or not facts.is_blocked(self.kernel, task) \
                or not waits.cycle(self.kernel)

        self.with_stop(1, self.kernel.function("switch_to_task"), 1, goes_on)
        return self.where()

    def instruction(self, number):
        """Before this instruction."""
        if self.icount() > number:
            self.restart()
        if self.icount() < number:
            self.stub.monitor("replay_break %d" % number)
            self.run()
            self.stub.monitor("replay_delete_break")
        return self.where()

    def changed(self, address, size):
        """Right after the last change of these bytes before now."""
        now = self.icount()
        last = None
        before = None

        def goes_on():
            nonlocal last, before
            here = self.icount()
            if here >= now:
                return False
            value = self.bytes_at(address, size)
            if value != before:
                last, before = here, value
            return True

        self.restart()
        self.stub.monitor("replay_break %d" % now)
        self.with_stop(2, address, size, goes_on)
        self.stub.monitor("replay_delete_break")
        if last is None:
            return "never"
        return self.instruction(last)

    def bytes_at(self, address, size):
        try:
            return self.proxy.machine.read(address, size)
        except Unreadable:
            return None
