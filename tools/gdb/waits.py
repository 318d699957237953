"""waits.py - the waits between tasks, and the circles.

A fact for each blocked task, struct wait, and a question: which tasks have
descriptors at the opposite end? The answers are the same as in
kernel/fs/proc_waits.c and user/why, but read from outside, on a stopped
machine.
"""
import enders
import facts
import names


class Wait:
    """The wait of a blocked task; enders are tasks that could end the wait."""

    def __init__(self, kernel, task):
        self.kernel = kernel
        self.task = task
        self.id = int(task["id"])
        wait = task["wait"]
        number = int(wait["request"]["event"])
        self.event = kernel["wait_event_name"][number].string()
        self.code = next(name for name, value
                         in kernel.enum("wait_event").items()
                         if value == number)
        thing = wait["request"]["object"]
        self.thing = thing.target() if thing else None
        deadline = int(wait["request"]["deadline_ns"])
        self.deadline_ns = None if deadline == facts.FOREVER else deadline
        self.outside = enders.is_outside(self)
        self.enders = [] if self.outside else enders.of_wait(self)

    def words(self):
        """In the kernel's words, see kernel/fs/proc_why.c."""
        if not self.thing:
            return self.event
        name = names.of_object(self.kernel, self.thing)
        if self.code == "WAIT_UNIT":
            return name
        if self.code == "WAIT_PEER":
            return "the other side of " + name
        return "%s in %s" % (self.event, name)

    def sentence(self):
        text = "waits for " + self.words()
        if self.outside:
            text += ", from outside"
        if self.deadline_ns is not None:
            text += ", until %.3f s at the latest" % (self.deadline_ns / 1e9)
        return text


def all_waits(kernel):
    """From the numbers of the blocked tasks to their waits."""
    return {int(task["id"]): Wait(kernel, task) for task in facts.tasks(kernel)
            if facts.is_blocked(kernel, task)}


def stuck(waits):
    """The numbers of the tasks that wait for ever: begin with all tasks whose
    wait only tasks could end, then remove each task with an ender outside the
    set."""
    found = {number for number, wait in waits.items()
             if wait.enders and wait.deadline_ns is None}
    changed = True
    while changed:
        helped = {number for number in found
                  if any(int(task["id"]) not in found
                         for task in waits[number].enders)}
        found -= helped
        changed = bool(helped)
    return found


def cycle(kernel):
    """The waits that form a circle, in order; empty without a circle."""
    waits = all_waits(kernel)
    dead = stuck(waits)
    for start in sorted(dead):
        path = []
        number = start
        while number not in path:
            path.append(number)
            number = int(waits[number].enders[0]["id"])
        return [waits[n] for n in path[path.index(number):]]
    return []


def cycle_lines(circle):
    """philo(7) waits for mutex fork[1] of philo, held by philo(8) ..."""
    lines = []
    for place, wait in enumerate(circle):
        follower = circle[(place + 1) % len(circle)]
        relation = "held by" if wait.code == "WAIT_UNIT" else "up to"
        lines.append("%s %s, %s %s" % (
            facts.label(wait.task), wait.sentence(), relation,
            facts.label(follower.task)))
    return lines


def thread_words(kernel, task, runs):
    """The text beside a task's name in a debugger."""
    if runs:
        return "running"
    if not facts.is_blocked(kernel, task):
        # In the middle of a switch the next task is called running already.
        state = facts.state_name(kernel, task)
        return "next" if state == "running" else state
    return "blocked: " + brief(kernel, task)


def brief(kernel, task):
    """The object and event of a task's wait, without the enders."""
    request = task["wait"]["request"]
    if request["object"]:
        return names.of_object(kernel, request["object"].target())
    return kernel["wait_event_name"][int(request["event"])].string()
