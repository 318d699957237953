/*
 * sys/pthread_types.h - the types of threads, which POSIX wants in several
 * headers. Programs include <pthread.h>.
 */
#pragma once

#include "kernel/abi/types.h"

typedef struct __pthread *pthread_t;
typedef unsigned pthread_key_t;
typedef unsigned pthread_once_t;
typedef unsigned pthread_spinlock_t;

typedef struct {
	int detached;
	size_t stack_bytes;
	size_t guard_bytes;
	void *stack;			/* the program's own, or NULL */
	int inherits;			/* policy and priority, or has these: */
	int policy, priority;
} pthread_attr_t;

struct __cleanup {			/* see pthread_cleanup_push() */
	void (*function)(void *argument);
	void *argument;
	struct __cleanup *next;
};

typedef struct {
	int type;
	int shared;
	int robust;
	int protocol;			/* PTHREAD_PRIO_ */
	int ceiling;
} pthread_mutexattr_t;

struct __lock_node {			/* in the list of its holder */
	struct __lock_node *next;	/* the kernel reads it: robust.c */
	struct __lock_node **link;	/* what points here */
};

typedef struct {
	unsigned word;			/* 0, or the holder: libc/pthread */
	int type;
	unsigned depth;			/* recursive: locks beyond the first */
	unsigned char robust;
	unsigned char protocol;		/* PTHREAD_PRIO_ */
	unsigned char ceiling;		/* of PTHREAD_PRIO_PROTECT */
	struct __lock_node node;	/* robust: while held */
} pthread_mutex_t;

typedef struct {
	clockid_t clock;
	int shared;
} pthread_condattr_t;

typedef struct {
	unsigned sequence;		/* of signals */
	unsigned waiters;
	clockid_t clock;
} pthread_cond_t;

typedef struct {
	int shared;
} pthread_barrierattr_t;

typedef struct {
	int shared;
	int kind;			/* PTHREAD_RWLOCK_PREFER_ */
} pthread_rwlockattr_t;

typedef struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int readers;
	int writer;			/* its thread, or 0 */
	int readers_wait, writers_wait;
	int readers_turn;		/* the readers that wait go first */
	int kind;			/* PTHREAD_RWLOCK_PREFER_ */
} pthread_rwlock_t;

typedef struct {
	pthread_mutex_t mutex;
	pthread_cond_t turned;
	unsigned needed, arrived, leaving;
	unsigned round;
} pthread_barrier_t;
