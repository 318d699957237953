/*
 * semaphore.h - semaphores: units that are posted and waited for.
 *
 * A sem_t works between the threads of a process and, in shared memory, between
 * processes. A named one is a file in /ipc/sem that is mapped. Deadlines are
 * times of CLOCK_REALTIME.
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/time.h"

typedef struct {
	unsigned __value;	/* units there are */
	unsigned __waiters;	/* at least so many sleep, or did when killed */
} sem_t;

#define SEM_FAILED	((sem_t *)0)

int sem_close(sem_t *semaphore);
int sem_destroy(sem_t *semaphore);
int sem_getvalue(sem_t *restrict semaphore, int *restrict value);
/* `shared`: between processes too. Here it makes no difference. */
int sem_init(sem_t *semaphore, int shared, unsigned value);
/* With O_CREAT: mode_t mode, unsigned value. */
sem_t *sem_open(const char *name, int oflag, ...);
int sem_post(sem_t *semaphore);
int sem_timedwait(sem_t *restrict semaphore,
	const struct timespec *restrict deadline);
int sem_trywait(sem_t *semaphore);
int sem_unlink(const char *name);
int sem_wait(sem_t *semaphore);
