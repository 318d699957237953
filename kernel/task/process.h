/*
 * process.h - what owns memory, descriptors, signals and children.
 *
 * A process has one or more tasks. The process ends with the last task, and
 * stays as a zombie, with the status, until the parent has waited for it. All
 * functions need [P]; only process_become_single() sleeps.
 */
#pragma once

#include "kernel/abi/resource.h"
#include "kernel/abi/system.h"
#include "kernel/mm/space.h"
#include "kernel/task/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/user.h"

struct descriptors;		/* kernel/obj/descriptor.h */
struct mailbox;			/* kernel/ipc/mailbox.h */
struct object;

enum process_state { PROCESS_ALIVE, PROCESS_STOPPED, PROCESS_ZOMBIE };

struct process {			/* [P], or as the field says */
	pid_t id;			/* [const] */
	uint8_t state;			/* enum process_state */
	bool was_reported;		/* waited for stop or continue */
	struct space *space;
	struct descriptors *descriptors;
	struct object *directory;	/* the working directory */
	struct list tasks;
	uint32_t task_count;
	struct wait_queue tasks_queue;	/* exec waits until alone */
	bool is_ending;			/* end_status holds */
	int end_status;
	struct process *parent;
	struct list children;
	struct list_node sibling;	/* among the parent's children */
	struct list_node all;		/* process_list */
	struct list_node told;		/* see group_send() */
	sigset_t group_signals;		/* ... to send to this member */
	struct wait_queue child_queue;	/* the parent waits here */
	int status;			/* the result of waitpid(2) */
	pid_t group;
	pid_t session;
	struct object *terminal;	/* controlling terminal, or NULL */
	mode_t umask;
	struct identity identity;
	struct account *account;	/* pays; with a reference */
	int nice;
	struct rlimit limits[RLIMITS];	/* by RLIMIT_ number */
	int death_signal;		/* when the parent ends; 0: none */
	bool takes_orphans;		/* of its children, in place of init */
	bool has_execed;		/* setpgid() by the parent is over */
	bool has_names;			/* in /proc: kernel/fs/proc_tree.c */
	struct object *tracer;		/* gets the calls, or NULL */
	struct object *pidfd;		/* of its pidfds, no reference, or
					 * NULL: kernel/ipc/pidfd.c */
	struct list alarms;		/* see alarm.h */
	struct list locks;		/* taken: kernel/fs/lock.c */
	struct list undos;		/* of kernel/ipc/sysv_semaphore.c */
	struct list calls;		/* received and not answered */
	struct list expected;		/* receivers waiting for our message */
	struct list mails;		/* in boxes, for this process alone */
	struct list links;		/* to the inboxes with our messages */
	struct mailbox *inbox;		/* NULL: no direct message came yet */
	uint64_t user_cycles;		/* of ended tasks */
	uint64_t total_cycles;		/* ... with their time in the kernel */
	uint64_t children_user_ns;	/* of children waited for */
	uint64_t children_kernel_ns;
	uint64_t start_ns;		/* [const] since boot */
	struct object *image;		/* program file, for crash reports */
	char name[16];
	struct signals signals;		/* the last field: see signal.h */
};

#define PROCESS_MAX	2048		/* in the whole system */
#define PROCESS_RESERVED 16		/* of them for shells */
#define PROCESS_KEPT	64		/* of them for root */

extern struct list process_list;
extern uint32_t process_count;
extern struct process *process_init;	/* pid 1: parent of orphans */

static inline struct process *process_current(void)
{
	return task_current()->process;
}

/* The present limit of a resource, RLIMIT_... */
static inline rlim_t process_limit(const struct process *process,
				     int resource)
{
	return process->limits[resource].rlim_cur;
}

/* The first task of a process; the process has not ended. */
static inline struct task *process_task(const struct process *process)
{
	return LIST_ENTRY(process->tasks.head.next, struct task, sibling);
}

struct process *process_find(pid_t id);

/* The arguments of waitpid(2): the context of a task in WAIT_CHILD. [P], on the
 * stack of the waiting task. */
struct child_wait {
	struct process *parent;
	pid_t pid;			/* the argument of waitpid(2) */
	int options;			/* the argument of waitid(2) */
	uaddr_t status_at;		/* for the news, or 0 */
	uaddr_t info_at;
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

/* A new process with a task and a new pid, child of `parent` (may be NULL). The
 * caller sets up memory and descriptors. NULL: no memory, or too many
 * processes, in the system or of the user. */
struct process *process_create(struct process *parent, const char *name);
/* May this parent (NULL: the kernel) have a child more? */
bool process_has_room(const struct process *parent);
/* Undo process_create() for a process that never ran. */
void process_discard(struct process *process);

/* A new task of the process, without stack contents. NULL: no memory. */
struct task *process_add_task(struct process *process);

/* End the running process and all tasks in it, with this wait status. */
void process_exit(int status) NORETURN;
/* End the running task; the process ends with the last task. */
void task_exit(void) NORETURN;
/* exec: end all tasks of the process but the running task, and sleep until they
 * have ended. 0, or -EINTR: the running task must end as well. */
int process_become_single(void);
/* Set once by the floor above: release the words of user memory that an ending
 * task holds. May sleep. */
extern void (*task_leaves_memory)(struct task *task);

/* Free a zombie after the parent has the status. */
void process_reap(struct process *process);

/* Processor time of all tasks, ended tasks too, in ns. */
uint64_t process_user_ns(const struct process *process);
uint64_t process_kernel_ns(const struct process *process);
uint64_t process_used_ns(const struct process *process);	/* both */

/* Is this init, or a session leader that init started, such as a shell? */
bool process_is_vital(const struct process *process);

/* Move the process into a different group and session. */
void process_set_group(struct process *process, pid_t group, pid_t session);

/*
 * Send a signal of the kernel to each process of the group. The members get the
 * signal one after the other, as deferred work: the running process has it
 * before the return to its program.
 */
void group_send(pid_t group, int n);
/* The deferred work of PENDING_GROUPS. */
void groups_send(void);

/* Is the group without a tie to the session? See group.c. */
bool group_is_orphaned(pid_t group);
/* A member, or the parent of a member, has ended. If the group is orphaned now
 * and has stopped members, send SIGHUP and SIGCONT. */
void group_lost_tie(pid_t group);
/* How many processes are stopped. */
extern uint32_t process_stopped_count;
/* Let the first stopped task of the process run. The task calls this again, so
 * the next goes on. */
void process_resume_task(struct process *process);

/* Set by the floor above: a process has ended. */
extern void (*process_tell_watchers)(struct process *process);

/* Set once by a floor above: the names in /proc end, because the process ends
 * or has a new owner. */
extern void (*process_end_names)(struct process *process);

/* Set once by a floor above: release the files of an ending process. */
extern void (*process_release_files)(struct process *process);

/* Fill in info of SIGCHLD and waitid(2) for a child that has changed state. */
void process_child_info(const struct process *process, siginfo_t *info);
/* The parent may have something to wait for. */
void process_notify_parent(struct process *process);
