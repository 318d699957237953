/*
 * sched.h - the functions of the scheduler for task.c alone.
 */
#pragma once

#include "kernel/task/task.h"

/* The boot flow is the running task, with depth 1. */
void sched_init(struct task *boot_task);
/* The idle task runs when no task is ready. */
void sched_set_idle(struct task *task);
/* Set once by a floor above: the idle task is about to halt. With [P]. */
extern void (*sched_tell_idle)(void);
