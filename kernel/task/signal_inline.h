/*
 * signal_inline.h - another mask, for those who change it all the time.
 */
#pragma once

#include "kernel/task/process.h"

void signals_look_again(void);

/* signals_set_mask(). What a task must act upon without its flag being set, it
 * can only come to by a signal that pends and is no longer blocked. */
static ALWAYS_INLINE void signals_change_mask(sigset_t mask)
{
	struct task *task = cpu.current;

	task->signals.blocked = mask & ~SIGNALS_UNSTOPPABLE;
	if (UNLIKELY(task->signal_pending || task->signals.pending |
		     task->process->signals.pending))
		signals_look_again();
}
