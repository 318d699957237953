"""programs.py - symbols of programs, and breakpoints that count only there.

All programs are linked to the same addresses, so GDB can know the symbols of a
single program at a time: `user PROG` chooses the program, and a stop in a
different program loads its symbols. For the machine, a breakpoint at a line
of a program is an address, which is in use in all programs; so each breakpoint
gets

  - a condition: the running task belongs to this program;
  - a twin at the bare address, which is there also while GDB has another
    program's symbols, and loads these when it is hit.
"""
import os
import struct

import gdb

import facts
import shell

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))


def folder():
    """The folder of the linked programs, with all their DWARF: given by
    tools/debug, or else beside GDB's kernel."""
    place = os.environ.get("PARLEY_ELF")
    if not place:
        kernel = gdb.current_progspace().filename or \
            ROOT + "/build/debug/parley.elf"
        beside = os.path.dirname(kernel)
        if not beside.endswith("/measured"):
            beside = os.path.dirname(beside)
        place = beside + "/user/elf"
    return os.path.abspath(place)


def path_of(name):
    """The linked program, or None. A task's name has 15 letters at most."""
    for part in ("bin", "tests"):
        place = os.path.join(folder(), part)
        if os.path.exists(os.path.join(place, name + ".elf")):
            return os.path.join(place, name + ".elf")
        if len(name) == 15 and os.path.isdir(place):
            for file in sorted(os.listdir(place)):
                if file.startswith(name) and file.endswith(".elf"):
                    return os.path.join(place, file)
    return None


def names():
    try:
        return [name[:-4] for part in ("bin", "tests")
                for name in os.listdir(os.path.join(folder(), part))
                if name.endswith(".elf")]
    except OSError:
        return []


class Loaded:
    """Which program's symbols GDB has; None: of no program."""

    name = None
    path = None


def load(name):
    """Load the symbols of this program instead of the last program."""
    path = path_of(name)
    if not path:
        raise shell.Complaint("no program %s in %s" % (name, folder()))
    if path == Loaded.path:
        return
    if Loaded.path:
        gdb.execute("remove-symbol-file " + Loaded.path, to_string=True)
    gdb.execute("add-symbol-file " + path, to_string=True)
    Loaded.path = path
    Loaded.name = os.path.basename(path)[:-4][:15]


def function_at(name, pc):
    """The function of a program at an address, from the build's table for
    crash reports (tools/symbols.py), or None."""
    path = path_of(name)
    if not path:
        return None
    if name not in TABLES:
        with open(path[:-4] + ".symbols", "rb") as file:
            TABLES[name] = file.read()
    data = TABLES[name]
    count, = struct.unpack_from("<I", data, 4)
    strings = len(data) - struct.unpack_from("<I", data, 24)[0]
    best = None
    for place in range(28, 28 + 8 * count, 8):
        address, text = struct.unpack_from("<II", data, place)
        if address <= pc:
            best = text
    if best is None:
        return None
    start = strings + best
    return data[start:data.index(b"\0", start)].decode()


TABLES = {}


def running_name():
    """The name of the running task's program, or None."""
    task = facts.current(shell.kernel_now())
    return facts.process_name(task) if task is not None else None


def selected_name():
    """The name of the selected thread's program, or None."""
    thread = gdb.selected_thread()
    try:
        task = facts.find_task(shell.kernel_now(False), thread.ptid[1]) \
            if thread else None
        return facts.process_name(task) if task is not None else None
    except (shell.Complaint, shell.Unreadable):
        return None                     # before there are tasks


def knows_frame(pc):
    """Does GDB have the symbols of the selected thread's program?"""
    return Loaded.name is not None and selected_name() == Loaded.name


def load_selected():
    """Load the symbols for the selected thread, if the thread has a program."""
    name = selected_name()
    if name and name != Loaded.name and path_of(name):
        load(name)


class InProgram(gdb.Function):
    """$_in_program("NAME"): does the running task belong to NAME, and has GDB
the symbols of NAME? With the symbols of a different program, the twin
counts."""

    def __init__(self):
        super().__init__("_in_program")

    def invoke(self, name):
        try:
            return Loaded.name == running_name() == name.string()
        except Exception:
            return False


InProgram()


class Twin(gdb.Breakpoint):
    """Stops for a breakpoint of a program without loaded symbols."""

    def __init__(self, address, program, shown):
        self.program = program
        self.shown = shown
        super().__init__("*%#x" % address, internal=True,
                         type=gdb.BP_HARDWARE_BREAKPOINT)
        self.silent = True

    def stop(self):
        shown = self.shown
        if not shown.is_valid() or not shown.enabled:
            return False
        if Loaded.name == self.program or running_name() != self.program:
            return False
        Twin.hit = self
        return True

    hit = None


TWINS = {}                      # number of a breakpoint: its twins


def addresses(breakpoint):
    """Where a breakpoint lies in programs."""
    return [place.address for place in breakpoint.locations
            if place.address < facts.KERNEL_BASE]


def created(breakpoint):
    """A new breakpoint: in a program, make it count only there."""
    if breakpoint.number <= 0 or not breakpoint.is_valid():
        return
    if breakpoint.type not in (gdb.BP_BREAKPOINT, gdb.BP_HARDWARE_BREAKPOINT):
        return
    where = addresses(breakpoint)
    if not where or not Loaded.name or breakpoint.number in TWINS:
        return
    if breakpoint.temporary and not breakpoint.location:
        return                          # GDB's own, for `finish`
    ours = '$_in_program("%s")' % Loaded.name
    asked = breakpoint.condition
    if ours not in (asked or ""):
        breakpoint.condition = ours + (" && (%s)" % asked if asked else "")
    TWINS[breakpoint.number] = [Twin(address, Loaded.name, breakpoint)
                                for address in where]


WAIFS = []                      # twins of deleted breakpoints


def deleted(breakpoint):
    """The twins are deleted later: `delete` walks along all breakpoints, and
    GDB 13 crashes if the next breakpoint is gone. Until then the
    twins do not stop."""
    WAIFS.extend(TWINS.pop(breakpoint.number, []))


def delete_waifs():
    while WAIFS:
        twin = WAIFS.pop()
        if twin.is_valid():
            twin.delete()


def stopped(event):
    """Symbols follow the program in which the machine has stopped."""
    try:
        delete_waifs()
        shell.TheKernel.forget()
        load_selected()
        twin, Twin.hit = Twin.hit, None
        if twin:
            shell.say("Breakpoint %d, in program %s" % (
                twin.shown.number, twin.program))
            gdb.execute("frame")
    except (shell.Complaint, shell.Unreadable, gdb.error):
        pass


gdb.events.breakpoint_created.connect(created)
gdb.events.breakpoint_deleted.connect(deleted)
gdb.events.stop.connect(stopped)
gdb.events.before_prompt.connect(delete_waifs)


def follow():
    """`thread N` loads symbols, too, so that `up` and `frame` have names."""
    try:
        load_selected()
    except (shell.Complaint, shell.Unreadable, gdb.error):
        pass


gdb.execute("define hookpost-thread\npython import programs; "
            "programs.follow()\nend")
