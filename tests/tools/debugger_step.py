#!/usr/bin/env python3
"""debugger_step.py - `step` goes line by line, and arguments are shown.

The walk of stepping.py: from write() in a program through the kernel, to the
return of the read() that waited for these bytes in a second program. Then the
same way by `story`, from function to function.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from debugger import ROOT, Session, done, ok                # noqa: E402

# The first cat writes, the second waits. The sleep keeps the pipe open, so no
# cat ends during the walk.
LINE = "(sleep 1; seq 1; sleep 1000) | cat | cat"
LOST_MOST = 1 / 20
STORY_MOST = 40
STEP = re.compile(r"^step (\d+) (\S+) (\S+) (\w+)$", re.MULTILINE)
ARGUMENT = re.compile(r"^argument (\w+) (.*)$", re.MULTILINE)


def check_lines(name, text, needed):
    steps = STEP.findall(text)
    places = [function for _, function, _, _ in steps]
    missing = [function for function in needed if function not in places]
    ok(not missing, name + "_steps_through_each_function",
       "not seen: %s\n%s" % (missing, text[-2000:]))
    back = ["%s at %s" % (function, place)
            for _, function, place, how in steps if how == "BACK"]
    ok(not back, name + "_never_jumps_back", "\n".join(back))


def check_arguments(text):
    """Each argument of each line counts once, even if shown often."""
    found = {where: how for how, where in ARGUMENT.findall(text)}
    lost = sorted(where for where, how in found.items() if how == "lost")
    ok(found and len(lost) <= LOST_MOST * len(found),
       "at_most_one_argument_in_twenty_is_optimized_out",
       "%d of %d:\n%s" % (len(lost), len(found), "\n".join(lost)))


def check_story():
    """Each answer is short: no step in between is printed."""
    s = Session(["user cat", "tbreak write", "continue", "continue",
                 "kernel"] + ["story"] * STORY_MOST, LINE)
    parts = [s.number(number) for number in range(5, 5 + STORY_MOST)]
    text = "".join(parts)
    places = ("write_part", "pipe_write", "wait_wake", "unblock_task",
              "The task that the call woke goes on", "pipe_read",
              "The program goes on", "cat.c")
    ok(re.search(".*".join(places), text, re.DOTALL),
       "story_leads_from_write_to_the_readers_return", text)
    ok("Take a sleeper out of the queue" in text,
       "story_says_what_a_function_does", text)
    ok(max(part.strip().count("\n") for part in parts) <= 3,
       "story_prints_no_step_in_between", text)


def main():
    os.chdir(ROOT)
    if os.environ.get("TOOLCHAIN") == "clang":
        ok(True, "step_goes_line_by_line # SKIP with gcc's code")
        done()
    s = Session(["user cat", "tbreak write", "continue", "continue",
                 "source tests/tools/stepping.py", "python walk_write()",
                 "python walk_read()"], LINE)
    write, read = (s.answer("python walk_" + call) for call in
                   ("write", "read"))
    check_lines("write", write, ("sys_write", "pipe_write"))
    check_lines("read", read, ("pipe_read",))
    s.says("python walk_read", "^read has returned 2 to copy",
           "the_walk_returns_from_the_readers_read")
    check_arguments(write + read)
    check_story()
    done()


if __name__ == "__main__":
    main()
