"""story.py - from events to states, depths and arrows.

Between two of its events a task keeps a state: running, ready, blocked,
stopped. An object has a depth, the number of bytes or messages inside, or an
owner. An event may lead from a task to an object (send), from an object to a
task (receive), or from a task to a task (wake, signal, switch). Sent data is
followed to its receive: a message by its identity, a byte of a stream by its
place, first in, first out.

All places are indexes into trace.events; pictures make columns of them.
"""
ENDED = "terminated"
OUTSIDE = ("host", "tty", "network")    # their data leaves the machine
# What a task sends goes through the network, to the peer.
NETWORK = ("tcp socket", "udp socket")


class Segment:
    """A task's state, or a call, between two events."""

    def __init__(self, start, state, label=""):
        self.start, self.end = start, None
        self.state = state
        self.label = label


class TaskLane:
    def __init__(self, task):
        self.task = task
        self.segments = []
        self.calls = []
        self.wants = None               # the awaited (object, event word)
        self.blocked_at = 0
        self.made = 0                   # the event of its begin

    def change(self, place, state, label=""):
        if self.segments and self.segments[-1].end is None:
            if self.segments[-1].state == state:
                return
            self.segments[-1].end = place
        if state != ENDED:
            self.segments.append(Segment(place, state, label))


class ObjectLane:
    def __init__(self, target):
        self.object = target
        self.depths = []                # (place, depth)
        self.owners = []                # Segment, state: the Task
        self.pending = []               # sent data: [place, left, id]
        self.unit = "bytes"
        self.made, self.gone = 0, None

    @property
    def depth(self):
        return self.depths[-1][1] if self.depths else 0

    @property
    def most(self):
        return max((depth for _, depth in self.depths), default=0)

    def set_depth(self, place, depth):
        self.depths.append((place, max(depth, 0)))

    def own(self, place, task):
        if self.owners and self.owners[-1].end is None:
            if task is not None and self.owners[-1].state is task:
                return
            self.owners[-1].end = place
        if task is not None:
            self.owners.append(Segment(place, task, "held by %s" % task))


class Arrow:
    def __init__(self, kind, place, source, target, label):
        self.kind, self.place = kind, place
        self.source, self.target = source, target       # Task or Object
        self.label = label


class Story:
    def __init__(self, trace):
        self.trace = trace
        self.lanes = {}                 # Task: TaskLane
        self.objects = {}               # Object: ObjectLane
        self.arrows = []
        self.flights = []               # (Object, sent at, received at)
        self.peers = {}                 # Object: Object
        self.deadlock = None            # (place, [TaskLane...], [Task...])
        self.circles = {}               # Task that searches: [TaskLane...]
        for place, event in enumerate(trace.events):
            tell = getattr(self, "on_" + event.id.lower(), None)
            if tell:
                tell(place, event)
        self.last = len(trace.events) - 1

    def is_stuck(self):
        """Does the deadlock last to the end?"""
        return self.deadlock and all(lane.wants for lane in self.deadlock[1])

    def lane(self, task):
        if task not in self.lanes:
            self.lanes[task] = TaskLane(task)
        return self.lanes[task]

    def object_lane(self, target):
        if target not in self.objects:
            self.objects[target] = ObjectLane(target)
        return self.objects[target]

    def arrow(self, kind, place, source, target, label):
        self.arrows.append(Arrow(kind, place, source, target, label))

    # ---- Tasks -----------------------------------------------------------

    def on_start(self, place, event):
        self.lane(event.task).change(place, "running")

    def on_known(self, place, event):
        if event.other is not event.task:
            self.lane(event.other).change(
                place, self.trace.tables.state(event.b))

    def on_task(self, place, event):
        self.lane(event.other).made = place
        self.lane(event.other).change(place, "ready", "not run yet")
        self.arrow("fork", place, event.task, event.other,
                   "%s makes %s" % (event.who, event.other))

    def on_switch(self, place, event):
        lane = self.lane(event.task)
        state = self.trace.tables.state(event.b)
        if state != "blocked" or not lane.segments or \
                lane.segments[-1].state != "blocked":
            lane.change(place, state)
        self.lane(event.other).wants = None
        self.lane(event.other).change(place, "running")
        self.arrow("switch", place, event.task, event.other,
                   "the processor goes from %s to %s" % (event.who,
                                                         event.other))

    def on_block(self, place, event):
        lane = self.lane(event.task)
        lane.change(place, "blocked", wait_words(self.trace, event))
        lane.wants = (event.object, event.a)
        lane.blocked_at = place
        self.look_for_deadlock(place, lane)

    def on_wake(self, place, event):
        lane = self.lane(event.other)
        result = self.trace.tables.result(event.b)
        lane.change(place, "ready", "" if event.b == 0 else result)
        lane.wants = None
        if event.object is not None:
            self.object_lane(event.object).own(place, None)
        if event.other is not event.task:
            self.arrow("wake", place, event.task, event.other,
                       "%s wakes %s" % (event.who, event.other))

    def on_exit(self, place, event):
        self.on_return(place, event)

    def on_exec(self, place, event):
        self.on_return(place, event)

    def on_call(self, place, event):
        self.lane(event.task).calls.append(
            Segment(place, "call", self.trace.tables.call(event.words[0])))

    def on_return(self, place, event):
        calls = self.lane(event.task).calls
        if calls and calls[-1].end is None:
            calls[-1].end = place

    def on_signal(self, place, event):
        self.arrow("signal", place, event.task, event.other, "%s sends %s" % (
            event.who, self.trace.tables.signal(event.b)))

    # ---- Objects ---------------------------------------------------------

    def on_create(self, place, event):
        lane = self.object_lane(event.object)
        lane.made = place
        lane.set_depth(place, 0)

    def on_destroy(self, place, event):
        lane = self.object_lane(event.object)
        lane.gone = place
        lane.own(place, None)

    def on_owner(self, place, event):
        if event.a:
            self.object_lane(event.object).own(place, event.other)

    def on_send(self, place, event):
        lane = self.object_lane(event.object)
        if not event.object.is_channel:
            return
        self.arrow("send", place, event.task, event.object, "%s sends %s" % (
            event.who, what(event)))
        if event.object.kind in OUTSIDE + NETWORK:
            return
        if event.message:
            lane.unit = "messages"
        self.put_in(place, event)

    def put_in(self, place, event):
        """The data lies in the object now."""
        lane = self.object_lane(event.object)
        lane.pending.append([place, 1 if event.message else event.a,
                             event.message])
        lane.set_depth(place, lane.depth + lane.pending[-1][1])

    def on_receive(self, place, event):
        lane = self.object_lane(event.object)
        if not event.object.is_channel:
            return
        self.arrow("receive", place, event.object, event.task,
                   "%s receives %s" % (event.who, what(event)))
        left = 1 if event.message else event.a
        lane.set_depth(place, lane.depth - left)
        for sent in list(lane.pending):
            if left == 0:
                break
            if event.message != sent[2]:
                continue
            taken = min(left, sent[1])
            left -= taken
            sent[1] -= taken
            self.flights.append((event.object, sent[0], place))
            if sent[1] == 0:
                lane.pending.remove(sent)

    def on_connect(self, place, event):
        self.arrow("life", place, event.task, event.far or event.object,
                   "%s asks for a connection of %s" % (event.who,
                                                       event.object))

    def on_connected(self, place, event):
        self.object_lane(event.object)
        if event.far:
            self.peers[event.object] = event.far
            self.peers[event.far] = event.object

    def on_accept(self, place, event):
        self.arrow("life", place, event.object, event.task,
                   "%s accepts %s" % (event.who, event.far))

    def on_arrive(self, place, event):
        self.put_in(place, event)
        source = self.peers.get(event.object, event.card)
        if source:
            self.arrow("receive", place, source, event.object,
                       "%s at %s" % (arrival(event), event.object))

    def on_frame_out(self, place, event):
        self.object_lane(event.object)
        self.arrow("send", place, event.task, event.object,
                   "%s sends a frame of %s" % (event.who,
                                               some(event.a, "byte")))

    def on_frame_in(self, place, event):
        self.object_lane(event.object)
        self.arrow("receive", place, event.object, event.task,
                   "a frame of %s comes to %s" % (some(event.a, "byte"),
                                                  event.object))

    def on_reply(self, place, event):
        self.arrow("reply", place, event.task, event.other,
                   "%s replies with %d bytes" % (event.who, event.a))

    def on_grant(self, place, event):
        self.arrow("pages", place, event.task, event.object,
                   "%s grants %s" % (event.who, some(event.a, "page")))

    def on_map(self, place, event):
        self.arrow("pages", place, event.object, event.task,
                   "%s maps %s" % (event.who, some(event.a, "page")))

    def on_revoke(self, place, event):
        self.arrow("pages", place, event.task, event.object,
                   "%s revokes %s" % (event.who, some(event.a, "page")))

    # ---- Deadlock --------------------------------------------------------

    def owner_of(self, target):
        lane = self.objects.get(target)
        if lane and lane.owners and lane.owners[-1].end is None:
            return lane.owners[-1].state
        return None

    def waits_for(self, lane):
        """The lane of the task that holds the object awaited by this task."""
        owner = self.owner_of(lane.wants[0]) if lane.wants else None
        return self.lanes.get(owner)

    def on_circle(self, place, event):
        """The kernel found a circle of any waits, and names the tasks."""
        lane = self.lane(event.other)
        circle = self.circles.setdefault(event.task, [])
        if lane not in circle:
            circle.append(lane)
            return
        del self.circles[event.task]
        if not self.is_stuck():
            self.deadlock = (max(one.blocked_at for one in circle), circle, [
                one.task for one in circle[1:] + circle[:1]])

    def look_for_deadlock(self, place, lane):
        circle = [lane]
        while not self.deadlock:
            after = self.waits_for(circle[-1])
            if after is lane:
                self.deadlock = (place, circle, [
                    self.waits_for(one).task for one in circle])
            if after is None or after in circle:
                return
            circle.append(after)


def some(count, thing):
    return "%d %s%s" % (count, thing, "" if count == 1 else "s")


def arrival(event):
    if event.a == 0 and event.object.kind == "tcp socket":
        return "the end of the file arrives"
    return "%s arrive%s" % (some(event.a, "byte"), "s" * (event.a == 1))


def what(event):
    if event.message:
        return "message %d (%s)" % (event.message, some(event.a, "byte"))
    if event.id == "RECEIVE" and event.a == 0:
        return "the end of the file"
    return some(event.a, "byte")


def wait_words(trace, event):
    """'data in pipe 104', for people."""
    wanted = trace.tables.event(event.a)
    if event.object is None:
        return {"exit": "a child", "signal": "a signal", "time": "asleep",
                "events": "one of several"}.get(wanted, wanted)
    joint = {"data": "data in", "space": "space in", "peer": "a peer at",
             "reply": "a reply from", "unit": ""}.get(wanted, wanted + " of")
    return ("%s %s" % (joint, event.object)).strip()
