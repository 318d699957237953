/*
 * signalfd.c - signals to read from a descriptor, and to poll for.
 *
 * The object holds only a mask. A read takes the pending signals of the reading
 * task. The reader should block these signals, or a handler takes them first.
 *
 * Processes can share a signalfd, and each process reads its own signals. So a
 * reader does not wait in a queue of the object. The reader waits in the queue
 * of its process for signals, as a task in sigtimedwait(2) does. A signal wakes
 * the readers of the receiving process only, however many signalfds there are.
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
	sigset_t mask;			/* [P] */
};

_Static_assert(sizeof(struct signalfd_siginfo) == 128, "as on Linux");

static struct pool signalfd_pool = POOL("signalfd", sizeof(struct signalfd));

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
	sigset_t pending = task->signals.pending.set |
			   task->process->signals.pending.set;

	return pending & signalfd_of(file)->mask ? POLLIN : 0;
}

/* If a signal pends, clear the buffer first: a bad address then takes no
 * signal. */
static ssize_t signalfd_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct signalfd_siginfo record;
	const siginfo_t *info;
	size_t done;

	if (bytes < sizeof(record))
		return -EINVAL;
	for (done = 0; done + sizeof(record) <= bytes; done += sizeof(record)) {
		if (!signalfd_poll(file))
			break;
		if (clear_user(to + done, sizeof(record)) != 0)
			return done ? (ssize_t)done : -EFAULT;
		info = signal_take(task_current(), signalfd_of(file)->mask);
		record = to_record(info);
		if (copy_to_user(to + done, &record, sizeof(record)) != 0)
			return -EFAULT;
	}
	return done ? (ssize_t)done : -EAGAIN;
}

static struct wait_queue *signalfd_queue(struct open_file *file, int end)
{
	(void)file;
	(void)end;
	return &process_current()->signals.arrivals;
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
	pool_free(&signalfd_pool,
		  CONTAINER_OF(object, struct signalfd, object));
}

static const struct object_ops signalfd_ops = {
	.kind = "signalfd",
	.read = signalfd_read,
	.poll = signalfd_poll,
	.queue = signalfd_queue,
	.stat = signalfd_stat,
	.destroy = signalfd_destroy,
};

struct object *signalfd_create(sigset_t mask)
{
	struct signalfd *signalfd = pool_alloc(&signalfd_pool);

	if (!signalfd)
		return NULL;
	object_init(&signalfd->object, &signalfd_ops);
	signalfd->mask = mask;
	return &signalfd->object;
}

int signalfd_set_mask(struct open_file *file, sigset_t mask)
{
	if (file->object->ops != &signalfd_ops)
		return -EINVAL;
	signalfd_of(file)->mask = mask;
	wait_wake_all(&process_current()->signals.arrivals);
	return 0;
}
