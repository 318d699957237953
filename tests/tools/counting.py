#!/usr/bin/env python3
"""counting.py - bench and profile count the same, and the same each time."""
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

ROWS = ["null-call", "pipe-rtt", "fork"]
count = failures = 0


def ok(condition, name, why=""):
    global count, failures
    count += 1
    failures += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, name))
    if not condition and why:
        print("\n".join("# " + line for line in why.splitlines()))


def run(*words, **variables):
    """The status and the output of a command, with these variables."""
    environment = dict(os.environ, **variables)
    result = subprocess.run(words, env=environment, stdout=subprocess.PIPE,
                            stdin=subprocess.DEVNULL, text=True)
    return result.returncode, result.stdout


def figures(output):
    """{row: cost}; a row without a number is left out: its program failed"""
    found = {}
    for line in output.splitlines():
        words = line.split()
        if words and words[0] in ROWS:
            number = re.match(r" +([0-9,.]+)(?= )", line[55:] + " ")
            if number:
                found[words[0]] = number.group(1).replace(",", "")
    return found


def profile_sum(row):
    """The number at the start of the last line; "" if the profile failed."""
    output = run("tools/profile", "-n", row)[1]
    last = re.search(r"^ *([0-9,.]+)[^\n]*\n\Z", output, re.MULTILINE)
    return last.group(1).replace(",", "") if last else ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path) as file:
        return file.read()


def strict_run(folder, *flags):
    return run("tools/bench", "-n", "-t", *flags, "null-call",
               BUDGETS=folder + "/budgets", FIGURES=folder + "/figures")


def test_budgets(first):
    """A row over its budget fails -s, except for a row with a mark."""
    with tempfile.TemporaryDirectory() as folder:
        row = "pipe null-call 1 1 %s a null call\n"
        write(folder + "/budgets", row % "over")
        strict_run(folder, "-w")
        for mark, want, name in (
                ("-", 1, "row_over_its_budget_fails_the_strict_run"),
                ("over", 0, "row_known_to_be_over_passes")):
            write(folder + "/budgets", row % mark)
            status, output = strict_run(folder, "-s")
            ok(status == want, name, output)
        ok(first.get("null-call", "?") in output, "and_says_what_it_costs",
           output)


def test_ratchet(first):
    """A figure may rise by 1 % above the written figure, and no more."""
    cost = float(first.get("null-call", "nan"))
    with tempfile.TemporaryDirectory() as folder:
        figures = folder + "/figures"
        write(folder + "/budgets", "pipe null-call 99 1 - a null call\n")
        status, output = strict_run(folder, "-s")
        ok(status == 0 and "different compiler" in output,
           "figures_of_another_compiler_are_not_compared", output)
        strict_run(folder, "-w")
        good = read(figures)
        ok("null-call %d - -\n" % cost in good, "run_with_w_writes_figures",
           good)
        for written, want, name in (
                (cost / 1.005, 0, "rise_of_half_a_percent_passes"),
                (cost / 1.02, 1, "rise_of_two_percent_fails_with_advice"),
                (cost * 2, 0, "fall_passes")):
            write(figures, good.replace("null-call %d" % cost,
                                        "null-call %.2f" % written))
            status, output = strict_run(folder, "-s")
            told = "commit tools/bench -w null-call with it" in output
            ok(status == want and told == bool(want), name, output)
        write(figures, good.replace("null-call", "other-call"))
        status, output = strict_run(folder, "-s")
        ok(status == 1 and "null-call has no figure" in output,
           "row_without_a_figure_fails", output)


def test_search_mark():
    """A row that searches may grow by 2 %, others may not."""
    sys.path.insert(0, "tools")
    import instructions
    loader = importlib.machinery.SourceFileLoader("bench", "tools/bench")
    bench = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("bench", loader))
    loader.exec_module(bench)
    for mark, grown, want in (("search", 20, False), ("search", 21, True),
                              ("-", 0, False), ("-", 1, True)):
        row = instructions.Row("growth r 0 0 %s a row: +" % mark)
        values = {"typical": {"r": grown}, "few": {"r": 1000},
                  "worst": {}, "debug": {}}
        ok(bench.Result(row, values, None).is_over() == want,
           "growth_of_%d_in_1000_with_mark_%s" % (grown, mark))


def test_notes():
    """Each row above its moonshot has a table with its instructions."""
    sys.path.insert(0, "tools")
    import instructions
    import vm
    readme = dict(re.findall(r"^\| (.*?) \| (\S+) \|",
                             vm.read_text("README.md"), re.MULTILINE))
    notes = vm.read_text("docs/performance.md")
    missing, wrong = [], []
    for row in instructions.read_rows():
        told = readme.get(row.words, "").replace(",", "")
        if row.moonshot is None or not told or float(told) <= row.moonshot \
                or not row.has_profile:
            continue
        found = re.search(r"<!-- profile %s -->.*?in all.*? \| (\S+) \|" %
                          re.escape(row.name), notes, re.DOTALL)
        if not found:
            missing.append(row.name)
            continue
        # A sample may be many operations.
        total, told = float(found.group(1).replace(",", "")), float(told)
        if abs(total / told - round(total / told)) > 0.01 * total / told:
            wrong.append("%s: %g is no multiple of %g" % (
                row.name, total, told))
    ok(not missing, "every_row_above_its_moonshot_has_a_note",
       "none for " + " ".join(missing))
    ok(not wrong, "and_the_note_tells_the_figure_of_the_readme",
       "\n".join(wrong))


def compare(first):
    second = figures(run("tools/bench", "-n", "-t", *ROWS)[1])
    ok(first == second, "two_runs_count_the_same",
       "%s\n%s" % (first, second))
    for row in ROWS:
        total = profile_sum(row)
        ok(total == first.get(row), "profile_of_%s_adds_up_to_its_figure" %
           row.replace("-", "_"), "%s, not %s" % (total, first.get(row)))
    test_budgets(first)
    test_ratchet(first)
    test_search_mark()
    test_notes()


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    status, output = run("tools/bench", "-t", *ROWS)
    first = figures(output)
    is_measured = status == 0 and len(first) == len(ROWS)
    ok(is_measured, "every_row_is_measured", output)
    if is_measured:
        compare(first)
    print("1..%d" % count)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
