"""cmd_break.py - syscalls, break-syscall, break-message."""
import gdb

import facts
from shell import Complaint, command, kernel, kernel_now, table


def calls():
    """From the names of the system calls to their numbers."""
    return {name[len("CALL_"):]: value for name, value
            in kernel().enum("syscall_number").items()}


def names():
    return list(calls())


@command("syscalls", "the system calls, by number")
def syscalls(words):
    known = sorted((number, name) for name, number in calls().items())
    rows = []
    for i in range(0, len(known), 4):
        cells = ["%3d %s" % pair for pair in known[i:i + 4]]
        rows.append(cells + [""] * (4 - len(cells)))
    table(rows)


@command("break-syscall NAME [PID]", "stop where a system call begins, of "
         "task PID only", names)
def break_syscall(words):
    if not words or words[0] not in calls():
        raise Complaint("no system call %s; `syscalls` lists them" %
                        words[0] if words else
                        "usage: break-syscall NAME [PID]")
    place = "sys_" + words[0]
    if len(words) > 1:
        if not words[1].isdigit():
            raise Complaint("%s is not the number of a task" % words[1])
        place += " if cpu.current->id == " + words[1]
    gdb.execute("break " + place)


class IsMessage(gdb.Function):
    """$_is_message(SEND, TYPE, BOX): does this struct mail_send bring a
    message of the type to the box? "" is any box."""

    def __init__(self):
        super().__init__("_is_message")

    def invoke(self, send, wanted, box):
        if int(send["head"]["type"]) != int(wanted):
            return False
        if not box.string():
            return True
        k = kernel_now()
        thing = k.at(int(send["box"].dereference()["object"].address),
                     "object")
        full = facts.object_name(k, thing)
        return box.string() in (full, full.split("/")[-1],
                                str(int(thing["id"])))


IsMessage()
# Where every message comes by, also those straight to a process; and replies.
MESSAGE_PLACES = ("mailbox_put", "mail_reply")


@command("break-message TYPE [BOX]", "stop where a message of that type goes "
         "into a box (name or number), or a reply out of it")
def break_message(words):
    """Two breakpoints: one for messages, also those straight to a process
(their box is inbox:PID), one for replies to calls that came by the box."""
    kernel()
    if not words or not words[0].isdigit():
        raise Complaint("usage: break-message TYPE [BOX]")
    box = words[1] if len(words) > 1 else ""
    for place in MESSAGE_PLACES:
        gdb.execute('break %s if $_is_message(send, %s, "%s")' % (
            place, words[0], box.replace('"', "")))
