"""variables.py - the variables of a program that may hold locks.

The kernel names a lock by its variable: `mutex fork[2] of philosophers`. DWARF
says where the locks of <pthread.h> and <semaphore.h> lie in the program's own
variables, in arrays and structs too, and behind pointers. The symbols of the
ELF file name all other data, such as libc's own.

kernel/lib/variables.h describes the entries. The first entry that fits is the
right entry.
"""
import debug_info

DIRECT = 0xffffffff             # VARIABLE_DIRECT: not behind a pointer
ENTRIES_MOST = 256              # of a variable; further locks get no names
LOCKS = ("pthread_mutex_t", "pthread_cond_t", "pthread_rwlock_t",
         "pthread_barrier_t", "pthread_once_t", "sem_t")
WITH_MUTEX = ("pthread_rwlock_t", "pthread_barrier_t")
PASSED = ("const_type", "volatile_type", "atomic_type", "restrict_type")


class Lock:
    """Where a lock, or an array of them, lies in something larger."""

    def __init__(self, offset, size, name="", stride=0, count=1):
        self.offset, self.size, self.name = offset, size, name
        self.stride, self.count = stride or size, count

    def inside(self, offset, name):
        return Lock(self.offset + offset, self.size, name + self.name,
                    self.stride, self.count)


def plain(kind):
    """A type without qualifiers, which do not change the layout."""
    while kind is not None and (kind.tag in PASSED or kind.tag == "typedef" and
                                kind.name not in LOCKS):
        kind = kind.type
    return kind


def locks_in(kind, depth=0):
    """All locks in something of this type."""
    kind = plain(kind)
    if kind is None or depth > 8:
        return []
    if kind.tag == "typedef":
        whole = Lock(0, kind.type.size_in_all())
        inner = [Lock(0, 4, ".mutex")] if kind.name in WITH_MUTEX else []
        return inner + [whole]
    if kind.tag in ("structure_type", "union_type"):
        return [lock.inside(member.offset,
                            "." + member.name if member.name else "")
                for member in kind.members()
                for lock in locks_in(member.type, depth + 1)]
    if kind.tag == "array_type":
        return locks_in_array(kind, depth)
    return []


def locks_in_array(kind, depth):
    element = kind.type
    size = element.size_in_all()
    found = locks_in(element, depth + 1)
    for count in reversed(kind.counts()):
        found = [spread for lock in found
                 for spread in spread_out(lock, size, count)]
        size *= count
    return found[:ENTRIES_MOST + 1]


def spread_out(lock, size, count):
    """A lock in each element of an array: a single entry, unless the element
    needs several entries."""
    if lock.count == 1 and "[]" not in lock.name:
        return [Lock(lock.offset, lock.size, "[]" + lock.name, size, count)]
    return [lock.inside(i * size, "[%d]" % i)
            for i in range(min(count, ENTRIES_MOST + 1))]


def entries_of(variable):
    """(address, offset, size, stride, count, name) of a variable's locks."""
    kind = plain(variable.type)
    if kind is not None and kind.tag == "pointer_type":
        return [behind_pointer(variable, lock, kind.type)
                for lock in locks_in(kind.type)]
    return [(variable.address + lock.offset, DIRECT, lock.size, lock.stride,
             lock.count, variable.name + lock.name)
            for lock in locks_in(kind)]


def behind_pointer(variable, lock, target):
    """A pointer may lead to the first of several structs; the kernel writes
    `->` for the first struct."""
    if lock.count != 1:
        return (variable.address, lock.offset, lock.size, lock.stride,
                lock.count, variable.name + "->" + lock.name.lstrip("."))
    return (variable.address, lock.offset, lock.size, target.size_in_all(), 0,
            variable.name + "[]" + lock.name)


def locks_of(elf):
    found = []
    for variable in debug_info.variables(elf):
        if elf.is_data(variable.address):
            entries = entries_of(variable)
            if len(entries) <= ENTRIES_MOST:
                found += entries
    # A lock's own variable says more than a pointer to the lock.
    return sorted(found, key=lambda entry: entry[1] != DIRECT)


def variables_of(elf):
    """(address, offset, size, stride, count, name): locks first, then all data
    as a whole, where `name+` gets a distance."""
    return locks_of(elf) + [(address, DIRECT, size, size, 1, name + "+")
                            for address, size, name
                            in sorted(elf.data_symbols())]
