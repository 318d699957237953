/* ktrace.c - the system call that switches the kernel's trace on and off. */
#include "kernel/abi/ktrace.h"

#include "kernel/abi/errno.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"
#include "kernel/task/trace.h"

/* The trace shows every user's tasks: only root may switch the trace. */
long sys_ktrace(int kinds)
{
	long before = trace_kinds;

	if (kinds & ~KTRACE_ALL)
		return -EINVAL;
	if (!user_is_root(process_current()))
		return -EPERM;
	if (TRACE_EVENTS == 1)		/* the measured build */
		return -ENOSYS;
	trace_begin(kinds);
	return before;
}
