"""facts.py - the facts about tasks, processes, objects, descriptors.

Each function takes a Kernel (values.py) and follows the kernel's own structs,
as the files of kernel/fs/proc* do inside.
"""
from values import PHYSICAL

KERNEL_BASE = 0xc0000000
PAGE_FRAME = 0xffffff000
DIRECT_BYTES = 0x30000000         # what the kernel maps
DESCRIPTORS_PART = 256            # numbers of a part of a table
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
    """The path of a task's program, or None for a kernel task."""
    return task["process"]["name"].string() if task["process"] else None


def label(task):
    return "%s(%d)" % (task_name(task), int(task["id"]))


def state_name(kernel, task):
    return kernel["task_state_name"][int(task["state"])].string()


def is_blocked(kernel, task):
    return int(task["state"]) == kernel.enum("task_state")["TASK_BLOCKED"]


def current(kernel):
    """The task in cpu.current, or None during the boot."""
    return kernel["cpu"]["current"].target() if kernel["cpu"]["current"] \
        else None


def task_of_stack(kernel, sp):
    """The task with this address on its kernel stack, or None."""
    for task in tasks(kernel):
        if int(task["stack"]) <= sp <= int(task["stack_top"]):
            return task
    return None


def task_running(kernel, sp):
    """The running task. Around switch_to_task() cpu.current is the next task
    already, but the stack is still that of the last task."""
    if sp >= KERNEL_BASE:
        task = task_of_stack(kernel, sp)
        if task:
            return task
    return current(kernel)


def saved_registers(kernel, task):
    """Registers of a task that does not run: saved on its stack by
    switch_to_task(), see arch/i686/switch.asm."""
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
    return kernel.list(task["process"]["space"]["regions"]["list"],
                       "region", "node.order")


def region_of(kernel, task, address):
    return next((region for region in regions(kernel, task)
                 if int(region["start"]) <= address < int(region["end"])),
                None)


def walk(kernel, task, address):
    """Where a user address of this task lies in the kernel's own map, or in
    physical memory, or None."""
    if not task["space"]:
        return None
    return walk_tables(kernel, int(task["space"]["root_pa"]), address)


def walk_tables(kernel, table, address):
    """Three levels of page tables, as the processor walks them."""
    for shift in (30, 21, 12):
        entry = kernel.read(KERNEL_BASE + table + 8 * (address >> shift & 511),
                            8)
        entry = int.from_bytes(entry, "little")
        if not entry & 1:
            return None
        table = entry & PAGE_FRAME
    if table >= DIRECT_BYTES:
        return PHYSICAL + table + address % 4096
    return KERNEL_BASE + table + address % 4096


# ---- Descriptors ----------------------------------------------------------

def open_files(process):
    """(descriptor, open file) of a process, which may have ended."""
    if not process["descriptors"]:
        return
    table, begin = process["descriptors"], 0
    while table:
        for fd in range(int(table["limit"])):
            if table["files"][fd]:
                yield begin + fd, table["files"][fd]
        table, begin = table["next"], begin + DESCRIPTORS_PART


def can_read(file):
    return int(file["flags"]) & 3 != 1


def can_write(file):
    return int(file["flags"]) & 3 != 0
