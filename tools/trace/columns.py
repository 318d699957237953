"""columns.py - choose the events for columns of the picture, and their words.

Many events are no communication: page faults, calls that return at once,
opened files. A column is an event that changes the state of a task, moves data
into or out of an object, or wakes a task. A column belongs to the command if a
task of the command caused the event or was its target. `calls` adds the system
calls; the text log has all events under their numbers.
"""
import story

# Kinds of events by their subject, which chooses their colour.
TOPICS = {
    "SWITCH": "switch", "WAKE": "wake", "BLOCK": "blocked",
    "WAITED": "wake", "SEND": "send", "RECEIVE": "receive",
    "REPLY": "send", "SIGNAL": "signal", "DELIVER": "signal",
    "GRANT": "pages", "MAP": "pages", "REVOKE": "pages", "GIFT": "pages",
    "LEVEL": "life",
    "TASK": "life", "EXEC": "life", "END": "life", "EXIT": "life",
    "FRAME_OUT": "send", "FRAME_IN": "receive",
    "CREATE": "life", "DESTROY": "life", "CALL": "call",
    "CONNECT": "life", "CONNECTED": "life", "ACCEPT": "life",
    "ARRIVE": "receive", "SHUT": "life", "RESET": "life",
}
# The running task is mostly the kernel's task for the network.
FROM_NETWORK = ("FRAME_OUT", "FRAME_IN", "CONNECTED", "ARRIVE", "RESET")
DIRECTIONS = ("the way in", "the way out", "both ways")     # of shutdown()


class Column:
    def __init__(self, place, event, words):
        self.place, self.event, self.words = place, event, words
        self.topic = TOPICS[event.id]


class Chooser:
    def __init__(self, trace, is_wanted, with_calls=False, all_tasks=False):
        self.trace = trace
        self.is_wanted = is_wanted      # by kind
        self.with_calls = with_calls
        self.all_tasks = all_tasks
        self.ended = set()
        self.newborn = None

    def is_ours(self, task):
        return task is not None and (self.all_tasks or any(
            task.descends_from(root) for root in self.trace.roots))

    def words(self, event):
        """The text over the column, or None for an event without a column."""
        if event.id not in FROM_NETWORK and not (
                self.is_ours(event.task) or self.is_ours(event.other)):
            return None
        say = getattr(self, "say_" + event.id.lower(), None)
        return say(event) if say else None

    def columns(self):
        found = []
        for place, event in enumerate(self.trace.events):
            words = self.words(event)
            if words and self.is_wanted(event):
                found.append(Column(place, event, words))
        return found

    # ---- The words -------------------------------------------------------

    def say_switch(self, event):
        if not self.is_ours(event.other) and event.other.name != "idle":
            return None                 # to the cleaner and back
        return "\u2192 %s" % (event.other if event.other.name != "idle"
                            else "nobody runs")

    def say_wake(self, event):
        if not self.is_ours(event.other) or event.other is event.task:
            return None
        if event.other is self.newborn:         # shown by its call already
            self.newborn = None
            return None
        if event.task.name in ("idle", "cleaner"):
            return "time wakes %s" % event.other
        return "wakes %s" % event.other

    def say_block(self, event):
        if not self.is_ours(event.task):
            return None
        words = story.wait_words(self.trace, event)
        return "sleeps" if words == "asleep" else "waits: " + words

    def say_waited(self, event):
        text = self.trace.tables.result(event.a)
        if event.object and text.startswith("-E"):
            return "wait ends: " + text
        return None

    @staticmethod
    def say_send(event):
        return "sends " + brief(event) if event.object.is_channel else None

    @staticmethod
    def say_receive(event):
        return "receives " + brief(event) if event.object.is_channel else None

    @staticmethod
    def say_connect(event):
        return "connects %s" % (event.far or event.object)

    @staticmethod
    def say_connected(event):
        return "%s is connected" % event.object

    @staticmethod
    def say_accept(event):
        return "accepts %s" % event.far

    @staticmethod
    def say_arrive(event):
        return story.arrival(event)

    @staticmethod
    def say_shut(event):
        return "ends " + DIRECTIONS[event.a]

    def say_reset(self, event):
        return "connection breaks: " + self.trace.tables.result(event.a)

    @staticmethod
    def say_frame_out(event):
        return "frame goes, " + story.some(event.a, "byte")

    @staticmethod
    def say_frame_in(event):
        return "frame comes, " + story.some(event.a, "byte")

    @staticmethod
    def say_reply(event):
        return "replies to %s" % event.other

    def say_signal(self, event):
        return "%s to %s" % (self.trace.tables.signal(event.b), event.other)

    def say_deliver(self, event):
        return "takes " + self.trace.tables.signal(event.a)

    def say_level(self, event):
        if not self.is_ours(event.other):
            return None
        return "%s: %s" % (event.other, "priority %d" % event.b
                           if event.b > 0 else "shares time"
                           if event.b == 0 else "background")

    @staticmethod
    def say_grant(event):
        return "grants " + story.some(event.a, "page")

    @staticmethod
    def say_map(event):
        return "maps " + story.some(event.a, "page")

    @staticmethod
    def say_revoke(event):
        return "revokes " + story.some(event.a, "page")

    @staticmethod
    def say_gift(event):
        return "gives " + story.some(event.a, "page")

    def say_task(self, event):
        self.newborn = event.other
        return "makes %s" % event.other

    def say_exec(self, event):
        return "becomes %s" % event.name if self.is_ours(event.task) else None

    def say_end(self, event):
        self.ended.add(event.task)
        return "ends, %s" % self.trace.tables.status(event.b)

    def say_exit(self, event):
        return None if event.task in self.ended else "thread ends"

    def say_create(self, event):
        if event.is_early or not self.is_told(event.object):
            return None
        return "makes %s" % event.object

    def say_destroy(self, event):
        return "%s goes" % event.object if self.is_told(event.object) else None

    def say_call(self, event):
        return self.trace.word(event, 0) + "()" if self.with_calls else None

    def is_told(self, target):
        """Does the object come and go by a call of the program?"""
        return target.is_channel and \
            target.kind not in self.trace.tables.locks


def brief(event):
    return "message %d" % event.message if event.message else \
        story.what(event)
