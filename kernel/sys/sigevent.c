/* sigevent.c - the notice that a program asks for in a struct sigevent. */
#include "kernel/sys/sigevent.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/task/process.h"

/* [own] A struct sigevent as libc's stubs pass it. */
struct user_event {
	int notify;
	int signal;
	uaddr_t value;
};

int sigevent_fetch(uaddr_t from, struct sigevent_wish *wish)
{
	struct user_event event;

	if (copy_from_user(&event, from, sizeof(event)) != 0)
		return -EFAULT;
	*wish = (struct sigevent_wish){ .signal = event.signal };
	wish->value.sival_ptr = (void *)(uintptr_t)event.value;
	if (event.notify == SIGEV_NONE) {
		wish->signal = 0;
		return 0;
	}
	if (event.notify == SIGEV_THREAD)
		wish->task = task_current()->id;
	else if (event.notify != SIGEV_SIGNAL)
		return -EINVAL;
	return event.signal <= 0 || event.signal >= NSIG ? -EINVAL : 0;
}
