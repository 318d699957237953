#!/usr/bin/env python3
"""debugger_editor.py - an editor's way to GDB: the commands and the answers.

.vscode/launch.json names the commands. The test then asks the editor's
questions for the list of threads and the call stack. GDB uses the machine
interface here, where each command begins with a minus.
"""
import codecs
import json
import os
import re
import select
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, done, ok, vm                      # noqa: E402
from debugger import FIRST                                  # noqa: E402

SECONDS = 100
SOCKET = "build/gdb-%d.socket" % os.getpid()


class Reader:
    """A process with lines to wait for."""

    def __init__(self, command, folder=ROOT):
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=vm.die_with_parent)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text = ""

    def expect(self, pattern):
        """The text up to the pattern; "" when the pattern does not come."""
        end = time.monotonic() + SECONDS
        while True:
            found = re.search(pattern, self.text, re.MULTILINE)
            if found:
                taken = self.text[:found.end()]
                self.text = self.text[found.end():]
                return taken
            left = end - time.monotonic()
            output = self.process.stdout
            if left <= 0 or not select.select([output], [], [], left)[0]:
                return ""
            data = os.read(output.fileno(), 65536)
            if not data:
                return ""
            self.text += self.decoder.decode(data)

    def ask(self, command, pattern=r"^\^(done|running|error|connected).*\n"):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        return self.expect(pattern)

    def end(self):
        self.process.kill()
        self.process.wait()


def launch_file():
    """launch.json without its comments."""
    with open(".vscode/launch.json") as file:
        text = re.sub(r"^\s*//.*$", "", file.read(), flags=re.MULTILINE)
    text = text.replace("${workspaceFolder}", ROOT)
    text = text.replace("build/gdb.socket", SOCKET)
    text = text.replace("build/debug/parley.elf",
                        vm.machine_from_environment(False, "").kernel)
    return json.loads(text)["configurations"][0]


def editor(server):
    launch = launch_file()
    gdb = Reader([shutil.which("gdb") or "gdb-multiarch", "-nx", "--quiet",
                  "--interpreter=mi3"], launch["cwd"])
    gdb.expect(r"^\(gdb\)")
    for command in ("-gdb-set mi-async on", "-gdb-set pagination off"):
        gdb.ask(command)
    for step in launch["setupCommands"] + launch["customLaunchSetupCommands"]:
        said = gdb.ask(step["text"])
        ok("^error" not in said and said, "editor_sets_up: " +
           step["text"].split(ROOT)[0], said or gdb.text)
    gdb.ask("-break-insert -f -c \"cpu.current->id == %d\" switch_to_task"
            % (FIRST + 2))
    gdb.ask("-exec-continue")
    ok("kmain" in gdb.expect(r"^\*stopped.*\n"), "editor_stops_in_kmain",
       gdb.text)
    gdb.ask("-exec-continue")
    ok("switch_to_task" in gdb.expect(r"^\*stopped.*\n"),
       "editor_stops_at_its_breakpoint", gdb.text)
    threads = gdb.ask("-thread-info")
    ok(re.search(r"embrace .blocked: mailbox", threads),
       "editors_threads_are_tasks", threads)
    found = re.search(r'id="(\d+)",target-id="Thread %d"' % (FIRST + 1),
                      threads)
    number = found.group(1) if found else "1"
    stack = gdb.ask("-stack-list-frames --thread %s 0 30" % number)
    ok(re.search("mail_call.*user_mode.*func=\"ask\".*embrace.c", stack),
       "editors_call_stack_leads_into_the_program", stack)
    variables = gdb.ask("-stack-list-variables --thread %s --frame 3 "
                        "--all-values" % number)
    ok("^done" in variables, "editor_shows_variables", variables)
    gdb.end()


def main():
    os.chdir(ROOT)
    os.environ["GDB_SOCKET"] = SOCKET   # a user may be at work here
    server = Reader(["tools/debug", "-n", "-s", "embrace --deadlock"])
    try:
        ok(server.expect("Waiting for GDB"), "the_server_waits", server.text)
        editor(server)
    finally:
        server.process.terminate()
        server.process.wait()
    done()


if __name__ == "__main__":
    main()
