"""cmd_programs.py - user, kernel, program."""
import gdb

import facts
import programs
from shell import Complaint, command, kernel as the_kernel, say


@command("user PROG [PLACE]", "load the symbols of a program; PLACE (main, "
         "prog.c:12): stop there", programs.names)
def user(words):
    """Breakpoints set in the program count in this program only."""
    if not words:
        raise Complaint("usage: user PROG [PLACE]")
    programs.load(words[0])
    if len(words) > 1:
        gdb.execute("hbreak " + words[1])


@command("kernel", "from a program: go on to where it next enters the kernel")
def kernel(words):
    """A step by source lines cannot follow SYSENTER: the entry is assembly.
`kernel` goes on until this task makes a system call (or is interrupted),
and stops in the function that serves the call."""
    the_kernel()
    if gdb.selected_frame().pc() >= facts.KERNEL_BASE:
        raise Complaint("this is the kernel; `finish` and `up` lead back")
    places = the_kernel()
    running = facts.current(places)
    number = int(running["id"])
    catch = [gdb.Breakpoint("*%#x" % places.function(name), internal=True,
                            type=gdb.BP_HARDWARE_BREAKPOINT, temporary=False)
             for name in ("sysenter_entry", "sysenter_traced_entry",
                          "int80_entry")]
    for stop in catch:
        stop.silent = True
        stop.condition = "cpu.current->id == %d" % number
    try:
        gdb.execute("continue", to_string=True)
    finally:
        for stop in catch:
            stop.delete()
    into_call()


def into_call():
    """From the first instruction of the entry to the call's own function."""
    if gdb.selected_frame().pc() < facts.KERNEL_BASE:
        gdb.execute("frame")
        return
    call = int(gdb.parse_and_eval("$eax"))
    table = gdb.parse_and_eval("syscall_table")
    if 0 <= call < int(gdb.parse_and_eval("syscall_count")):
        gdb.Breakpoint("*%#x" % int(table[call]), internal=True,
                       temporary=True).silent = True
        gdb.execute("continue", to_string=True)
    gdb.execute("frame")


@command("program [COMMAND]", "the frame of the program that called the kernel "
         "here")
def program(words):
    """With COMMAND, such as `backtrace`, runs the command there."""
    frame = gdb.newest_frame()
    while frame and frame.pc() >= facts.KERNEL_BASE:
        frame = frame.older()
    if not frame:
        raise Complaint("no program called the kernel here")
    # The stub of libc has no source, so go on to the caller of the stub.
    while frame.older() and not frame.find_sal().symtab:
        frame = frame.older()
    frame.select()
    if words:
        gdb.execute(" ".join(words))
    else:
        gdb.execute("frame")
