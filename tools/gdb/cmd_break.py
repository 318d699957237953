"""cmd_break.py - syscalls, break-syscall, break-message."""
import gdb

import facts
from shell import Complaint, command, kernel, kernel_now, say, table


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


class MessageStop(gdb.Breakpoint):
    """In mailbox_put(), where every message of a box comes by."""

    def __init__(self, wanted, box):
        super().__init__("mailbox_put")
        self.wanted = wanted
        self.box = box

    def stop(self):
        try:
            if int(gdb.parse_and_eval("mail->head.type")) != self.wanted:
                return False
            if not self.box:
                return True
            k = kernel_now()
            thing = k.at(int(gdb.parse_and_eval("&box->object")), "object")
            full = facts.object_name(k, thing)
            return self.box in (full, full.split("/")[-1],
                                str(int(thing["id"])))
        except gdb.error:
            return True                 # better once too often


@command("break-message TYPE [BOX]", "stop where a message of that type goes "
         "into a box (name or number)")
def break_message(words):
    kernel()
    if not words or not words[0].isdigit():
        raise Complaint("usage: break-message TYPE [BOX]")
    MessageStop(int(words[0]), words[1] if len(words) > 1 else None)
    if len(words) > 1:
        say("in box %s only" % words[1])
