/*
 * mqueue_notice.c - a notice to a process: a message came to an empty queue.
 *
 * At most 1 process can register with a queue. A message that comes while the
 * queue is empty and no receiver waits sends the notice, and ends the
 * registration. The registration holds while the process lives and has the
 * descriptor that was used to register. The queue checks both before a use of
 * the registration, so exit, exec and close need no code for notices. A
 * registration does not keep the id of its process, since the queue may live
 * much longer. The time of the start tells the process from a later process
 * with the same id.
 * IEEE Std 1003.1-2017, mq_notify().
 */
#include "kernel/ipc/mqueue_notice.h"

#include "kernel/abi/errno.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* The process of a notice, or NULL after its end. */
static struct process *find_process(const struct mqueue_notice *notice)
{
	struct process *process = process_find(notice->process);

	return process && process->start_ns == notice->start_ns ? process
								 : NULL;
}

/* Does the registration hold? */
static bool is_registered(const struct mqueue_notice *notice)
{
	const struct process *process = find_process(notice);

	return process && process->state != PROCESS_ZOMBIE &&
	       process->descriptors &&
	       descriptors_file(process->descriptors, notice->fd) ==
	       notice->file;
}

static void send_notice(const struct mqueue_notice *notice, int code)
{
	struct process *process = find_process(notice);
	struct task *task = notice->task ? id_task(notice->task) : NULL;
	siginfo_t info = {
		.si_code = code,
		.si_pid = process_current()->id,
		.si_uid = process_current()->identity.real_user,
		.si_value = notice->value,
	};

	if (task && process && task->process == process)
		signal_send_task(task, notice->signal, &info);
	else if (!notice->task && notice->signal)
		signal_send(process, notice->signal, &info);
}

void mqueue_notify(struct mqueue_notice *notice)
{
	if (is_registered(notice))
		send_notice(notice, SI_MESGQ);
	notice->process = 0;
}

int mqueue_register(struct mqueue_notice *notice,
		    const struct mqueue_notice *wish)
{
	if (is_registered(notice))
		return -EBUSY;
	*notice = *wish;
	return 0;
}

/* A task that only waits for the notice wakes up: no notice will come. */
void mqueue_cancel_notice(struct mqueue_notice *notice)
{
	if (notice->task)
		send_notice(notice, SI_KERNEL);
	notice->process = 0;
}
