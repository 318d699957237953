#!/usr/bin/env python3
"""trace.py - run a command line under the kernel's trace, and show the trace.

usage: trace.py [options] 'COMMAND LINE'
       trace.py [options] -f FILE

Writes into build/trace:
  log.txt        one line for each event
  index.html     the picture, all pages; trace.svg or page-N.svg the same
  trace.json     for https://ui.perfetto.dev or chrome://tracing
  ctf/           for babeltrace2
and records the run, as tools/record does: `make replay` opens GDB on it, and
`goto N` leads to event N, the column with this number.

  -n         do not build first
  -o FOLDER  write there
  -k KINDS   tell only of these: tasks calls ipc signals pages faults life,
             with commas; `on` is all, and `boot` begins when the kernel does.
             tasks and life are recorded anyway: names and lanes need them
  -c         a column for each system call too
  -a         all tasks, not only those of the command
  -p FILE    this one page of the picture there as well
  -f FILE    convert what was recorded before (tools/run -T FILE); the command
             line is then only a title
  -w FILE    with -f: what a second machine has recorded at the same time
             (tools/two -T): one picture of both

RECORD=FOLDER keeps the record there, and the picture in FOLDER/picture.
Time is the count of instructions. The exit status is as with tools/run: 123
when no program could go on, 124 after TIMEOUT seconds (20). A run with input,
or with ICOUNT=SHIFT in the environment, runs as under tools/run, and is not
recorded.
"""
import getopt
import os
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import chrome                                               # noqa: E402
import columns                                              # noqa: E402
import ctf                                                  # noqa: E402
import events                                               # noqa: E402
import pages                                                # noqa: E402
import pair                                                 # noqa: E402
import recording                                            # noqa: E402
import story                                                # noqa: E402
import settings                                             # noqa: E402
from settings import Failure                                # noqa: E402
import text                                                 # noqa: E402

FOLDER = os.path.join(recording.FOLDER, "picture") \
    if os.environ.get("RECORD") else "build/trace"


def has_input():
    """Is there a file or a pipe to read from?"""
    mode = os.fstat(0).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def run(line, kinds, build):
    """Run the command; its output is ours. Returns the status and the events'
    file."""
    kinds = "tasks,life," + kinds
    options = [] if build else ["-n"]
    if has_input() or "ICOUNT" in os.environ:
        path = recording.Recording().folder + ".events"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        command = ["run", "-T", path, "-k", "trace=" + kinds]
    else:
        path = recording.Recording().path("trace")
        command = ["record", "-p", "-K", kinds]
        if os.environ.get("TIMEOUT"):
            command += ["-s", os.environ["TIMEOUT"]]
    command[0] = os.path.join(ROOT, "tools", command[0])
    status = subprocess.run(command + options + ["--", line]).returncode
    return status, path


def read(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Failure(str(error))
    if len(data) < events.EVENT.size:
        raise Failure("nothing was recorded: the measured kernel has no "
                      "trace, and a run that ends before its first program "
                      "neither")
    return data


def convert(trace, data, line, folder, options):
    told = story.Story(trace)
    kinds = options.get("-k", "on").split(",")

    def is_wanted(event):
        return event.kind.kind.lower() in kinds or "on" in kinds or \
            "boot" in kinds

    chooser = columns.Chooser(trace, is_wanted, "-c" in options,
                              "-a" in options)
    album = pages.Album(told, line, chooser)
    text.write(trace, folder + "/log.txt", is_wanted)
    if data:
        ctf.write(trace, data, folder + "/ctf")
    chrome.write(told, folder + "/trace.json")
    names = album.write(folder)
    if "-p" in options:
        album.write_one(options["-p"])
    return trace, album, names


def tell(folder, trace, album, names, is_recorded):
    """The list of the files written and their use; on stderr, since standard
    output is the command's."""
    folder = os.path.relpath(folder)
    out = ["", "trace: %d events, %d of them are columns of the picture" % (
        len(trace.events), len(album.columns))]
    lines = (
        ("index.html", "the picture, in a browser (%s)" % ", ".join(
            names if len(names) < 3 else [names[0], "...", names[-1]])),
        ("log.txt", "one line for each event"),
        ("trace.json", "open it on https://ui.perfetto.dev"),
        ("ctf", "babeltrace2 %s/ctf" % folder))[:4 - bool(trace.journeys)]
    out += ["  %-24s %s" % (folder + "/" + name, what)
            for name, what in lines]
    if is_recorded:
        out.append("  %-24s %s" % ("make replay", "GDB on this run: goto N "
                                   "leads to column N"))
    if album.story.deadlock:
        out.append("deadlock at event %d: %s" % (
            trace.events[album.story.deadlock[0]].number,
            ", ".join("%s waits for %s" % (
                lane.task, album.story.deadlock[2][i])
                for i, lane in enumerate(album.story.deadlock[1]))))
    print("\n".join(out), file=sys.stderr)


def main():
    found, words = getopt.getopt(sys.argv[1:], "no:k:cap:f:w:h")
    options = dict(found)
    line = " ".join(words)
    if "-h" in options:
        print(__doc__.strip())
        return 0
    if not (line or "-f" in options):
        raise Failure("which command? For example: make trace "
                      "CMD='echo hi | cat'")
    settings.kinds(options.get("-k", "on"), "KINDS=")
    settings.seconds("TIMEOUT", 20)
    folder = os.path.abspath(options.get("-o", os.path.join(ROOT, FOLDER)))
    path, status = options.get("-f"), 0
    if not path:
        status, path = run(line, options.get("-k", "on"),
                           "-n" not in options)
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):     # pages of a longer run
        if name.endswith(".svg"):
            os.unlink(os.path.join(folder, name))
    data = read(path)
    trace = events.Trace(data)
    if "-w" in options:
        trace = pair.Pair(trace, events.Trace(read(options["-w"])))
        data = None                     # babeltrace2 takes one machine
    trace, album, names = convert(trace, data, line, folder, options)
    tell(folder, trace, album, names,
         path == recording.Recording().path("trace"))
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failure, getopt.GetoptError) as failure:
        sys.exit("trace: %s" % failure)
    except KeyboardInterrupt:
        sys.exit(130)
