/*
 * mqueue_notice.h - the registration of a process for a notice: mq_notify().
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/obj/file.h"

/* The process that gets a notice of a message in the empty queue. */
struct mqueue_notice {
	pid_t process;			/* [P] 0: no process is registered */
	uint64_t start_ns;		/* [P] of the process: ids come again */
	pid_t task;			/* [P] not 0: tell this task alone */
	int signal;			/* [P] 0: registered, but not told */
	union sigval value;		/* [P] */
	int fd;				/* [P] registered through this */
	const struct open_file *file;	/* [P] the file of fd at that time */
};

/* Register the process of `wish`. -EBUSY when a process is registered. */
int mqueue_register(struct mqueue_notice *notice,
		    const struct mqueue_notice *wish);
/* A message came to the empty queue, and no receiver waited: tell the
 * registered process. */
void mqueue_notify(struct mqueue_notice *notice);
/* End the registration, and wake a task that only waits for the notice. */
void mqueue_cancel_notice(struct mqueue_notice *notice);
