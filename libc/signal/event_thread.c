/*
 * event_thread.c - SIGEV_THREAD: a thread calls the function of an event.
 */
#include "libc/signal/event_thread.h"

#include <pthread.h>
#include <stdlib.h>

static void *call(void *context)
{
	const struct sigevent event = *(const struct sigevent *)context;

	free(context);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

void __start_event_thread(const struct sigevent *event)
{
	const pthread_attr_t *attr = event->sigev_notify_attributes;
	struct sigevent *copy = malloc(sizeof(*copy));
	pthread_t thread;

	if (!copy)
		return;
	*copy = *event;
	if (pthread_create(&thread, attr, call, copy) != 0)
		free(copy);
	else if (!attr || !attr->detached)
		pthread_detach(thread);
}
