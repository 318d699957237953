/*
 * wait.h - the one way to wait.
 *
 * An attempt is a function that does the work, or answers -EAGAIN when the work
 * is not possible yet. A task makes the attempt with wait_try(), and calls
 * wait_for() after an attempt in vain. A task that changes the state calls
 * wait_wake() afterwards. No other function of the kernel puts a task to sleep
 * until an event.
 *
 * All functions need task switches postponed [P]; only wait_for() sleeps.
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/lib/list.h"
#include "kernel/task/timer.h"

#ifndef WAKES_AT_ONCE
#define WAKES_AT_ONCE	16u	/* sleepers; tests/host/wait.c takes less */
#endif

struct loan;
struct object;
struct task;

/* The event of a wait; the names stand in wait_event_name[]. */
enum wait_event {
	WAIT_DATA,		/* something to read or receive */
	WAIT_SPACE,		/* room to write or send */
	WAIT_TIME,		/* only the deadline */
	WAIT_CHILD,		/* a change of a child's state */
	WAIT_SIGNAL,
	WAIT_POLL,		/* any of several descriptors */
	WAIT_UNIT,		/* a semaphore's unit or a mutex */
	WAIT_PEER,		/* a task at the opposite end */
	WAIT_REPLY,
	WAIT_WORK,		/* a kernel task without work */
	WAIT_EVENTS
};

extern const char *const wait_event_name[WAIT_EVENTS];

/*
 * The tasks that wait for one kind of event of one object.
 *
 * A turn is the right of a woken task to make its attempt before any task that
 * comes later. While a turn is owed, or a task sleeps in the queue, a newcomer
 * of no higher priority has to queue up.
 */
struct wait_queue {
	struct list sleepers;	/* [P] by priority, then by arrival */
	struct list watchers;	/* [P] of poll() and epoll: no turns */
	uint32_t owed;		/* [P] turns given and not taken yet */
	bool is_chosen;		/* [const] the waker chooses: no turns */
};

/* A task in poll(), a set of epoll, or the work of obj/async.c. */
struct poller {
	struct wait_queue *queue;	/* [const] where the task waits; NULL:
					   deferred work looks again */
	uint8_t work;		/* [const] its enum pending_bit */
	struct list woken;	/* [P] where a wake moves the watchers */
};

/* An entry of poll() or epoll in a queue. */
struct watcher {
	struct list_node node;	/* [P] in queue->watchers, poller->woken, or
				   crowd.c's list of late watchers */
	struct poller *poller;	/* [const] */
	uint8_t end;		/* [const] END_READ or END_WRITE */
	bool has_event;		/* [const] false: only wait_wake_all() wakes */
};

/*
 * What a task waits for, and how long. The struct lies on the stack of the
 * waiting task, and does not change during the wait: why, /proc/waits, GDB and
 * the deadlock report read the struct there.
 */
struct wait_request {
	struct wait_queue *queue;	/* [const] */
	const struct object *object;	/* [const] NULL: time, child, signal */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	uint8_t event;			/* [const] enum wait_event */
	bool is_deaf;			/* [const] only SIGKILL interrupts */
	bool never_sleeps;		/* [const] wait_go_on(): -EAGAIN */
};

/* The wait of a task, part of struct task. The waiting task writes all fields
 * but node and outcome. */
struct wait {
	struct list_node node;		/* [P] in queue->sleepers */
	struct wait_queue *queue;	/* [P] NULL: the task does not wait */
	const struct wait_request *request;	/* [P] valid during the wait */
	struct loan *loan;		/* [P] see inherit.h; or NULL */
	bool is_deaf;			/* [P] as in the request */
	uint64_t last_deadline_ns;	/* [P] of the last wait with deadline */
	uint64_t since_cycles;		/* [P] beginning: the order of equals */
	void *context;			/* [P] of the attempt */
	struct timer timer;		/* [P] runs out at the deadline */
	int outcome;	/* [P] by the waker: 0 is a turn, or the errno */
};

static inline void wait_queue_init(struct wait_queue *queue)
{
	list_init(&queue->sleepers);
	list_init(&queue->watchers);
	queue->owed = 0;
	queue->is_chosen = false;
}

/* For a new task: at the deadline of a wait, the timer calls expired(). */
static inline void wait_init(struct wait *wait, void (*expired)(struct timer *))
{
	timer_init(&wait->timer, expired);
}

/* An attempt to give a message to a sleeper: the sleeper cannot take the
 * message, and its wait has ended with the error. The caller makes the attempt
 * again after a chance to switch: hundreds of such sleepers are no long
 * stretch. No errno has this value. */
#define WAIT_TRY_NEXT	(-1000)

/* Does the work and returns the result, or changes nothing and returns
 * -EAGAIN. Called with [P], any number of times. */
typedef long wait_attempt(void *context);

/*
 * The attempt was in vain just now, or tasks go first. Sleep in request->queue
 * and repeat the attempt until the answer is not -EAGAIN. Returns the result of
 * the attempt; -EINTR: a signal ended the wait; -ETIMEDOUT: the deadline ended
 * the wait; or the error of wait_wake_all_error(). If the event comes together
 * with a signal or the deadline, the event wins. A caller that lends to the
 * task that it waits for sets wait.loan before; the end of the wait clears the
 * field.
 */
long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context);

/* May the running task make its attempt now, before the tasks in the queue? */
bool wait_has_priority(const struct wait_queue *queue);
static inline bool wait_queue_is_idle(const struct wait_queue *queue)
{
	return list_is_empty(&queue->sleepers) && queue->owed == 0;
}

/* Does a task sleep here, or does a poll() watch the queue? */
static inline bool wait_queue_is_used(const struct wait_queue *queue)
{
	return !list_is_empty(&queue->sleepers) ||
	       !list_is_empty(&queue->watchers);
}

static inline bool wait_is_my_turn(const struct wait_queue *queue)
{
	return wait_queue_is_idle(queue) || wait_has_priority(queue);
}

/* Make the attempt once if no task goes first; -EAGAIN otherwise. */
static inline long wait_try(struct wait_queue *queue, wait_attempt *attempt,
			    void *context)
{
	return wait_is_my_turn(queue) ? attempt(context) : -EAGAIN;
}

/*
 * The rest of a call whose first attempt had this result. After -EAGAIN the
 * task waits as in wait_for(), or the call returns -EAGAIN if the request never
 * sleeps. After WAIT_TRY_NEXT the task makes the attempt again, or the call
 * returns -EINTR if the task was killed meanwhile. Each other result is the
 * result of the call.
 */
long wait_go_on(long result, const struct wait_request *request,
		wait_attempt *attempt, void *context);

/* The order of two waiting tasks: by priority, then by arrival. */
bool wait_goes_before(const struct task *a, const struct task *b);

/* Has the task been woken with a turn, and not run since? */
static inline bool wait_has_turn(const struct wait *wait)
{
	return wait->queue && !list_is_linked(&wait->node) &&
	       wait->outcome == 0;
}

/* A further task can proceed: give the first sleeper a turn. */
void wait_wake(struct wait_queue *queue);
/* Give a turn to this sleeper, which the caller has chosen. */
void wait_wake_task(struct wait_queue *queue, struct task *task);
/* Give a turn (outcome 0) to the first sleepers, or end their waits with an
 * error. Returns how many: `most`, or all there are. After the first few, the
 * tasks become ready in wait_tell_late(): a crowd is no long stretch. Does not
 * tell watchers. */
uint32_t wait_wake_many(struct wait_queue *queue, uint32_t most, int outcome);
/* All can proceed for good (the end of a file): the first sleeper gets a turn,
 * and each task that has used its turn wakes the next, by file_wake_next() or
 * with its error. So a crowd of sleepers costs no long stretch. */
void wait_wake_end(struct wait_queue *queue);
/* The deferred work of PENDING_WAKES: make the tasks ready, and tell the
 * watchers, that a wake has left. */
void wait_tell_late(void);
/* Are there watchers that will be told of an event that has come? */
bool wait_has_late(void);
/* The object is gone: all waits in the queue end with this error.
 * Watchers are told. */
void wait_wake_all_error(struct wait_queue *queue, int error);
/* All can proceed: give each a turn. */
static inline void wait_wake_all(struct wait_queue *queue)
{
	wait_wake_all_error(queue, 0);
}

/* End the wait of this task with this error (-EINTR for a signal). Nothing
 * happens if the task does not sleep or was woken already. */
void wait_interrupt(struct task *task, int error);

/* The priority of the task has changed: find its new place in the queue. */
void wait_reorder(struct task *task);

/* Sleep, for this event, until a signal (-EINTR) or the deadline
 * (-ETIMEDOUT). */
int wait_until(enum wait_event event, uint64_t deadline_ns);
/* Sleep until the deadline; 0, or -EINTR. Step 9's nano_sleep_until(). */
int nano_sleep_until(uint64_t deadline_ns);
