"""cmd_ipc.py - ipc: the objects for communication, or a single object."""
import facts
import names
import objects
from shell import Complaint, command, kernel, say, table


@command("ipc [NAME]", "every object that tasks talk through; NAME or number: "
         "all of one")
def ipc(words):
    """Name, contents or holder, and the waiting tasks."""
    if words:
        one(kernel(), " ".join(words))
        return
    k = kernel()
    rows = [("ID", "NAME", "READERS", "WRITERS", "STATE", "WAITING")]
    for thing in facts.objects(k):
        if objects.is_ipc(k, thing):
            rows.append(row(k, thing))
    if len(rows) == 1:
        say("no pipe, mailbox, queue or other IPC object is alive")
        return
    table(rows, right=(0, 2, 3))


def row(k, thing):
    waiting = ", ".join(facts.label(task)
                        for _, task in objects.waiters(k, thing))
    return (int(thing["id"]), names.of_object(k, thing),
            int(thing["ends"][0]), int(thing["ends"][1]),
            objects.report(k, thing), waiting or "-")


def one(k, name):
    thing = names.find_object(k, name)
    if thing is None:
        raise Complaint("no object %s; `ipc` lists them" % name)
    say("%s, number %d: %s" % (names.of_object(k, thing), int(thing["id"]),
                               objects.report(k, thing) or "a file"))
    for line in objects.messages(k, thing):
        say("  holds a message of " + line)
    for process, fd, file in objects.holders(k, thing):
        ends = " and ".join(["read"] * facts.can_read(file) +
                            ["write"] * facts.can_write(file))
        say("  open to %s as descriptor %d of %s(%d)" % (
            ends, fd, process["name"].string(), int(process["id"])))
    for event, task in objects.waiters(k, thing):
        say("  %s waits for %s" % (facts.label(task), event))
    say("  p *(struct object *) %#x" % thing.address)
