/*
 * fork.c - fork(), with threads.
 *
 * The child has one thread, the caller. The caller takes libc's own locks
 * around the call, so that the child's memory holds no half-done work of
 * another thread. Weak references leave out the parts that a program does not
 * use.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "libc/pthread/thread.h"

pid_t __fork(void);

#pragma weak __threads_after_fork
__attribute__((weak)) void __malloc_hold(bool holds);
__attribute__((weak)) void __files_after_fork(void);
__attribute__((weak)) void __aio_after_fork(void);
__attribute__((weak)) void __atfork_run(int when);

enum { BEFORE, IN_PARENT, IN_CHILD };

static void hold(bool holds)
{
	if (__threaded && __malloc_hold)
		__malloc_hold(holds);
}

/* The child has no ceiling, and the kernel knows no list of its locks. A page
 * not written is not copied. */
static void begin_child(struct __pthread *self)
{
	if (self->had_ceilings)
		memset(self->ceilings, 0, sizeof(self->ceilings));
	if (self->tid)
		self->tid = 0;
	if (!self->locks_are_known)
		return;
	self->locks = (struct futex_list){ 0, 0, 0 };
	self->locks_are_known = false;
}

pid_t fork(void)
{
	int error;
	pid_t pid;

	if (__atfork_run)
		__atfork_run(BEFORE);
	hold(true);
	pid = __fork();
	error = errno;
	if (pid == 0)
		begin_child(__self());
	hold(false);
	if (pid == 0 && __threaded && __threads_after_fork)
		__threads_after_fork();
	if (pid == 0 && __threaded && __files_after_fork)
		__files_after_fork();
	if (pid == 0 && __aio_after_fork)
		__aio_after_fork();
	if (__atfork_run)
		__atfork_run(pid == 0 ? IN_CHILD : IN_PARENT);
	if (pid < 0)
		errno = error;
	return pid;
}

pid_t vfork(void)
{
	return fork();
}
