/*
 * async.c - signals that tell of events at an open file.
 *
 * F_SETOWN names a process or a group, F_SETSIG a signal in place of SIGIO.
 * While O_ASYNC is on, the file has watchers in its queues, as for poll(2). A
 * wake moves the watcher to the list of one poller, and leaves deferred work:
 * so no signal is sent in the middle of a wake. The work watches the file
 * again, looks for the events of the moment, and sends the signal. Several
 * wakes before the work begins are one signal. The task that caused the event
 * does the work, and tasks may switch after each signal: a signal to a group of
 * hundreds takes the time of the user whose task wrote, and of no other user.
 *
 * The signal is sent with the rights that the caller of F_SETOWN had then. As
 * on Linux; POSIX leaves SIGIO to the systems.
 */
#include "kernel/obj/async.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/signal.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/watch.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

#define EVENTS_OF_READ	(POLLIN | POLLPRI | POLLRDHUP | POLLHUP | POLLERR)
#define EVENTS_OF_WRITE	(POLLOUT | POLLERR)

/* Whom to tell, and how. */
struct notice {				/* [P] */
	pid_t owner;			/* process, -group, or 0: none */
	uint64_t start_ns;		/* of the process */
	struct identity identity;	/* of the caller of F_SETOWN */
	int signal;			/* 0: SIGIO, without details */
	int fd;
};

struct async {				/* [P] */
	struct open_file *file;
	struct watcher watchers[2];	/* by end, while O_ASYNC is on */
	struct notice notice;
};

static struct pool async_pool = POOL("async", sizeof(struct async));
static struct poller poller = {		/* [P] no task waits for it */
	.woken = LIST_INIT(poller.woken), .work = PENDING_SIGIO,
};

/* ---- Sending ------------------------------------------------------------- */

static void send_to(struct process *process, const struct notice *notice,
		    unsigned events)
{
	siginfo_t info = { .si_code = SI_KERNEL };

	if (process->state == PROCESS_ZOMBIE ||
	    !identity_may_signal(&notice->identity, process))
		return;
	if (notice->signal) {
		info.si_code = events & POLLIN ? POLL_IN :
			       events & POLLOUT ? POLL_OUT :
			       events & POLLERR ? POLL_ERR : POLL_HUP;
		info.si_fd = notice->fd;
		info.si_band = events;
	}
	signal_send(process, notice->signal ? notice->signal : SIGIO, &info);
}

static bool has_member(pid_t group)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->group == group)
			return true;
	return false;
}

/* Tasks may switch between two members of a group. */
static void send(const struct notice *notice, unsigned events)
{
	struct process *process;
	pid_t id = 0;

	if (notice->owner > 0) {
		process = process_find(notice->owner);
		if (process && process->start_ns == notice->start_ns)
			send_to(process, notice, events);
		return;
	}
	while (notice->owner && (process = process_after(&id)) != NULL) {
		if (process->group == -notice->owner)
			send_to(process, notice, events);
		sched_point();
	}
}

static void tell(struct watcher *watcher)
{
	struct async *async = CONTAINER_OF(watcher - watcher->end, struct async,
					   watchers[0]);
	unsigned events = watcher->end == END_READ ? EVENTS_OF_READ
						   : EVENTS_OF_WRITE;
	const struct notice notice = async->notice;

	watch_again(watcher, async->file);
	events &= file_poll(async->file);
	if (events)
		send(&notice, events);	/* the file may close meanwhile */
}

/* The deferred work of PENDING_SIGIO. */
static void tell_all(void)
{
	struct list_node *node;

	while ((node = list_take_first(&poller.woken)) != NULL) {
		tell(LIST_ENTRY(node, struct watcher, node));
		/* This loop goes on: no other task needs to begin it. */
		cpu_unpend(PENDING_SIGIO);
		sched_point();
	}
}

void async_init(void)
{
	cpu_set_deferred(PENDING_SIGIO, tell_all);
}

/* ---- The calls ----------------------------------------------------------- */

/* The file's struct, made at the first use; NULL: no memory. */
static struct async *async_of(struct open_file *file)
{
	if (file->async)
		return file->async;
	file->async = pool_alloc(&async_pool);
	if (file->async)
		file->async->file = file;
	return file->async;
}

static long set_owner(struct open_file *file, pid_t owner)
{
	const struct process *process = owner > 0 ? process_find(owner) : NULL;
	struct async *async;

	if (owner == INT32_MIN)
		return -EINVAL;
	if (owner && !process && !(owner < 0 && has_member(-owner)))
		return -ESRCH;
	async = async_of(file);
	if (!async)
		return -ENOMEM;
	async->notice.owner = owner;
	async->notice.start_ns = owner > 0 ? process->start_ns : 0;
	async->notice.identity = process_current()->identity;
	return 0;
}

static long set_signal(struct open_file *file, int signal)
{
	struct async *async;

	if (signal < 0 || signal >= NSIG)
		return -EINVAL;
	async = async_of(file);
	if (!async)
		return -ENOMEM;
	async->notice.signal = signal;
	return 0;
}

long async_control(struct open_file *file, int command, long argument)
{
	switch (command) {
	case F_SETOWN:
		return set_owner(file, argument);
	case F_SETSIG:
		return set_signal(file, argument);
	case F_GETOWN:
		return file->async ? file->async->notice.owner : 0;
	case F_GETSIG:
		return file->async ? file->async->notice.signal : 0;
	default:
		return -EINVAL;
	}
}

static unsigned events_of(const struct open_file *file)
{
	return POLLIN | (file_can_write(file) ? POLLOUT : 0);
}

int async_switch(struct open_file *file, int fd, bool is_on)
{
	struct async *async;

	if (!file->object->ops->sends_signals ||
	    is_on == !!(file->flags & O_ASYNC))
		return 0;
	async = async_of(file);
	if (!async)
		return -ENOMEM;
	file->flags ^= O_ASYNC;
	async->notice.fd = fd;
	if (is_on)
		watch_file(async->watchers, &poller, file, events_of(file));
	else
		unwatch_file(async->watchers, events_of(file));
	return 0;
}

void async_end(struct async *async)
{
	if (async->file->flags & O_ASYNC)
		unwatch_file(async->watchers, events_of(async->file));
	pool_free(&async_pool, async);
}
