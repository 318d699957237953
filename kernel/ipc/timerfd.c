/*
 * timerfd.c - a timer with a descriptor for reading the expiries.
 *
 * read(2) gives, in eight bytes, how often the timer has expired since the
 * last read, and waits for the first expiry. So a program that polls for events
 * can poll for a time as well, without a signal handler.
 *
 * An interval may be shorter than the machine can follow. The timer is not
 * started again more often than every REPEAT_LEAST_NS; the expiries between
 * are counted from the time that has passed.
 */
#include "kernel/ipc/timerfd.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/timer.h"

#define REPEAT_LEAST_NS	100000

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
static void count_expiries(struct timerfd *timerfd, uint64_t now)
{
	uint64_t passed;

	if (timerfd->next_ns == FOREVER || timerfd->next_ns > now)
		return;
	if (timerfd->interval_ns == 0) {
		timerfd->expiries++;
		timerfd->next_ns = FOREVER;
		return;
	}
	passed = 1 + (now - timerfd->next_ns) / timerfd->interval_ns;
	timerfd->expiries += passed;
	timerfd->next_ns += passed * timerfd->interval_ns;
	if (timerfd->next_ns <= now)	/* beyond the end of time */
		timerfd->next_ns = FOREVER;
}

static void expired(struct timer *timer)
{
	struct timerfd *timerfd = CONTAINER_OF(timer, struct timerfd, timer);
	uint64_t now = arch_now_ns();

	count_expiries(timerfd, now);
	if (timerfd->next_ns != FOREVER)
		timer_start(timer, MAX(timerfd->next_ns,
				       now + REPEAT_LEAST_NS));
	object_wake(&timerfd->object, END_READ);
}

static ssize_t timerfd_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct timerfd *timerfd = timerfd_of(file);

	if (bytes < sizeof(timerfd->expiries))
		return -EINVAL;
	count_expiries(timerfd, arch_now_ns());
	if (timerfd->expiries == 0)
		return -EAGAIN;
	if (copy_to_user(to, &timerfd->expiries,
			 sizeof(timerfd->expiries)) != 0)
		return -EFAULT;
	timerfd->expiries = 0;
	return sizeof(timerfd->expiries);
}

static unsigned timerfd_poll(const struct open_file *file)
{
	struct timerfd *timerfd = timerfd_of(file);
	bool is_news = timerfd->expiries == 0;

	count_expiries(timerfd, arch_now_ns());
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

int timerfd_create(clockid_t clock, uint32_t flags, struct open_file **out)
{
	struct timerfd *timerfd = pool_alloc(&timerfd_pool);
	int error;

	if (!timerfd)
		return -ENOMEM;
	object_init(&timerfd->object, &timerfd_ops);
	timer_init(&timerfd->timer, expired);
	timerfd->clock = clock;
	timerfd->next_ns = FOREVER;
	error = file_open(&timerfd->object, O_RDONLY | flags, out);
	object_put(&timerfd->object);
	return error;
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
	timerfd->expiries = 0;
	if (deadline_ns != FOREVER)
		timer_start(&timerfd->timer, deadline_ns);
}

void timerfd_get(const struct open_file *file, uint64_t *deadline_ns,
		 uint64_t *interval_ns)
{
	struct timerfd *timerfd = timerfd_of(file);

	count_expiries(timerfd, arch_now_ns());
	*deadline_ns = timerfd->next_ns;
	*interval_ns = timerfd->interval_ns;
}
