/*
 * pi.h - locks with priority inheritance, and what is given for them.
 *
 * All data of the library have one guard: a thread is *inside* from pi_enter()
 * to pi_leave(). Inside, the thread has the highest priority of all, so no
 * other thread of the library runs. This is the rule [P] of the kernel, made of
 * a priority: it works with one processor, and as long as a thread inside does
 * not sleep. Only pi_sleep() sleeps, and leaves first.
 */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#define PI_HIGHEST	30		/* of a thread; 31 is for the tests */
#define PI_INSIDE	32

struct pi_lock {
	struct pi_thread *owner;	/* NULL: free */
	struct pi_thread *waiters;	/* the first has waited longest */
	struct pi_lock *next_held;	/* of the same owner */
};

struct pi_thread {
	int base;			/* the priority of its own */
	int priority;			/* the priority now: base, or higher */
	struct pi_lock *held;		/* the locks that this thread owns */
	struct pi_lock *wants;		/* waits for this lock, or NULL */
	struct pi_thread *next;		/* in the list of the waiters */
	pthread_t thread;
	sem_t wake;
	int is_inside;
};

/* ---- You write this, in pi.c --------------------------------------------- */

/*
 * Own the lock. Sleeps while a different thread owns the lock, at most until
 * the deadline (of CLOCK_REALTIME; NULL: none). Meanwhile the owner has at
 * least the priority of this thread. 0; EDEADLK: the thread owns the lock
 * already; ETIMEDOUT.
 */
int pi_lock(struct pi_thread *me, struct pi_lock *lock,
	    const struct timespec *deadline);

/*
 * Give the lock to the waiter of the highest priority, among equals to the
 * waiter that came first. The thread keeps no more priority than its base and
 * the waiters of its other locks give. 0; EPERM: the thread is not the owner.
 */
int pi_unlock(struct pi_thread *me, struct pi_lock *lock);

/* ---- This is given ------------------------------------------------------- */

#define GIVEN		__attribute__((unused)) static

GIVEN void pi_tell_kernel(struct pi_thread *thread, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	pthread_setschedparam(thread->thread, SCHED_FIFO, &param);
}

/* The calling thread uses the library from now on. */
GIVEN void pi_begin(struct pi_thread *me, int base)
{
	*me = (struct pi_thread){ .base = base, .priority = base,
				  .thread = pthread_self() };
	sem_init(&me->wake, 0, 0);
	pi_tell_kernel(me, base);
}

GIVEN void pi_enter(struct pi_thread *me)
{
	pi_tell_kernel(me, PI_INSIDE);
	me->is_inside = 1;
}

/* The thread runs on with me->priority. */
GIVEN void pi_leave(struct pi_thread *me)
{
	me->is_inside = 0;
	pi_tell_kernel(me, me->priority);
}

/* Change the priority of a thread; of the thread inside, from pi_leave() on. */
GIVEN void pi_set_priority(struct pi_thread *thread, int priority)
{
	thread->priority = priority;
	if (!thread->is_inside)
		pi_tell_kernel(thread, priority);
}

/* End the sleep of this thread. */
GIVEN void pi_wake(struct pi_thread *thread)
{
	sem_post(&thread->wake);
}

/* The thread is inside: leave, sleep, and be inside again. 0: a thread has
 * called pi_wake(). ETIMEDOUT: the deadline is over; a thread may have called
 * pi_wake() since. */
GIVEN int pi_sleep(struct pi_thread *me, const struct timespec *deadline)
{
	int result;

	pi_leave(me);
	result = deadline ? sem_timedwait(&me->wake, deadline)
			  : sem_wait(&me->wake);
	result = result == 0 ? 0 : errno;
	pi_enter(me);
	while (sem_trywait(&me->wake) == 0)
		continue;
	return result == ETIMEDOUT ? ETIMEDOUT : 0;
}
