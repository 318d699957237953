/*
 * id.h - the numbers of tasks, processes, groups and sessions: one space.
 *
 * A number in use is not allocated again. The users of a number are the task or
 * process of this id, also a zombie, and the members of the group or session.
 * The cost of a lookup does not depend on the number of tasks. All functions
 * need [P] and never sleep.
 */
#pragma once

#include "kernel/lib/types.h"

struct account;
struct process;
struct task;

#define ID_MOST		8191
#define ID_INIT		1		/* kept for the first process */

/* A number with one use, or -1: all are taken, or all that are left for this
 * user. */
pid_t id_alloc(void);
void id_get(pid_t id);
void id_put(pid_t id);

struct id_entry {			/* [P] */
	struct task *task;
	struct process *process;
	uint32_t uses;
	struct account *payer;		/* while the number is in use */
};

extern struct id_entry ids[ID_MOST + 1];	/* [P] */

#define ID_WORDS	(ID_MOST / 32 + 1)

/* A set of ids: a bit for each. [P] or [own] */
struct id_bits {
	uint32_t words[ID_WORDS];
};

static inline bool id_bits_has(const struct id_bits *bits, pid_t id)
{
	return bits->words[id / 32] & 1u << id % 32;
}

void id_bits_put(struct id_bits *bits, pid_t id, bool is_in);
/* Move *id on to the next id of the set. False: there is none, *id is -1. */
bool id_bits_after(const struct id_bits *bits, pid_t *id);

/* The task, or process, of this id; NULL: none, or the id is out of range. */
struct task *id_task(pid_t id);
/* The task, or process, with the lowest number above *id, written to *id; or
 * NULL. For a walk through all of them with a sched_point() in between. */
struct task *task_after(pid_t *id);
struct process *process_after(pid_t *id);
static inline struct process *id_process(pid_t id)
{
	return (uint32_t)id <= ID_MOST ? ids[id].process : NULL;
}
void id_set_task(pid_t id, struct task *task);
void id_set_process(pid_t id, struct process *process);
