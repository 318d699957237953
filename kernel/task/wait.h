/*
 * wait.h - the one way to wait.
 *
 * Who waits hands in what it wants to do (`attempt`) and until when. Who
 * changes the state calls wait_wake() afterwards. The attempt is made inside
 * the primitive, in the right order: stand in the queue, look, sleep. So no
 * wake-up can fall between, and no caller has a loop of its own.
 *
 * All functions need task switches postponed [P]; only wait_for() sleeps.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/task/timer.h"

struct object;
struct task;

/* What a sleeper waits for; the names stand in wait_event_name[]. */
enum wait_event {
	WAIT_DATA,		/* something to read or receive */
	WAIT_SPACE,		/* room to write or send */
	WAIT_TIME,		/* nothing but the deadline */
	WAIT_CHILD,		/* a child that changes state */
	WAIT_SIGNAL,
	WAIT_POLL,		/* any of several descriptors */
	WAIT_UNIT,		/* a semaphore's unit or a mutex */
	WAIT_PEER,		/* somebody at the other end */
	WAIT_REPLY,
	WAIT_WORK,		/* a kernel task without work */
	WAIT_EVENTS
};

extern const char *const wait_event_name[WAIT_EVENTS];

/*
 * Those who wait for one kind of event of one object. `owed` counts the tasks
 * that were woken and have not used their turn yet: while it is not 0, and
 * while somebody sleeps, a newcomer of no higher priority queues up behind.
 */
struct wait_queue {
	struct list sleepers;	/* by priority, then by arrival */
	struct list watchers;	/* poll(): woken, but owed nothing */
	uint32_t owed;
	bool is_chosen;		/* no turns: sleepers want different things */
};

/* A poll() entry in one queue. */
struct watcher {
	struct list_node node;
	struct task *task;
};

/* What a blocked task waits for: the one fact that why, /proc/waits, GDB and
 * the deadlock report read. Part of struct task. */
struct wait {
	struct list_node node;		/* in queue->sleepers */
	struct wait_queue *queue;	/* NULL: not waiting */
	const struct object *object;	/* NULL for time, children, signals */
	uint8_t event;			/* enum wait_event */
	/* These two are so already when most waits begin, and again after. */
	bool is_deaf;			/* as in struct wait_request; false */
	uint64_t deadline_ns;		/* FOREVER */
	uint64_t last_deadline_ns;	/* of the last wait that had one */
	uint64_t since_cycles;		/* also the order among equals */
	void *context;			/* of its attempt */
	struct timer timer;
	int outcome;	/* by the waker; 0: owed a turn; above: WAIT_SERVED */
};

#define WAIT_SERVED	1	/* the waker has made the attempt for it */
#define WAIT_SERVED_BUT	2	/* so it has, but there is a signal since: was
				 * it killed? Only a switch to it says this */

void wait_queue_init(struct wait_queue *queue);

/* Of a new task; its wait's timer calls this. */
static inline void wait_init(struct wait *wait, void (*expired)(struct timer *))
{
	wait->deadline_ns = FOREVER;
	timer_init(&wait->timer, expired);
}

/* How to wait: where, for what, until when. */
struct wait_request {
	struct wait_queue *queue;
	const struct object *object;	/* for the reader of /proc/waits */
	enum wait_event event;
	uint64_t deadline_ns;		/* absolute, or FOREVER */
	bool is_deaf;			/* only SIGKILL interrupts */
	bool has_tried;			/* the attempt was made just now */
};

/* Does the work and returns its result, or changes nothing and returns
 * -EAGAIN. Called with [P], any number of times. */
typedef long wait_attempt(void *context);

/*
 * Make the attempt, waiting in turn until it does not answer -EAGAIN. Returns
 * its result, or -EINTR (a signal came), -ETIMEDOUT (the deadline passed), or
 * the error given to wait_wake_all_error() when the object went away. When
 * the event and one of these coincide, the event wins.
 */
long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context);

/* Make the attempt once if nobody is ahead; -EAGAIN otherwise. */
long wait_try(struct wait_queue *queue, wait_attempt *attempt, void *context);

/* May a newcomer of the running task's priority go first? */
bool wait_is_my_turn(const struct wait_queue *queue);

/* The order of waiters: by priority, then by arrival. Both wait. */
bool wait_goes_before(const struct task *a, const struct task *b);

/* Woken, owed a turn, and not done with it? */
static inline bool wait_has_turn(const struct wait *wait)
{
	return wait->queue && !list_is_linked(&wait->node) &&
	       wait->outcome == 0;
}

/* The object can serve one more: wake the first sleeper. */
void wait_wake(struct wait_queue *queue);
/* The same for one sleeper that the caller has chosen. */
void wait_wake_task(struct wait_queue *queue, struct task *task);
/* All can proceed (end of file, the other side came or went). */
void wait_wake_all(struct wait_queue *queue);
/* The object is gone: all waits end with this error. */
void wait_wake_all_error(struct wait_queue *queue, int error);

/* End the wait of one task from outside: -EINTR for a signal. Nothing happens
 * when it does not wait or was woken already. */
void wait_interrupt(struct task *task, int outcome);

/* Its priority has changed: if it sleeps, it stands elsewhere in the queue. */
void wait_reorder(struct task *task);

/* Sleep until the deadline; 0, or -EINTR. Step 9's nano_sleep_until(). */
int nano_sleep_until(uint64_t deadline_ns);

static inline bool wait_queue_is_idle(const struct wait_queue *queue)
{
	return list_is_empty(&queue->sleepers) && queue->owed == 0;
}
