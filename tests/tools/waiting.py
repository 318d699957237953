#!/usr/bin/env python3
"""waiting.py - one text of every wait: the debugger stops in wait_for() for
each kind of wait, in wait_wake() and in pipe_read(), in the debug kernel and in
the measured kernel.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from debugger import ROOT, Session, done, ok                # noqa: E402

# The event, and a function that its wait comes from, in the order of
# tests/user/wait_each_parley.c.
WAITS = (("WAIT_DATA", "file_read"), ("WAIT_UNIT", "sys_sem_wait"),
         ("WAIT_REPLY", "sys_mailbox_call"), ("WAIT_SIGNAL", "sys_sigsuspend"),
         ("WAIT_TIME", "sys_clock_nanosleep"), ("WAIT_POLL", "sys_poll"),
         ("WAIT_CHILD", "sys_waitpid"))


def each_wait(variant):
    """Stop in wait_for() once for each event."""
    commands = ["continue"]
    for event, _ in WAITS:
        commands += ["tbreak wait_for if request->event == " + event,
                     "continue", "backtrace"]
    session = Session(commands, "/tests/wait_each_parley", ["-t"])
    for number, (event, function) in enumerate(WAITS):
        said = session.number(3 * number + 3)
        ok("wait_for" in said and function in said,
           "%s_of_the_%s_kernel_is_another_text" % (event.lower(), variant),
           said or session.text[-2000:])


def a_byte(variant):
    """A byte through a pipe: tasks wait and are woken, and the reader reads.
    With `echo hi | cat` the writer may come first; then no task is woken."""
    for name, command in (("wait_for", "echo hi | cat"),
                          ("wait_wake", "{ sleep 0.1; echo hi; } | cat"),
                          ("pipe_read", "echo hi | cat")):
        session = Session(["continue", "tbreak " + name, "continue",
                           "backtrace"], command)
        said = session.number(3)
        ok("#0" in said and name in said,
           "%s_of_the_%s_kernel_is_another_text" % (name, variant),
           said or session.text[-2000:])


def main():
    os.chdir(ROOT)
    for variant in ("debug", "measured"):
        os.environ["VARIANT"] = variant
        subprocess.run(["make", "-s", "all", "test-image"], check=True)
        each_wait(variant)
        a_byte(variant)
    done()


if __name__ == "__main__":
    main()
