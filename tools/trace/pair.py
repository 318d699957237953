"""pair.py - the traces of two machines as one, with the frames between them.

Each machine counts time from its own start. A frame that both machines know by
the same mark ties the clocks: the frame came after it was sent, in both
directions. The least sum of both journeys bounds the difference of the clocks,
and the middle of the bounds is taken. So no frame arrives before it was sent,
and an arrow's length is right up to half of this sum.
"""
import collections

import events

NAMES = ("one", "two")


def frames(trace, kind):
    """{mark: [event, ...]} in order."""
    found = collections.defaultdict(list)
    for event in trace.events:
        if event.id == kind:
            found[event.a, event.b].append(event)
    return found


def journeys(source, target):
    """[(sent, received), ...]. A mark seen twice may be one frame lost and one
    sent again, so only marks seen once at the end tie anything."""
    sent, received = frames(source, "FRAME_OUT"), frames(target, "FRAME_IN")
    return [(sent[mark][0], received[mark][0]) for mark in received
            if len(sent[mark]) == 1 and len(received[mark]) == 1]


def clock_difference(there, back):
    """To be added to the second machine's times, in us."""
    most = min((received.us - sent.us for sent, received in there),
               default=None)
    least = max((sent.us - received.us for sent, received in back),
                default=None)
    if most is None or least is None:
        return -next((one for one in (most, least) if one is not None), 0)
    return -(most + least) / 2


class Pair:
    """Two traces in the form of events.Trace: the events of both in order of
    time, numbered anew."""

    word = events.Trace.word

    def __init__(self, one, two):
        self.tables = one.tables
        two.khz = one.khz       # one host: a machine measures only about
        two.measure()
        there, back = journeys(one, two), journeys(two, one)
        difference = clock_difference(there, back)
        for event in two.events:
            event.us += difference
        self.tasks = one.tasks + two.tasks
        self.objects = one.objects + two.objects
        self.roots = one.roots + two.roots
        self.events = sorted(one.events + two.events,
                             key=lambda event: event.us)
        for trace, name in ((one, NAMES[0]), (two, NAMES[1])):
            for thing in trace.tasks + trace.objects:
                thing.machine = name + ": "
            for event in trace.events:
                event.who = "%s: %s" % (name, event.who)
        start = self.events[0].us
        for number, event in enumerate(self.events):
            event.number = number
            event.us -= start
        self.journeys = there + back

    @staticmethod
    def task(number):
        return "task %d" % number
