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
#include "kernel/ipc/mqueue.h"

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

/* The registered process, or NULL if the registration holds no more. */
static struct process *registered(const struct mqueue *queue)
{
	struct process *process = find_process(&queue->notice);

	if (!queue->notice.process || !process ||
	    process->state == PROCESS_ZOMBIE || !process->descriptors)
		return NULL;
	if (descriptors_file(process->descriptors, queue->notice.fd) !=
	    queue->notice.file)
		return NULL;
	return process;
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

void mqueue_forget_notice(struct mqueue *queue)
{
	queue->notice.process = 0;
}

void mqueue_notify(struct mqueue *queue)
{
	const struct mqueue_notice notice = queue->notice;

	if (registered(queue))
		send_notice(&notice, SI_MESGQ);
	mqueue_forget_notice(queue);
}

int mqueue_register(struct open_file *file, const struct mqueue_notice *notice)
{
	struct mqueue *queue = mqueue_of(file);

	if (registered(queue))
		return -EBUSY;
	mqueue_forget_notice(queue);
	queue->notice = *notice;
	queue->notice.file = file;
	return 0;
}

/* Wake a task that only waits for the notice: no notice will come. */
void mqueue_cancel_notice(struct mqueue *queue)
{
	const struct mqueue_notice notice = queue->notice;

	if (notice.task)
		send_notice(&notice, SI_KERNEL);
	mqueue_forget_notice(queue);
}

void mqueue_unregister(struct open_file *file, pid_t process)
{
	struct mqueue *queue = mqueue_of(file);

	if (queue->notice.process == process)
		mqueue_cancel_notice(queue);
}
