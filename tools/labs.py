#!/usr/bin/env python3
"""labs.py - the work trees of the labs of docs/labs.

usage: labs.py list			the labs
       labs.py lab N [FOLDER]		a tree to work in, without the bodies of
					lab N; FOLDER is build/labs/N
       labs.py student-tree [N...]	build/student: the tree for students,
					without docs/labs/teacher, and without
					the bodies of these labs (all)
       labs.py gradescope N		build/lab-N.zip for Gradescope

docs/labs/NAME/lab.toml is the one description of a lab. Its table `bodies`
names functions of the kernel. The text of the table replaces the body of the
function; `false` takes the function out with the comment above. In a file of
NASM, the text replaces the lines from the label to the end of the section.
"""
import filecmp
import glob
import os
import re
import shutil
import sys
import tomllib
import zipfile

import vm

FOLDERS = ("arch", "boot", "docs", "iso", "kernel", "libc", "tests", "tools",
           "user")
FILES = ("Makefile", "README.md", "LICENSE", ".gitignore")
# With solutions, in the students' tree.
SECRET = ("docs/labs/teacher/", "docs/guide/solutions/", "tests/tools/labs",
          "tests/tools/guide_exercises")
# Not needed to build, run and grade.
UNUSED = ("docs/guide/", "docs/museum/", "tests/host/", "tests/bench/",
          "tests/shell/", "tests/tools/")
TEACHER = "docs/labs/teacher"
YOURS = "\t/* Your text comes here. */\n"
YOURS_NASM = "\t; Your text comes here.\n"


class Lab:
    """A lab.toml."""

    def __init__(self, path):
        with open(path, "rb") as file:
            text = tomllib.load(file)
        self.folder = os.path.relpath(os.path.dirname(path), vm.ROOT)
        self.name = os.path.basename(self.folder)
        self.number = text["number"]
        self.title = text["title"]
        self.files = text["files"]
        self.limit = text["limit"]
        self.bodies = text["bodies"]
        self.tests = text["test"]

    @property
    def programs(self):
        """{name of the program: source}; the second has the hidden tests."""
        found = {"lab_" + self.name: self.folder + "/tests.c",
                 "lab_%s_hidden" % self.name: "%s/%s/hidden.c" % (
                     TEACHER, self.name)}
        return {name: path for name, path in found.items()
                if os.path.exists(os.path.join(vm.ROOT, path))}


def all_labs():
    return sorted((Lab(path) for path in glob.glob(
        os.path.join(vm.ROOT, "docs/labs/*/lab.toml"))),
        key=lambda lab: lab.number)


def lab_of(word):
    """The lab with this number or name."""
    for lab in all_labs():
        if word in (str(lab.number), lab.name):
            return lab
    raise vm.Failure("which lab? N is one of: " + " ".join(
        "%d (%s)" % (lab.number, lab.name) for lab in all_labs()))


# ---- Bodies ---------------------------------------------------------------

def function_at(text, name):
    """(start of the comment above, start, start of the body, end) of a
    function, or None."""
    found = re.search(r"^(?:[a-z_][\w \t*]*[ \t*])%s\([^;{}]*\)\n\{\n(?:.*\n)*?"
                      r"\}\n" % re.escape(name), text, re.MULTILINE)
    if not found:
        return None
    body = text.index("\n{\n", found.start()) + 3
    above = re.search(r"(?:/\*(?:(?!\*/)[\s\S])*\*/\n)$", text[:found.start()])
    start = above.start() if above else found.start()
    return start, found.start(), body, found.end()


def take_out_nasm(text, name, instead, path):
    """The text without the lines from the label to the next section."""
    found = re.search(r"^%s:\n((?:.*\n)*?)(?=\nsection )" % re.escape(name),
                      text, re.MULTILINE)
    if found is None:
        raise vm.Failure("%s has no %s: bring lab.toml up to date" % (path,
                                                                      name))
    lines = "".join("\t%s\n" % line for line in instead.split("\n") if line)
    return text[:found.start(1)] + YOURS_NASM + lines + text[found.end(1):]


def take_out(text, name, instead, path="the file"):
    """The text without the body of this function."""
    if path.endswith(".asm"):
        return take_out_nasm(text, name, instead, path)
    place = function_at(text, name)
    if place is None:
        raise vm.Failure("%s has no function %s(): bring lab.toml up to date" %
                         (path, name))
    above, _, body, end = place
    if instead is False:
        return text[:above] + text[end:].lstrip("\n")
    lines = "".join("\t%s\n" % line for line in instead.split("\n") if line)
    return text[:body] + YOURS + lines + text[end - 2:]


def skeleton(lab):
    """{path: text} of the lab's files without the bodies."""
    made = {}
    for path, bodies in lab.bodies.items():
        text = read(path).decode()
        if YOURS not in text and YOURS_NASM not in text:   # a student's tree
            for name, instead in bodies.items():
                text = take_out(text, name, instead, path)
        made[path] = text
    return made


# ---- Trees ----------------------------------------------------------------

def files_below(folder):
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            yield os.path.relpath(os.path.join(where, name), vm.ROOT)


def tree_files(without):
    """The files of the tree, without these and without a user's programs."""
    found = [path for path in FILES if os.path.exists(
        os.path.join(vm.ROOT, path))]
    for folder in FOLDERS:
        found += [path for path in files_below(os.path.join(vm.ROOT, folder))
                  if not path.startswith(without) and not vm.is_added(path)]
    return found


def read(path):
    with open(os.path.join(vm.ROOT, path), "rb") as file:
        return file.read()


def write_changed(path, data):
    """Write a file; a file that is as wanted stays as old as it is."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read() == data:
                return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def copy_tree(to, without, keep=()):
    """Bring a copy of the tree up to date, but for the files to keep."""
    wanted = set(tree_files(without))
    for folder in FOLDERS:
        for where, _, names in os.walk(os.path.join(to, folder)):
            for name in names:
                path = os.path.relpath(os.path.join(where, name), to)
                if path not in wanted and path not in keep:
                    os.remove(os.path.join(to, path))
    for path in wanted - set(keep):
        from_path, to_path = os.path.join(vm.ROOT, path), os.path.join(to, path)
        is_there = os.path.exists(to_path)
        if is_there and filecmp.cmp(from_path, to_path, shallow=False):
            continue
        os.makedirs(os.path.dirname(to_path), exist_ok=True)
        # A changed file is newer than the files made from it.
        (shutil.copy if is_there else shutil.copy2)(from_path, to_path)


def hide_tests(folder):
    """Take the hidden tests out of each lab.toml of a tree."""
    for path in glob.glob(folder + "/docs/labs/*/lab.toml"):
        head, *tests = read(os.path.abspath(path)).split(b"\n[[test]]\n")
        write_changed(path, b"\n[[test]]\n".join([head] + [
            test for test in tests if b"\nhidden = true\n" not in test]))


def make_lab(lab, folder):
    """A tree to work in. A student's files in the tree stay."""
    is_new = not os.path.exists(folder)
    copy_tree(folder, SECRET, () if is_new else lab.files)
    hide_tests(folder)
    if is_new:
        vm.copy_build(folder)
        for path, text in skeleton(lab).items():
            write_changed(os.path.join(folder, path), text.encode())
    print("Lab %d, %s: %s\nThe task: %s\nYour files: %s\nThe points: "
          "make -C %s grade N=%d" % (
              lab.number, lab.title,
              folder if is_new else folder + " (your files stay)",
              os.path.join(folder, lab.folder, "README.md"),
              " ".join(lab.files), folder, lab.number))


MISSING = """In this tree the bodies of lab %s are missing, for you to write:
%s.
%sThe other parts of this text describe the whole kernel. The tasks:
[docs/labs](docs/labs/README.md).

"""
NO_BOOT = """The machine stops at its first switch until lab 1 is written.
Then a call without its body fails with `ENOSYS`.
"""
NO_CALLS = """The kernel boots, and a call without its body fails with `ENOSYS`.
"""


def note_in_readme(labs, folder):
    """Say at the top of the tree's README.md what the tree lacks."""
    path = os.path.join(folder, "README.md")
    lacking = [lab for lab in labs if lab.number != 10]
    if not lacking:
        return
    title, rest = read(os.path.abspath(path)).decode().split("\n", 1)
    note = MISSING % (
        ", ".join(str(lab.number) for lab in lacking),
        ", ".join(lab.title.lower() for lab in lacking),
        NO_BOOT if lacking[0].number == 1 else NO_CALLS)
    write_changed(path, "\n\n".join(
        (title, note.strip(), rest.lstrip("\n"))).encode())


def student_tree(labs, folder="build/student"):
    shutil.rmtree(os.path.join(vm.ROOT, folder), ignore_errors=True)
    copy_tree(folder, SECRET)
    hide_tests(folder)
    for lab in labs:
        for path, text in skeleton(lab).items():
            write_changed(os.path.join(folder, path), text.encode())
    note_in_readme(labs, folder)
    print("%s: without the bodies of lab %s%s" % (
        folder, ", ".join(str(lab.number) for lab in labs),
        ". It does not boot before lab 1 is written; N=3 takes out lab 3 "
        "alone" if any(lab.number == 1 for lab in labs) else ""))


# ---- Gradescope -----------------------------------------------------------

SETUP = """#!/usr/bin/env bash
# setup.sh - what Gradescope's machine needs, once.
apt-get update && apt-get install -y gcc-i686-linux-gnu nasm make git \\
	qemu-system-x86 python3
cd /autograder/source/parley &&
find tools -type f -exec chmod +x {} + && # not every unzip keeps the modes
make -j2
"""
RUN = """#!/usr/bin/env bash
# run_autograder - grade a submission: the lab's files, alone or in a tree.
cd /autograder/source/parley &&
python3 tools/grade.py -q -g /autograder/results/results.json %d \\
	/autograder/submission
"""


def gradescope(lab):
    name = os.path.join(vm.ROOT, "build/lab-%d.zip" % lab.number)
    other = tuple("%s/%s/" % (TEACHER, one.name) for one in all_labs()
                  if one.number != lab.number)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in tree_files(UNUSED + other):
            archive.write(os.path.join(vm.ROOT, path), "parley/" + path)
        for path, text in (("setup.sh", SETUP),
                           ("run_autograder", RUN % lab.number)):
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    print("%s: upload it as the autograder of lab %d" % (name, lab.number))


def main(words):
    os.chdir(vm.ROOT)
    what, rest = (words + ["list"])[0], words[1:]
    if what == "lab" and rest:
        lab = lab_of(rest[0])
        make_lab(lab, rest[1] if len(rest) > 1 and rest[1] else
                 "build/labs/%d" % lab.number)
    elif what == "student-tree":
        student_tree([lab_of(word) for word in rest] or all_labs())
    elif what == "gradescope" and rest:
        gradescope(lab_of(rest[0]))
    elif what == "list":
        for lab in all_labs():
            print("%d  %-10s %s" % (lab.number, lab.name, lab.title))
    else:
        print(__doc__.strip())
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except vm.Failure as failure:
        sys.exit("labs: %s" % failure)
