#!/usr/bin/env python3
"""grade.py - the points of a student's lab.

usage: grade.py [options] N [FOLDER]

The lab's files come from FOLDER, at their places or side by side, or without
FOLDER from this tree.

  -t TEST   this test alone, without its parents
  -j FILE   JUnit's XML            -g FILE   Gradescope's results.json
  -c FILE   Classroom 50's result.json; CLASSROOM, ASSIGNMENT, SUBMISSION_TAG,
	    COMMIT_URL, RELEASE_URL and REVIEW_URL are of its runner
  -q        no text
  -n        no records of the failures

Only the files that lab.toml names come from the student. All other files are
copied from this tree to build/grade and built there. Each verdict of a test
carries a secret that is new in each boot, and the trace of the kernel must show
what lab.toml wants to see: who slept, who woke whom. A test whose parent failed
gets no points. After a panic or a kernel that hangs, the next boot goes on with
the next test, three times at most.

Each failed test is then run once more, alone, and recorded: the record repeats
the failure to the instruction (`make replay`), and its picture is drawn. -n
leaves the records out.
"""
import collections
import datetime
import getopt
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import exercises
import labs
import vm

COPY = "build/grade"
FAILURES = "failures"           # in the copy: the recorded runs
RECORD_SECONDS = 20             # of a kernel that hangs
BOOTS = 4
MISSING = "a file is missing"
MARK_OF_CASE = re.compile(r" call getpgid\(0x4c[0-9a-f]{4}\)")
MARK = re.compile(r"call getpgid\(0x4d([0-9a-f]{4})\)")

# needs: a parent that failed, or None; records: lines about the recorded run
Result = collections.namedtuple("Result",
                                "test points passed reason needs records",
                                defaults=("",))


# ---- The tree -------------------------------------------------------------

def student_files(lab, folder):
    """{path: bytes} of the lab's files in a folder."""
    found = {}
    for path in lab.files:
        places = [os.path.join(folder, path),
                  os.path.join(folder, os.path.basename(path))]
        place = next((place for place in places if os.path.isfile(place)),
                     None)
        if not place:
            raise vm.Failure("%s: %s has no %s" % (MISSING, folder, path))
        found[path] = labs.read(place)
    return found


def environment():
    """Without variables that are meant for a different make or boot."""
    left_out = ("CMD", "N", "LAB", "T", "NAME", "V", "WERROR", "LOG", "VARIANT",
                "CFLAGS", "ICOUNT", "DISK", "MEM", "CPU")
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS")) and
            name not in left_out}


def build(lab, files):
    """Build the student's kernel and the tests in the copy; the messages after
    a failure, or None."""
    programs = {"user/%s.c" % name: path for one in labs.all_labs()
                for name, path in one.programs.items()}
    is_new = not os.path.exists(COPY)
    labs.copy_tree(COPY, labs.UNUSED + (labs.TEACHER + "/",),
                   tuple(programs) + tuple(lab.files))
    if is_new:
        vm.copy_build(COPY)
    for to, path in programs.items():
        labs.write_changed(os.path.join(COPY, to), b'#line 1 "%s"\n%s' % (
            path.encode(), labs.read(path)))
    for path, data in files.items():
        labs.write_changed(os.path.join(COPY, path), data)
    machine = vm.Machine("debug", vm.toolchain())
    made = subprocess.run(
        ["make", "-s", "TOOLCHAIN=" + (machine.toolchain or "auto"),
         machine.kernel, machine.initrd], cwd=COPY, env=environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace")
    return made.stdout[-3000:] if made.returncode else None


# ---- A boot ---------------------------------------------------------------

def in_copy(command, **variables):
    """Run a tool of the copy; a variable that is None is not set."""
    return subprocess.run(
        command, cwd=COPY, env=dict(environment(), **{
            name: value for name, value in variables.items() if value}),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, errors="replace")


def once(lines):
    """Each line once: why(1) tells a circle for each of its tasks."""
    return list({line.strip(): line for line in reversed(lines)}.values())[::-1]


class Boot:
    """The verdicts of a boot. seen is [(name of the test, True or the reason
    of the failure, lines of the trace), ...]. With a folder, the run is
    recorded there."""

    def __init__(self, lab, names, folder=None):
        self.secret = secrets.token_hex(12)
        self.seen = []
        with tempfile.TemporaryDirectory() as own:
            tool = ["tools/run", "-n", "-T", own + "/trace", "-k",
                    "trace=" + exercises.KINDS]
            if folder:
                tool = ["tools/record", "-n", "-K", exercises.KINDS]
            ran = in_copy(tool + [self.line(lab, names)], ICOUNT="0",
                          TIMEOUT=str(
                min(lab.limit, RECORD_SECONDS) if folder else lab.limit),
                          RECORD=folder)
            self.end = "\n".join((ran.stderr.strip() or
                                  "the machine ended").split("\n")[:25])
            self.read(ran.stdout, self.end)
            self.read_trace(os.path.join(COPY, folder) + "/trace" if folder
                            else own + "/trace")

    def line(self, lab, names):
        """The command line: each program with its tests."""
        hidden = {test["name"] for test in lab.tests if test.get("hidden")}
        parts = []
        for name in lab.programs:
            own = [one for one in names
                   if (one in hidden) == name.endswith("_hidden")]
            if own:
                parts.append(" ".join([name, self.secret] + own))
        return "; ".join(parts)

    def read(self, output, end):
        """Find the verdicts; a test without a verdict met the end of the
        machine."""
        name, other = None, []
        for line in output.replace("\r", "").split("\n"):
            words = line.split(" ", 2)
            if words[0] != self.secret:
                other.append(line)
            elif words[1] == "begin":
                name, other = words[2], []
            elif name:
                self.seen.append((name, words[1] == "passed" or "\n".join(
                    words[2:] + once(other)), []))
                name = None
        if name:
            self.seen.append((name, end, []))

    def read_trace(self, path):
        """Give each test its part of the trace."""
        parts = []
        for line in exercises.lines_of(path) if os.path.exists(path) else []:
            if MARK_OF_CASE.search(line):
                parts.append([])
            elif parts:
                parts[-1].append(MARK.sub(
                    lambda found: "mark %d" % int(found.group(1), 16), line))
        for (_, _, lines), part in zip(self.seen, parts):
            lines += part


def judged(lab, boot):
    """{name: True or the reason of the failure} of a boot: what the programs
    said, and what the trace says."""
    facts = {test["name"]: exercises.facts_in(
        test.get("facts", "").split("\n")) for test in lab.tests}
    found = {}
    for name, verdict, lines in boot.seen:
        lacks = exercises.missing(facts[name], lines)
        if lacks and verdict is True:
            verdict = "the trace: " + lacks
        elif lacks and verdict.startswith("no end"):
            verdict += "\nthe trace: " + lacks
        found[name] = verdict
    return found


def verdicts(lab, names):
    """{name: True or the reason of the failure} from as many boots as the
    kernel needs."""
    found, left = {}, list(names)
    for _ in range(BOOTS):
        boot = Boot(lab, left)
        found.update(judged(lab, boot))
        left = [name for name in left if name not in found]
        if not left or not boot.seen:
            break
    for name in left:
        found[name] = "not run: the kernel ended too often\n" + boot.end
    return found


# ---- Points ---------------------------------------------------------------

def wanted_tests(lab, only=None):
    """The tests that this tree can run."""
    has_hidden = len(lab.programs) > 1
    tests = [test for test in lab.tests if (not only or test["name"] == only)
             and (has_hidden or not test.get("hidden"))]
    if not tests:
        raise vm.Failure("which test? T is one of: " + " ".join(
            test["name"] for test in wanted_tests(lab)))
    return tests


def grade(lab, files, only=None, keeps=False):
    """[Result, ...] of these files; of a reason why there are none, a text.
    keeps: with a record of each failure."""
    tests = wanted_tests(lab, only)
    errors = files if isinstance(files, str) else build(lab, files)
    found = {} if errors else verdicts(lab, [test["name"] for test in tests])
    results, passed = [], set()
    for test in tests:
        verdict = "not tested" if errors else found[test["name"]]
        needs = next((name for name in test.get("parents", ())
                      if name not in passed and not only), None)
        is_good = verdict is True and not needs
        if is_good:
            passed.add(test["name"])
        results.append(Result(test, test["points"] if is_good else 0, is_good,
                              "" if verdict is True else verdict, needs))
    if errors:
        results[0] = results[0]._replace(reason=errors)
    return record(lab, results) if keeps and not errors else results


def total(results):
    return sum(result.points for result in results)


# ---- Records --------------------------------------------------------------

def explored(test, folder):
    """Search for the schedule that fails, and record the run under it."""
    in_copy(["tools/explore"] + shlex.split(test["explore"]), RECORD=folder)
    return os.path.exists(os.path.join(COPY, folder, "picture"))


def recorded(lab, test, tests, folder):
    """Run the failed test alone, or after the tests before it, until it fails
    in a recorded run."""
    name = test["name"]
    before = [one["name"] for one in tests[:tests.index(test)]]
    for names in ([name], before + [name])[:2 if before else 1]:
        boot = Boot(lab, names, folder)
        if judged(lab, boot).get(name, boot.end) is not True:
            return True
    return False


def about_record(folder):
    picture = "%s/%s/picture/index.html" % (COPY, folder)
    if not os.path.exists(picture):
        picture = "none: the kernel ended before its first event"
    return "  schedule make -C %s replay RECORD=%s\n  picture  %s" % (
        COPY, folder, picture)


def record(lab, results):
    """The results, with the record of each failure that has no other cause."""
    shutil.rmtree(os.path.join(COPY, FAILURES), ignore_errors=True)
    tests = [result.test for result in results]
    kept = []
    for result in results:
        folder = "%s/%s" % (FAILURES, result.test["name"])
        if not result.passed and not result.needs:
            is_kept = explored(result.test, folder) \
                if "explore" in result.test else \
                recorded(lab, result.test, tests, folder)
            result = result._replace(
                records=about_record(folder) if is_kept
                else "  schedule the failure did not come again")
        kept.append(result)
    return kept


# ---- Reports --------------------------------------------------------------

def explain(lab, result):
    """What a student needs after a failure."""
    if result.needs:
        return "  first    " + result.needs
    hint = result.test["hint"]
    if result.reason.startswith("PANIC"):
        hint = "The list names the functions of the panic: begin with the " \
            "topmost function of your file."
    elif "error:" in result.reason and result.reason.count("\n"):
        hint = "The compiler refuses this text: begin with the first error."
    elif result.reason.startswith(MISSING):
        hint = "The lab's files are " + " ".join(lab.files) + "."
    indented = result.reason.strip().replace("\n", "\n           ")
    return "\n".join(filter(None, (
        "  seen     " + indented, "  expected " + result.test["expects"],
        "  hint     " + hint, "  again    make grade N=%d T=%s" % (
            lab.number, result.test["name"]), result.records)))


def as_text(lab, results):
    lines = ["Lab %d: %s" % (lab.number, lab.title)]
    for result in results:
        lines.append("%-6s %3d of %-3d %s" % (
            "ok" if result.passed else "FAILED", result.points,
            result.test["points"], result.test["name"]))
        if not result.passed:
            lines.append(explain(lab, result))
    most = sum(result.test["points"] for result in results)
    lines.append("%d of %d points%s" % (total(results), most, "" if
                                        len(results) == 1 or most == 100 else
                                        "; %d more for tests that are not in "
                                        "this tree" % (100 - most)))
    return "\n".join(lines)


def as_junit(lab, results):
    """Fits the schemas of Ant and of Jenkins: also parts that are empty."""
    suite = xml.Element("testsuite", name="lab %d" % lab.number,
                        tests=str(len(results)), failures=str(
                            sum(not result.passed for result in results)),
                        errors="0", time="0", hostname="localhost",
                        timestamp=now().strftime("%Y-%m-%dT%H:%M:%S"))
    xml.SubElement(suite, "properties")
    for result in results:
        case = xml.SubElement(suite, "testcase", classname="lab_" + lab.name,
                              name=result.test["name"], time="0")
        if not result.passed:
            xml.SubElement(case, "failure", type="failed", message=clean(
                (result.reason or explain(lab, result)).strip().split("\n")[0]
            )).text = clean(explain(lab, result))
    for name in ("system-out", "system-err"):
        xml.SubElement(suite, name)
    return xml.tostring(suite, encoding="unicode")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def clean(text):
    """Without characters that XML does not know."""
    return re.sub(r"[^\t\n\x20-\ud7ff]", "?", text)


def as_gradescope(lab, results):
    return json.dumps({
        "score": total(results), "stdout_visibility": "hidden",
        "tests": [{
            "name": result.test["name"], "score": result.points,
            "max_score": result.test["points"],
            "status": "passed" if result.passed else "failed",
            "output": "" if result.passed else explain(lab, result),
            "visibility": "after_published" if result.test.get("hidden")
            else "visible"} for result in results]}, indent=1)


def as_classroom50(lab, results):
    """The result.json that the collection of Classroom 50 accepts."""
    known = os.environ.get
    commit = known("COMMIT_URL", "local")
    return json.dumps({
        "schema": "classroom50/result/v1",
        "classroom": known("CLASSROOM", "parley"),
        "assignment": known("ASSIGNMENT", "lab-%d" % lab.number),
        "submission": known("SUBMISSION_TAG", "local"), "commit": commit,
        "release": known("RELEASE_URL", commit),
        "review": known("REVIEW_URL", commit),
        "datetime": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": total(results),
        "max-score": sum(result.test["points"] for result in results),
        "tests": [{"test-name": result.test["name"],
                   "passed": result.passed, "score": result.points,
                   "max-score": result.test["points"]}
                  for result in results]}, indent=1)


REPORTS = {"-j": as_junit, "-g": as_gradescope, "-c": as_classroom50}


def main():
    found, words = getopt.gnu_getopt(sys.argv[1:], "hnqt:j:g:c:")
    options = dict(found)
    if "-h" in options or not words:
        print(__doc__.strip())
        return 0 if "-h" in options else 2
    paths = {option: os.path.abspath(options[option]) for option in REPORTS
             if option in options}
    folder = os.path.abspath(words[1]) if len(words) > 1 and words[1] \
        else vm.ROOT
    os.chdir(vm.ROOT)
    lab = labs.lab_of(words[0])
    try:
        files = student_files(lab, folder)
    except vm.Failure as failure:
        if not paths:
            raise
        files = str(failure)    # the report tells the student
    results = grade(lab, files, options.get("-t"), "-n" not in options)
    if "-q" not in options:
        print(as_text(lab, results))
    for option, path in paths.items():
        with open(path, "w") as file:
            file.write(REPORTS[option](lab, results) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (vm.Failure, getopt.GetoptError) as failure:
        sys.exit("grade: %s" % failure)
