/*
 * lock.c - one thread at a time uses a file; with repeated locks.
 *
 * The list of files has a lock too. The owner of a file may lock the list. The
 * owner of the list may only try to lock a file.
 */
#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"
#include "libc/stdio/file.h"

static bool is_owner(const FILE *file)
{
	unsigned holder = __atomic_load_n(&file->lock, __ATOMIC_RELAXED);

	return (holder & FUTEX_OWNER_MASK) == (unsigned)__self_tid();
}

void __file_lock(FILE *file)
{
	if (is_owner(file))
		file->depth++;
	else
		__lock_take(&file->lock);
}

void __file_unlock(FILE *file)
{
	if (file->depth > 0)
		file->depth--;
	else
		__lock_give(&file->lock);
}

void __file_unlock_all(FILE *file)
{
	file->depth = 0;
	if (is_owner(file))
		__lock_give(&file->lock);
}

static bool try(FILE *file)
{
	if (is_owner(file)) {
		file->depth++;
		return true;
	}
	return __sync_bool_compare_and_swap(&file->lock, 0,
					    (unsigned)__self_tid());
}

/* Without waiting: false if a different thread uses the file. */
bool __file_try(FILE *file)
{
	return !__threaded || try(file);
}

/* The program's own use counts before there are threads, too: a thread may be
 * created while the file is locked. */
void flockfile(FILE *file)
{
	__file_lock(file);
}

int ftrylockfile(FILE *file)
{
	return try(file) ? 0 : -1;
}

/* A cancelled thread may have no lock any more: __file_unlock_all(). */
void funlockfile(FILE *file)
{
	if (is_owner(file))
		__file_unlock(file);
}
