/*
 * matrix.h - try each cell of matrix.def: the driver of tests/user/matrix*.c.
 *
 * A cell has three processes. The driver makes the objects, disturbs the wait
 * and makes the event. The waiter makes the call and notes the result in shared
 * memory. In the column `peer` a third process has the other end, or the lock,
 * and is killed. A program gives each of its rows a struct call.
 *
 * Nothing measures time: the driver asks for the state of the waiter until the
 * waiter sleeps. A loop of the driver gives up after a while, so a wrong cell
 * fails and does not hang.
 */
#pragma once

#include <poll.h>
#include <semaphore.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

#include "tests/user/thread_case.h"

enum column {
	BLOCKS, NONBLOCK, DEADLINE, SIGNAL, RESTART, STOP, KILL, CLOSE, UNLINK,
	PEER, BOTH, COLUMNS
};

HELPER const char *const column_name[COLUMNS] = {
	"blocks", "nonblock", "deadline", "signal", "restart", "stop", "kill",
	"close", "unlink", "peer", "both",
};

enum {
	DONE = 0, ZERO = 1000, ODD, KILLED = -1, WAITS = -2, SLEEPS = -3,
	NONE = -4, LATER = -5,
};

#define PATIENCE	5000	/* looks, a millisecond apart */
#define ROUNDS		10	/* of the column `both` */

/* Shared by all processes of a cell. */
struct place {
	volatile int may_begin, is_calling, handled, has_ended, result;
	volatile int peer_is_ready, is_closed;
	volatile pid_t waiter, peer;
	int fd, other;			/* the waiter's end, and the other */
	int control[2];			/* a byte lets a helper go on */
	char name[32];
	sem_t semaphore, *named;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	volatile int flag;
};

/* What the cells of a row do. The functions that make a call return DONE, ZERO
 * or an errno; without `attempt`, `wait` is made with O_NONBLOCK. */
struct call {
	void (*prepare)(struct place *);	/* in the driver */
	void (*hold)(struct place *);	/* in the driver, or in the peer */
	void (*enter)(struct place *);	/* in the waiter, before the call */
	int (*wait)(struct place *);
	int (*attempt)(struct place *);
	int (*timed)(struct place *);
	void (*happen)(struct place *);	/* the event, in the driver */
	void (*shut)(struct place *);	/* in a thread of the waiter: close() */
	void (*remove)(struct place *);
	bool is_alone;			/* only the waiter has the descriptor */
};

struct row {
	const char *name;
	const struct call *call;
	int cell[COLUMNS];
};

static struct place *place;
static const struct call *call;
static enum column column;

/* ---- For the calls of a row ---------------------------------------------- */

/* What a call returned, where `wanted` is success. */
HELPER int outcome(long result, long wanted)
{
	if (result < 0)
		return errno;
	if (result == wanted)
		return DONE;
	return result == 0 ? ZERO : ODD;
}

/* A point in time that comes soon. */
HELPER const struct timespec *soon(clockid_t clock)
{
	static struct timespec at;

	clock_gettime(clock, &at);
	at.tv_nsec += 5000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return &at;
}

/* Let the helper behind the control pipe go on. */
HELPER void write_control(struct place *p)
{
	require(write(p->control[1], "x", 1) == 1);
}

HELPER void read_control(struct place *p)
{
	char byte;

	if (read(p->control[0], &byte, 1) != 1)
		_exit(3);
}

#define UNTIL(condition) \
	for (int look_ = 0; !(condition) && look_ < PATIENCE; look_++) \
		case_pause()

/* The event of a wait for the peer's end: wait until the peer has ended. */
HELPER void until_peer_ends(struct place *p)
{
	UNTIL(p->has_ended || is_in_state(p->peer, "zombie", "Z"));
}

/* ---- The waiter ---------------------------------------------------------- */

static void note_signal(int n)
{
	(void)n;
	place->handled++;
}

static void *close_when_told(void *unused)
{
	read_control(place);
	if (call->shut)
		call->shut(place);
	else
		close(place->fd);
	place->is_closed = 1;
	return unused;
}

static int attempt_without_waiting(struct place *p)
{
	set_nonblocking(p->fd, 1);
	return call->wait(p);
}

static int make_call(void)
{
	if (column == DEADLINE)
		return call->timed(place);
	if (column != NONBLOCK)
		return call->wait(place);
	return call->attempt ? call->attempt(place)
			     : attempt_without_waiting(place);
}

static void run_waiter(void)
{
	UNTIL(place->may_begin);
	set_handler(SIGPIPE, SIG_IGN, 0);
	set_handler(SIGUSR1, note_signal, column == RESTART ? SA_RESTART : 0);
	if (place->other >= 0)
		close(place->other);
	if (call->enter)
		call->enter(place);
	if (column == CLOSE)
		create(close_when_told, NULL);
	place->is_calling = 1;
	place->result = make_call();
	place->has_ended = 1;
	_exit(0);
}

/* ---- The driver ---------------------------------------------------------- */

static void run_peer(void)
{
	if (call->hold)
		call->hold(place);
	if (call->is_alone)
		close(place->fd);
	place->peer_is_ready = 1;
	for (;;)
		pause();
}

/* Who has the other end, or the lock: the driver, or a process to be killed. */
static void start_peer(void)
{
	pid_t pid;

	if (column != PEER) {
		if (call->hold)
			call->hold(place);
		return;
	}
	if (!call->hold && place->other < 0)
		return;			/* the row makes its own peer */
	pid = fork_or_fail();
	if (pid == 0)
		run_peer();
	place->peer = pid;
	UNTIL(place->peer_is_ready);
}

static void begin(void)
{
	pid_t pid;

	memset(place, 0, sizeof(*place));
	place->fd = place->other = -1;
	snprintf(place->name, sizeof(place->name), "/matrix-%d",
		 (int)getpid());
	require(pipe(place->control) == 0);
	call->prepare(place);
	start_peer();
	pid = fork_or_fail();
	if (pid == 0)
		run_waiter();
	place->waiter = pid;
	if (column == PEER && place->other >= 0)
		close(place->other);
	if (call->is_alone)
		close(place->fd);	/* or the waiter's is not the last */
	place->may_begin = 1;
}

static void finish(void)
{
	kill(place->waiter, SIGKILL);
	waitpid(place->waiter, NULL, 0);
	if (place->peer > 0) {
		kill(place->peer, SIGKILL);
		waitpid(place->peer, NULL, 0);
	}
	if (call->remove)
		call->remove(place);
	for (int fd = 3; fd < 32; fd++)
		close(fd);
}

static void expect_asleep(void)
{
	UNTIL(place->has_ended ||
	      (place->is_calling && is_asleep(place->waiter)));
	expect(place->is_calling && !place->has_ended);
}

static void expect_result(int wanted)
{
	UNTIL(place->has_ended);
	expect(place->has_ended);
	if (!place->has_ended || place->result == wanted)
		return;
	expect(!"the result that the table has");
	printf("# the call gave %d, the table has %d\n", place->result, wanted);
	fflush(stdout);
}

/* The wait has been disturbed: does it go on, or end as the table says? */
static void expect_cell(int cell)
{
	if (cell != WAITS && cell != SLEEPS && cell != LATER) {
		expect_result(cell);
		return;
	}
	expect_asleep();
	if (cell != SLEEPS) {
		call->happen(place);
		expect_result(cell == LATER ? EBADF : DONE);
	}
}

static void send_signal(void)
{
	kill(place->waiter, SIGUSR1);
	UNTIL(place->handled || is_in_state(place->waiter, "zombie", "Z"));
	expect(place->handled == 1);
}

static void stop_and_continue(void)
{
	kill(place->waiter, SIGSTOP);
	UNTIL(is_in_state(place->waiter, "stopped", "T"));
	kill(place->waiter, SIGCONT);
	UNTIL(!is_in_state(place->waiter, "stopped", "T"));
}

/* Do what the column says to a sleeping waiter. */
static void disturb(void)
{
	switch (column) {
	case SIGNAL:
	case RESTART:
		send_signal();
		break;
	case STOP:
		stop_and_continue();
		break;
	case CLOSE:
		write_control(place);
		UNTIL(place->is_closed);
		expect(place->is_closed);
		break;
	case UNLINK:
		call->remove(place);
		break;
	case PEER:
		kill(place->peer, SIGKILL);
		waitpid(place->peer, NULL, 0);
		break;
	case BOTH:
		call->happen(place);
		kill(place->waiter, SIGUSR1);
		break;
	default:
		break;
	}
}

static void try_once(int cell)
{
	begin();
	if ((column == NONBLOCK || column == DEADLINE) && cell != WAITS) {
		expect_result(cell);
	} else {
		expect_asleep();
		if (column == KILL) {
			expect(kill_and_wait(place->waiter) == -SIGKILL);
		} else {
			disturb();
			expect_cell(cell);
		}
	}
	finish();
}

static int cell_now;

static void try_cell(void)
{
	int rounds = column == BOTH ? ROUNDS : 1;

	place = mmap(NULL, sizeof(*place), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(place != MAP_FAILED);
	while (rounds-- > 0 && !case_failed)
		try_once(cell_now);
}

/* ---- The table ----------------------------------------------------------- */

struct on_linux {
	const char *name;
	enum column column;
	int cell;
};

HELPER int cell_of(const struct row *row, const struct on_linux *differences)
{
	for (; differences->name && !leak_is_parley(); differences++)
		if (strcmp(differences->name, row->name) == 0 &&
		    differences->column == column)
			return differences->cell;
	return row->cell[column];
}

HELPER int run_matrix(int argc, char **argv, const struct row *rows,
		      const struct on_linux *differences)
{
	char name[64];
	struct test_case c = { .name = name, .run = try_cell };

	case_warm_up();
	for (const struct row *row = rows; row->name; row++)
		for (column = 0; column < COLUMNS; column++) {
			call = row->call;
			cell_now = cell_of(row, differences);
			snprintf(name, sizeof(name), "%s_%s", row->name,
				 column_name[column]);
			if (cell_now != NONE && case_is_wanted(&c, argc, argv))
				case_run(&c);
		}
	return tap_done();
}
