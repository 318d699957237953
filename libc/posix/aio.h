/* aio.h - what aio.c and lio_listio.c share. */
#pragma once

#include <aio.h>
#include <semaphore.h>
#include <stdbool.h>

/* A wait for the end of a request, on the stack of the waiting task. */
struct waiter {
	sem_t ended;			/* posted at each end */
	struct waiter *next;
};

/* The requests of a call of lio_listio(). */
struct __aio_batch {
	int left;			/* under way, and the call itself */
	struct sigevent event;
};

void __aio_begin_wait(struct waiter *waiter);
void __aio_end_wait(struct waiter *waiter);
/* 0, or -1 with EAGAIN or EINVAL (the priority). */
int __aio_start(struct aiocb *request, int operation,
	struct __aio_batch *batch);
/* A part of the batch has ended: after the last one, tell the program. */
void __aio_end_of_batch(struct __aio_batch *batch);
