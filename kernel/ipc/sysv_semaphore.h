/*
 * sysv_semaphore.h - sets of semaphores of System V: semget(2) and its family.
 *
 * All functions need [P]; only sysv_set_operate() sleeps. In both stores and in
 * sysv_process_ends(), tasks may switch.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/sem.h"
#include "kernel/obj/keyed.h"

struct process;

struct sysv_semaphore {
	uint16_t value;			/* [P] at most SYSV_UNITS_MAX */
	pid_t process;			/* [P] the last that changed it */
};

struct sysv_set {
	struct keyed keyed;		/* [P] first */
	struct list undos;		/* [P] of all processes */
	time_t operated;		/* [P] the last semop(2), or 0 */
	uint32_t count;			/* [const] */
	uint32_t era;			/* [P] a new era for each SETALL */
	struct sysv_semaphore semaphores[];	/* [P] */
};

/* A semop(2) under way, on the caller's stack; zeroed, but for set,
 * operations and count. */
struct sysv_operations {
	struct sysv_set *set;		/* [const] */
	struct sembuf operations[SYSV_OPERATIONS_MAX];	/* [const] */
	uint32_t count;			/* [const] */
	struct sysv_undo *undo;		/* [const] of the process, or NULL */
	pid_t process;			/* [const] */
	bool is_done;			/* [P] `result` holds */
	long result;			/* [P] 0 or -errno */
	uint32_t number;		/* [P] waits for this semaphore */
	int level;			/* [P] ... to have this value */
	bool is_for_zero;		/* [P] ... exactly, and not more */
};

extern const struct object_ops sysv_set_ops;

/* The identifier of a set of so many semaphores, as keyed_get(). */
long sysv_set_get(key_t key, uint32_t count, int flags);
static inline struct sysv_set *sysv_set_find(int id)
{
	return (struct sysv_set *)keyed_find(&sysv_set_ops, id);
}

/*
 * Do all operations in one step, or wait until that is possible. 0, -EAGAIN
 * (IPC_NOWAIT), -ERANGE (a value or its undo would be too large), -ENOMEM,
 * -EIDRM, -EINTR, -ETIMEDOUT.
 */
long sysv_set_operate(struct sysv_operations *call, uint64_t deadline_ns);
/* SETVAL and SETALL: the values of one or of all semaphores. All sums of
 * SEM_UNDO there become 0. */
void sysv_set_store(struct sysv_set *set, uint32_t number, uint16_t value);
void sysv_set_store_all(struct sysv_set *set, const uint16_t *values);
/* The tasks that wait for this semaphore: for zero, or for more. */
uint32_t sysv_set_waiting(const struct sysv_set *set, uint32_t number,
			  bool is_for_zero);
/* The process ends: take back what SEM_UNDO noted. */
void sysv_process_ends(struct process *process);
