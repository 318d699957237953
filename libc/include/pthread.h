/*
 * pthread.h - threads: tasks that share a process, and their locks.
 *
 * These functions give an errno value and leave errno alone.
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"

#include <limits.h>
#include <sched.h>
#include <sys/pthread_types.h>

#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

#define PTHREAD_CREATE_JOINABLE	0
#define PTHREAD_CREATE_DETACHED	1
#define PTHREAD_INHERIT_SCHED	0
#define PTHREAD_EXPLICIT_SCHED	1
#define PTHREAD_CANCEL_ENABLE	0
#define PTHREAD_CANCEL_DISABLE	1
#define PTHREAD_CANCEL_DEFERRED	0
#define PTHREAD_CANCEL_ASYNCHRONOUS 1
#define PTHREAD_CANCELED	((void *)-1)
#define PTHREAD_SCOPE_SYSTEM	0
#define PTHREAD_SCOPE_PROCESS	1
#define PTHREAD_PROCESS_PRIVATE	0
#define PTHREAD_PROCESS_SHARED	1
#define PTHREAD_MUTEX_NORMAL	0
#define PTHREAD_MUTEX_RECURSIVE	1
#define PTHREAD_MUTEX_ERRORCHECK	2
#define PTHREAD_MUTEX_DEFAULT	PTHREAD_MUTEX_NORMAL

#define PTHREAD_MUTEX_STALLED	0
#define PTHREAD_MUTEX_ROBUST	1

/* Does a reader stand behind a waiting writer: yes, unless the reader holds the
 * lock already; no; yes, always. GNU's. */
#define PTHREAD_RWLOCK_PREFER_WRITER_NP		0
#define PTHREAD_RWLOCK_PREFER_READER_NP		1
#define PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP 2
#define PTHREAD_RWLOCK_DEFAULT_NP	PTHREAD_RWLOCK_PREFER_WRITER_NP

#define PTHREAD_PRIO_NONE	0
#define PTHREAD_PRIO_INHERIT	1
#define PTHREAD_PRIO_PROTECT	2

#define __MUTEX_INITIALIZER(type) { 0, type, 0, 0, 0, 0, { 0, 0 } }
#define PTHREAD_MUTEX_INITIALIZER \
	__MUTEX_INITIALIZER(PTHREAD_MUTEX_DEFAULT)
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP \
	__MUTEX_INITIALIZER(PTHREAD_MUTEX_RECURSIVE)
#define PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP \
	__MUTEX_INITIALIZER(PTHREAD_MUTEX_ERRORCHECK)
#define PTHREAD_COND_INITIALIZER { 0, 0, CLOCK_REALTIME }
#define PTHREAD_RWLOCK_INITIALIZER \
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0, 0, 0, \
	  PTHREAD_RWLOCK_DEFAULT_NP }
#define PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP		\
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0, 0, 0, \
	  PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP }
#define PTHREAD_ONCE_INIT 0

/* Threads. */
int pthread_atfork(void (*before)(void), void (*in_parent)(void),
	void (*in_child)(void));
int pthread_attr_destroy(pthread_attr_t *attr);
int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state);
int pthread_attr_getguardsize(const pthread_attr_t *__restrict attr,
	size_t *__restrict bytes);
int pthread_attr_getstack(const pthread_attr_t *__restrict attr,
	void **__restrict stack, size_t *__restrict bytes);
int pthread_attr_getstacksize(const pthread_attr_t *__restrict attr,
	size_t *__restrict bytes);
int pthread_attr_init(pthread_attr_t *attr);
int pthread_attr_setdetachstate(pthread_attr_t *attr, int state);
int pthread_attr_setguardsize(pthread_attr_t *attr, size_t bytes);
/* EINVAL: fewer than PTHREAD_STACK_MIN bytes, or not in units of 16. */
int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t bytes);
int pthread_attr_setstacksize(pthread_attr_t *attr, size_t bytes);
/* The attributes of a living thread, with its stack. ENOENT: the first thread
 * cannot find its stack in /proc/self/maps. GNU's. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);
/* A thread inherits policy and priority, or has those of the attributes
 * (PTHREAD_EXPLICIT_SCHED). EINVAL: SCHED_OTHER, SCHED_FIFO and SCHED_RR alone,
 * and priorities of the policy that is set. There is one scope, the system. */
int pthread_attr_getinheritsched(const pthread_attr_t *__restrict attr,
	int *__restrict inherit);
int pthread_attr_getschedparam(const pthread_attr_t *__restrict attr,
	struct sched_param *__restrict param);
int pthread_attr_getschedpolicy(const pthread_attr_t *__restrict attr,
	int *__restrict policy);
int pthread_attr_getscope(const pthread_attr_t *__restrict attr,
	int *__restrict scope);
int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit);
int pthread_attr_setschedparam(pthread_attr_t *__restrict attr,
	const struct sched_param *__restrict param);
int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy);
int pthread_attr_setscope(pthread_attr_t *attr, int scope);
int pthread_getschedparam(pthread_t thread, int *__restrict policy,
	struct sched_param *__restrict param);
int pthread_setschedparam(pthread_t thread, int policy,
	const struct sched_param *param);
int pthread_setschedprio(pthread_t thread, int priority);
int pthread_create(pthread_t *__restrict thread,
	const pthread_attr_t *__restrict attr, void *(*start)(void *),
	void *__restrict argument);
int pthread_detach(pthread_t thread);
int pthread_equal(pthread_t a, pthread_t b);
_Noreturn void pthread_exit(void *result);
int pthread_join(pthread_t thread, void **result);
/* The same until a deadline (ETIMEDOUT), and without a wait (EBUSY). GNU's. */
int pthread_timedjoin_np(pthread_t thread, void **result,
	const struct timespec *deadline);
int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
	const struct timespec *deadline);
int pthread_tryjoin_np(pthread_t thread, void **result);
/* Sets of processors, as of sched_setaffinity(). GNU's. */
int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t bytes,
	cpu_set_t *set);
int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t bytes,
	const cpu_set_t *set);
int pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *set);
int pthread_setaffinity_np(pthread_t thread, size_t bytes,
	const cpu_set_t *set);
/* The clock of the processor time that the thread has used. */
int pthread_getcpuclockid(pthread_t thread, clockid_t *clock);
int pthread_kill(pthread_t thread, int signal);
pthread_t pthread_self(void);
int pthread_sigmask(int how, const sigset_t *__restrict set,
	sigset_t *__restrict old);

/* Ask a thread to end: at its next cancellation point, a call that can wait, or
 * with PTHREAD_CANCEL_ASYNCHRONOUS at once. The result for pthread_join() is
 * PTHREAD_CANCELED. */
int pthread_cancel(pthread_t thread);
int pthread_setcancelstate(int state, int *old);
int pthread_setcanceltype(int type, int *old);
void pthread_testcancel(void);

/*
 * push registers a function that runs when the thread ends. pop removes the
 * function, and calls the function if `execute` is not 0. push and pop stand in
 * one block, like brackets.
 */
#define pthread_cleanup_push(function, argument)			\
	do {								\
		struct __cleanup __cleanup = {				\
			function, argument, 0				\
		};							\
		__cleanup_push(&__cleanup);
#define pthread_cleanup_pop(execute)					\
		__cleanup_pop(execute);					\
	} while (0)

void __cleanup_push(struct __cleanup *cleanup);
void __cleanup_pop(int execute);

/* Once, and values of each thread's own. */
int pthread_once(pthread_once_t *once, void (*function)(void));
void *pthread_getspecific(pthread_key_t key);
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_key_delete(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void *value);

/* Mutexes. */
int pthread_mutex_consistent(pthread_mutex_t *mutex);
int pthread_mutex_destroy(pthread_mutex_t *mutex);
/* The ceiling of a mutex with PTHREAD_PRIO_PROTECT; EINVAL: another mutex. The
 * change locks the mutex meanwhile. */
int pthread_mutex_getprioceiling(const pthread_mutex_t *__restrict mutex,
	int *__restrict ceiling);
int pthread_mutex_setprioceiling(pthread_mutex_t *__restrict mutex, int ceiling,
	int *__restrict old);
int pthread_mutex_init(pthread_mutex_t *__restrict mutex,
	const pthread_mutexattr_t *__restrict attr);
int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_timedlock(pthread_mutex_t *__restrict mutex,
	const struct timespec *__restrict deadline);
int pthread_mutex_trylock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attr);
int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *__restrict attr,
	int *__restrict ceiling);
int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *__restrict attr,
	int *__restrict protocol);
int pthread_mutexattr_getpshared(const pthread_mutexattr_t *__restrict attr,
	int *__restrict shared);
int pthread_mutexattr_getrobust(const pthread_mutexattr_t *__restrict attr,
	int *__restrict robust);
int pthread_mutexattr_gettype(const pthread_mutexattr_t *__restrict attr,
	int *__restrict type);
int pthread_mutexattr_init(pthread_mutexattr_t *attr);
int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling);
/* PTHREAD_PRIO_INHERIT: the owner runs at the priority of the threads that
 * wait. PTHREAD_PRIO_PROTECT: the owner runs at the ceiling of the mutex. */
int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol);
int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared);
/* PTHREAD_MUTEX_ROBUST: when a thread ends with the mutex, the next lock gives
 * EOWNERDEAD; see pthread_mutex_consistent(). */
int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust);
int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type);

/* Condition variables. */
int pthread_cond_broadcast(pthread_cond_t *cond);
int pthread_cond_destroy(pthread_cond_t *cond);
int pthread_cond_init(pthread_cond_t *__restrict cond,
	const pthread_condattr_t *__restrict attr);
int pthread_cond_signal(pthread_cond_t *cond);
int pthread_cond_timedwait(pthread_cond_t *__restrict cond,
	pthread_mutex_t *__restrict mutex,
	const struct timespec *__restrict deadline);
int pthread_cond_wait(pthread_cond_t *__restrict cond,
	pthread_mutex_t *__restrict mutex);
int pthread_condattr_destroy(pthread_condattr_t *attr);
int pthread_condattr_getclock(const pthread_condattr_t *__restrict attr,
	clockid_t *__restrict clock);
int pthread_condattr_getpshared(const pthread_condattr_t *__restrict attr,
	int *__restrict shared);
int pthread_condattr_init(pthread_condattr_t *attr);
int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock);
int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared);

/* Locks for readers and writers, barriers, spin locks. */
int pthread_rwlock_destroy(pthread_rwlock_t *lock);
int pthread_rwlock_init(pthread_rwlock_t *__restrict lock,
	const pthread_rwlockattr_t *__restrict attr);
int pthread_rwlock_rdlock(pthread_rwlock_t *lock);
int pthread_rwlock_timedrdlock(pthread_rwlock_t *__restrict lock,
	const struct timespec *__restrict deadline);
int pthread_rwlock_timedwrlock(pthread_rwlock_t *__restrict lock,
	const struct timespec *__restrict deadline);
int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock);
int pthread_rwlock_trywrlock(pthread_rwlock_t *lock);
int pthread_rwlock_unlock(pthread_rwlock_t *lock);
int pthread_rwlock_wrlock(pthread_rwlock_t *lock);
int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr);
int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *__restrict attr,
	int *__restrict shared);
int pthread_rwlockattr_init(pthread_rwlockattr_t *attr);
int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared);
int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *__restrict attr,
	int *__restrict kind);
/* EINVAL: a kind that is not above. */
int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind);

int pthread_barrier_destroy(pthread_barrier_t *barrier);
int pthread_barrier_init(pthread_barrier_t *__restrict barrier,
	const pthread_barrierattr_t *__restrict attr, unsigned count);
int pthread_barrier_wait(pthread_barrier_t *barrier);
int pthread_barrierattr_destroy(pthread_barrierattr_t *attr);
int pthread_barrierattr_getpshared(const pthread_barrierattr_t *__restrict attr,
	int *__restrict shared);
int pthread_barrierattr_init(pthread_barrierattr_t *attr);
int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared);

int pthread_spin_destroy(pthread_spinlock_t *lock);
int pthread_spin_init(pthread_spinlock_t *lock, int shared);
int pthread_spin_lock(pthread_spinlock_t *lock);
int pthread_spin_trylock(pthread_spinlock_t *lock);
int pthread_spin_unlock(pthread_spinlock_t *lock);

/* A hint for libraries that run many threads on few tasks. In Parley each
 * thread is a task: the number is kept, and means nothing. EINVAL: negative. */
int pthread_getconcurrency(void);
int pthread_setconcurrency(int level);
