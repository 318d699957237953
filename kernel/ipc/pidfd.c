/*
 * pidfd.c - a descriptor for a process: POLLIN after the end of the process.
 *
 * So a program that polls descriptors can wait for its children in the same
 * call. A pidfd has no bytes to read: waitpid() returns the status. The
 * descriptor means this process for ever, even after a new process has got the
 * same number. All pidfds stand in a list, which an ending process searches.
 */
#include "kernel/ipc/pidfd.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

struct pidfd {
	struct object object;		/* [P] */
	struct list_node node;		/* [P] in all */
	pid_t process;			/* [const] */
	bool has_ended;			/* [P] */
};

static struct pool pidfd_pool = POOL("pidfd", sizeof(struct pidfd));
static struct list all = LIST_INIT(all);

static void tell(const struct process *process)
{
	struct pidfd *pidfd;

	LIST_FOR_EACH(pidfd, &all, node) {
		if (pidfd->has_ended || pidfd->process != process->id)
			continue;
		pidfd->has_ended = true;
		wait_wake_all(&pidfd->object.queue[END_READ]);
	}
}

static unsigned pidfd_poll(const struct open_file *file)
{
	const struct pidfd *pidfd = CONTAINER_OF(file->object, struct pidfd,
						 object);

	return pidfd->has_ended ? POLLIN : 0;
}

static void pidfd_report(const struct object *object, char *to, size_t size)
{
	const struct pidfd *pidfd = CONTAINER_OF(object, struct pidfd, object);

	snprintf(to, size, "process %d%s", pidfd->process,
		 pidfd->has_ended ? " has ended" : "");
}

static void pidfd_enders(const struct object *object,
			 const struct task *waiter, struct enders *set)
{
	const struct pidfd *pidfd = CONTAINER_OF(object, struct pidfd, object);

	(void)waiter;
	/* After the end, the number may belong to a new process. */
	if (!pidfd->has_ended)
		enders_add_process(set, process_find(pidfd->process));
}

static void pidfd_destroy(struct object *object)
{
	struct pidfd *pidfd = CONTAINER_OF(object, struct pidfd, object);

	list_remove(&pidfd->node);
	pool_free(&pidfd_pool, pidfd);
}

static const struct object_ops pidfd_ops = {
	.kind = "pidfd",
	.poll = pidfd_poll,
	.report = pidfd_report,
	.enders = pidfd_enders,
	.destroy = pidfd_destroy,
};

int pidfd_create(const struct process *process, uint32_t flags,
		 struct open_file **out)
{
	struct pidfd *pidfd = pool_alloc(&pidfd_pool);
	int error;

	if (!pidfd)
		return -ENOMEM;
	object_init(&pidfd->object, &pidfd_ops);
	pidfd->process = process->id;
	pidfd->has_ended = process->state == PROCESS_ZOMBIE;
	list_append(&all, &pidfd->node);
	process_tell_watchers = tell;
	error = file_open(&pidfd->object, O_RDONLY | flags, out);
	object_put(&pidfd->object);
	return error;
}
