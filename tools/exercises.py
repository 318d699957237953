"""exercises.py - is an exercise of the guide solved?

docs/guide/exercises/N.M is a session in the notation of tools/replay.py. Below
the output of a command stand facts about the run, one a line, in the words of
the kernel's trace (tools/trace/text.py, blanks squeezed):

	? PATTERN	an event fits the pattern, at any place
	> PATTERN	an event fits, later than the event of the line above
	! PATTERN	no event fits before the event of the line above
	=N PATTERN	exactly N events fit, at any place

A pattern is a regular expression. A number in front, as in `?16 PATTERN`, says
how many events in a row of time fit. `(?P<a>...)` keeps a part, {a} stands for
this part in the lines below. Text behind ` -- ` is the hint for the reader if
no event fits.

So a program that only prints the right words solves nothing. A program that
does the right thing may choose its words where the chapter leaves them free.
"""
import os
import re
import subprocess
import sys
import tempfile

import replay
import sources

sys.path.insert(0, os.path.join(sources.ROOT, "tools/trace"))
import events                                               # noqa: E402
import text as trace_text                                   # noqa: E402

FOLDER = os.path.join(sources.ROOT, "docs/guide/exercises")
KINDS = "tasks,calls,ipc,signals,pages,life"
FACT = re.compile(r"^([?>!=])(\d*) (.*?)(?: -- (.*))?$")
# This program runs in front of each step and marks the start of its events.
MARK = "basename"


class Fact:
    def __init__(self, kind, count, pattern, hint):
        self.kind = kind
        self.count = int(count) if count else 1
        self.pattern, self.hint = pattern, hint


def facts_in(lines):
    """The facts among these lines."""
    return [Fact(*match.groups()) for match in map(FACT.match, lines) if match]


def names():
    return sorted(os.listdir(FOLDER),
                  key=lambda name: [int(n) for n in name.split(".")])


def steps_of(name):
    """The steps of an exercise, with their facts."""
    lines = sources.read(os.path.join(FOLDER, name)).split("\n")[:-1]
    steps = replay.steps(lines)
    for step in steps:
        step.facts = facts_in(step.expected)
        step.expected = [line for line in step.expected
                         if not FACT.match(line)]
    return steps


# ---- Facts ----------------------------------------------------------------

def find(pattern, lines, start, kept):
    """The place behind the next event that fits, or None."""
    pattern = re.sub(r"\{([a-z])\}", lambda match: re.escape(
        kept.get(match.group(1), "")), pattern)
    for place in range(start, len(lines)):
        match = re.search(pattern, lines[place])
        if match:
            kept.update(match.groupdict())
            return place + 1
    return None


def count(pattern, lines, kept):
    """How many events fit."""
    total, place = 0, find(pattern, lines, 0, dict(kept))
    while place is not None:
        total, place = total + 1, find(pattern, lines, place, dict(kept))
    return total


def missing(facts, lines):
    """The hint of the first fact that the events do not show."""
    place, kept = 0, {}
    for fact in facts:
        if fact.kind == "!":
            wrong = find(fact.pattern, lines[:place], 0, dict(kept))
            if wrong is not None:
                return fact.hint or "this came too early: " + lines[wrong - 1]
            continue
        if fact.kind == "=":
            if count(fact.pattern, lines, kept) != fact.count:
                return fact.hint or "not %d events like this: %s" % (
                    fact.count, fact.pattern)
            continue
        place = 0 if fact.kind == "?" else place
        for _ in range(fact.count):
            place = find(fact.pattern, lines, place, kept)
            if place is None:
                return fact.hint or "no event like this: " + fact.pattern
    return None


# ---- Running --------------------------------------------------------------

def lines_of(path):
    """The events of a recorded trace as lines."""
    with open(path, "rb") as file:
        trace = events.Trace(file.read())
    return [re.sub(r"\s+", " ", "%s %s %s" % (
        event.who, event.kind.name, trace_text.about(trace, event)))
        for event in trace.events]


def events_of(path):
    """The events, as a list of lines for each step."""
    parts = [[]]
    for line in lines_of(path):
        if re.match(r".* exec %s " % MARK, line + " "):
            parts.append([])
        parts[-1].append(line)
    return parts[1:]


def run(steps, folder, build):
    """The output and the events of each step, from a single boot, in which the
    count of instructions is the time."""
    marked = [replay.Step("%s x > /dev/null; %s" % (MARK, step.command))
              for step in steps]
    with tempfile.TemporaryDirectory() as own:
        path = os.path.join(own, "events")
        command = ["env", "ICOUNT=0", folder + "/tools/run", "-T", path,
                   "-k", "trace=" + KINDS] + ([] if build else ["-n"])
        outputs = replay.run_in_guest(marked, command)
        happened = events_of(path) if os.path.exists(path) else []
    return list(zip(outputs, happened + [[]] * (len(steps) - len(happened))))


def judge(step, output, happened):
    """Nothing, or the reasons why this step does not solve the exercise:
    lines."""
    if not replay.fits(step.expected, output):
        return ["$ " + step.command, *output, "--- but it should print:",
                *step.expected]
    lacks = missing(step.facts, happened)
    if lacks:
        return ["$ " + step.command, *output,
                "--- the output may be right, but: " + lacks]
    return []


def run_all(wanted, folder, build):
    """[(name, step, output, events), ...] of these exercises."""
    steps = [(name, step) for name in wanted for step in steps_of(name)]
    results = run([step for _, step in steps], folder, build)
    return [(name, step, output, happened) for (name, step),
            (output, happened) in zip(steps, results)]


def check(wanted, folder=sources.ROOT, build=True):
    """{name: reasons} of the exercises that are not solved in the
    tree."""
    bad = {}
    for name, step, output, happened in run_all(wanted, folder, build):
        reasons = judge(step, output, happened)
        if reasons:
            bad.setdefault(name, []).extend(reasons)
    return bad


def solve(folder, *wanted):
    """Put the sample solutions into a tree."""
    for name in wanted:
        solution = os.path.join(sources.ROOT, "docs/guide/solutions", name)
        subprocess.run(["cp", "-R", solution + "/.", folder], check=True)
        change = solution + "/change.patch"
        if os.path.exists(change):
            os.unlink(os.path.join(folder, "change.patch"))
            subprocess.run(["git", "apply", "--whitespace=nowarn", change],
                           cwd=folder, check=True, env=dict(
                               os.environ, GIT_CEILING_DIRECTORIES=os.path
                               .dirname(os.path.abspath(folder))))
    return 0
