/* init.h - the first process, and what the lower floors are told of us. */
#pragma once

struct process;
struct task;

/* Make the process that runs the program at path; it starts when the boot task
 * gives the processor away. Panics when that cannot be. */
void init_start(const char *path);

/* What a process that ends lets go of on the upper floors. */
void process_release(struct process *process);

/* Those who join a task that ends are told. */
void thread_tell_joiners(struct task *task);
