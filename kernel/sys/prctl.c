/* prctl.c - the system call for small facts of a process and its threads. */
#include "kernel/abi/prctl.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

_Static_assert(sizeof(((struct task *)NULL)->name) == PR_NAME_BYTES,
	       "prctl(2) says how long a name is");

/* A longer name is cut. As in the name of a program, each byte that is not
 * printable becomes a '?': a name forges no line of a report. The name of the
 * first thread is the process's. */
static long set_name(uaddr_t from)
{
	struct task *task = task_current();
	char name[PR_NAME_BYTES] = "";
	ssize_t bytes = copy_string_from_user(name, from, sizeof(name));

	if (bytes < 0 && bytes != -EFAULT)	/* too long */
		bytes = copy_from_user(name, from, sizeof(name) - 1);
	if (bytes < 0)
		return bytes;
	name[sizeof(name) - 1] = '\0';
	make_printable(name);
	strlcpy(task->name, name, sizeof(task->name));
	if (task->id == task->process->id)
		strlcpy(task->process->name, name, sizeof(task->process->name));
	return 0;
}

static long get_name(uaddr_t to)
{
	char name[PR_NAME_BYTES];

	memset(name, 0, sizeof(name));
	strlcpy(name, task_current()->name, sizeof(name));
	return copy_to_user(to, name, sizeof(name));
}

static long set_death_signal(unsigned long n)
{
	if (n >= NSIG)
		return -EINVAL;
	process_current()->death_signal = n;
	return 0;
}

static long put_int(uaddr_t to, int n)
{
	return copy_to_user(to, &n, sizeof(n));
}

long sys_prctl(int option, unsigned long argument)
{
	struct process *process = process_current();

	switch (option) {
	case PR_SET_PDEATHSIG:
		return set_death_signal(argument);
	case PR_GET_PDEATHSIG:
		return put_int(argument, process->death_signal);
	case PR_SET_CHILD_SUBREAPER:
		process->takes_orphans = argument;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_int(argument, process->takes_orphans);
	case PR_SET_NAME:
		return set_name(argument);
	case PR_GET_NAME:
		return get_name(argument);
	default:
		return -EINVAL;
	}
}
