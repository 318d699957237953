/* why.h - the parts of why: what the kernel tells of the tasks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct task {
	int pid;
	char **lines;		/* the sentence, and where the task is */
	size_t line_count;
	const char *enders;	/* as in /proc/waits; "" without a wait */
	bool explained;
};

extern char **deadlocks;	/* a line for each circle */
extern size_t deadlock_count;

/* Reads /proc/why and /proc/waits. */
void read_tasks(void);

/* Returns NULL if there is no such task. */
struct task *find_task(int pid);

/* No task is explained yet. */
void forget_explained(void);

/*
 * Steps through the tasks that could end the wait: returns the next task, or
 * NULL, and moves *enders on. Words such as "timer" are passed over.
 */
struct task *next_ender(const char **enders);
