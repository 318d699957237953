/*
 * sched.h - the functions of the scheduler for this folder alone.
 */
#pragma once

#include "kernel/task/task.h"

/* The boot flow is the running task, with depth 1. */
void sched_init(struct task *boot_task);
/* The idle task runs when no task is ready. */
void sched_set_idle(struct task *task);
/* Set once by a floor above: the idle task is about to halt. With [P]. */
extern void (*sched_tell_idle)(void);

/* Load the extra state of the task, which runs now or next. */
void load_extra_state(struct task *task);

/* Queue up a task that can run, at the end of its list or at the head. */
void ready_insert(struct task *task, bool at_head);
/* Take a ready task off its list. */
void ready_remove(struct task *task);
/* Tasks compete: ticks end their slices. */
void tick_start(void);
