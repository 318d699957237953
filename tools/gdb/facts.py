"""facts.py - what is to be known of tasks, processes, objects and names.

Each function takes a Kernel (values.py) and follows the kernel's own structs,
as the files of kernel/fs/proc* do inside.
"""
KERNEL_BASE = 0xc0000000
PAGE_FRAME = 0xfffff000
FOREVER = (1 << 64) - 1


def tasks(kernel):
    """All tasks; none before initialise_multitasking()."""
    return kernel.list(kernel["task_list"], "task", "all")


def processes(kernel):
    return kernel.list(kernel["process_list"], "process", "all")


def objects(kernel):
    return kernel.list(kernel["object_list"], "object", "all")


def find_task(kernel, number):
    return next((task for task in tasks(kernel)
                 if int(task["id"]) == number), None)


def task_name(task):
    return task["name"].string()


def process_name(task):
    """Of the program that a task belongs to; None for a kernel task."""
    return task["process"]["name"].string() if task["process"] else None


def label(task):
    return "%s(%d)" % (task_name(task), int(task["id"]))


def state_name(kernel, task):
    return kernel["task_state_name"][int(task["state"])].string()


def is_blocked(kernel, task):
    return int(task["state"]) == kernel.enum("task_state")["TASK_BLOCKED"]


def current(kernel):
    """The task that cpu.current says, or None during the boot."""
    return kernel["cpu"]["current"].target() if kernel["cpu"]["current"] \
        else None


def task_of_stack(kernel, sp):
    """The task on whose kernel stack the address lies, or None."""
    for task in tasks(kernel):
        if int(task["stack"]) <= sp <= int(task["stack_top"]):
            return task
    return None


def task_running(kernel, sp):
    """The task that the processor is on. Around switch_to_task() cpu.current
    is the next one already, but the stack is still the last one's."""
    if sp >= KERNEL_BASE:
        task = task_of_stack(kernel, sp)
        if task:
            return task
    return current(kernel)


def saved_registers(kernel, task):
    """Of a task that does not run: as switch_to_task() has left its stack, see
    arch/i686/switch.asm."""
    sp = int(task["esp"])
    words = [int.from_bytes(kernel.read(sp + 4 * i, 4), "little")
             for i in range(5)]
    values = dict(zip(("ebp", "edi", "esi", "ebx", "eip"), words))
    values["esp"] = sp + 20
    return values


def regions(kernel, task):
    """Of the program that a task belongs to."""
    if not task["process"] or not task["process"]["space"]:
        return []
    return kernel.list(task["process"]["space"]["regions"], "region", "node")


def region_of(kernel, task, address):
    return next((region for region in regions(kernel, task)
                 if int(region["start"]) <= address < int(region["end"])),
                None)


def walk(kernel, task, address):
    """Where a user address of this task lies in the kernel's own map, or None:
    three levels of page tables, as the processor walks them."""
    if not task["space"]:
        return None
    table = int(task["space"]["root_pa"])
    for shift in (30, 21, 12):
        entry = kernel.read(KERNEL_BASE + table + 8 * (address >> shift & 511),
                            8)
        entry = int.from_bytes(entry, "little")
        if not entry & 1:
            return None
        table = entry & PAGE_FRAME
    return KERNEL_BASE + table + address % 4096


# ---- Names of objects -----------------------------------------------------

def node_path(node):
    """The path of a node of the file tree; "" when it has no name."""
    parts = []
    while node["parent"]:
        parts.insert(0, node["name"].string())
        node = node["parent"]
    return "/" + "/".join(parts) if parts else ""


def object_kind(thing):
    return thing["ops"]["kind"].string()


def name_in_ipc(kernel, kind, thing):
    """The path of an object with a name under /ipc/KIND, or ""."""
    for directory in kernel.list(kernel["ipc"]["children"], "node", "sibling"):
        if directory["name"].string() != kind:
            continue
        for node in kernel.list(directory["children"], "node", "sibling"):
            if int(node["data"]) == thing.address:
                return node_path(node)
    return ""


def object_name(kernel, thing):
    """A path, or KIND:NUMBER, as object_describe() in the kernel."""
    kind = object_kind(thing)
    name = ""
    if kind in ("mailbox", "mqueue"):
        name = name_in_ipc(kernel, kind, thing)
    elif kind == "fifo":
        name = node_path(kernel.at(thing.address, "fifo")["node"])
    elif kind in ("file", "directory"):
        name = node_path(kernel.at(thing.address, "node"))
    elif kind == "futex":
        word = kernel.at(thing.address, "futex")["address"]
        name = "futex:0x%x" % int(word)
    elif kind == "inbox":
        name = "inbox:%d" % int(kernel.at(thing.address, "mailbox")["owner"])
    return name or "%s:%d" % (kind, int(thing["id"]))


def object_label(kernel, thing):
    """For a sentence: mailbox "jobs", pipe 12."""
    kind, name = object_kind(thing), object_name(kernel, thing)
    if name.startswith("/"):
        return '%s "%s"' % (kind, name.split("/")[-1])
    return "%s %s" % (kind, name.split(":", 1)[-1])


def find_object(kernel, name):
    """By number, path, or the last part of a path; None: there is none."""
    for thing in objects(kernel):
        full = object_name(kernel, thing)
        if name in (str(int(thing["id"])), full, full.split("/")[-1]):
            return thing
    return None


# ---- Descriptors ----------------------------------------------------------

def open_files(process):
    """(descriptor, open file) of a process, which may have ended."""
    if not process["descriptors"]:
        return
    table = process["descriptors"]
    for fd in range(int(table["capacity"])):
        if table["files"][fd]:
            yield fd, table["files"][fd]


def can_read(file):
    return int(file["flags"]) & 3 != 1


def can_write(file):
    return int(file["flags"]) & 3 != 0
