/*
 * threads.h - threads as ISO C names them, by those of <pthread.h>.
 *
 * A function returns thrd_success or another thrd_ value, and leaves errno
 * alone. ISO/IEC 9899:2011, 7.26.
 */
#pragma once

#include <sys/pthread_types.h>
#include <time.h>

#ifndef __cplusplus
#define thread_local _Thread_local
#endif
#define ONCE_FLAG_INIT	0
#define TSS_DTOR_ITERATIONS 4		/* rounds of destructors */

typedef pthread_t thrd_t;
typedef pthread_mutex_t mtx_t;
typedef pthread_cond_t cnd_t;
typedef pthread_key_t tss_t;
typedef pthread_once_t once_flag;
typedef int (*thrd_start_t)(void *);
typedef void (*tss_dtor_t)(void *);

enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };
enum { mtx_plain = 0, mtx_recursive = 1, mtx_timed = 2 };

/* Run function once in the process; other callers wait for the end. */
void call_once(once_flag *flag, void (*function)(void));

/* thrd_nomem: no memory, or the user has no task left. */
int thrd_create(thrd_t *thread, thrd_start_t start, void *argument);
thrd_t thrd_current(void);
int thrd_detach(thrd_t thread);
int thrd_equal(thrd_t a, thrd_t b);
_Noreturn void thrd_exit(int result);
/* Blocks until the thread ends; result may be null. */
int thrd_join(thrd_t thread, int *result);
/* Blocks for the duration. 0; -1: a signal came, and the rest is in *rest, if
 * that is not null; -2: the duration is not valid. */
int thrd_sleep(const struct timespec *duration, struct timespec *rest);
void thrd_yield(void);

/* A mutex of these types: mtx_plain or mtx_timed, with mtx_recursive or not. */
int mtx_init(mtx_t *mutex, int type);
void mtx_destroy(mtx_t *mutex);
/* Blocks while another thread has the mutex. */
int mtx_lock(mtx_t *mutex);
/* The same until a time of TIME_UTC: thrd_timedout. */
int mtx_timedlock(mtx_t *__restrict mutex,
	const struct timespec *__restrict deadline);
/* thrd_busy: a thread has the mutex. */
int mtx_trylock(mtx_t *mutex);
int mtx_unlock(mtx_t *mutex);

int cnd_init(cnd_t *condition);
void cnd_destroy(cnd_t *condition);
int cnd_signal(cnd_t *condition);
int cnd_broadcast(cnd_t *condition);
/* Give the mutex back, block until a signal, and take the mutex again. */
int cnd_wait(cnd_t *condition, mtx_t *mutex);
/* The same until a time of TIME_UTC: thrd_timedout. */
int cnd_timedwait(cnd_t *__restrict condition, mtx_t *__restrict mutex,
	const struct timespec *__restrict deadline);

/* A value for each thread; the destructor may be null. */
int tss_create(tss_t *key, tss_dtor_t destructor);
void tss_delete(tss_t key);
void *tss_get(tss_t key);
int tss_set(tss_t key, void *value);
