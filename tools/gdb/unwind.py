"""unwind.py - from the kernel's entry back into the calling program.

GDB follows C by its tables and by EBP. The entries of the kernel are written
by hand, and below an entry the stack changes: this file tells GDB the layout
of the frames made by arch/i686/entry.asm. So a back trace goes from a blocked
task through the system call into the lines of its program.

GDB wants each older frame at a higher address, but the kernel's stacks lie
above all programs. GDB makes an exception for __morestack, the function that
continues gcc's split stacks elsewhere. So between the entry and the program
stands a frame of user_mode(), which the linker knows as __morestack; see
arch/i686/backtrace.c.
"""
import gdb
from gdb.FrameDecorator import FrameDecorator
from gdb.unwinder import Unwinder, register_unwinder

import facts
import programs
import shell
from values import Unreadable

SAVED = ("ebx", "esi", "edi", "ebp")
FROM_KERNEL_BYTES = 52          # struct registers without esp and ss
SYSENTER = b"\x0f\x34"
CROSSINGS = {}                  # from a program's stack pointer to its eip


class FrameId:
    def __init__(self, sp, pc):
        self.sp = gdb.Value(sp)
        self.pc = gdb.Value(pc)


def number(frame, register):
    return int(frame.read_register(register)) & 0xffffffff


def word(address):
    return int.from_bytes(shell.read_memory(address, 4), "little")


class Places:
    """Where the entries begin and end, from the table."""

    def __init__(self):
        kernel = shell.kernel_now(False)
        self.sysenter = kernel.function("sysenter_entry")
        self.int80 = kernel.function("int80_entry")
        self.traced = kernel.function("sysenter_traced_entry")
        self.trap = kernel.function("trap_entry")
        self.leave = kernel.function("enter_user")
        self.new = kernel.function("new_task_entry")
        self.border = kernel.function("user_mode") + 1

    places = None

    @classmethod
    def get(cls):
        if cls.places is None:
            cls.places = cls()
        return cls.places


class EntryUnwinder(Unwinder):
    """The kernel's entries, libc's stubs, and programs without symbols."""

    def __init__(self):
        super().__init__("parley")

    def __call__(self, frame):
        try:
            pc, sp = number(frame, "eip"), number(frame, "esp")
            if pc == 0:
                return None
            if pc < facts.KERNEL_BASE:
                return self.program(frame, pc, sp)
            places = Places.get()
            if pc == places.border:
                return self.info(frame, pc, sp - 4, CROSSINGS[sp], sp)
            if places.sysenter <= pc < places.int80:
                return self.sysenter(frame, pc, sp, places)
            if places.trap <= pc < places.leave:
                return self.trap(frame, pc, sp)
            if places.new <= pc < places.sysenter:
                return self.info(frame, pc, sp, 0, sp)
        except (Unreadable, shell.Complaint, gdb.error):
            pass
        return None

    def info(self, frame, pc, sp, caller_pc, caller_sp, others=None):
        """The caller's registers; those saved by C are unchanged."""
        unsigned = gdb.lookup_type("unsigned int")
        info = frame.create_unwind_info(FrameId(sp, pc))
        values = {name: number(frame, name) for name in SAVED}
        values.update(others or {})
        values.update(eip=caller_pc, esp=caller_sp)
        for name, value in values.items():
            # The type of the register: code and data pointers differ.
            kind = frame.read_register(name).type
            info.add_saved_register(
                name, gdb.Value(value).cast(unsigned).cast(kind))
        return info

    def cross(self, frame, pc, sp, caller_pc, caller_sp, others=None):
        """The same for a caller in user mode, by way of the border."""
        CROSSINGS[caller_sp] = caller_pc
        return self.info(frame, pc, sp, Places.get().border, caller_sp,
                         others)

    def sysenter(self, frame, pc, sp, places):
        """ECX and EDX hold the program's stack and the place to return to;
        the first instructions put both on top of the task's stack."""
        if 0 <= pc - places.sysenter < 4 or sp < facts.KERNEL_BASE:
            return self.cross(frame, pc, sp, number(frame, "edx"),
                              number(frame, "ecx"))
        task = facts.task_of_stack(shell.kernel_now(False), sp)
        if task is None:
            return None
        top = int(task["stack_top"])
        return self.cross(frame, pc, top, word(top - 8), word(top - 4))

    def trap(self, frame, pc, sp):
        """struct registers lies where the stack pointer points."""
        names = ("edi", "esi", "ebp", "", "ebx", "edx", "ecx", "eax",
                 "vector", "error", "eip", "cs", "eflags", "esp", "ss")
        values = {name: word(sp + 4 * i) for i, name in enumerate(names)}
        others = {name: values[name] for name in SAVED + ("eax", "ecx",
                                                          "edx")}
        if values["cs"] & 3:
            return self.cross(frame, pc, sp, values["eip"], values["esp"],
                              others)
        return self.info(frame, pc, sp, values["eip"],
                         sp + FROM_KERNEL_BYTES, others)

    def program(self, frame, pc, sp):
        """A stub of libc has called the kernel, and has no frame of its own.
        In a program without loaded symbols only EBP leads on."""
        if shell.read_memory(pc - 2, 2) == SYSENTER:
            return self.info(frame, pc, sp, word(sp), sp + 4)
        if programs.knows_frame(pc):
            return None
        base = number(frame, "ebp")
        if base == 0 or base < sp:
            return self.info(frame, pc, sp, 0, sp)
        return self.info(frame, pc, base, word(base + 4), base + 8,
                         {"ebp": word(base)})


register_unwinder(None, EntryUnwinder(), replace=True)


class Names(FrameDecorator):
    """A frame of a program without loaded symbols: from the program's table."""

    def __init__(self, frame, name):
        super().__init__(frame)
        self.program = name

    def function(self):
        pc = self.inferior_frame().pc()
        return "%s in %s" % (programs.function_at(self.program, pc) or "??",
                             self.program)

    def filename(self):
        return None

    def line(self):
        return None

    def frame_args(self):
        return None

    def frame_locals(self):
        return None


class Argument:
    """An argument of a frame, for `backtrace`."""

    def __init__(self, name, value):
        self.name = name
        self.given = value

    def symbol(self):
        return self.name

    def value(self):
        return self.given


class SystemCall(FrameDecorator):
    """The function that serves a system call. Its arguments came in registers
    and may be lost by now; in the program they are on the stack, where libc's
    stub was called. The mark is GDB's mark of a value at entry."""

    def words(self):
        """The address of the first argument, or None."""
        frame = self.inferior_frame().older()
        while frame and frame.pc() >= facts.KERNEL_BASE:
            frame = frame.older()
        if not frame or shell.read_memory(frame.pc() - 2, 2) != SYSENTER:
            return None
        return number(frame, "esp") + 4

    def frame_args(self):
        shown = list(super().frame_args() or ())
        try:
            at = self.words()
            for i, argument in enumerate(shown):
                symbol = argument.symbol()
                lost = self.inferior_frame().read_var(symbol).is_optimized_out
                if lost and at:
                    value = gdb.Value(shell.read_memory(
                        at, symbol.type.sizeof), symbol.type)
                    shown[i] = Argument(symbol.name + "@entry", value)
                at = at and at + symbol.type.sizeof
        except (Unreadable, gdb.error):
            pass
        return shown or None


class Filter:
    """The frames for `backtrace`: no frame at address 0 behind a task's first
    frame, the arguments of a system call, and the right names in a program
    without loaded symbols."""

    def __init__(self):
        self.name = "parley"
        self.priority = 100
        self.enabled = True
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        for frame in frames:
            pc = frame.inferior_frame().pc()
            if pc == 0:
                return
            if pc < facts.KERNEL_BASE and not programs.knows_frame(pc):
                name = programs.selected_name()
                yield Names(frame, name) if name else frame
            elif str(frame.function() or "").startswith("sys_"):
                yield SystemCall(frame)
            else:
                yield frame


Filter()
