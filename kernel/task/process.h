/*
 * process.h - what owns memory, descriptors, signals and children.
 *
 * A process has one or more tasks. It ends when its last task does, and stays
 * as a zombie, with its status, until the parent has waited for it. [P] guards
 * everything here.
 */
#pragma once

#include "kernel/abi/resource.h"
#include "kernel/abi/system.h"
#include "kernel/mm/space.h"
#include "kernel/task/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/user.h"

struct descriptors;		/* kernel/obj/descriptor.h */
struct mail_desk;		/* kernel/ipc/mail_desk.h */
struct object;

enum process_state { PROCESS_ALIVE, PROCESS_STOPPED, PROCESS_ZOMBIE };

struct process {
	pid_t id;
	uint8_t state;
	bool was_reported;		/* waited for stop or continue */
	struct space *space;
	struct descriptors *descriptors;
	struct object *directory;	/* the working directory */
	struct list tasks;
	struct wait_queue tasks_queue;	/* exec waits for the others to end */
	bool is_ending;			/* end_status holds */
	int end_status;
	struct process *parent;
	struct list children;
	struct list_node sibling;	/* among the parent's children */
	struct list_node all;		/* process_list */
	struct wait_queue child_queue;	/* the parent waits here */
	int status;			/* as waitpid(2) gives it */
	pid_t group;
	pid_t session;
	struct object *terminal;	/* controlling terminal, or NULL */
	mode_t umask;
	struct identity identity;
	int nice;
	struct rlimit limits[RLIMITS];	/* by RLIMIT_ number */
	bool has_execed;		/* setpgid() by the parent is over */
	struct signals signals;
	struct object *tracer;		/* gets its system calls, or NULL */
	struct list alarms;		/* see alarm.h */
	struct mail_desk *desk;		/* unanswered calls, or NULL */
	uint64_t user_ns;		/* of tasks that have ended */
	uint64_t kernel_ns;
	uint64_t children_user_ns;	/* of children waited for */
	uint64_t children_kernel_ns;
	uint64_t start_ns;
	struct object *image;		/* its file, for crash reports */
	char name[16];
};

#define PROCESS_MAX	2048		/* in the whole system */
#define PROCESS_RESERVED 16		/* of them for shells */

extern struct list process_list;
extern uint32_t process_count;
extern struct process *process_init;	/* pid 1: parent of orphans */

static inline struct process *process_current(void)
{
	return cpu.current->process;
}

/* How much of this it may have now. */
static inline uint32_t process_limit(const struct process *process,
				     int resource)
{
	return process->limits[resource].rlim_cur;
}

/* The one task of a process that has not ended. */
static inline struct task *process_task(const struct process *process)
{
	return LIST_ENTRY(process->tasks.head.next, struct task, sibling);
}

struct process *process_find(pid_t id);

/* What waitpid(2) was asked: the context of a task in WAIT_CHILD. */
struct child_wait {
	struct process *parent;
	pid_t pid;			/* as waitpid(2) takes it */
	int options;			/* as waitid(2) takes them */
	int status;			/* of the child that was found */
	siginfo_t info;
};

static inline bool process_is_wanted(const struct process *child,
				     const struct child_wait *wait)
{
	if (wait->pid > 0)
		return child->id == wait->pid;
	if (wait->pid == -1)
		return true;
	return child->group == (wait->pid ? -wait->pid : wait->parent->group);
}

/* A new process with one task, child of `parent` (may be NULL), with its own
 * pid; nothing else is set up. NULL: no memory, or too many processes. */
struct process *process_create(struct process *parent, const char *name);
/* Undo process_create() for one that never ran. */
void process_discard(struct process *process);

/* Another task of the process, without stack contents. NULL: no memory. */
struct task *process_add_task(struct process *process);

/* End the running process, all its tasks, with this wait status. */
void process_exit(int status) NORETURN;
/* End the running task; its process ends with the last one. */
void task_exit(void) NORETURN;
/* exec: end all tasks but the running one, and wait for that. 0, or -EINTR
 * when the running one is to end itself. */
int process_become_single(void);
/* Set once by the floor above: tell those who wait for a task's end. */
extern void (*task_tell_joiners)(struct task *task);

/* Free a zombie; its parent has been told. */
void process_reap(struct process *process);

/* Time used by all its tasks. */
uint64_t process_user_ns(const struct process *process);
uint64_t process_kernel_ns(const struct process *process);

/* init, or a shell that it started: who can end the others. */
bool process_is_vital(const struct process *process);

/* Move it into another group and session. */
void process_set_group(struct process *process, pid_t group, pid_t session);

/* Is nobody left in the session who could continue this group? */
bool group_is_orphaned(pid_t group);
/* A member, or the parent of one, has ended: whoever is stopped in a group
 * that is orphaned now goes on. */
void group_lost_tie(pid_t group);
/* How many are stopped. */
extern uint32_t process_stopped_count;

/* Set by the floor above: a process has ended. */
extern void (*process_tell_watchers)(const struct process *process);

/* What the floors above must let go of when a process ends: set once. */
extern void (*process_release_files)(struct process *process);

/* What SIGCHLD and waitid(2) tell of a child that has changed state. */
void process_child_info(const struct process *process, siginfo_t *info);
/* The parent may have something to wait for. */
void process_notify_parent(struct process *process);
