/*
 * sched.h - what only task.c needs of the scheduler.
 */
#pragma once

#include "kernel/task/task.h"

/* The boot flow is the running task, with depth 1. */
void sched_init(struct task *boot_task);
/* What runs when nothing can. */
void sched_set_idle(struct task *task);
