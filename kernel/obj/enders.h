/*
 * enders.h - which tasks could end a wait: a set of ids, made for a report.
 *
 * All functions need [P]. If set->may_pause, other tasks run between the steps
 * of enders_index() and enders_add_holders(): then the caller keeps no pointer
 * to a task or an object without a new look.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/task/id.h"

struct object;
struct open_file;
struct process;

#define ENDERS_SLOTS	256

struct enders {				/* [own] */
	struct id_bits tasks;
	struct list holders[ENDERS_SLOTS];	/* a hash table by thing */
	bool is_indexed;		/* the holders are known */
	bool may_pause;
	pid_t ended;			/* the only ender, a dead task; or 0 */
};

/* A set for many waits, or NULL: no memory. */
struct enders *enders_create(void);
void enders_destroy(struct enders *set);

/*
 * Note which processes have which objects open, in place of older notes: a step
 * for each descriptor of the system. Then enders_add_holders() costs a step for
 * each holder. Without notes it looks at each process, and needs no memory. 0
 * or -ENOMEM.
 */
int enders_index(struct enders *set);

/* Add a task; all tasks of a process (NULL: none); all tasks of the processes
 * with the object open to read (END_READ) or to write; all tasks of the
 * processes that have this open file, which has a lock of flock(2). */
void enders_add_task(struct enders *set, pid_t id);
void enders_add_process(struct enders *set, const struct process *process);
void enders_add_holders(struct enders *set, const struct object *object,
			int end);
void enders_add_openers(struct enders *set, const struct open_file *file);
