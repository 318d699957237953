/*
 * signalfd.c - signals to read from a descriptor, and to poll for.
 *
 * The object holds only a mask. A read takes the pending signals of the reading
 * task. The reader should block these signals, or a handler takes them first.
 * All signalfds stand in one list. When a signal begins to pend for any task,
 * each signalfd with this signal in the mask wakes all readers, and each reader
 * looks for a signal.
 */
#include "kernel/ipc/signalfd.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/signalfd.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

struct signalfd {
	struct object object;		/* [P] */
	struct list_node node;		/* [P] in all */
	sigset_t mask;			/* [P] */
};

_Static_assert(sizeof(struct signalfd_siginfo) == 128, "as on Linux");

static struct pool signalfd_pool = POOL("signalfd", sizeof(struct signalfd));
static struct list all = LIST_INIT(all);

static struct signalfd *signalfd_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct signalfd, object);
}

static struct signalfd_siginfo to_record(const siginfo_t *info)
{
	struct signalfd_siginfo record;

	memset(&record, 0, sizeof(record));
	record.ssi_signo = info->si_signo;
	record.ssi_code = info->si_code;
	if (info->si_code == SI_TIMER) {
		record.ssi_overrun = info->si_overrun;
	} else {
		record.ssi_pid = info->si_pid;
		record.ssi_uid = info->si_uid;
	}
	record.ssi_status = info->si_status;
	record.ssi_int = info->si_value.sival_int;
	record.ssi_ptr = (uintptr_t)info->si_value.sival_ptr;
	record.ssi_addr = (uintptr_t)info->si_addr;
	return record;
}

static unsigned signalfd_poll(const struct open_file *file)
{
	const struct task *task = task_current();
	sigset_t pending = task->signals.pending |
			   task->process->signals.pending;

	return pending & signalfd_of(file)->mask ? POLLIN : 0;
}

/* If a signal pends, clear the buffer first: a bad address then takes no
 * signal. */
static ssize_t signalfd_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct signalfd_siginfo record;
	siginfo_t info;
	size_t done;

	if (bytes < sizeof(record))
		return -EINVAL;
	for (done = 0; done + sizeof(record) <= bytes; done += sizeof(record)) {
		if (!signalfd_poll(file))
			break;
		if (clear_user(to + done, sizeof(record)) != 0)
			return done ? (ssize_t)done : -EFAULT;
		if (!signal_take(task_current(), signalfd_of(file)->mask,
				 &info))
			break;
		record = to_record(&info);
		if (copy_to_user(to + done, &record, sizeof(record)) != 0)
			return -EFAULT;
	}
	return done ? (ssize_t)done : -EAGAIN;
}

static int signalfd_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFCHR | 0600;
	status->st_ino = object->id;
	status->st_nlink = 1;
	return 0;
}

static void signalfd_destroy(struct object *object)
{
	struct signalfd *signalfd = CONTAINER_OF(object, struct signalfd,
						 object);

	list_remove(&signalfd->node);
	pool_free(&signalfd_pool, signalfd);
}

static const struct object_ops signalfd_ops = {
	.kind = "signalfd",
	.read = signalfd_read,
	.poll = signalfd_poll,
	.stat = signalfd_stat,
	.destroy = signalfd_destroy,
};

/* A signal has begun to pend for some process. */
static void observe(struct process *process, int n)
{
	struct signalfd *signalfd;

	(void)process;
	LIST_FOR_EACH(signalfd, &all, node)
		if (signalfd->mask & SIGNAL_BIT(n))
			wait_wake_all(&signalfd->object.queue[END_READ]);
}

int signalfd_create(sigset_t mask, uint32_t flags, struct open_file **out)
{
	struct signalfd *signalfd = pool_alloc(&signalfd_pool);
	int error;

	if (!signalfd)
		return -ENOMEM;
	object_init(&signalfd->object, &signalfd_ops);
	/* Each task reads the signals of the task and of the process. */
	signalfd->object.queue[END_READ].is_chosen = true;
	signalfd->mask = mask;
	list_append(&all, &signalfd->node);
	signal_observer = observe;
	error = file_open(&signalfd->object, O_RDONLY | flags, out);
	object_put(&signalfd->object);
	return error;
}

int signalfd_set_mask(struct open_file *file, sigset_t mask)
{
	if (file->object->ops != &signalfd_ops)
		return -EINVAL;
	signalfd_of(file)->mask = mask;
	wait_wake_all(&file->object->queue[END_READ]);
	return 0;
}
