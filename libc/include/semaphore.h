/*
 * semaphore.h - semaphores: threads post units and wait for units.
 *
 * A sem_t works between the threads of a process and, in shared memory, between
 * processes. A named semaphore is a mapped file in /ipc/sem. Deadlines are
 * times of CLOCK_REALTIME. Waiting threads get units by priority, then first
 * come, first served.
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/time.h"

typedef struct {
	unsigned __word;	/* units, and a bit: posix/semaphore.c */
} sem_t;

#define SEM_FAILED	((sem_t *)0)

int sem_close(sem_t *semaphore);
/* EBUSY: somebody waits. */
int sem_destroy(sem_t *semaphore);
int sem_getvalue(sem_t *__restrict semaphore, int *__restrict value);
/* `shared`: between processes too. Here it makes no difference. */
int sem_init(sem_t *semaphore, int shared, unsigned value);
/* With O_CREAT: mode_t mode, unsigned value. */
sem_t *sem_open(const char *name, int oflag, ...);
int sem_post(sem_t *semaphore);
int sem_timedwait(sem_t *__restrict semaphore,
	const struct timespec *__restrict deadline);
int sem_trywait(sem_t *semaphore);
int sem_unlink(const char *name);
int sem_wait(sem_t *semaphore);

/*
 * The usual post and wait need no system call. The functions behind them do the
 * rest: no unit, or a thread that waits.
 */
int __sys_sem_post(void *semaphore);
int __sys_sem_wait(void *semaphore);

/* INT_MAX after the first pthread_cancel(): sem_wait() is a point. */
extern int __cancel_asked;

#if defined(__GNUC__) && !defined(__cplusplus)
extern __inline __attribute__((gnu_inline))
int sem_post(sem_t *__semaphore)
{
	unsigned __value = __semaphore->__word;

	if (__builtin_expect(__value < SEM_VALUE_MAX, 1) &&
	    __builtin_expect(__sync_bool_compare_and_swap(
			&__semaphore->__word, __value, __value + 1), 1))
		return 0;
	return __sys_sem_post(__semaphore);
}

extern __inline __attribute__((gnu_inline))
int sem_wait(sem_t *__semaphore)
{
	unsigned __value = __semaphore->__word;

	if (__builtin_expect((int)__value > __cancel_asked, 1) &&
	    __builtin_expect(__sync_bool_compare_and_swap(
			&__semaphore->__word, __value, __value - 1), 1))
		return 0;
	return __sys_sem_wait(__semaphore);
}
#endif
