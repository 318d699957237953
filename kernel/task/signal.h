/*
 * signal.h - signals: sent, pending, blocked, delivered.
 *
 * A signal pends from the send until a task takes the signal: on the way back
 * to user mode, or in sigtimedwait(2).
 *
 * All functions need task switches postponed [P]. No interrupt handler calls
 * them, and none of them sleeps but signal_deliver(), which blocks while the
 * process is stopped.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/signal.h"
#include "kernel/task/wait.h"

struct process;
struct registers;
struct task;

#define SIGNAL_BIT(n)		(1ull << ((n) - 1))
/* The first real-time signal: signals of this number and above are queued. */
#define SIGNAL_REALTIME		32
#define SIGNALS_REALTIME	(~0ull << (SIGNAL_REALTIME - 1))
/* A program can neither block, ignore nor handle these two. */
#define SIGNALS_UNSTOPPABLE	(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/* The kernel's part of sigaction. */
struct signal_action {
	uaddr_t handler;		/* [P] 0: default, 1: ignore */
	uint32_t flags;			/* [P] SA_... */
	sigset_t mask;			/* [P] of sigaction(2) */
	sigset_t blocked;		/* [P] during the handler: the mask, and
					   without SA_NODEFER the signal */
	uaddr_t restorer;		/* [P] where the handler returns to */
};

/* All actions of a process; shared by its forks until a process changes
 * them. */
struct signal_actions {
	bool were_changed;		/* [P] false: all are the default */
	uint32_t refs;			/* [P] processes that use them */
	struct signal_action of[NSIG];	/* [P] by number; 0 is not used */
};

/*
 * The signals that pend for a process (task is NULL: any task may take them),
 * or for one task. A standard signal pends at most once, so its details have a
 * place. The places stay uncleared until a signal pends: they are the last
 * field, here and in the structs around.
 */
struct pending_signals {
	sigset_t set;			/* [P] */
	struct process *process;	/* [const] */
	struct task *task;		/* [const] */
	struct list realtime;		/* [P] details, the oldest first */
	siginfo_t details[SIGNAL_REALTIME]; /* [P] by number, if in the set */
};

/* The signals of a process. */
struct signals {
	struct signal_actions *actions;	/* [P] */
	struct wait_queue arrivals;	/* [P] tasks that wait for signals */
	uint32_t queued;		/* [P] at most SIGQUEUE_MAX */
	struct pending_signals pending;	/* [P] */
};

/* The signals of one task. */
struct task_signals {
	sigset_t blocked;		/* [P] written by the task itself */
	sigset_t saved_mask;		/* [P] put back after sigsuspend() */
	bool has_saved_mask;		/* [P] */
	uaddr_t stack;			/* [P] sigaltstack(2): lowest byte */
	uint32_t stack_bytes;		/* [P] 0: no alternate stack */
	struct pending_signals pending;	/* [P] sent to the task alone */
};

/* ---- Actions: signal_action.c ------------------------------------------- */

/*
 * Initialise the signals of a new process: nothing pends. The actions are the
 * parent's, or without a parent (NULL) the default. Returns false when there is
 * no memory.
 */
bool signals_init(struct process *process, const struct process *parent);

/* Undo signals_init(); pending signals of the process are dropped. */
void signals_destroy(struct process *process);

/* A new task becomes a task of the process: no signal pends for the task. */
void signals_join(struct task *task, struct process *process);

/* A task leaves its process: signals sent to the task alone are dropped. */
void signals_leave(struct task *task);

/* The only task of a new process inherits the mask and the alternate stack of
 * the running task. */
void signals_fork(struct task_signals *signals);

/*
 * What exec does to the signals of the running process: handlers become the
 * default, ignored signals stay ignored, and the alternate stack is disabled.
 * Returns 0, or -ENOMEM with nothing changed.
 */
int signals_exec(struct signals *signals);

/*
 * sigaction(2): give signal n of the running process another action; computes
 * action->blocked. Pending signals that the action ignores are dropped. Returns
 * 0 or -ENOMEM.
 */
int signals_set_action(int n, const struct signal_action *action);

/* ---- Sending: signal.c -------------------------------------------------- */

/* "SIGTERM" for 15; "SIGRT" for real-time signals. */
const char *signal_name(int n);

/*
 * Send signal n (not 0) to a process; info holds the details, NULL: none.
 * Returns 0, also when the process ignores the signal; -EAGAIN when n is a
 * real-time signal, not of kill(2), and the queue of the process is full.
 * sigqueue(2).
 */
int signal_send(struct process *process, int n, const siginfo_t *info);

/* The same to one task of a process. pthread_kill(3). */
int signal_send_task(struct task *task, int n, const siginfo_t *info);

/* Send a fault of the running task to the task. The process ends at once when
 * the signal is blocked, ignored, or has no handler. */
void signal_force(int n, const siginfo_t *info);

/* The running task blocks these signals from now on; SIGKILL and SIGSTOP are
 * never blocked. */
void signals_set_mask(sigset_t mask);

/* The same for the time of one wait. Delivery puts the old mask back, or the
 * handler's frame does. sigsuspend(2), ppoll(2). */
void signals_mask_for_wait(sigset_t mask);
/* The wait has ended without -EINTR: put the old mask back. */
void signals_unmask_after_wait(void);

/*
 * Tell a task, which may sleep, to act upon a signal, a stop of the process, or
 * the end of the task. An interruptible wait of the task ends with -EINTR. The
 * flag signal_pending stands for an alert. Only signal_deliver() clears the
 * flag.
 */
void signal_alert(struct task *task);

/* A task can no longer take these signals of its process: alert another task
 * for each signal that pends. */
void signals_hand_on(struct process *process, sigset_t set);

/* Must the task act upon a signal, a stop of its process or its own end? The
 * signal of an alert may be gone: another task took the signal. */
bool signal_is_pending(const struct task *task);

/* Will the task end in any case? */
bool signal_is_fatal(const struct task *task);

/* The running task has done a part of a long call: a sched_point(). False: the
 * task has been killed meanwhile, so the rest of the call is not needed. */
bool signal_lets_go_on(void);

/* ---- Delivery: deliver.c ------------------------------------------------ */

/*
 * On the way to user mode: act upon every signal that pends and is not
 * blocked. regs are the registers to be restored; a handler's call changes
 * them. Does not return when the task ends.
 */
void signal_deliver(struct registers *regs);

/*
 * Take one pending signal of the set from the task or its process, without
 * acting upon the signal. Returns the details, valid until the next signal is
 * sent to the process; NULL: no signal of the set pends. sigtimedwait(2) and
 * signalfd(2).
 */
siginfo_t *signal_take(struct task *task, sigset_t set);

/* Is this stack pointer on the running task's alternate stack? */
bool signal_is_on_stack(uaddr_t pointer);
