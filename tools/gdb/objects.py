"""objects.py - the contents of each kind of object, as in its report()."""
import enders
import facts
import names


def pipe(kernel, thing):
    what = kernel.at(thing.address, "pipe")
    full = kernel.size(what["pages"].kind) // 4 * 4096
    return "%d of %d bytes" % (int(what["fill"]), full)


def futex(kernel, thing):
    for _, task in waiters(kernel, thing):
        owner = enders.futex_owner(kernel, task)
        holder = facts.find_task(kernel, owner) if owner else None
        if owner:
            return "held by " + (facts.label(holder) if holder is not None
                                 else "%d" % owner)
    return "waited for"


def mailbox(kernel, thing):
    box = kernel.at(thing.address, "mailbox")
    capacity = int(box["capacity"])
    if capacity < 0:
        return "%d messages" % int(box["count"])
    return "%d of %d messages" % (int(box["count"]), capacity)


def mqueue(kernel, thing):
    queue = kernel.at(thing.address, "mqueue")
    return "%d of %d messages of %d bytes" % (
        int(queue["count"]), int(queue["max_messages"]),
        int(queue["message_bytes"]))


def eventfd(kernel, thing):
    what = kernel.at(thing.address, "eventfd")
    word = "semaphore" if int(what["is_semaphore"]) else "counter"
    return "%s %d" % (word, int(what["count"]))


def timerfd(kernel, thing):
    what = kernel.at(thing.address, "timerfd")
    due = int(what["next_ns"])
    return "stopped" if due == facts.FOREVER else \
        "due at %.3f s, %d unread" % (due / 1e9, int(what["expiries"]))


def pidfd(kernel, thing):
    what = kernel.at(thing.address, "pidfd")
    return "process %d%s" % (int(what["process"]), " has ended"
                             if int(what["has_ended"]) else "")


def pages(kernel, thing):
    what = kernel.at(thing.address, "pages")
    return "%d pages, %s %d" % (
        int(what["bytes"]) // 4096,
        "revoked by" if int(what["is_revoked"]) else "granted by",
        int(what["owner"]))


def socket(kernel, thing):
    what = kernel.at(thing.address, "local_socket")
    if int(what["backlog"]):
        return "listens, %d of %d wait" % (int(what["count"]),
                                           int(what["backlog"]))
    return "%d packets, %d bytes" % (int(what["count"]), int(what["fill"]))


def epoll(kernel, thing):
    return "%d files" % int(kernel.at(thing.address, "epoll")["count"])


def tcp(kernel, thing):
    what = kernel.at(thing.address, "inet_socket")
    stage = next(name.lower() for name, value in kernel.enum("stage").items()
                 if value == int(what["stage"]))
    bytes_left = int(what["received"].target()["tot_len"]) \
        if int(what["received"]) else 0
    return "%s, %d to read" % (stage, bytes_left)


def udp(kernel, thing):
    what = kernel.at(thing.address, "inet_socket")
    return "%d to read" % int(what["queued"])


REPORTS = {"pipe": pipe, "fifo": pipe, "socket": socket,
           "tcp socket": tcp, "udp socket": udp,
           "mailbox": mailbox, "inbox": mailbox, "queue": mqueue,
           "eventfd": eventfd, "timerfd": timerfd, "pidfd": pidfd,
           "pages": pages, "epoll": epoll}


def is_ipc(kernel, thing):
    """Is the object for communication? Objects without a report are files and
    such. An unused futex is kept for the next sleeper."""
    if names.is_futex(kernel, thing) and not any(waiters(kernel, thing)):
        return False
    return int(thing["ops"]["report"]) != 0


def report(kernel, thing):
    """Depth or owner, in words."""
    told = futex if names.is_futex(kernel, thing) else \
        REPORTS.get(names.kind_of(thing))
    return told(kernel, thing) if told else ""


def waiters(kernel, thing):
    """(event, task) of the tasks that sleep at the object, in any queue."""
    names = kernel["wait_event_name"]
    for task in facts.tasks(kernel):
        if not facts.is_blocked(kernel, task):
            continue
        request = task["wait"]["request"]
        if int(request["object"]) == thing.address:
            yield names[int(request["event"])].string(), task


def holders(kernel, thing):
    """(process, descriptor, open file) of each descriptor of the object."""
    for process in facts.processes(kernel):
        for fd, file in facts.open_files(process):
            if int(file["object"]) == thing.address:
                yield process, fd, file


def messages(kernel, thing):
    """A line for each message inside, oldest first."""
    if names.kind_of(thing) not in ("mailbox", "inbox"):
        return
    box = kernel.at(thing.address, "mailbox")
    # nodes[0] is the place among all messages of the box.
    for mail in kernel.list(box["any"]["mails"], "mail", "nodes"):
        head = mail["head"]
        yield "type %d from %d, %d bytes%s" % (
            int(head["type"]), int(head["sender"]), int(head["bytes"]),
            ", wants a reply" if int(head["flags"]) & 1 else "")
