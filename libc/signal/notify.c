/*
 * notify.c - SIGEV_THREAD: an event starts a function in a thread.
 *
 * The kernel knows signals, not functions. So a helper thread, with all signals
 * blocked, registers for the event. The kernel sends the signal to the helper
 * alone, and sets the code SI_KERNEL in the last signal. The signal has a
 * number below SIGRTMIN, which no program uses.
 *
 *	mq_notify()	the helper waits, runs the function and ends
 *	timer_create()	the helper starts a thread for each expiry, until
 *			timer_delete()
 */
#include <errno.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "libc/signal/event_thread.h"
#include "libc/syscall.h"

#define NOTICE_SIGNAL	32

/* Shared by the caller and its helper, until `is_asked` is posted. */
struct request {
	int (*ask)(const struct request *request, const struct sigevent *event);
	const struct sigevent *event;
	mqd_t queue;
	clockid_t clock;
	int result;			/* of ask(), and its errno */
	int error;
	sem_t is_asked;
};

static int ask_queue(const struct request *request,
	const struct sigevent *event)
{
	return __sys_mq_notify(request->queue, event);
}

static int ask_timer(const struct request *request,
	const struct sigevent *event)
{
	return __sys_timer_create(request->clock, event);
}

/* Wait for the notice; 0 when there will be none. */
static int is_noticed(void)
{
	const sigset_t set = (sigset_t)1 << (NOTICE_SIGNAL - 1);
	siginfo_t info;

	while (sigtimedwait(&set, &info, NULL) < 0)
		continue;
	return info.si_code != SI_KERNEL;
}

static void *help(void *context)
{
	struct request *request = context;
	struct sigevent event = *request->event, asked = event;
	int is_timer = request->ask == ask_timer;

	asked.sigev_signo = NOTICE_SIGNAL;
	request->result = request->ask(request, &asked);
	request->error = errno;
	if (request->result < 0) {
		sem_post(&request->is_asked);
		return NULL;
	}
	sem_post(&request->is_asked);	/* the request is gone now */
	while (is_noticed()) {
		if (is_timer) {
			__start_event_thread(&event);
			continue;
		}
		event.sigev_notify_function(event.sigev_value);
		break;
	}
	return NULL;
}

/* Start a helper; the result of ask(). */
static int with_helper(struct request *request)
{
	const sigset_t all = ~(sigset_t)0;
	pthread_attr_t attr;
	pthread_t helper;
	sigset_t mask;
	int error;

	sem_init(&request->is_asked, 0, 0);
	pthread_attr_init(&attr);
	if (request->event->sigev_notify_attributes &&
	    request->ask == ask_queue)
		attr = *(const pthread_attr_t *)
			request->event->sigev_notify_attributes;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigprocmask(SIG_SETMASK, &all, &mask);
	error = pthread_create(&helper, &attr, help, request);
	while (!error && sem_wait(&request->is_asked) < 0)
		continue;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (error || request->result < 0) {
		errno = error ? error : request->error;
		return -1;
	}
	return request->result;
}

int mq_notify(mqd_t queue, const struct sigevent *event)
{
	struct request request = {
		.ask = ask_queue, .event = event, .queue = queue,
	};

	if (event && event->sigev_notify == SIGEV_THREAD)
		return with_helper(&request);
	return __sys_mq_notify(queue, event);
}

int timer_create(clockid_t clock, struct sigevent *restrict event,
	timer_t *restrict timer)
{
	struct request request = {
		.ask = ask_timer, .event = event, .clock = clock,
	};
	int id;

	if (event && event->sigev_notify == SIGEV_THREAD)
		id = with_helper(&request);
	else
		id = __sys_timer_create(clock, event);
	if (id < 0)
		return -1;
	*timer = id;
	return 0;
}
