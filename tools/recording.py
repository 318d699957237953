"""recording.py - a run that was written down, and how to run it again.

QEMU under icount counts time in instructions and writes down all that comes
from outside: keys, and when. Run again from that, the machine does the same to
the last instruction, as often as one likes. The kernel and the image are kept
beside it: a recording outlives the next build.
"""
import json
import os
import shutil

import vm

FOLDER = os.environ.get("RECORD") or "build/record"
SHIFT = "0"                     # one instruction is one nanosecond


class Recording:
    """Where it lies, and QEMU's command line for it."""

    def __init__(self):
        self.folder = os.path.join(vm.ROOT, FOLDER)

    def path(self, name):
        return os.path.join(self.folder, name)

    def begin(self, machine, keywords):
        """Keep what is booted, and how."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        shutil.copy(os.path.join(vm.ROOT, machine.kernel),
                    self.path("parley.elf"))
        shutil.copy(os.path.join(vm.ROOT, machine.initrd),
                    self.path("initrd.tar"))
        with open(self.path("run.json"), "w") as file:
            json.dump({"memory": machine.memory, "base": machine.base,
                       "line": machine.boot(keywords)[-1]}, file)

    def what(self):
        """What begin() has written, or Failure."""
        try:
            with open(self.path("run.json")) as file:
                return json.load(file)
        except OSError:
            raise vm.Failure("nothing was recorded. Run: make trace "
                             "CMD='...'")

    def is_whole(self):
        """Has QEMU written the end of it? The file then says its version."""
        try:
            with open(self.path("events"), "rb") as file:
                return any(file.read(4))
        except OSError:
            return False

    def command(self, mode):
        """QEMU in mode record or replay, but for display and ports."""
        said = self.what()
        command = vm.Machine(memory=said["memory"]).command()
        return command + [
            "-icount", "shift=%s,rr=%s,rrfile=%s" % (SHIFT, mode,
                                                    self.path("events")),
            "-rtc", "base=2026-01-01T00:00:00,clock=vm",
            "-kernel", self.path("parley.elf"),
            "-initrd", self.path("initrd.tar"), "-append", said["line"],
            "-display", "none", "-monitor", "none"]
