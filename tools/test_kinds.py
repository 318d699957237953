"""test_kinds.py - the kinds of tests: how to build, run and count a test.

tools/test finds the tests and reports the results. A test is a program or a
boot that prints TAP.
"""
import glob
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import report
import settings
import vm

SECONDS = 300                   # for a test program, with its boot
SCRIPT_SECONDS = 900            # for a script with several boots
OUTPUT = "build/tests"
HOST_FLAGS = ["-std=gnu11", "-g", "-O1", "-fsanitize=address,undefined",
              "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer",
              "-I.", "-DHOST_TEST", "-Wall", "-Wextra",
              "-Wno-sign-compare", "-Wno-unused-function"]
HOST_BUILD = "build/host"
if os.environ.get("COVERAGE"):  # see tools/coverage
    HOST_BUILD = os.environ["COVERAGE"] + "/host"
    HOST_FLAGS.append("--coverage")
LINUX_FLAGS = ["-D_GNU_SOURCE", "-std=gnu11", "-g", "-O1", "-w", "-pthread",
               "-I."]
# A test in tests/user with one of these is for Parley alone.
NATIVE = re.compile(r'^\s*#\s*include\s*(<(mailbox|pages|parley|program|'
                    r'sys/k?s?trace)\.h>|'
                    r'"tests/user/(raw|calls|parley_test)\.h")|'
                    r'^[ /*]*linux:\s*no\b', re.MULTILINE)
NOBODY = 65534
TAP = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*(.*)$")
SKIP = re.compile(r"#\s*skip\b", re.IGNORECASE)


class Test:
    """A program or boot that prints TAP."""

    def __init__(self, name, command, repeat=None):
        self.name = name
        self.command = command
        self.repeat = repeat or " ".join(shlex.quote(c) for c in command)
        self.passed = self.skipped = 0
        self.cases = []                 # all lines of its TAP
        self.failures = []              # the lines with the failures
        self.seconds = 0.0

    def prepare(self):
        """Build the files that only this test needs; False after a failure."""
        return True

    def run(self):
        start = time.monotonic()
        place = os.path.join(OUTPUT, self.name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        log = place + ".log"
        environment = dict(os.environ, LOG=os.path.abspath(log),
                           RUN="tools/run -n",
                           TIMEOUT=os.environ.get("TIMEOUT") or str(SECONDS))
        # V, and what our own make passes on, is not for a make of theirs.
        for name in ("V", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
            environment.pop(name, None)
        if self.prepare():
            with open(place + ".out", "wb") as out:
                self.execute(out, environment)
            self.count(vm.read_text(place + ".out"))
        self.seconds = time.monotonic() - start
        return self

    def execute(self, out, environment):
        try:
            self.status = subprocess.run(
                self.command, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, env=environment,
                timeout=SCRIPT_SECONDS, preexec_fn=hear_signals).returncode
        except subprocess.TimeoutExpired:
            self.status = 124

    def count(self, text):
        """Read the TAP. No plan, a wrong plan or a bad end is a failure."""
        plan = None
        seen = 0
        after_failure = False
        for line in text.splitlines():
            match = TAP.match(line)
            if match:
                seen += 1
                self.cases.append(line)
                after_failure = bool(match.group(1))
                if after_failure:
                    self.failures.append(match.group(2) or "(no name)")
                elif SKIP.search(line):
                    self.skipped += 1
                else:
                    self.passed += 1
            elif re.match(r"^1\.\.\d+", line):
                plan = int(re.match(r"^1\.\.(\d+)", line).group(1))
            elif after_failure and line.startswith("#"):
                self.failures[-1] += "\n        " + line
        if plan is None:
            self.failures.append("ended early, status %d:\n%s" % (
                self.status, tail(text)))
        elif plan != seen:
            self.failures.append("plan of %d, saw %d, status %d%s" % (
                plan, seen, self.status,
                ":\n" + tail(text) if self.status else ""))
        elif self.status and not self.failures:
            self.failures.append("all passed, but status %d:\n%s" % (
                self.status, tail(text)))


HANGS = ("run: " + report.NO_END, "run: " + report.TOO_LONG.split("%")[0])


def tail(text):
    """The last lines; the whole report if the test did not end by itself."""
    lines = text.splitlines()
    first = max(0, len(lines) - 15)
    for number, line in enumerate(lines):
        if line.startswith(HANGS):
            first = min(first, number)
    return "\n".join("        | " + line for line in lines[first:])


class HostTest(Test):
    """A program for this machine, made again when a source is newer."""

    def __init__(self, source):
        self.source = source
        self.program = os.path.join(HOST_BUILD, os.path.basename(source)[:-2])
        name = os.path.splitext(source[len("tests/"):])[0]
        super().__init__(name, [self.program], "tools/test " + name)

    def command_line(self):
        with open(self.source) as file:
            head = file.read(4000)
        more = re.findall(r"^[ /*]*link:\s*(.*)$", head, re.MULTILINE)
        flags = re.findall(r"^[ /*]*flags:\s*(.*)$", head, re.MULTILINE)
        sources = sum((glob.glob(word) or [word]
                       for word in " ".join(more).split()), [])
        return [settings.host_compiler()] + HOST_FLAGS + \
            " ".join(flags).split() + ["-o", self.program, self.source] + \
            sources

    def is_current(self, command):
        """Made by this command, after the last change of the source and of all
        headers? Host programs are few, so every header of the tree counts."""
        made = self.program + ".made"
        if vm.read_text(made) != " ".join(command):
            return False
        newest = max(os.path.getmtime(path) for path in sources_of_tree())
        return os.path.getmtime(made) > newest

    def prepare(self):
        command = self.command_line()
        if os.path.exists(self.program) and self.is_current(command):
            return True
        os.makedirs(os.path.dirname(self.program), exist_ok=True)
        result = subprocess.run(command, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
        if result.returncode:
            self.failures.append("does not build:\n" + tail(result.stdout))
            return False
        if result.stdout:
            print(result.stdout, file=sys.stderr)
        with open(self.program + ".made", "w") as file:
            file.write(" ".join(command))
        return True


class LinuxTest(HostTest):
    """A program of tests/user on this machine. Never as root: root may do here
    the things that must fail on Parley."""

    def __init__(self, source):
        super().__init__(source)
        self.name = "linux/" + os.path.basename(source)[:-2]
        self.program = "build/linux/" + os.path.basename(source)[:-2]
        self.repeat = "tools/test " + self.name

    def command_line(self):
        return [settings.host_compiler()] + LINUX_FLAGS + \
            ["-o", self.program, self.source, "-lm"]

    def execute(self, out, environment):
        """In a folder of its own, writable for every user."""
        place = tempfile.mkdtemp(prefix="parley-test-")
        os.chmod(place, 0o777)
        program = shutil.copy(self.program, place)
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} \
            if os.geteuid() == 0 else {}
        try:
            self.status = subprocess.run(
                [program], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, cwd=place, timeout=SECONDS,
                start_new_session=True, preexec_fn=like_parley,
                **identity).returncode
        except subprocess.TimeoutExpired:
            self.status = 124
        finally:
            shutil.rmtree(place, ignore_errors=True)


def hear_signals():
    """A test does not inherit ignored signals: SIGHUP of `nohup make test`,
    SIGINT and SIGQUIT of a job that a script runs in the background."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def like_parley():
    """As many descriptors as on Parley: tests fill the table."""
    hear_signals()
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def sources_of_tree():
    for folder in ("kernel", "arch", "libc", "tests"):
        for where, _, names in os.walk(folder):
            for name in names:
                if name.endswith((".c", ".h", ".def")):
                    yield os.path.join(where, name)


def is_for_linux(path):
    name = os.path.basename(path)
    if "abuse" in name or "parley" in name:
        return False
    text = vm.read_text(path)
    headers = re.findall(r'^#include "(tests/user/\w+\.h)"', text,
                         re.MULTILINE)
    return not any(NATIVE.search(part) for part in
                   [text] + [vm.read_text(header) for header in headers])
