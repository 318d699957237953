/* system.c - the system calls about the system: name, limits, end. */
#include "kernel/abi/system.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/sysconf.h"
#include "kernel/dev/card.h"
#include "kernel/fs/fs.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/sys/hang.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/system.h"
#include "kernel/task/process.h"
#include "kernel/task/trace.h"

#define CLOCK_TICKS	100	/* of times(), a second */

char machine_name[sizeof(((struct utsname *)NULL)->nodename)] = "parley";

long sys_uname(uaddr_t to)
{
	struct utsname name;

	memset(&name, 0, sizeof(name));
	strlcpy(name.sysname, "Parley", sizeof(name.sysname));
	strlcpy(name.nodename, machine_name, sizeof(name.nodename));
	strlcpy(name.release, PARLEY_VERSION, sizeof(name.release));
	strlcpy(name.version, "teaching kernel", sizeof(name.version));
	strlcpy(name.machine, "i686", sizeof(name.machine));
	return copy_to_user(to, &name, sizeof(name));
}

/* The name in one step, and without a NUL in the middle or at the end. */
long sys_sethostname(uaddr_t from, size_t bytes)
{
	char name[sizeof(machine_name)];

	if (!user_is_root(process_current()))
		return -EPERM;
	if (bytes >= sizeof(name))
		return -EINVAL;
	memset(name, 0, sizeof(name));
	if (copy_from_user(name, from, bytes) != 0)
		return -EFAULT;
	memcpy(machine_name, name, sizeof(name));
	return 0;
}

long sys_sysconf(int name)
{
	switch (name) {
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_CHILD_MAX:
		return process_limit(process_current(), RLIMIT_NPROC);
	case _SC_CLK_TCK:
		return CLOCK_TICKS;
	case _SC_OPEN_MAX:
		return process_limit(process_current(), RLIMIT_NOFILE);
	case _SC_MQ_OPEN_MAX:
		return MQ_OPEN_MAX;
	case _SC_MQ_PRIO_MAX:
		return MQ_PRIO_MAX;
	case _SC_SEM_VALUE_MAX:
		return SEM_VALUE_MAX;
	case _SC_MAILBOX_MESSAGE_BYTES_MAX:
		return MAILBOX_MESSAGE_BYTES_MAX;
	case _SC_MAILBOX_BYTES_MAX:
		return MAILBOX_BYTES_MAX;
	case _SC_USER_BYTES_MAX:
		return USER_BYTES_MAX;
	case _SC_INBOX_SENDER_BYTES_MAX:
		return INBOX_SENDER_BYTES_MAX;
	case _SC_PAGESIZE:
		return PAGE_SIZE;
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return 1;
	case _SC_PHYS_PAGES:
		return frame_total;
	case _SC_AVPHYS_PAGES:
		return frame_count[FRAME_FREE];
	case _SC_HOST_NAME_MAX:
		return sizeof(((struct utsname *)0)->nodename) - 1;
	}
	return -EINVAL;
}

/* ---- The end ------------------------------------------------------------ */

void system_end(int how, int status)
{
	card_flush();
	printk("parley: power off, status %d\n", status);
	trace_spill();
	if (how == POWER_REBOOT)
		arch_reboot();
	arch_poweroff(0);
}

long sys_poweroff(int how, int status)
{
	if (process_current() != process_init)
		return -EPERM;
	if (how != POWER_OFF && how != POWER_REBOOT)
		return -EINVAL;
	fs_end();
	system_end(how, status);
}
