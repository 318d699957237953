"""compiler.py - tcc for the machine of the pages, below build/web-compiler.

The port of tcc, tools/ports/tcc, is built once for a libc. The image of
`make run` stays as it is.
"""
import hashlib
import os
import re
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]
import sources                                              # noqa: E402
from sources import ROOT                                    # noqa: E402

FOLDER = os.path.join(ROOT, "build/web-compiler")
# Where the machine has the program of a file.
PLACES = ((r"user/(\w+)\.c$", "/bin/"),
          (r"docs/guide/programs/([\w-]+)\.c$", "/guide/"),
          (r"docs/museum/([\w-]+)/(bug|cure|show)\.c$", "/museum/"))


def made_for():
    """What a compiler must be built for again: libc and recipe."""
    digest = hashlib.sha256()
    for path in ("build/sdk/lib/libc.a", "tools/ports/tcc"):
        with open(os.path.join(ROOT, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def folder():
    """The files of tcc for the image; None: there is no compiler."""
    stamp = os.path.join(FOLDER, "made-for")
    wanted = made_for()
    if not os.path.exists(stamp) or open(stamp).read() != wanted:
        said = subprocess.run(["tools/port", "-o", "web-compiler", "tcc"],
                              cwd=ROOT, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT)
        if said.returncode or not os.path.exists(FOLDER + "/tcc/root/bin/tcc"):
            print("web: no compiler in the pages:\n" + said.stdout,
                  file=sys.stderr)
            return None
        with open(stamp, "w") as file:
            file.write(wanted)
    return os.path.join(FOLDER, "tcc/root")


def licence(site):
    """The compiler in the pages, as the page of licences shows it. Its source,
    unchanged, becomes a file of the site."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    source = os.path.join(cache, "parley/source-tcc")
    os.makedirs(os.path.join(site, "web"))
    with tarfile.open(os.path.join(site, "web/tcc-source.tar.gz"), "w:gz") as \
            archive:
        archive.add(source, "tcc")
    return {"name": "tcc",
            "version": sources.read(source + "/VERSION").strip(),
            "license": "LGPL-2.1-or-later",
            "about": "The compiler in the machine is a file of its own, "
            "<code>compiler.js</code>. <a href=\"tcc-source.tar.gz\">Its source"
            "</a> is built, unchanged, by <a href=\"../tools/ports/tcc.html\">"
            "<code>tools/ports/tcc</code></a>.",
            "text": sources.read(source + "/COPYING")}


def programs(paths):
    """{name: {path, text, place}} of the programs that are one file: the pages
    edit them."""
    found = {}
    for path in paths:
        for pattern, folder in PLACES:
            match = re.match(pattern, path)
            text = sources.read(path) if match else "#include \""
            if '#include "' in text:
                continue
            name = match.group(1) + ("-cured" if path.endswith("/cure.c")
                                     else "")
            found[name] = {"path": path, "text": text, "place": folder + name}
    return found
