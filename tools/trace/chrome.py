"""chrome.py - the trace as JSON that Perfetto and chrome://tracing open.

Three groups: the states of the tasks, their system calls with sent and
received data, and the depth of each object. An arrow (flow) leads from each
send to the receive of the same data, and from each waker to the woken task. A
flow needs an open slice at both ends; so a send is a slice of a nanosecond in
its call. The rows of each group have numbers of their own, since Perfetto
takes rows with equal numbers for the same thread.
"""
import json

STATES, CALLS, DEPTHS = 1, 2, 3         # "processes" of the format
CALL_ROWS = 100000
MOMENT = 0.001                          # us, less than any two events apart


class Writer:
    def __init__(self, story):
        self.story = story
        self.events = story.trace.events
        self.out = []
        self.flows = 0

    def at(self, place):
        return round(self.events[min(place, len(self.events) - 1)].us, 3)

    def add(self, phase, group, task, place, **more):
        self.out.append(dict(ph=phase, pid=group, tid=task,
                             ts=self.at(place), **more))

    def name(self, group, task, what, name):
        self.out.append({"ph": "M", "pid": group, "tid": task, "name": what,
                         "args": {"name": name}})

    def slice(self, group, task, segment, name):
        end = len(self.events) - 1 if segment.end is None else segment.end
        self.add("X", group, task, segment.start, name=name,
                 dur=round(self.at(end) - self.at(segment.start), 3),
                 args={"goto": self.events[segment.start].number})

    def flow(self, category, start, end):
        """start and end: (group, task, place)"""
        self.flows += 1
        for phase, (group, task, place) in (("s", start), ("f", end)):
            more = {"bp": "e"} if phase == "f" else {}
            self.add(phase, group, task, place, id=self.flows, name=category,
                     cat=category, **more)

    def tasks(self):
        for number, lane in enumerate(self.story.lanes.values(), 1):
            lane.number = number
            for group, row in ((STATES, number), (CALLS, CALL_ROWS + number)):
                self.name(group, row, "thread_name", str(lane.task))
            for segment in lane.segments:
                self.slice(STATES, number, segment, segment.state if not
                           segment.label else "%s: %s" % (segment.state,
                                                          segment.label))
            for call in lane.calls:
                self.slice(CALLS, CALL_ROWS + number, call, call.label)

    def place_of(self, place):
        task = self.story.lane(self.events[place].task)
        return CALLS, CALL_ROWS + task.number, place

    def arrows(self):
        for arrow in self.story.arrows:
            if arrow.kind in ("send", "receive", "reply", "signal", "pages"):
                group, task, place = self.place_of(arrow.place)
                self.add("X", group, task, place, name=arrow.label, dur=MOMENT,
                         args={"goto": self.events[place].number,
                               "object": str(arrow.target)})
            if arrow.kind == "wake":
                lanes = self.story.lanes
                self.flow("wake",
                          (STATES, lanes[arrow.source].number, arrow.place),
                          (STATES, lanes[arrow.target].number, arrow.place))
        for _, sent, received in self.story.flights:
            self.flow("message", self.place_of(sent), self.place_of(received))

    def depths(self):
        for target, lane in self.story.objects.items():
            if not lane.most:
                continue
            for place, depth in lane.depths:
                self.add("C", DEPTHS, 0, place, name=str(target),
                         args={lane.unit: depth})

    def text(self):
        for group, name in ((STATES, "tasks"), (CALLS, "system calls"),
                            (DEPTHS, "objects")):
            self.name(group, 0, "process_name", name)
        self.tasks()
        self.arrows()
        self.depths()
        return json.dumps({"traceEvents": self.out, "displayTimeUnit": "ns"},
                          indent=0)


def write(story, path):
    with open(path, "w") as file:
        file.write(Writer(story).text())
