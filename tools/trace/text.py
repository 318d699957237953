"""text.py - the trace as text: one line for each event.

    number  time  task  event  what about
    95  0.821 ms  sh 5  send   pipe 104, 3 bytes

The number is what `goto` in the debugger takes; the time is in milliseconds
since the first recorded event.
"""


def about(trace, event):
    """The words of an event as text."""
    words = [trace.word(event, place) for place in range(3)]
    if event.id == "BLOCK":
        words[1] = "for " + words[1]
    if event.id == "CALL":
        count = trace.tables.arguments.get(event.words[0], 2)
        shown = words[1:1 + min(count, 2)] + ["..."] * (count > 2)
        return "%s(%s)" % (words[0], ", ".join(shown))
    if event.id == "RETURN":
        return "%s = %s" % tuple(words[:2])
    if event.id in ("TASK_NAME", "OBJECT_NAME"):
        return "%s %s" % (words[0], words[1])
    return ", ".join(word for word in words if word)


def line(trace, event):
    return "%6d %11.3f ms  %-18s %-11s %s" % (
        event.number, event.us / 1000, event.who[:18], event.kind.name,
        about(trace, event))


def write(trace, path, wanted=lambda event: True):
    with open(path, "w", encoding="utf-8") as file:
        for event in trace.events:
            if wanted(event):
                file.write(line(trace, event).rstrip() + "\n")
