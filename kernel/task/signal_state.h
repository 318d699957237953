/*
 * signal_state.h - what signal.c and deliver.c share.
 */
#pragma once

#include "kernel/task/process.h"

enum default_action { END, CORE, IGNORE, STOP, CONTINUE };

#define HANDLER_DEFAULT	0
#define HANDLER_IGNORE	1

/* Those that do more than pend: see begin_send(). */
#define SIGNALS_WITH_EFFECT \
	(STOP_SIGNALS | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGKILL))
#define STOP_SIGNALS	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | \
			 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

struct queued_signal {
	struct list_node node;
	struct task *task;		/* NULL: for any task of the process */
	siginfo_t info;
};

static inline struct signal_action *action_of(const struct process *process,
					      int n)
{
	return &process->signals.actions->of[n];
}

static inline bool has_one_task(const struct process *process)
{
	return process->tasks.head.next == process->tasks.head.prev;
}

/*
 * Is calling its handler all that the signal would do to the task, as things
 * are? It is not blocked, it has no effect of its own, and its handler wants
 * nothing special: no arguments but the number, no other stack.
 */
static inline bool takes_plainly(const struct task *task, int n)
{
	uint32_t takes = task->process->signals.actions->plain &
			 ~(uint32_t)task->signals.blocked;

	return (takes + takes) >> n & 1;	/* no register for n - 1 */
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
	uint32_t low = set;

	return LIKELY(low) ? __builtin_ctz(low) + 1
			   : __builtin_ctz((uint32_t)(set >> 32)) + 33;
}

/* SIGNAL_BIT() of a standard signal: one word is all that has to be computed,
 * which is what the usual paths do with it. */
static inline sigset_t standard_bit(int n)
{
	return 1u << (n - 1);
}

/* The word of a set in which the standard signals are: to change it alone. */
struct standard_word {
	uint32_t bits;
} __attribute__((may_alias));

static inline struct standard_word *standard_word(sigset_t *set)
{
	return (struct standard_word *)set;
}

enum default_action signal_default(int n);
/* Would nothing at all happen if n were delivered now? */
bool signal_is_ignored(const struct process *process, int n);
void signal_note_sender(struct process *process, int n, pid_t sender,
			uid_t user);
/* Actions of the running process that may be changed; NULL: no memory. */
struct signal_actions *signals_own_actions(void);
void signal_unqueue(struct signals *signals, struct queued_signal *queued);
/* Forget pending signals: those of one task, or of the process (NULL). */
void signal_drop(struct signals *signals, struct task *task, sigset_t set);
