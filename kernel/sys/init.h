/* init.h - the first process, and the functions handed to lower floors. */
#pragma once

struct process;
struct task;

/* Make the process for the program at path; the process starts when the boot
 * task gives the processor away. Panics when a step fails. */
void init_start(const char *path);

/* Release the resources on the upper floors of a process that ends. */
void process_release(struct process *process);

/* The running task ends: release its locks, and wake the threads that join
 * it. May sleep. */
void thread_leaves_memory(struct task *task);
