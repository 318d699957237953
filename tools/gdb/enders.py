"""enders.py - the tasks that could end a wait, as in kernel/fs/proc_enders.c.

A reader of a pipe waits for the tasks with an open write end, a parent for its
children, poll() for the tasks behind any of its descriptors. Some objects know
more: a mutex names its holder, a call of a mailbox the server that took the
call. The list has all tasks that could end the wait, even tasks that never
will.
"""
import facts
import names

OWNER_MASK = 0x0fffffff         # FUTEX_OWNER_MASK of kernel/abi/futex.h
OUTSIDE = ("tty", "host", "timerfd", "signalfd")
# The struct that describes the attempt of a wait for a box, and the field with
# the awaited process.
CONTEXTS = {"WAIT_DATA": ("mail_receive", "sender"),
            "WAIT_PEER": ("mail_send", "receiver"),
            "WAIT_REPLY": ("mail_send", "receiver")}


def is_outside(wait):
    """Does the event come from outside all tasks: a key, the clock, a
    signal?"""
    if wait.code == "WAIT_POLL":
        return any(names.kind_of(file["object"].target()) in OUTSIDE
                   for file in polled(wait))
    if wait.thing:
        kind = names.kind_of(wait.thing)
        return wait.code == "WAIT_DATA" and kind in OUTSIDE or \
            wait.code == "WAIT_PEER" and kind == "fifo"
    return wait.code == "WAIT_SIGNAL"


def of_wait(wait):
    """The tasks that could end the wait; the waiting task if it is alone."""
    could = [task for task in facts.tasks(wait.kernel)
             if task["process"] and can_end(wait, task)]
    others = [task for task in could if int(task["id"]) != wait.id]
    return others or could


def can_end(wait, other):
    kernel = wait.kernel
    if wait.code == "WAIT_CHILD" and wait.task["process"]:
        return is_wanted_child(wait, other["process"])
    if wait.code == "WAIT_POLL":
        return wait.thing and holds(other, wait.thing, facts.can_read) or \
            any(can_end_poll(wait, file, other) for file in polled(wait))
    if not wait.thing:
        return False
    kind = names.kind_of(wait.thing)
    if names.is_futex(kernel, wait.thing):
        return can_end_futex(wait, other)
    if kind == "pidfd":
        process = kernel.at(wait.thing.address, "pidfd")["process"]
        return int(other["process"]["id"]) == int(process)
    if kind in ("mailbox", "inbox"):
        meant = correspondent(wait)
        if meant:
            return int(other["process"]["id"]) == meant
    end = facts.can_write if wait.code == "WAIT_DATA" else facts.can_read
    return holds(other, wait.thing, end)


def holds(task, thing, is_end):
    """Does the task hold this end of the object open?"""
    return any(int(file["object"]) == thing.address and is_end(file)
               for _, file in facts.open_files(task["process"]))


def is_wanted_child(wait, process):
    """The children awaited by waitpid(); exec waits for the remaining tasks of
    its own process."""
    own = wait.task["process"]
    if int(wait.task["wait"]["queue"]) != own.target()["child_queue"].address:
        return int(process) == int(own)
    if int(process["parent"]) != int(own):
        return False
    wanted = int(wait.kernel.at(wait.task["wait"]["context"],
                                "child_wait")["pid"])
    if wanted > 0:
        return int(process["id"]) == wanted
    return wanted == -1 or int(process["group"]) == (-wanted or
                                                     int(own["group"]))


def files_of_set(kernel, thing):
    """The open files in a set of epoll; none of any other object."""
    if names.kind_of(thing) == "epoll":
        what = kernel.at(thing.address, "epoll")
        for entry in kernel.list(what["entries"], "epoll_entry", "of_set"):
            yield entry["file"]


def polled(wait):
    """The open files of a poll() or a set of epoll, and of polled sets."""
    if wait.thing:
        yield from files_of_set(wait.kernel, wait.thing)
        return
    for file in polled_by_task(wait):
        yield file
        yield from files_of_set(wait.kernel, file["object"].target())


def polled_by_task(wait):
    """The open files of a poll()."""
    context = int(wait.task["wait"]["context"])
    if not context:
        return
    pollset = wait.kernel.at(context, "poll_set")
    chunk = 64                          # CHUNK_ENTRIES of obj/poll_set.h
    for i in range(int(pollset["count"])):
        entry = pollset["chunks"][i // chunk][i % chunk]
        if entry["file"]:
            yield entry["file"]


def can_end_poll(wait, file, other):
    thing = file["object"].target()
    return facts.can_read(file) and holds(other, thing, facts.can_write) or \
        facts.can_write(file) and holds(other, thing, facts.can_read)


def correspondent(wait):
    """The process that a message is from or for, or 0 for any process at the
    opposite end of the box."""
    struct, field = CONTEXTS.get(wait.code, (None, None))
    context = int(wait.task["wait"]["context"])
    if not struct:
        return 0
    return int(wait.kernel.at(context, struct)[field])


def futex_sleeper(kernel, task):
    """The context of a wait in kernel/ipc/futex.c."""
    return kernel.at(int(task["wait"]["context"]), "futex_sleeper")


def futex_owner(kernel, task):
    """The owner of the mutex that the task waits for, or 0 for no mutex."""
    sleeper = futex_sleeper(kernel, task)
    if not int(sleeper["names_owner"]):
        return 0
    place = facts.walk(kernel, task, int(sleeper["word"]))
    if place is None:
        return 0
    return int.from_bytes(kernel.read(place, 4), "little") & OWNER_MASK


def can_end_futex(wait, other):
    """The owner; or, for a semaphore, all tasks that share the memory."""
    owner = futex_owner(wait.kernel, wait.task)
    if owner:
        return int(other["id"]) == owner
    if int(other["process"]) == int(wait.task["process"]):
        return True
    word = int(futex_sleeper(wait.kernel, wait.task)["word"])
    place = facts.walk(wait.kernel, wait.task, word)
    return place is not None and any(
        place == facts.walk(wait.kernel, other, at)
        for at in same_source(wait, other, word))


def same_source(wait, other, word):
    """The addresses of the word of a shared mapping in a different process."""
    mine = facts.region_of(wait.kernel, wait.task, word)
    if mine is None or not int(mine["source"]) or not int(mine["flags"]) & 1:
        return
    offset = int(mine["source_page"]) * 4096 + word - int(mine["start"])
    for region in facts.regions(wait.kernel, other):
        if int(region["source"]) == int(mine["source"]):
            at = int(region["start"]) + offset - \
                int(region["source_page"]) * 4096
            if int(region["start"]) <= at < int(region["end"]):
                yield at
