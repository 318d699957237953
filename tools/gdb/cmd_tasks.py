"""cmd_tasks.py - tasks, task, bt-all, waits, why, deadlock, fds."""
import gdb

import facts
import names
import programs
import waits
from shell import Complaint, command, kernel, number, say, table


def running(k):
    """The number of the running task, or None."""
    for thread in gdb.selected_inferior().threads():
        if thread.name and thread.name.endswith("[running]"):
            return thread.ptid[1]
    task = facts.current(k)
    return int(task["id"]) if task is not None else None


def task_of(k, wanted):
    task = facts.find_task(k, wanted)
    if task is None:
        raise Complaint("no task %d; `tasks` lists them" % wanted)
    return task


def ask_for_threads():
    """GDB asks for the list of threads only when a command needs it."""
    gdb.execute("thread find ^$", to_string=True)


def thread_of(wanted):
    ask_for_threads()
    for thread in gdb.selected_inferior().threads():
        if wanted in thread.ptid[1:]:
            return thread
    raise Complaint("no task %d; `tasks` lists them" % wanted)


@command("tasks", "every task with its state and what it waits for")
def tasks(words):
    k = kernel()
    current = running(k)
    rows = [(" ", "TASK", "NAME", "STATE", "PRIO", "WAITS FOR")]
    for task in facts.tasks(k):
        wait = ""
        if facts.is_blocked(k, task):
            wait = waits.Wait(k, task).sentence()[len("waits for "):]
        rows.append(("*" if int(task["id"]) == current else " ",
                     int(task["id"]), facts.task_name(task),
                     facts.state_name(k, task), int(task["priority"]), wait))
    table(rows, right=(1, 4))


@command("task N [COMMAND]",
         "look at task N: then backtrace, frame and locals are its own")
def task(words):
    """Without COMMAND, shows its back trace, from the kernel into the lines of
its program. With COMMAND, runs the command there and comes back."""
    wanted = number(words, "task N [COMMAND]")
    task_of(kernel(), wanted)
    thread = thread_of(wanted)
    before = gdb.selected_thread()
    thread.switch()
    programs.load_selected()
    if len(words) == 1:
        say("task %d: %s" % (wanted, thread.name))
        gdb.execute("backtrace")
        return
    try:
        gdb.execute(" ".join(words[1:]))
    finally:
        if before and before.is_valid():
            before.switch()
            programs.load_selected()


@command("bt-all", "the back trace of every task, each with its symbols")
def bt_all(words):
    k = kernel()
    for number_ in [int(task["id"]) for task in facts.tasks(k)]:
        thread = thread_of(number_)
        say("task %d: %s" % (number_, thread.name))
        task([str(number_), "backtrace"])
        say()


@command("waits", "who waits for what, and who could end it")
def waits_command(words):
    k = kernel()
    found = waits.all_waits(k)
    if not found:
        say("no task waits")
        return
    rows = [("TASK", "NAME", "WAITS FOR", "WHO COULD END IT")]
    for number_, wait in sorted(found.items()):
        rows.append((number_, facts.task_name(wait.task),
                     wait.sentence()[len("waits for "):], enders(wait)))
    table(rows, right=(0,))


def enders(wait):
    if wait.outside:
        return "outside"
    if wait.enders:
        return ", ".join(facts.label(task) for task in wait.enders)
    return "timer" if wait.deadline_ns is not None else "-"


@command("why N", "what task N waits for, and who could end that, on and on")
def why(words):
    k = kernel()
    wanted = number(words, "why N")
    task_of(k, wanted)
    found = waits.all_waits(k)
    explain(k, wanted, found, set(), "")
    if wanted in waits.stuck(found):
        say("Nobody can end this: `deadlock` shows the circle.")


def explain(k, number_, found, seen, indent):
    """The chain of waits from a task; each task once."""
    task_ = facts.find_task(k, number_)
    if number_ in seen:
        say("%s%s: see above" % (indent, facts.label(task_)))
        return
    seen.add(number_)
    wait = found.get(number_)
    if not wait:
        say("%s%s: %s" % (indent, facts.label(task_),
                          facts.state_name(k, task_)))
        return
    tail = "" if wait.enders or wait.outside else "; nobody is known to end it"
    if not wait.enders and wait.deadline_ns is not None:
        tail = ""
    say("%s%s: %s%s" % (indent, facts.label(task_), wait.sentence(), tail))
    for ender in wait.enders:
        explain(k, int(ender["id"]), found, seen, indent + "  ")


@command("deadlock", "find tasks that wait for each other, and print the "
         "circle")
def deadlock(words):
    lines = waits.cycle_lines(waits.cycle(kernel()))
    if not lines:
        say("no deadlock: each wait can still be ended")
    for line in lines:
        say(line)


@command("fds N", "the descriptors of task N, and what they lead to")
def fds(words):
    k = kernel()
    wanted = task_of(k, number(words, "fds N"))
    if not wanted["process"]:
        raise Complaint("task %s belongs to the kernel" % words[0])
    rows = [("FD", "MODE", "NAME", "REFS", "POSITION")]
    for fd, file in facts.open_files(wanted["process"]):
        mode = "r" * facts.can_read(file) + "w" * facts.can_write(file)
        thing = file["object"].target()
        rows.append((fd, mode, names.of_object(k, thing), int(file["refs"]),
                     int(file["position"])))
    table(rows, right=(0, 3, 4))
