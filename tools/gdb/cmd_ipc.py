"""cmd_ipc.py - ipc: the objects that tasks talk through, and one of them."""
import facts
import objects
from shell import Complaint, command, kernel, say, table


@command("ipc [NAME]", "every object that tasks talk through; NAME or number: "
         "all of one")
def ipc(words):
    """Kind, name, what is in it or who holds it, and who waits."""
    if words:
        one(kernel(), words[0])
        return
    k = kernel()
    rows = [("ID", "KIND", "NAME", "READERS", "WRITERS", "STATE", "WAITING")]
    for thing in facts.objects(k):
        if objects.is_ipc(k, thing):
            rows.append(row(k, thing))
    if len(rows) == 1:
        say("no pipe, mailbox, queue or other IPC object is alive")
        return
    table(rows, right=(0, 3, 4))


def row(k, thing):
    waiting = ", ".join(facts.label(task)
                        for _, task in objects.waiters(k, thing))
    return (int(thing["id"]), facts.object_kind(thing),
            facts.object_name(k, thing), int(thing["ends"][0]),
            int(thing["ends"][1]), objects.report(k, thing), waiting or "-")


def one(k, name):
    thing = facts.find_object(k, name)
    if thing is None:
        raise Complaint("no object %s; `ipc` lists them" % name)
    say("%s, number %d: %s" % (facts.object_label(k, thing), int(thing["id"]),
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
