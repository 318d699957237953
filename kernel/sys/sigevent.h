/* sigevent.h - the notice that a program asks for in a struct sigevent. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/lib/types.h"

/* [own] */
struct sigevent_wish {
	int signal;			/* 0: send nothing (SIGEV_NONE) */
	pid_t task;			/* not 0: for this task alone */
	int kind;			/* SIGEV_... */
	union sigval value;
};

/*
 * Fetch the event of timer_create(2) or mq_notify(3). SIGEV_THREAD means
 * SIGEV_SIGNAL for the calling task: libc's own thread, which waits for the
 * blocked signal. SIGEV_THREAD_ID names a thread of the caller's process. 0,
 * -EFAULT, or -EINVAL for an unknown kind, signal or thread. The function does
 * not block.
 */
int sigevent_fetch(uaddr_t from, struct sigevent_wish *wish);
