/*
 * timerfd.c - a timer with a descriptor for reading the expiries.
 *
 * read(2) gives, in eight bytes, how often the timer has expired since the
 * last read, and waits for the first expiry. So a program that polls for events
 * can poll for a time as well, without a signal handler.
 *
 * While expiries are unread the timer is stopped: the descriptor is readable,
 * and further expiries are counted from the time that has passed. The read
 * starts the timer again. So each expiry that wakes a task was paid for by a
 * call of the program, and a timer of one nanosecond costs nothing while no
 * task reads.
 */
#include "kernel/ipc/timerfd.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/timer.h"

struct timerfd {			/* [P] */
	struct object object;
	struct timer timer;
	clockid_t clock;		/* [const] */
	uint64_t next_ns;		/* next expiry, FOREVER: none */
	uint64_t interval_ns;
	uint64_t expiries;		/* not yet read */
};

static struct pool timerfd_pool = POOL_COUNTED("timerfd",
					       sizeof(struct timerfd),
					       ACCOUNT_TIMERS);

static struct timerfd *timerfd_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct timerfd, object);
}

/* Count the expiries up to now. */
static void count_expiries(struct timerfd *timerfd)
{
	timerfd->expiries += timer_count_expiries(
		&timerfd->next_ns, timerfd->interval_ns, arch_now_ns());
}

/* Wait for the next expiry; the expiries so far have been read. */
static void start(struct timerfd *timerfd)
{
	timerfd->expiries = 0;
	if (timerfd->next_ns != FOREVER)
		timer_start(&timerfd->timer, timerfd->next_ns);
}

static void expired(struct timer *timer)
{
	struct timerfd *timerfd = CONTAINER_OF(timer, struct timerfd, timer);

	count_expiries(timerfd);
	object_wake(&timerfd->object, END_READ);
}

static ssize_t timerfd_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct timerfd *timerfd = timerfd_of(file);

	if (bytes < sizeof(timerfd->expiries))
		return -EINVAL;
	count_expiries(timerfd);
	if (timerfd->expiries == 0)
		return -EAGAIN;
	if (copy_to_user(to, &timerfd->expiries,
			 sizeof(timerfd->expiries)) != 0)
		return -EFAULT;
	start(timerfd);
	return sizeof(timerfd->expiries);
}

static unsigned timerfd_poll(const struct open_file *file)
{
	struct timerfd *timerfd = timerfd_of(file);
	bool is_news = timerfd->expiries == 0;

	count_expiries(timerfd);
	if (timerfd->expiries == 0)
		return 0;
	/* poll() may see the expiry before the timer's interrupt comes. The
	 * readers must see the same event: a signal that follows may not end
	 * their wait. */
	if (is_news)
		object_wake(&timerfd->object, END_READ);
	return POLLIN;
}

static void timerfd_report(const struct object *object, char *to, size_t size)
{
	const struct timerfd *timerfd = CONTAINER_OF(object, struct timerfd,
						     object);

	snprintf(to, size, "%llu expiries%s",
		 (unsigned long long)timerfd->expiries,
		 timerfd->next_ns == FOREVER ? ", stopped" : "");
}

static void timerfd_destroy(struct object *object)
{
	struct timerfd *timerfd = CONTAINER_OF(object, struct timerfd, object);

	timer_stop(&timerfd->timer);
	pool_free(&timerfd_pool, timerfd);
}

static const struct object_ops timerfd_ops = {
	.kind = "timerfd",
	.read = timerfd_read,
	.poll = timerfd_poll,
	.report = timerfd_report,
	.destroy = timerfd_destroy,
};

struct object *timerfd_create(clockid_t clock)
{
	struct timerfd *timerfd = pool_alloc(&timerfd_pool);

	if (!timerfd)
		return NULL;
	object_init(&timerfd->object, &timerfd_ops);
	timer_init(&timerfd->timer, expired);
	timerfd->clock = clock;
	timerfd->next_ns = FOREVER;
	return &timerfd->object;
}

int timerfd_clock(const struct open_file *file)
{
	if (file->object->ops != &timerfd_ops)
		return -EINVAL;
	return timerfd_of(file)->clock;
}

void timerfd_set(struct open_file *file, uint64_t deadline_ns,
		 uint64_t interval_ns)
{
	struct timerfd *timerfd = timerfd_of(file);

	timer_stop(&timerfd->timer);
	timerfd->next_ns = deadline_ns;
	timerfd->interval_ns = interval_ns;
	start(timerfd);
}

void timerfd_get(const struct open_file *file, uint64_t *deadline_ns,
		 uint64_t *interval_ns)
{
	struct timerfd *timerfd = timerfd_of(file);

	count_expiries(timerfd);
	*deadline_ns = timerfd->next_ns;
	*interval_ns = timerfd->interval_ns;
}
