/* sigevent.c - the notice that a program asks for in a struct sigevent. */
#include "kernel/sys/sigevent.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* [own] A struct sigevent as libc's stubs pass it. */
struct user_event {
	int notify;
	int signal;
	uaddr_t value;
	pid_t thread;			/* of SIGEV_THREAD_ID */
};

/* The thread that the kind of event means; 0: any; -EINVAL. */
static pid_t find_thread(const struct user_event *event)
{
	const struct task *task = task_current();

	switch (event->notify) {
	case SIGEV_NONE:
	case SIGEV_SIGNAL:
		return 0;
	case SIGEV_THREAD_ID:
		task = id_task(event->thread);
		if (!task || task->process != process_current())
			return -EINVAL;
		return task->id;
	case SIGEV_THREAD:
		return task->id;
	default:
		return -EINVAL;
	}
}

int sigevent_fetch(uaddr_t from, struct sigevent_wish *wish)
{
	struct user_event event;

	if (copy_from_user(&event, from, sizeof(event)) != 0)
		return -EFAULT;
	*wish = (struct sigevent_wish){ .task = find_thread(&event),
					.kind = event.notify };
	wish->value.sival_ptr = (void *)(uintptr_t)event.value;
	if (wish->task < 0)
		return wish->task;
	if (event.notify == SIGEV_NONE)
		return 0;
	wish->signal = event.signal;
	return event.signal <= 0 || event.signal >= NSIG ? -EINVAL : 0;
}
