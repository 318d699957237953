#!/usr/bin/env python3
"""boot.py - a machine that cannot boot says why, on serial and on screen."""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import (ROOT, Screen, Terminal, done, ok,      # noqa: E402
                     vm)

KERNEL = "build/debug/parley.elf"
INITRD = "build/user/initrd.tar"


def says(options, words, name):
    """The machine says so on COM1; the machine may hang afterwards."""
    command = [vm.QEMU, "-accel", "tcg", "-display", "none", "-monitor",
               "none", "-serial", "stdio", "-no-reboot", "-device",
               "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", KERNEL]
    machine = Terminal(command + list(options))
    ok(machine.expect(words), name, machine.all)
    os.kill(machine.pid, signal.SIGKILL)
    machine.wait()


def screen_says(machine, words, name):
    screen = Screen(machine)
    try:
        ok(screen.expect(words), name, "\n".join(screen.lines()))
    finally:
        screen.quit()


class OldMachine(vm.Machine):
    """A processor without PAE."""

    def command(self, has_exit=True):
        command = super().command(has_exit)
        command[command.index("-cpu") + 1] = "486"
        return command


def main():
    os.chdir(ROOT)
    says(["-cpu", "max"], "no initrd", "missing_initrd_is_named")
    says(["-cpu", "max", "-m", "3M", "-initrd", INITRD],
         "too little memory", "too_little_memory_is_named")
    says(["-cpu", "486", "-initrd", INITRD], "this processor lacks",
         "old_processor_is_named")
    says(["-cpu", "max", "-initrd", INITRD, "-append", "init=/bin/none"],
         "/bin/none", "missing_first_program_is_named")
    screen_says(OldMachine(), "this processor lacks",
                "old_processor_is_named_on_the_screen")
    screen_says(vm.Machine(arguments="init=/bin/none"), "PANIC: .*/bin/none",
                "panic_is_on_the_screen")
    done()


if __name__ == "__main__":
    main()
