#!/usr/bin/env python3
"""names.py - the kernel, the debugger, the trace and the picture call an object
the same. tests/user/names_parley.c has all kinds of objects inside."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, done, ok                          # noqa: E402

NAME = r"((?:mutex|mailbox) [^\n;,<]*?)"
# The words of the locks lie where the kernel has no addresses.
os.environ["MEM"] = "2048"
os.environ["RECORD"] = "build/tests/record-names-%d" % os.getpid()


def run(*command):
    result = subprocess.run(command, cwd=ROOT, timeout=300, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, errors="replace")
    return result.stdout


def found(pattern, text):
    return set(re.findall(pattern, text))


def compare(line, wanted):
    folder = tempfile.mkdtemp()
    kernel = run("tools/run", "-n", line)
    debugger = run("tools/debug", "-n", "-e", "set travel-seconds 100", "-e",
                   "until-deadlock", "-e", "tasks", "-e", "ipc", "--", line)
    run(sys.executable, "tools/trace/trace.py", "-n", "-o", folder, "--", line)
    with open(os.path.join(folder, "log.txt"), encoding="utf-8") as file:
        log = file.read()
    with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
        picture = file.read()
    shutil.rmtree(folder)
    for name, names in (
            ("kernel", found(r"waits for (?:reply in )?" + NAME + " since",
                             kernel)),
            ("debugger", found(r"waits for (?:reply in )?" + NAME + ", (?:held"
                               r"|up)", debugger)),
            ("ipc", found(r"\d  " + NAME + r"  +\d", debugger)),
            ("trace", found(r" block +" + NAME + ", for", log))):
        ok(names == wanted, "%s_has_another_name_in_%s" % (name,
                                                           line.split()[0]),
           "%s\n%s" % (sorted(names), sorted(wanted)))
    ok(all(name in picture for name in wanted),
       "picture_has_another_name_in_" + line.split()[0])


def main():
    compare("philosophers --deadlock",
            {"mutex forks[%d] of philosophers" % i for i in range(5)})
    compare("embrace --deadlock", {"mailbox /adam", "mailbox /eve"})
    shutil.rmtree(os.path.join(ROOT, os.environ["RECORD"]),
                  ignore_errors=True)
    return done()


if __name__ == "__main__":
    sys.exit(main())
