/*
 * signal_state.h - shared by signal.c, signal_action.c and deliver.c.
 */
#pragma once

#include "kernel/task/process.h"

enum default_action { END, CORE, IGNORE, STOP, CONTINUE };

#define HANDLER_DEFAULT	0
#define HANDLER_IGNORE	1

#define STOP_SIGNALS	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | \
			 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

/* The details of a pending real-time signal. */
struct queued_signal {
	struct list_node node;		/* [P] in realtime of the receiver */
	siginfo_t info;			/* [const] */
};

static inline struct signal_action *action_of(const struct process *process,
					      int n)
{
	return &process->signals.actions->of[n];
}

/* The signals that the task could take. */
static inline sigset_t signal_pending_set(const struct task *task)
{
	return task->process->signals.pending.set | task->signals.pending.set;
}

/* The pending signals that are not blocked. */
static inline sigset_t signal_deliverable(const struct task *task)
{
	return signal_pending_set(task) & ~task->signals.blocked;
}

/* The default action of signal n. */
enum default_action signal_default(int n);
/* Would nothing at all happen if n were delivered now? */
bool signal_is_ignored(const struct process *process, int n);
/* Actions of the running process, ready to be changed; NULL: no memory. */
struct signal_actions *signals_own_actions(void);
/* Free the details of a real-time signal of the receiver. */
void signal_unqueue(struct pending_signals *pending,
		    struct queued_signal *queued);
/* Drop the pending signals of a receiver, if they are in the set. */
void signal_drop(struct pending_signals *pending, sigset_t set);
/* Drop these signals for the process and for each task of the process. */
void signal_drop_everywhere(struct process *process, sigset_t set);
