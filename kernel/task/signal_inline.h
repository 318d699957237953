/*
 * signal_inline.h - another mask, for those who change it all the time.
 */
#pragma once

#include "kernel/task/process.h"

void signals_look_again(void);

/* A task must act either because its flag is set, or because a signal pends
 * that is not blocked any more. */
static inline bool signals_may_act(const struct task *task)
{
	return task->signal_pending | task->signals.pending |
	       task->process->signals.pending;
}

/* signals_set_mask() */
static ALWAYS_INLINE void signals_change_mask(sigset_t mask)
{
	struct task *task = cpu.current;

	task->signals.blocked = mask & ~SIGNALS_UNSTOPPABLE;
	if (UNLIKELY(signals_may_act(task)))
		signals_look_again();
}
