"""sessions.py - type the sessions of the texts, and compare.

A session is a fenced block of Markdown with the word `console`. The block
shows all input of a reader, and each line with a prompt is typed into a new
shell on a terminal of its own. `$ ` and `(gdb) ` are prompts; behind
`$ make run` the prompts are those of Parley's shell, behind `$ make debug`
those of GDB. A block that begins with `(gdb) ` goes on at the end of the block
before.

In the output, `...` alone on a line stands for any lines, and inside a line
for any text. Numbers that depend on the run may differ from the text; VARIES
lists these numbers. All other text is compared, except for the width of
blanks.

Every file is typed in a copy of the tree, as known to git, with the files
built so far. So no session changes the tree, and files added by a user change
no session.
"""
import difflib
import fcntl
import os
import re
import shutil
import struct
import sys
import termios

import replay
import sources
import vm

sys.path.insert(0, os.path.join(sources.ROOT, "tests"))
import console                                              # noqa: E402

SECONDS = 150
# Output comes in parts of any length, and a line of output must not begin like
# a prompt: `# ` would match the first two bytes of "# Parley".
PROMPT = r"^(\$|\(gdb\)) \Z"
FENCE = re.compile(r"^```(.*)$")
# Commands that a machine needs once, and that .ci/run tries on an empty
# machine. The rest of such a line is typed.
ONCE = ((r"^git clone .*", ""), (r"\bmake deps\b", "make"))

# The numbers that may differ between the text and a run, and their meaning.
VARIES = [(re.compile(pattern, re.MULTILINE), to) for pattern, to in (
    (r"0x[0-9a-f]+", "ADDRESS"),
    (r"\b\d{6,}\b", "ADDRESS"),
    (r"\b[\d.]+(?= (s|ms|us|KiB|events)\b)", "N"),
    # A line of a source file, an object by its kind: pipe.c:31, mailbox:117.
    (r"(?<=[a-z]):\d+\b", ":N"),
    (r"\bline \d+", "line N"),
    # Tasks, objects, jobs and events: cat(67), cat[67], [1] 67, pipe 150.
    (r"\b(\w+)([(\[])\d+(?=[)\]])", r"\1\2N"),
    (r"^\[\d+\] \d+", "[N] N"),
    (r"\b(task|pipe|mailbox|message|event|events|futex|mutex|semaphore|queue|"
     r"Thread|pages|granted by|descriptor|from|PID|of) \d+\b", r"\1 N"),
    # The first column of a table: a task, an object, an event.
    (r"^[* ]*\d+(?=  +\S)", "N"),
    # The number of a frame.
    (r"^#\d+ +", "# "),
    # GDB's mark of an argument that is known only from the frame's beginning.
    (r"\b\w+@entry=", ""),
    (r"[ \t]+", " "),
)]


class Step:
    """A typed line, and the lines of the text with the answer."""

    def __init__(self, prompt, command, first):
        self.prompt, self.command = prompt, command
        self.first = self.end = first   # of the lines of the file
        self.expected = []


class Session:
    """The steps of a terminal, and the answers of the run."""

    def __init__(self, path):
        self.path = path
        self.steps = []
        self.outputs = []

    def add(self, number, line):
        match = re.match(r"^(\$|\(gdb\)) (.+)$", line)
        if match:
            self.steps.append(Step(*match.groups(), number + 1))
        elif line != "$" and self.steps:
            self.steps[-1].expected.append(line)
            self.steps[-1].end = number + 1
        elif line != "$":
            raise vm.Failure("%s:%d: not a command: %s" % (
                self.path, number + 1, line))


def sessions_of(path):
    """The sessions of a document."""
    found, inside = [], None
    for number, line in enumerate(sources.read(path).split("\n")):
        fence = FENCE.match(line)
        if fence and inside is None:
            inside = fence.group(1)
            first = True
        elif fence:
            inside = None
        elif inside == "console":
            if first and not (found and line.startswith("(gdb) ")):
                found.append(Session(path))
            first = False
            found[-1].add(number, line)
    return found


def unmarked(path):
    """The lines that look like a session and are outside all sessions."""
    inside = None
    for number, line in enumerate(sources.read(path).split("\n")):
        fence = FENCE.match(line)
        if fence:
            inside = fence.group(1) if inside is None else None
        elif not (inside or "").startswith(("console", "guest")) and \
                re.match(r"^(    )?(\$|\(gdb\)) \S", line):
            yield "%s:%d: %s" % (path, number + 1, line)


def documents(words=()):
    """The documents with sessions, or those with such a path."""
    return [path for path in sources.files() if path.endswith(".md") and
            (not words or path.startswith(tuple(words)))]


# ---- Comparing ------------------------------------------------------------

def plain(lines):
    """The lines without the numbers that may differ."""
    text = "\n".join(lines)
    for pattern, to in VARIES:
        text = pattern.sub(to, text)
    return replay.clean(text)


def fits(expected, lines):
    return replay.fits(plain(expected), plain(lines))


def short(line, pattern):
    """The line, cut at the place of the cut in the text, and within 80
    columns."""
    frame = re.match(r"^(.*? \()\S.*(\) at \S+:\d+)$", line)
    end = len(line)
    brief = "...".join(frame.groups()) if frame else line
    if len(brief) <= 80 < end:
        return brief
    if pattern.endswith("..."):
        end = len(pattern) - 3
    if end > 80:
        end = max(line.rfind(" ", 0, 76), 40)
    return line if end >= len(line) else line[:end].rstrip() + " ..."


def likeness(pattern, line):
    """The part of the text found in the run, from 0 to 1."""
    if pattern.endswith("..."):
        pattern = pattern[:-3]
        line = line[:len(pattern)]
    return max(difflib.SequenceMatcher(None, *pair).ratio() for pair in (
        (pattern, line), ("".join(plain([pattern])), "".join(plain([line])))))


def renewed(expected, lines):
    """The lines of the text, with the numbers of the run."""
    new = list(expected)
    for at, of_run, count in difflib.SequenceMatcher(
            None, *([" ".join(plain([line])) for line in some]
                    for some in (expected, lines)), False
            ).get_matching_blocks():
        new[at:at + count] = lines[of_run:of_run + count]
    return new


def merged(expected, lines, keeps):
    """The new lines of the text: the lines of the run that are similar to
    lines of the text, and `...` for the left out lines. Without similar lines,
    all lines. With `keeps` a fitting line with `...` stays."""
    out, at = [], 0
    if expected == ["..."]:
        return expected
    for pattern in expected:
        # The text does not repeat a line of source that GDB shows.
        if pattern.strip() == "..." or re.match(r"\d+\t", pattern):
            if out[-1:] != ["..."]:
                out.append("...")
            continue
        ranks = [(likeness(pattern, line), -number) for number, line
                 in enumerate(lines) if number >= at]
        rank, number = max(ranks, default=(0, 0))
        if rank < 0.5:
            continue
        if keeps and "..." in pattern and fits([pattern], [lines[-number]]):
            lines[-number] = pattern
        between = lines[at:-number]
        if out[-1:] != ["..."] and any(between):
            # A new frame belongs to the story; much other output does not.
            out += [short(line, "") for line in between] \
                if len(between) < 3 and out else ["..."]
        out.append(short(lines[-number], pattern))
        at = 1 - number
    if out and at < len(lines) and out[-1] != "...":
        out.append("...")
    return out if out and fits(out, lines) else \
        [short(line, "") for line in lines]


# ---- Running --------------------------------------------------------------

class Copy:
    """The tree as known to git, with the built files: for the sessions of a
    file."""

    def __init__(self, name):
        self.folder = os.path.join(sources.ROOT, "build/sessions",
                                   "%s-%d" % (name, os.getpid()))

    def __enter__(self):
        for path in sources.files():
            to = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(os.path.join(sources.ROOT, path), to)
        vm.copy_build(self.folder)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


def environment():
    """The environment of a user's shell, without the variables of make and the
    test run."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS")) and
            name not in ("CMD", "NAME", "VARIANT", "ICOUNT", "RECORD", "LOG",
                         "RUN", "TIMEOUT", "ENV")}
    return dict(kept, PS1="$ ", TERM="dumb")


class Typist(console.Terminal):
    """A terminal that drops the codes that move the cursor."""
    held = ""                   # may be the beginning of a code

    def clean(self, text):
        text = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "",
                      self.held + super().clean(text))
        self.held = re.search("(\x1b(\\[[0-9;?]*)?)?$", text).group()
        return text[:len(text) - len(self.held)]


def start(folder):
    """A shell on a terminal; lines of GDB are not folded."""
    words = ["%s=%s" % item for item in environment().items()]
    terminal = Typist(
        ["env", "-i", "-C", folder, *words, "sh", "-i"])
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ,
                struct.pack("HHHH", 1000, 200, 0, 0))
    terminal.expect(PROMPT, SECONDS)
    return terminal


def type_step(terminal, step):
    """Type the line; returns the lines before the next prompt, and the
    prompt."""
    command = step.command
    for pattern, to in ONCE:
        command = re.sub(pattern, to, command)
    terminal.send(command + "\n")
    echo = re.escape(command) + "[ ]*\n"
    terminal.expect(echo, SECONDS)
    text = terminal.expect(PROMPT, SECONDS)
    # For text typed ahead, or a new size of the window, a shell draws the
    # prompt once more, and perhaps the line: then the output comes after it.
    if text and step.prompt == "$" and not text.split("\n")[0]:
        more = terminal.expect(PROMPT, SECONDS if any(step.expected) else 1)
        text = re.sub(r"(?s)^.*?" + echo, "", more) if more else text
    if text is None:
        return ["(no prompt)"] + terminal.text.split("\n"), None
    lines = text.split("\n")
    return replay.clean("\n".join(lines[:-1])), lines[-1].strip()


def leave(terminal, prompt):
    """The machine and GDB end as by hand; the shell ends with its input."""
    if prompt == "(gdb)":
        terminal.send("quit\n")
        terminal.expect(PROMPT, SECONDS)
    terminal.send("\x1dx")              # of `make run`; no effect in a shell
    os.close(terminal.fd)
    os.waitpid(terminal.pid, 0)


def run(session, folder):
    """Type all steps; their outputs."""
    terminal, prompt = start(folder), "$"
    for step in session.steps:
        if prompt is None or step.prompt != prompt:
            session.outputs.append(["(did not run: the prompt is %s)" % prompt])
            continue
        lines, prompt = type_step(terminal, step)
        session.outputs.append(lines)
    leave(terminal, prompt)
    return session.outputs


def check(words):
    """Run all sessions of these documents; print TAP."""
    count = failed = 0
    for path in documents(words):
        for line in unmarked(path):
            count += 1
            failed += 1
            print("not ok %d - a session that is not typed: %s" % (count, line))
        found = sessions_of(path)
        if not found:
            continue
        with Copy(re.sub(r"\W", "-", path)) as copy:
            for session in found:
                for step, lines in zip(session.steps,
                                       run(session, copy.folder)):
                    count += 1
                    good = fits(step.expected, lines)
                    failed += not good
                    print("%sok %d - %s:%d %s" % (
                        "" if good else "not ", count, path, step.first,
                        step.command), flush=True)
                    if not good:
                        replay.show("the text", step.expected)
                        replay.show("the run", lines)
    print("1..%d" % count)
    return failed > 0


def record(words, everything):
    """Write the output of the run into the texts, where the output differs;
    with `everything` also the numbers that may differ."""
    for path in documents(words):
        found, changed = sessions_of(path), 0
        lines = sources.read(path).split("\n")
        if not found:
            continue
        with Copy(re.sub(r"\W", "-", path)) as copy:
            for session in found:
                run(session, copy.folder)
        for session in reversed(found):
            for step, output in reversed(list(zip(session.steps,
                                                  session.outputs))):
                if not fits(step.expected, output):
                    new = merged(step.expected, output, step.prompt == "$")
                elif everything:
                    new = renewed(step.expected, output)
                else:
                    continue
                changed += new != step.expected
                lines[step.first:step.end] = new
        with open(os.path.join(sources.ROOT, path), "w",
                  encoding="utf-8") as file:
            file.write("\n".join(lines))
        print("%s: %d answers changed" % (path, changed), flush=True)
    return 0
