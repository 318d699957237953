"""trace_facts.py - what trace.js and the live picture know of the tree."""
import os
import re
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "../trace")]
import sources                                              # noqa: E402
import tables                                               # noqa: E402


def tables_of(paths):
    """What trace.js needs: the names of numbers, and the lines of the kernel
    that record an event."""
    names = tables.Tables()
    points = {}
    for path in paths:
        if not path.startswith(("kernel/", "arch/")) or \
                not path.endswith(".c"):
            continue
        for number, line in enumerate(sources.read(path).split("\n"), 1):
            for kind in re.findall(r"\btrace(?:_record)?\(TRACE_(\w+)", line):
                points.setdefault(kind, []).append(
                    {"file": path, "line": number, "text": line.strip()})
    return {"events": [{"id": kind.id, "words": kind.words}
                       for kind in names.events],
            "calls": names.calls, "errors": names.errors,
            "signals": names.signals, "waits": names.waits,
            "states": names.states, "locks": names.locks, "points": points}
