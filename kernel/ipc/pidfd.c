/*
 * pidfd.c - a descriptor for a process: POLLIN after the end of the process.
 *
 * So a program that polls descriptors can wait for its children in the same
 * call. A pidfd has no bytes to read: waitpid() returns the status. The
 * descriptor means this process for ever, even after a new process has got the
 * same number. All pidfds of a process are one object, so the end of a process
 * costs the same, however many pidfds there are.
 */
#include "kernel/ipc/pidfd.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

struct pidfd {
	struct object object;		/* [P] */
	pid_t process;			/* [const] */
	bool has_ended;			/* [P] */
};

static struct pool pidfd_pool = POOL("pidfd", sizeof(struct pidfd));

static struct pidfd *pidfd_of(const struct object *object)
{
	return CONTAINER_OF(object, struct pidfd, object);
}

static void tell(struct process *process)
{
	if (!process->pidfd)
		return;
	pidfd_of(process->pidfd)->has_ended = true;
	wait_wake_all(&process->pidfd->queue[END_READ]);
	process->pidfd = NULL;
}

static unsigned pidfd_poll(const struct open_file *file)
{
	return pidfd_of(file->object)->has_ended ? POLLIN : 0;
}

static void pidfd_report(const struct object *object, char *to, size_t size)
{
	const struct pidfd *pidfd = pidfd_of(object);

	snprintf(to, size, "process %d%s", pidfd->process,
		 pidfd->has_ended ? " has ended" : "");
}

static void pidfd_enders(const struct object *object,
			 const struct task *waiter, struct enders *set)
{
	const struct pidfd *pidfd = pidfd_of(object);

	(void)waiter;
	/* After the end, the number may belong to a new process. */
	if (!pidfd->has_ended)
		enders_add_process(set, process_find(pidfd->process));
}

static void pidfd_destroy(struct object *object)
{
	struct pidfd *pidfd = pidfd_of(object);

	if (!pidfd->has_ended)
		process_find(pidfd->process)->pidfd = NULL;
	pool_free(&pidfd_pool, pidfd);
}

static const struct object_ops pidfd_ops = {
	.kind = "pidfd",
	.poll = pidfd_poll,
	.report = pidfd_report,
	.enders = pidfd_enders,
	.destroy = pidfd_destroy,
};

struct object *pidfd_create(struct process *process)
{
	struct pidfd *pidfd;

	if (process->pidfd) {
		object_get(process->pidfd);
		return process->pidfd;
	}
	pidfd = pool_alloc(&pidfd_pool);
	if (!pidfd)
		return NULL;
	object_init(&pidfd->object, &pidfd_ops);
	pidfd->process = process->id;
	pidfd->has_ended = process->state == PROCESS_ZOMBIE;
	if (!pidfd->has_ended)
		process->pidfd = &pidfd->object;
	process_tell_watchers = tell;
	return &pidfd->object;
}
