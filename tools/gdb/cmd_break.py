"""cmd_break.py - syscalls, break-syscall, break-message."""
import gdb

import names
from facts import open_files
from shell import Complaint, command, kernel, kernel_now, say, table


def calls():
    """From the names of the system calls to their numbers."""
    return {name[len("CALL_"):]: value for name, value
            in kernel().enum("syscall_number").items()}


def call_names():
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
         "task PID only", call_names)
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
    """$_is_message(TO, TYPE, BOX): does the beginning system call send such a
    message? "" is any box; TO is the name of the argument for the receiver: a
    descriptor, or below 0 a process."""

    def __init__(self):
        super().__init__("_is_message")

    def invoke(self, to, wanted, box):
        head = gdb.parse_and_eval("*(struct message *)head_at")
        to = gdb.parse_and_eval(to.string())
        if int(head["type"]) != int(wanted):
            return False
        if not int(head["id"]) and gdb.selected_frame().name().endswith(
                "reply_receive"):
            return False                # a receive only
        if not box.string():
            return True
        if int(to) < 0:
            return box.string() == "inbox of process %d" % -int(to)
        k = kernel_now()
        process = k.at(int(gdb.parse_and_eval("cpu.current->process")),
                       "process")
        file = dict(open_files(process)).get(int(to))
        return file is not None and \
            box.string() in names.answers_to(k, file["object"].target())


IsMessage()
# The system calls that send messages, and the argument for the receiver.
SENDERS = (("sys_mailbox_send", "fd"), ("sys_mailbox_call", "fd"),
           ("sys_mailbox_reply", "fd"), ("sys_mailbox_reply_receive", "fd"),
           ("sys_message_send", "-to"))


@command("break-message TYPE [BOX]", "stop where a message of that type is "
         "sent into a box (name or number), or as a reply")
def break_message(words):
    """A breakpoint in each system call that sends, calls or replies. A direct
message to a process goes into the box `inbox of process PID`."""
    kernel()
    if not words or not words[0].isdigit():
        raise Complaint("usage: break-message TYPE [BOX]")
    box = " ".join(words[1:]).replace('"', "")
    numbers = []
    for place, to in SENDERS:
        gdb.execute('break %s if $_is_message("%s", %s, "%s")' % (
            place, to, words[0], box), to_string=True)
        numbers.append(gdb.breakpoints()[-1].number)
    say("Breakpoints %d to %d, in the calls that send messages" % (
        numbers[0], numbers[-1]))
