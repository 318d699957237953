"""recording.py - a recorded run, and the way to repeat the run.

QEMU under icount counts time in instructions and records all input from
outside: keys, and their times. In a replay of the record the machine does the
same to the last instruction, any number of times. The kernel and the image are
kept beside the record: a recording outlives the next build.
"""
import json
import os
import shutil

import vm

FOLDER = os.environ.get("RECORD") or "build/record"
EVENT_BYTES = 24                # as in tools/trace/events.py
SHIFT = "0"                     # an instruction is a nanosecond


class Recording:
    """The place of the recording, and QEMU's command line to record or
    replay."""

    def __init__(self):
        self.folder = os.path.join(vm.ROOT, FOLDER)

    def path(self, name):
        return os.path.join(self.folder, name)

    def begin(self, machine, keywords):
        """Keep the kernel, the image and the settings of the boot."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        shutil.copy(os.path.join(vm.ROOT, machine.kernel),
                    self.path("parley.elf"))
        shutil.copy(os.path.join(vm.ROOT, machine.initrd),
                    self.path("initrd.tar"))
        with open(self.path("run.json"), "w") as file:
            json.dump({"memory": machine.memory,
                       "programs": machine.programs,
                       "line": machine.boot(keywords)[-1]}, file)

    def what(self):
        """The settings written by begin(), or Failure."""
        try:
            with open(self.path("run.json")) as file:
                return json.load(file)
        except OSError:
            raise vm.Failure("nothing was recorded. Run: make trace "
                             "CMD='...'")

    def is_whole(self):
        """Has QEMU written the end of the file? The file then has its
        version."""
        try:
            with open(self.path("events"), "rb") as file:
                return any(file.read(4))
        except OSError:
            return False

    def events(self):
        """The number of events in the kernel's trace of the run."""
        return os.path.getsize(self.path("trace")) // EVENT_BYTES

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
