"""parley.py - GDB's commands and printers for Parley.

Loaded by tools/debug with -x; `help parley` lists the commands. Each file here
has one idea:

    layout      the table of offsets, written down from DWARF
    values      the kernel's variables, read through that table
    facts       tasks, processes, objects, names
    enders      who could end a wait;  waits  the circles in that
    objects     what is in an object
    stub, proxy, travel_machine     between GDB and QEMU: tasks as threads,
                and the way back in a recorded run
    shell       how a command is made of a function
    cmd_*       the commands
    programs    symbols of programs and breakpoints in them
    unwind      from the kernel's entry to the program that called
    printers    how structs of the kernel print
"""
import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import shell                                                # noqa: E402
import unwind                                               # noqa: E402,F401
import printers                                             # noqa: E402,F401
import cmd_tasks                                            # noqa: E402,F401
import cmd_ipc                                              # noqa: E402,F401
import cmd_memory                                           # noqa: E402,F401
import cmd_break                                            # noqa: E402,F401
import cmd_trace                                            # noqa: E402,F401
import cmd_travel                                           # noqa: E402,F401
import cmd_programs                                         # noqa: E402,F401
import cmd_story                                            # noqa: E402,F401

gdb.execute("set print pretty on")
gdb.execute("set print thread-events off")
# `box=3`, not `box=box@entry=3`: the value at entry only where GDB has lost
# the present value.
gdb.execute("set print entry-values if-needed")
# `step` skips the trace, which is no part of the work of the code around.
for name in ("trace_record", "trace_text", "trace_kind_of"):
    gdb.execute("skip function " + name, to_string=True)
# A stub of QEMU's does not know a task's stack from another's.
gdb.execute("set stack-cache off")
gdb.execute("set code-cache off")
# On a slow machine the way back takes longer than GDB's two seconds.
gdb.execute("set remotetimeout 60")
shell.make_help()
