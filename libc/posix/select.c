/*
 * select.c - select() and pselect(), made of ppoll().
 *
 * Each descriptor in a set becomes an entry for ppoll(). ppoll() may report an
 * event that the program did not ask select() for, such as a hang-up of a
 * descriptor that is only in the third set. Then the entry is removed, and the
 * wait goes on.
 */
#include <alloca.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

#define READ_EVENTS	(POLLIN | POLLHUP | POLLERR)
#define WRITE_EVENTS	(POLLOUT | POLLERR)

#define NSEC_PER_SEC	1000000000L

struct sets {
	fd_set *readers, *writers, *urgent;
};

static int has(int fd, const fd_set *set)
{
	return set && FD_ISSET(fd, set);
}

/* A line for each descriptor, in order; their number. */
static int to_lines(int limit, const struct sets *sets, struct pollfd *lines)
{
	int count = 0, events;

	for (int fd = 0; fd < limit; fd++) {
		events = (has(fd, sets->readers) ? POLLIN : 0) |
			 (has(fd, sets->writers) ? POLLOUT : 0) |
			 (has(fd, sets->urgent) ? POLLPRI : 0);
		if (!events)
			continue;
		lines[count++] = (struct pollfd){ fd, events, 0 };
	}
	return count;
}

/* What select() may tell of this line, as wanted events. */
static int told_of(const struct pollfd *line)
{
	int events = 0;

	if (line->events & POLLIN && line->revents & READ_EVENTS)
		events |= POLLIN;
	if (line->events & POLLOUT && line->revents & WRITE_EVENTS)
		events |= POLLOUT;
	return events | (line->events & line->revents & POLLPRI);
}

/* How many bits there will be; -1 when a descriptor is bad. Lines with nothing
 * to tell but an event are struck out. */
static int count_bits(struct pollfd *lines, int count)
{
	int bits = 0, events;

	for (int i = 0; i < count; i++) {
		events = told_of(&lines[i]);
		if (lines[i].fd >= 0 && lines[i].revents & POLLNVAL) {
			errno = EBADF;
			return -1;
		}
		bits += !!(events & POLLIN) + !!(events & POLLOUT) +
			!!(events & POLLPRI);
		if (!events && lines[i].revents)
			lines[i].fd = -1;
	}
	return bits;
}

static void answer(const struct sets *sets, const struct pollfd *lines,
	int count)
{
	int events;

	if (sets->readers)
		FD_ZERO(sets->readers);
	if (sets->writers)
		FD_ZERO(sets->writers);
	if (sets->urgent)
		FD_ZERO(sets->urgent);
	for (int i = 0; i < count; i++) {
		events = lines[i].fd < 0 ? 0 : told_of(&lines[i]);
		if (events & POLLIN)
			FD_SET(lines[i].fd, sets->readers);
		if (events & POLLOUT)
			FD_SET(lines[i].fd, sets->writers);
		if (events & POLLPRI)
			FD_SET(lines[i].fd, sets->urgent);
	}
}

/* The time from now to the end, not less than none. */
static struct timespec time_to(const struct timespec *end)
{
	struct timespec left, now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = end->tv_sec - now.tv_sec;
	left.tv_nsec = end->tv_nsec - now.tv_nsec;
	if (left.tv_nsec < 0) {
		left.tv_nsec += NSEC_PER_SEC;
		left.tv_sec--;
	}
	if (left.tv_sec < 0)
		left.tv_sec = left.tv_nsec = 0;
	return left;
}

static struct timespec time_after(const struct timespec *timeout)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	if (timeout->tv_sec > LLONG_MAX - end.tv_sec - 1)
		end.tv_sec = LLONG_MAX - 1;
	else
		end.tv_sec += timeout->tv_sec;
	end.tv_nsec += timeout->tv_nsec;
	if (end.tv_nsec >= NSEC_PER_SEC) {
		end.tv_nsec -= NSEC_PER_SEC;
		end.tv_sec++;
	}
	return end;
}

int pselect(int limit, fd_set *restrict readers, fd_set *restrict writers,
	fd_set *restrict urgent, const struct timespec *restrict timeout,
	const sigset_t *restrict mask)
{
	const struct sets sets = { readers, writers, urgent };
	struct timespec end, left;
	struct pollfd *lines;
	int count, ready, bits;

	if (limit < 0 || limit > FD_SETSIZE ||
	    (timeout && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 ||
			 timeout->tv_nsec >= NSEC_PER_SEC))) {
		errno = EINVAL;
		return -1;
	}
	lines = alloca(limit * sizeof(*lines));	/* small stacks, few numbers */
	count = to_lines(limit, &sets, lines);
	if (timeout) {
		left = *timeout;
		end = time_after(timeout);
	}
	for (;;) {
		ready = ppoll(lines, count, timeout ? &left : NULL, mask);
		bits = ready < 0 ? -1 : count_bits(lines, count);
		if (bits < 0)
			return -1;
		if (bits > 0 || ready == 0)
			break;
		if (timeout)
			left = time_to(&end);
	}
	answer(&sets, lines, count);
	return bits;
}

int select(int limit, fd_set *restrict readers, fd_set *restrict writers,
	fd_set *restrict urgent, struct timeval *restrict timeout)
{
	struct timespec time;

	if (!timeout)
		return pselect(limit, readers, writers, urgent, NULL, NULL);
	if (timeout->tv_usec < 0 || timeout->tv_usec >= 1000000) {
		errno = EINVAL;
		return -1;
	}
	time.tv_sec = timeout->tv_sec;
	time.tv_nsec = timeout->tv_usec * 1000;
	return pselect(limit, readers, writers, urgent, &time, NULL);
}
