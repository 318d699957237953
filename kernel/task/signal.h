/*
 * signal.h - signals: sent, pending, blocked, delivered.
 *
 * A signal sent is a bit that pends until the process takes it: on its way
 * back to user mode, or when an interruptible wait ends with -EINTR. [P]
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/signal.h"
#include "kernel/task/wait.h"

struct process;
struct registers;
struct task;

#define SIGNAL_BIT(n)		(1ull << ((n) - 1))
/* The first real-time one: from here on every one is queued. */
#define SIGNAL_REALTIME		32
/* These two can be neither blocked, ignored nor handled. */
#define SIGNALS_UNSTOPPABLE	(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

static inline bool signal_is_standard(int n)
{
	return (unsigned)n - 1 < SIGNAL_REALTIME - 1;
}

/* The kernel's part of sigaction. */
struct signal_action {
	uaddr_t handler;		/* 0: default, 1: ignore */
	uint32_t flags;
	sigset_t mask;
	uaddr_t restorer;
};

/* All actions of a process; shared by its forks until one changes them. */
struct signal_actions {
	bool were_changed;		/* else all are the default */
	uint32_t refs;
	uint32_t plain;			/* see takes_plainly(): bit n - 1 */
	struct signal_action of[NSIG];	/* by number; 0 is not used */
};

/* The details of one standard signal, without a queue. */
struct signal_slot {
	struct task *task;		/* NULL: for any task of the process */
	siginfo_t info;			/* si_signo 0: nobody's */
};

/* What a process has of signals. */
struct signals {
	sigset_t pending;		/* for any of its tasks */
	struct signal_slot slot;	/* details of one that pends, */
	struct list queue;		/* and of all others */
	uint32_t queued;		/* how many, at most SIGQUEUE_MAX */
	struct wait_queue arrivals;	/* sigtimedwait() */
	struct signal_actions *actions;
};

/* What each task has for itself. */
struct task_signals {
	sigset_t pending;		/* sent to it, not to the process */
	sigset_t blocked;
	sigset_t saved_mask;		/* sigsuspend(): to put back after */
	bool has_saved_mask;
	struct {			/* what ended its sigsuspend() */
		int number;
		pid_t sender;
		uid_t user;
	} served;
	uaddr_t stack;			/* sigaltstack(2); 0 bytes: none */
	uint32_t stack_bytes;
};

/* A fresh process has default actions; false: no memory. */
bool signals_init(struct signals *signals, const struct signals *parent);
void signals_destroy(struct signals *signals);
/* exec: handlers become defaults, what is ignored stays so. -ENOMEM. */
int signals_exec(struct signals *signals);
/* For sigaction(2): another action of the running process. 0 or -ENOMEM. */
int signals_set_action(int n, const struct signal_action *action);
/* Masks or actions changed: look at the pending ones again. */
void signals_update(struct process *process);
void signals_update_task(struct task *task);
/* The running task blocks these from now on; SIGKILL and SIGSTOP never. */
void signals_set_mask(sigset_t mask);
/* A task can no longer take these signals of its process: another shall. */
void signals_hand_on(struct process *process, sigset_t set);
/* A task leaves its process: what was sent to it alone is dropped. */
void signals_leave(struct task *task);
/* Let a task notice that it has something to act upon; its wait ends. */
void signal_alert(struct task *task);

/* Its action has just become "ignore": pending ones of it are dropped. */
void signal_discard_ignored(struct process *process, int n);

/* Send signal n; info may be NULL. 0, also when it is ignored and dropped;
 * -EAGAIN: a real-time signal, and its queue is full. */
int signal_send(struct process *process, int n, const siginfo_t *info);
/* The running process sends a standard signal as kill(2) does, which returns
 * this: to itself, */
int signal_send_self(int n);
/* or to another process, if it may. */
int signal_send_other(struct process *process, int n);
/* Wait under another mask until a signal has something to do: the body of
 * sigsuspend(2), which returns this. */
int signal_suspend(sigset_t mask);
/* The running task sends itself a signal, in a system call that is going to
 * return 0: true if its handler is as good as called. */
bool signal_call_at_once(int n);
/* To every process of a group; -ESRCH if there is none. */
int signal_send_group(pid_t group, int n, const siginfo_t *info);
/* A fault of the running task: cannot be blocked or ignored. */
void signal_force(int n, const siginfo_t *info);
/* To one task of a process: pthread_kill(), faults. */
int signal_send_task(struct task *task, int n, const siginfo_t *info);
/* Take one pending signal of the set without acting upon it: its number and
 * details, or 0. For sigtimedwait() and signalfd. */
int signal_take(struct task *task, sigset_t set, siginfo_t *info);
/* Set once by the floor above: a signal has begun to pend. */
extern void (*signal_observer)(struct process *process, int n);
/* Is there a signal that the task must act upon? */
bool signal_is_pending(const struct task *task);
/* Is the task going to end, whatever it does? */
bool signal_is_fatal(const struct task *task);
/* Is this stack pointer on the running task's alternate stack? */
bool signal_is_on_stack(uaddr_t pointer);
/* On the way to user mode: deliver what pends. May not return. */
void signal_deliver(struct registers *regs);

const char *signal_name(int n);
