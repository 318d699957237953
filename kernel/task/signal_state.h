/*
 * signal_state.h - what signal.c, signal_action.c and deliver.c share.
 */
#pragma once

#include "kernel/task/process.h"

enum default_action { END, CORE, IGNORE, STOP, CONTINUE };

#define HANDLER_DEFAULT	0
#define HANDLER_IGNORE	1

#define STOP_SIGNALS	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | \
			 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

/* The details of one signal that pends. */
struct queued_signal {
	struct list_node node;		/* [P] in signals->queue */
	struct task *task;		/* [const] NULL: for any task */
	siginfo_t info;			/* [const] */
};

static inline struct signal_action *action_of(const struct process *process,
					      int n)
{
	return &process->signals.actions->of[n];
}

/* The signals that the task has to act upon. */
static inline sigset_t signal_deliverable(const struct task *task)
{
	return (task->process->signals.pending | task->signals.pending) &
	       ~task->signals.blocked;
}

/* The signal of the lowest number in a set that is not empty. */
static inline int lowest_signal(sigset_t set)
{
	uint32_t low = set, high = set >> 32;

	return low ? __builtin_ctz(low) + 1 : __builtin_ctz(high) + 33;
}

/* What the default action of signal n does. */
enum default_action signal_default(int n);
/* Would nothing at all happen if n were delivered now? */
bool signal_is_ignored(const struct process *process, int n);
/* Actions of the running process that may be changed; NULL: no memory. */
struct signal_actions *signals_own_actions(void);
/* Remove the details of a signal from the queue and free them. */
void signal_unqueue(struct signals *signals, struct queued_signal *queued);
/* Forget pending signals: those of one task, or of the process (NULL). */
void signal_drop(struct signals *signals, struct task *task, sigset_t set);
/* Forget pending signals of the process and of each of its tasks. */
void signal_drop_everywhere(struct process *process, sigset_t set);
