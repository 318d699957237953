#!/usr/bin/env python3
"""image.py - the first file tree: data on pages, the same bytes each time."""
import os
import subprocess
import sys
import tarfile
import tempfile

PAGE = 4096
count = failures = 0


def ok(condition, name):
    global count, failures
    count += 1
    failures += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, name))


def make(folder, sizes):
    words = []
    for size in sizes:
        path = "%s/%d" % (folder, size)
        with open(path, "wb") as file:
            file.write(bytes(size))
        words.append("bin/f%d=%s" % (size, path))
    image = folder + "/image"
    subprocess.run([sys.executable, "tools/mkinitrd.py", image, "tmp/"] +
                   words, check=True)
    return image


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    # Sizes around each number of blocks, so that every gap occurs.
    sizes = [0, 1] + [512 * n + d for n in range(1, 17) for d in (-1, 0, 1)]
    with tempfile.TemporaryDirectory() as folder:
        image = make(folder, sizes)
        with open(image, "rb") as file:
            first = file.read()
        with tarfile.open(image) as tar:
            members = tar.getmembers()
        again = make(folder, sizes)
        with open(again, "rb") as file:
            second = file.read()
    files = {member.name: member for member in members if member.isfile()}
    ok(all(member.offset_data % PAGE == 0 for member in files.values()
           if member.size), "data_of_every_file_begins_a_page")
    ok(all(files["bin/f%d" % size].size == size for size in sizes),
       "every_size_is_kept")
    ok({m.name for m in members if m.isdir()} == {"bin", "tmp"},
       "folders_on_the_way_are_made")
    ok(first == second, "same_input_gives_the_same_bytes")
    ok(len(first) % PAGE == 0, "image_ends_on_a_page")
    print("1..%d" % count)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
