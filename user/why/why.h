/* why.h - the parts of why: what is known of the tasks, and the deadlock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct task {
	int pid;
	char *name, *state;
	bool waits;		/* the rest holds only then */
	char *kind, *object, *event;
	long long since_ns, deadline_ns;	/* deadline -1: none */
	char *enders;
	bool explained, stuck;
};

extern struct task *tasks;
extern size_t task_count;

/* Reads /proc/tasks and /proc/waits. */
void read_tasks(void);

/* Returns NULL if there is no such task. */
struct task *find_task(int pid);

/*
 * Steps through the tasks that could end the wait: returns the next, or NULL,
 * and moves *enders behind it. Words such as "timer" are passed over.
 */
struct task *next_ender(const char **enders);

/* Marks as stuck each task that waits for ever if nobody helps from outside. */
void mark_stuck(void);
