"""cmd_memory.py - regions of a task, and frames of the machine."""
import facts
import names
from cmd_tasks import task_of
from shell import Complaint, command, kernel, number, say, table

# Bits of struct region, see kernel/mm/space.h.
FLAGS = ((1, "shared"), (2, "stack"), (4, "heap"), (8, "read-only"),
         (16, "no-exec"), (32, "lent"))
PROTECTION = ((1, "r"), (2, "w"), (4, "x"))
PAGE = 4096


def protection(region):
    bits = int(region["prot"])
    return "".join(letter if bits & bit else "-" for bit, letter in PROTECTION)


def source(k, region):
    """The source of the pages: a file's path, or anonymous."""
    if not region["source"]:
        return "anonymous"
    offset = k.fields("node")["source"][0]
    for struct, place in (("node", offset),
                          ("pages", k.fields("pages")["source"][0])):
        thing = k.at(int(region["source"]) - place, "object")
        if any(thing.address == other.address for other in facts.objects(k)):
            return "%s, page %d" % (names.of_object(k, thing),
                                    int(region["source_page"]))
    return "a source at %#x" % int(region["source"])


@command("regions N", "what the addresses of task N mean")
def regions(words):
    k = kernel()
    task = task_of(k, number(words, "regions N"))
    if not task["process"] or not task["process"]["space"]:
        raise Complaint("task %s has no memory of its own" % words[0])
    space = task["process"]["space"]
    rows = [("START", "END", "PAGES", "PROT", "FLAGS", "FROM")]
    for region in k.list(space["regions"]["list"], "region",
                         "node.order"):
        start, end = int(region["start"]), int(region["end"])
        flags = [word for bit, word in FLAGS if int(region["flags"]) & bit]
        rows.append(("%08x" % start, "%08x" % end, (end - start) // PAGE,
                     protection(region), ",".join(flags) or "-",
                     source(k, region)))
    table(rows, right=(2,))
    say("%d pages are present" % int(space["pages"]))


@command("frames", "physical memory by use, and the kernel's pools")
def frames(words):
    k = kernel()
    rows = [("FRAMES", "KIB", "USE")]
    total = 0
    for use in sorted(k.enum("frame_use").values()):
        if use == k.enum("frame_use")["FRAME_USES"]:
            continue
        count = int(k["frame_count"][use])
        total += count
        rows.append((count, count * PAGE // 1024,
                     k["frame_use_name"][use].string()))
    rows.append((total, total * PAGE // 1024, "in all"))
    table(rows, right=(0, 1))
    say()
    rows = [("OBJECTS", "BYTES", "PAGES", "POOL")]
    pool = k["pool_list"]
    while pool:
        rows.append((int(pool["used"]), int(pool["bytes"]),
                     int(pool["pages"]), pool["name"].string()))
        pool = pool["next"]
    table(rows, right=(0, 1, 2))
