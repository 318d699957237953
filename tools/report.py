"""report.py - why does a run not end? The kernel tells, in its log.

kernel/sys/hang.c writes the report. The Scroll Lock key asks for the report;
QEMU's monitor presses the key.
"""
import os
import re
import shutil
import socket
import tempfile

import vm

STUCK = 123                     # HANG_STATUS of kernel/sys/hang.c
NO_END = "no program can go on: each waits for ever"
TOO_LONG = "no end after %g s"
SECONDS = 5                     # after this time a silent machine is dead
LAST_LINES = 20


class Asker:
    """QEMU's monitor, of a machine."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="parley-")
        self.path = os.path.join(self.folder, "monitor")
        self.line = socket.socket(socket.AF_UNIX)

    def arguments(self):
        """For QEMU."""
        return ["-chardev", "socket,id=report,path=%s,server=on,wait=off" %
                self.path.replace(",", ",,"), "-mon", "chardev=report"]

    def ask(self):
        """Ask for the report; the answer comes in the log."""
        try:
            self.line.connect(self.path)
            self.line.sendall(b"sendkey scroll_lock\n")
        except OSError:
            pass                        # the machine ended just now

    def close(self):
        self.line.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_whole(log):
    return re.search(r"^report: end$", log, re.MULTILINE) is not None


def text_of(log):
    """The last report in the log, whole or in part, or None."""
    begin = log.rfind("report: begin\n")
    if begin < 0:
        return None
    text = log[begin:].partition("\n")[2]
    return re.split(r"^report: end$", text, flags=re.MULTILINE)[0]


def tell(log, headline):
    """The lines to print from the log of a run that did not end: the headline,
    and the report. Without a report, the end of the log."""
    text = text_of(log)
    if text is None:
        return "%s\nthe kernel does not answer. The end of its log:\n%s" % (
            headline, "\n".join(log.splitlines()[-LAST_LINES:]))
    if not is_whole(log):
        text += "... here the kernel stopped answering"
    return headline + "\n" + text.rstrip()
