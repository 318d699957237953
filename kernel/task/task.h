/*
 * task.h - the tasks, which the scheduler schedules.
 *
 * A task has a kernel stack, a saved stack pointer, and a state. A task of a
 * program belongs to a process (process.h), which owns memory, descriptors and
 * signals. A kernel task has no process. All functions need [P]. Only
 * schedule(), block_task(), yield_task() and yield_to() switch tasks.
 */
#pragma once

#include "kernel/task/cpu.h"
#include "kernel/task/signal.h"
#include "kernel/task/wait.h"

enum task_state {
	TASK_RUNNING,		/* on the processor, on no list */
	TASK_READY,		/* on a ready list */
	TASK_TERMINATED,	/* for task_clean_up() to free */
	TASK_BLOCKED,		/* waits: see wait; from here on: may wake */
	TASK_STOPPED,		/* by SIGSTOP or a similar signal */
	TASK_STATES
};

extern const char *const task_state_name[TASK_STATES];

/*
 * Step 15 of the tutorial: the rules of preemption. Tasks of the first two
 * policies have a priority, and run before all other tasks. Programs know the
 * policies by the names of POSIX, and of Linux for the last.
 */
enum task_policy {
	POLICY_REALTIME,	/* 0, SCHED_FIFO: runs until it waits */
	POLICY_URGENT,		/* 1, SCHED_RR: shares slices with equals */
	POLICY_NORMAL,		/* 2, SCHED_OTHER: shares time, see share.c */
	POLICY_BACKGROUND	/* 3, SCHED_IDLE: runs when no other task can */
};

#define SLICE_TICKS		4	/* nice 0, and POLICY_URGENT: 10 ms */
#define TASKS_MOST		4096	/* in the whole system */

#define PRIORITY_HIGHEST	PRIORITIES
#define PRIORITY_NORMAL		16	/* for tasks of the kernel */
#define PRIORITY_LOWEST		1
#define PRIORITY_NONE		0	/* of a task that shares time */

/* The order of choice: a real-time priority, or below. */
#define LEVEL_SHARED		0
#define LEVEL_BACKGROUND	(-1)
#define LEVEL_IDLE		(-2)	/* the idle task's alone */

struct task {				/* [P], or as the field says */
	/* Known to assembly: see arch/i686/offsets.c. */
	uint32_t esp;			/* saved while the task does not run */
	uint32_t stack_top;		/* where kernel entries begin; the time
					 * in user mode lies there */
	uint32_t root_pa;		/* of own or borrowed page tables */
	uint64_t total_cycles;		/* while running: minus the clock */
	struct registers *frame;	/* full frame inside a call, if any */

	struct arch_space *space;	/* page tables; NULL: any will do */
	uint8_t state;			/* enum task_state */
	uint8_t slice_used;		/* ticks; slice_ticks: goes to the tail
					   when preempted */
	bool computes;			/* has used a turn without a wait */
	uint8_t slice_ticks;		/* the length: by policy and nice */
	int8_t level;			/* the order of choice: LEVEL_... */
	uint8_t priority;		/* of the level: real-time, or
					   PRIORITY_NONE: the order in wait
					   queues */
	int8_t own_level;		/* by policy, without loans */
	uint8_t ceiling;		/* see inherit.c; 0: none */
	uint8_t policy;			/* enum task_policy */
	int8_t nice;			/* of the process */
	struct share *share;		/* of the user: never NULL */
	struct list *ready_list;	/* the task's, when ready */
	uint32_t ready_bit;		/* of the list, in cpu.ready_bitmap; 0:
					   not a list of a priority */
	bool signal_pending;		/* [P] has a signal to act upon */
	bool has_extra_state;		/* [P] see extra_state.c */
	bool is_dying;			/* must end at the next chance */
	bool was_stepped;		/* into a system call: owed SIGTRAP */
	uint16_t restarted_call;	/* number, after a stop; 0: none */
	bool is_traced;			/* see kernel/sys/tracer.h */
	bool is_explored;		/* by kernel/sys/explore.c: only that
					 * file ends a sleep at the deadline */
	bool is_stepped;		/* a trap before each instruction */
	uint8_t late_access;		/* [own] FAULT_ bits; 0: no late page */
	uint32_t works_under_way;	/* [own] PENDING bits: see cpu.c */
	uaddr_t late_page;		/* [own] see late_page.c */
	uint32_t faults;		/* [own] page faults so far */
	uaddr_t clear_at_exit;		/* futex word of joiners; 0: none */
	uaddr_t lock_list;		/* see kernel/sys/robust.c; 0: none */
	uaddr_t thread_pointer;		/* address of its own memory */
	struct vector *vector;		/* [own] see kernel/obj/vector.c */
	struct list_node ready;		/* ready, stopped or terminated list */
	struct list_node all;		/* task_list */
	struct list_node sibling;	/* tasks of the process */
	struct wait wait;
	struct list loans;		/* see inherit.c */
	struct process *process;	/* NULL for a kernel task */
	struct account *account;	/* pays for what the task causes */
	pid_t id;			/* [const] */
	void *stack;			/* [const] base of the kernel stack */
	void *fpu;			/* saved FPU state, or NULL */
	uint32_t switches_waiting;	/* gave the processor away */
	uint32_t switches_preempted;	/* had to */
	char name[16];
	struct task_signals signals;	/* the last field: see signal.h */
};

extern struct list task_list;		/* [P] all tasks */
extern uint32_t task_count;

static inline struct task *task_current(void)
{
	return arch_cpu()->current;
}

/* The boot flow becomes task 0, the idle task begins (Steps 1, 10). */
void initialise_multitasking(void);

/* Create a ready kernel task of POLICY_URGENT that runs entry(arg); NULL: no
 * memory. */
struct task *create_kernel_task(const char *name, void (*entry)(void *),
				void *arg, int priority);
/* A task of POLICY_NORMAL without stack contents, on no list but task_list, for
 * the user of the running task. id 0: take a new number. NULL: no memory or no
 * number left. */
struct task *task_create(const char *name, pid_t id);
/* Undo task_create() of a task that never ran. */
void task_discard(struct task *task);

/* Switch to the best ready task if this task is better than the running task
 * (Steps 2, 4, 15). Called with depth 1. */
void schedule(void);
/* Take the processor from the running task; `reason` is the new state (Step 6).
 * Called with depth 1; returns after unblock_task() of this task. */
void block_task(enum task_state reason);
/* Make a blocked or stopped task ready; a task in a different state stays.
 * Never switches, but requests a reschedule if the task should run first. */
void unblock_task(struct task *task);
/* Go behind the ready tasks of the same priority; a task that shares time goes
 * behind the ready tasks of its user. */
void yield_task(void);
/* Switch to this ready task, with the priority of the running task. The running
 * task goes behind all ready tasks of the priority. */
void yield_to(struct task *next);
/* End the running task; the next task frees it (Step 12). */
void terminate_task(void) NORETURN;
/* Free all ended tasks. */
void task_clean_up(void);
/* priority: PRIORITY_LOWEST to PRIORITY_HIGHEST for the first two policies, or
 * PRIORITY_NONE. */
void task_set_policy(struct task *task, enum task_policy policy, int priority);
/* Does the task sleep in a wait, so that task->wait says which? A new task is
 * blocked as well, until its creator has completed it. */
static inline bool task_is_waiting(const struct task *task)
{
	return task->state == TASK_BLOCKED &&
	       list_is_linked(&task->wait.node);
}

/* The priority that the task has without loans, or PRIORITY_NONE. */
static inline int task_own_priority(const struct task *task)
{
	return MAX(task->own_level, PRIORITY_NONE);
}
/* For inherit.c: run at this level from now on. */
void task_set_level(struct task *task, int level);
/* The nice value decides about the slices of POLICY_NORMAL. */
void task_set_nice(struct task *task, int nice);
/* The task counts for this user from now on. */
void task_set_share(struct task *task, struct share *share);

/* These page tables; NULL: any will do. For the running task they are still to
 * be loaded: arch_space_switch(). */
void task_set_space(struct task *task, struct arch_space *space);

/* The address of the thread's own memory while the task runs; 0: none. */
void task_set_thread_pointer(struct task *task, uaddr_t pointer);

/* The task has got, or lost, state beside registers and page tables. */
void task_extra_state_changed(struct task *task);

/* Let the task's system calls go through machine_call_begins(), or stop it. */
void task_set_trace(struct task *task, bool is_traced);

/* Time spent in all, in cycles: Step 3. */
uint64_t task_total_cycles(const struct task *task);
uint64_t task_user_cycles(const struct task *task);
/* User and kernel time of a task, in ns. */
uint64_t task_user_ns(const struct task *task);
uint64_t task_kernel_ns(const struct task *task);
