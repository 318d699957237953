/*
 * crowd.h - for wait.c: one event for many tasks, and for polls. See crowd.c.
 *
 * All functions need task switches postponed [P] and never sleep.
 */
#pragma once

#include "kernel/task/wait.h"

/* A woken task, which has left its queue, becomes ready a little later. */
void wake_later(struct task *task);
/* Let the polls look again that watch this queue. is_end: the object has ended,
 * or nothing will be as before; watchers that wait for that alone look, too. */
void wake_watchers(struct wait_queue *queue, bool is_end);
