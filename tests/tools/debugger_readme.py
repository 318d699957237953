#!/usr/bin/env python3
"""debugger_readme.py - the sessions in tools/gdb/README.md are real.

The commands behind (gdb) are given to GDB, in order; each line shown below one
must be part of a line that it prints. Numbers are not compared; what is behind
... is left out.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import debugger                                             # noqa: E402
from debugger import ROOT, Session, done, ok                # noqa: E402


def sessions():
    """[(how it is started, [(command, [lines])])]"""
    found = []
    with open("tools/gdb/README.md") as file:
        for line in file:
            shown = line[4:].rstrip()
            if not line.startswith("    "):
                continue
            if shown.startswith("$ make "):
                found.append((shown, []))
            elif shown.startswith("(gdb) "):
                found[-1][1].append((shown[6:], []))
            elif found and found[-1][1] and not shown.startswith(FOREIGN):
                found[-1][1][-1][1].append(shown)
    return found


# Of blocks that are no session.
FOREIGN = ("file build", "source tools", "target remote", "GDB  <--")


def plain(text):
    """Without what differs between two builds."""
    text = re.sub(r"0x[0-9a-f]+|\d+", "#", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def check(session, commands):
    for number, (command, lines) in enumerate(commands):
        answer = plain_lines(session.number(number))
        missing = [line for line in lines
                   if not any(plain(line.split("...")[0]) in said
                              for said in answer)]
        ok(not missing, "readme_shows_what_%s_prints" %
           command.replace(" ", "_"),
           "%s\nprinted: %s" % (missing, "\n".join(answer)))


def plain_lines(text):
    return [plain(line) for line in text.splitlines()]


def main():
    os.chdir(ROOT)
    if os.environ.get("TOOLCHAIN") == "clang":
        ok(True, "readme_shows_what_gdb_prints # SKIP with gcc's code")
        done()
    for start, commands in sessions():
        line = re.search(r"CMD='(.*)'", start)
        if "trace" in start:
            debugger.record()
        if not commands:
            continue
        texts = [command for command, _ in commands]
        replay = "replay" in start
        session = Session(texts, None if replay else line.group(1),
                          ["-r"] if replay else [])
        check(session, commands)
    debugger.forget_recording()
    done()


if __name__ == "__main__":
    main()
