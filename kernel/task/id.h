/*
 * id.h - the numbers of tasks, processes, groups and sessions: one space.
 *
 * A number is not given out again while anybody uses it: a task or process of
 * that id, a zombie, a member of the group or session. Finding who has a number
 * costs the same however many there are. [P]
 */
#pragma once

#include "kernel/lib/types.h"

struct process;
struct task;

#define ID_MOST		8191
#define ID_INIT		1		/* kept for the first process */

/* A number with one use, or -1 when all are taken. */
pid_t id_alloc(void);
void id_get(pid_t id);
void id_put(pid_t id);

struct id_entry {
	struct task *task;
	struct process *process;
	uint32_t uses;
};

extern struct id_entry ids[ID_MOST + 1];	/* [P] */

/* Who has it; NULL for no one and for numbers out of range. */
struct task *id_task(pid_t id);
static inline struct process *id_process(pid_t id)
{
	return (uint32_t)id <= ID_MOST ? ids[id].process : NULL;
}
void id_set_task(pid_t id, struct task *task);
void id_set_process(pid_t id, struct process *process);
