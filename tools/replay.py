"""replay.py - run the commands of a text, and compare the output.

A session is lines: `$ command` and below the output of the command. `\\` at
the end of a command's line goes on in the next. In the output, `...` alone on
a line stands for any lines, and inside a line for any text.
"""
import re
import subprocess

MARK = "@@replay %d"


class Step:
    """A command and its output, as the text shows both."""

    def __init__(self, command):
        self.command = command
        self.expected = []


def steps(lines):
    """The steps of a session; text in front of the first is an error."""
    found = []
    for line in lines:
        if found and found[-1].command.endswith("\\") and \
                not found[-1].expected:
            found[-1].command += "\n" + line
        elif line.startswith("$ "):
            found.append(Step(line[2:]))
        elif found:
            found[-1].expected.append(line)
        else:
            raise ValueError("not a command: " + line)
    return found


def line_fits(pattern, line):
    parts = [re.escape(part) for part in pattern.split("...")]
    return re.fullmatch(".*".join(parts), line) is not None


def fits(expected, lines):
    """Do the lines fit the expected lines?"""
    if not expected:
        return not lines
    if expected[0].strip() == "...":
        return any(fits(expected[1:], lines[i:])
                   for i in range(len(lines) + 1))
    return bool(lines) and line_fits(expected[0], lines[0]) and \
        fits(expected[1:], lines[1:])


def clean(text):
    """The lines of an output, without blanks at their ends, and without empty
    lines around the output."""
    lines = [line.rstrip() for line in text.replace("\r", "").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def guest_script(all_steps):
    """The input of a shell in the guest: each step behind a mark. Each step
    has a shell of its own, and no input."""
    out = []
    for number, step in enumerate(all_steps):
        out.append("echo '%s'" % (MARK % number))
        out.append("(cd /tmp\n%s\n) < /dev/null 2>&1" % step.command)
    return "\n".join(out) + "\n"


def run_in_guest(all_steps, run=("tools/run", "-n")):
    """The output of each step, as lists of lines, from a single boot."""
    result = subprocess.run([*run, "sh"], input=guest_script(all_steps),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            encoding="utf-8", errors="replace")
    outputs = {}
    number = None
    for line in result.stdout.split("\n"):
        match = re.match("@@replay (\\d+)$", line.rstrip())
        if match:
            number = int(match.group(1))
            outputs[number] = []
        elif number is not None:
            outputs[number].append(line)
    return [clean("\n".join(outputs.get(i, ["(did not run)"])))
            for i in range(len(all_steps))]


def show(title, lines):
    """The lines as a comment of TAP."""
    print("# %s:" % title)
    for line in lines:
        print("#   " + line)
