#!/usr/bin/env python3
"""gather.py - guide, manual, READMEs and source as one folder of HTML.

usage: gather.py FOLDER KERNEL INITRD	KERNEL and INITRD run in the pages

The folder mirrors the tree: docs/guide/01-processes.md becomes
docs/guide/01-processes.html, kernel/main.c becomes kernel/main.c.html, and the
README.md of a folder its index.html. So relative links stay unchanged. The
pages need no network and no server.

This file only gathers the texts. mandoc renders the manual; markdown-it,
highlight.js and minisearch, from npm, do the rest in build.mjs.
"""
import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import compiler                                             # noqa: E402
import mkinitrd                                             # noqa: E402
import sources                                              # noqa: E402
import trace_facts                                          # noqa: E402

PACKAGES = os.path.join(sources.ROOT, "build/web-packages")
LOCK = "package-lock.json"
HIGHLIGHTED = (".c", ".h", ".asm", ".def", ".ld", ".py", ".sh", ".cfg", ".mk",
               ".mjs", ".js", ".css", ".json", ".cases", ".patch", ".yml")


def tool(name):
    """A tool without an ending, as a module."""
    loader = importlib.machinery.SourceFileLoader(
        name, os.path.join(sources.ROOT, "tools", name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


exhibit = sys.modules["exhibit"] = tool("exhibit")
import kernels                                              # noqa: E402
import levels                                               # noqa: E402


def complaint():
    """The reason why the pages cannot be made, in a line; None: no obstacle."""
    missing = [name for name in ("node", "mandoc") if not shutil.which(name)]
    if missing:
        return "%s not found" % " and ".join(missing)
    installed = os.path.join(PACKAGES, LOCK)
    if not os.path.exists(installed) or sources.read(installed) != \
            sources.read(os.path.join(HERE, LOCK)):
        return "the packages of npm are not installed"
    return None


def is_text(path):
    """Does the file get a page of its own?"""
    if path.endswith(HIGHLIGHTED):
        return True
    if "." in os.path.basename(path).lstrip("."):
        return False
    return b"\0" not in exhibit.read(os.path.join(sources.ROOT, path))


def manual_pages():
    """The pages of the manual, rendered by mandoc."""
    manual = tool("manual")
    for page in manual.all_pages():
        yield {"path": page.path, "section": page.section,
               "shelf": manual.SECTIONS[page.section], "names": page.names,
               "title": "%s(%s)" % (page.name, page.section),
               "about": page.about,
               "body": manual.mandoc(page, "-Thtml", "-Ofragment,"
                                     "man=../man%S/%N.%S.html")}


def gather():
    """All facts about the tree for build.mjs."""
    paths = sources.files()
    pages = [path for path in paths if path.startswith("docs/man/man")]
    rest = [path for path in paths if path not in set(pages)]
    return {
        "root": sources.ROOT,
        "packages": PACKAGES,
        "documents": [path for path in rest if path.endswith(".md")],
        "pictures": [path for path in rest if path.endswith((".svg", ".png"))],
        "sources": [path for path in rest if is_text(path)],
        "programs": compiler.programs(rest),
        "manual": list(manual_pages()),
        "tables": trace_facts.tables_of(rest),
        "functions": {name: places[0] for name, places
                      in sources.functions(rest).items()},
    }


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def node(script, facts, *words):
    subprocess.run(["node", os.path.join(HERE, script), *words],
                   input=json.dumps(facts), encoding="utf-8", check=True)


def build(folder, kernel, initrd):
    why = complaint()
    if why:
        print("web: %s. Run: make deps-web" % why, file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    image = bytearray(exhibit.read(initrd))
    tcc = compiler.folder()
    museum = kernels.make(kernel)
    with tempfile.TemporaryDirectory() as work:
        facts = dict(gather(), levels=levels.make(image, work),
                     kernels=museum,
                     compiler=compiler.licence(folder) if tcc else None)
        node("build.mjs", facts, folder)
        machines = {"packages": PACKAGES, "kernel": kernel,
                    "folder": os.path.join(folder, "web"), "museum": museum,
                    "image": write(work + "/image", image)}
        if tcc:
            mkinitrd.add_folder(image, tcc, "")
            machines["with_tcc"] = write(work + "/image-with-tcc", image)
        node("state.mjs", machines)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    try:
        sys.exit(build(*sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)              # the program told the reason
