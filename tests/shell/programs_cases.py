#!/usr/bin/env python3
"""programs_cases - run the cases of a file in one boot, and say it in TAP.

usage: programs_cases.py FILE [WORD...]		only cases named with a WORD

A case is a name, commands, what they print, and their status if it is not 0:

    tail_plus_counts_from_the_start
    $ tail -n +4 five
    > four
    > five
    = 0

`>|` is a line without a newline behind it. Lines that begin with `%` are run
once before all cases. What a case writes on standard error is thrown away; it
says 2>&1 where that matters. Cases begin in the same scratch folder and read
from /dev/null; those that leave files there use names of their own.

RUN names the command that runs a line in the guest. With RUN=host the same
lines run in the shell of this machine with its own programs: that tests the
tests.
"""
import os
import shlex
import subprocess
import sys

FOLDER = "/tmp/cases"


class Case:
    def __init__(self, name):
        self.name = name
        self.commands = []
        self.output = ""
        self.status = 0


def parse(path):
    """Returns the lines of the set-up and the cases."""
    setup, cases = [], []
    with open(path) as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            mark, text = line[:1], line[2:]
            if not line or mark == "#":
                continue
            if mark == "%":
                setup.append(text)
            elif mark not in "$>=":
                cases.append(Case(line))
            elif mark == "$":
                cases[-1].commands.append(text)
            elif mark == "=":
                cases[-1].status = int(text)
            elif line[1:2] == "|":
                cases[-1].output += line[3:]
            else:
                cases[-1].output += text + "\n"
    return setup, cases


def script(setup, cases):
    """The shell script that runs all cases, with a line around each."""
    lines = ["rm -rf %s; mkdir %s; cd %s" % (FOLDER, FOLDER, FOLDER)] + setup
    for number, case in enumerate(cases):
        lines.append("echo '@%d'" % number)
        # The braces catch what the shell says of a case that was killed.
        lines.append("{ (")
        lines.extend(case.commands)
        lines.append(") < /dev/null; } 2> /dev/null")
        lines.append("printf '\\n@= %d\\n' $?")
    return "\n".join(lines + ["exit 0"]) + "\n"


def run(text):
    command = "cat > /tmp/script; sh /tmp/script"
    run_in_guest = os.environ.get("RUN", "tools/run")
    if run_in_guest == "host":
        words = ["sh", "-c", command]
    else:
        words = shlex.split(run_in_guest) + [command]
    result = subprocess.run(words, input=text.encode(), stdout=subprocess.PIPE)
    if result.returncode:
        print("# %s: status %d" % (words[0], result.returncode))
    return result.stdout.decode(errors="backslashreplace")


def outcome(output, number):
    """What case number printed and its status; None if it never ended."""
    start = output.find("@%d\n" % number)
    end = output.find("\n@= ", start)
    if start < 0 or end < 0:
        return None
    body = output[start + len("@%d\n" % number):end]
    status = output[end + len("\n@= "):].split("\n", 1)[0]
    return body, int(status)


def explain(title, text):
    for line in (text or "(nothing)").split("\n"):
        print("# %s %s" % (title, line))


def main():
    setup, cases = parse(sys.argv[1])
    words = sys.argv[2:]
    if words:
        cases = [c for c in cases if any(w in c.name for w in words)]
    output = run(script(setup, cases))
    failed = 0
    print("1..%d" % len(cases))
    for number, case in enumerate(cases):
        got = outcome(output, number)
        good = got == (case.output, case.status)
        print("%sok %d - %s" % ("" if good else "not ", number + 1, case.name))
        if good:
            continue
        failed += 1
        if not got:
            print("# it did not come to its end")
            continue
        for command in case.commands:
            explain("$", command)
        explain("wanted:", case.output)
        explain("got:", got[0])
        if got[1] != case.status:
            explain("status:", "%d, not %d" % (got[1], case.status))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
