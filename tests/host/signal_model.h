/*
 * signal_model.h - the model of the signals for tests/host/signal.c, and stubs
 * for the rest of the kernel.
 */
#pragma once

#include <setjmp.h>

#include "tests/host/stub/host.h"

#include "kernel/lib/string.h"

unsigned long long strtoull(const char *text, char **end, int base);

#include "kernel/task/deliver.c"
#include "kernel/task/signal.c"
#include "kernel/task/signal_action.c"

#define TASKS		3

struct cpu cpu;
struct list process_list = LIST_INIT(process_list);
struct process *process_init;
const bool syscall_restarts[1];

static const int used[] = { SIGUSR1, SIGTERM, SIGCHLD, SIGTSTP, SIGCONT, 34,
			    35, 40 };

/* The signals that were sent to one receiver and have not arrived. */
struct sent {
	int count[NSIG];
	int values[NSIG][SIGQUEUE_MAX];
};

static struct process process, somebody;
static struct task tasks[TASKS];
static unsigned task_total;
static struct sent sent[TASKS + 1];	/* the last entry: to the process */
static bool is_asleep[TASKS];
static int last_value;
static bool is_last, is_verbose;
static int pools_in_use;
static jmp_buf the_end;

/* ---- Chance, and telling ------------------------------------------------ */

static uint64_t seed, random_state;

static uint32_t choose(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u +
		       1442695040888963407u;
	return (uint32_t)(random_state >> 33) % limit;
}

#define tell(...) (is_verbose ? (void)(printf("# " __VA_ARGS__), \
				       printf("\n")) : (void)0)

__attribute__((format(printf, 1, 2), noreturn))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("not ok 1 - ");
	vprintf(format, args);
	printf("\n# again: build/host/signal %llu\n1..1\n",
	       (unsigned long long)seed);
	fflush(stdout);
	exit(1);
}

static unsigned index_of(const struct task *task)
{
	return task ? task - tasks : TASKS;
}

static int choose_signal(void)
{
	return used[choose(sizeof(used) / sizeof(used[0]))];
}

static sigset_t choose_mask(void)
{
	sigset_t mask = 0;

	for (unsigned i = choose(4); i > 0; i--)
		mask |= SIGNAL_BIT(choose_signal());
	return mask;
}

/* ---- Stubs for the files under test ------------------------------------- */

void *pool_alloc(struct pool *pool)
{
	if (choose(50) == 0 && !is_last)
		return NULL;
	pools_in_use++;
	return calloc(1, pool->bytes);
}

void *pool_alloc_dirty(struct pool *pool)
{
	return pool_alloc(pool);
}

void *pool_alloc_for(struct pool *pool, struct account *account)
{
	(void)account;
	return pool_alloc(pool);
}

void pool_free(struct pool *pool, void *object)
{
	(void)pool;
	pools_in_use--;
	free(object);
}

void wait_wake_all_error(struct wait_queue *queue, int error)
{
	(void)queue;
	(void)error;
}

void wait_interrupt(struct task *task, int error)
{
	if (error != -EINTR)
		fail("wait_ends_with_%d", error);
	is_asleep[index_of(task)] = false;
	if (list_is_linked(&task->wait.node))
		list_remove(&task->wait.node);
	task->wait.outcome = error;
	if (task->state == TASK_BLOCKED)
		task->state = TASK_READY;
}

void unblock_task(struct task *task)
{
	is_asleep[index_of(task)] = false;
	task->state = TASK_READY;
}

void cpu_run_pending(void)
{
}

bool group_is_orphaned(pid_t group)
{
	(void)group;
	return false;
}

void process_notify_parent(struct process *child)
{
	(void)child;
}

void alarm_taken(struct process *owner, siginfo_t *info)
{
	(void)owner;
	(void)info;
}

void alarms_release(struct process *owner, sigset_t set)
{
	(void)owner;
	(void)set;
}

void task_exit(void)
{
	fail("task_ends_that_nobody_ended");
}

uaddr_t arch_stack_pointer(const struct registers *regs)
{
	(void)regs;
	return 4096;
}

int arch_failed_syscall(const struct registers *regs, int error)
{
	(void)regs, (void)error;
	return -1;
}

void arch_restart_syscall(struct registers *regs)
{
	(void)regs;
}

/* ---- The model ---------------------------------------------------------- */

static void forget(sigset_t set)
{
	for (unsigned to = 0; to <= TASKS; to++)
		for (int n = 1; n < NSIG; n++)
			if (set & SIGNAL_BIT(n))
				sent[to].count[n] = 0;
}

static bool is_blocked_for(unsigned to, int n)
{
	if (to < TASKS)
		return tasks[to].signals.blocked & SIGNAL_BIT(n);
	for (unsigned i = 0; i < task_total; i++)
		if (!(tasks[i].signals.blocked & SIGNAL_BIT(n)))
			return false;
	return true;
}

static void model_send(unsigned to, int n, int value)
{
	struct sent *box = &sent[to];

	if (n == SIGCONT || n == SIGKILL)
		forget(STOP_SIGNALS);
	if (STOP_SIGNALS & SIGNAL_BIT(n))
		forget(SIGNAL_BIT(SIGCONT));
	if (signal_is_ignored(&process, n) && !is_blocked_for(to, n))
		return;
	if (n < SIGNAL_REALTIME && box->count[n] > 0)
		return;
	box->values[n][box->count[n]++] = value;
}

/* The task's own signals come first. A value below 0: unknown. */
static void model_arrives(unsigned task, int n, int value)
{
	struct sent *box = &sent[sent[task].count[n] > 0 ? task : TASKS];

	if (box->count[n] == 0)
		fail("signal_%d_arrives_that_nobody_sent", n);
	if (value >= 0 && box->values[n][0] != value)
		fail("signal_%d_has_value_%d_and_not_%d", n, value,
		     box->values[n][0]);
	box->count[n]--;
	memmove(box->values[n], box->values[n] + 1,
		box->count[n] * sizeof(int));
}

/* Does a signal wait while a task that could take the signal sleeps? */
static void check_sleepers(void)
{
	sigset_t mine, common = process.signals.pending.set;

	for (unsigned i = 0; i < task_total; i++) {
		mine = tasks[i].signals.pending.set & ~tasks[i].signals.blocked;
		if (is_asleep[i] && mine && !tasks[i].wait.is_deaf)
			fail("task_%u_sleeps_through_its_own_signal", i);
		if (is_asleep[i] && mine & SIGNAL_BIT(SIGKILL))
			fail("task_%u_sleeps_through_its_end", i);
		/* A task that is awake or deaf takes the signal later. */
		if (!is_asleep[i] || tasks[i].wait.is_deaf)
			common &= tasks[i].signals.blocked;
	}
	for (unsigned i = 0; i < task_total; i++)
		if (is_asleep[i] && common & ~tasks[i].signals.blocked)
			fail("task_%u_sleeps_through_a_signal_of_all", i);
}

static void check_pending(void)
{
	for (int n = 1; n < NSIG; n++) {
		bool pends = process.signals.pending.set & SIGNAL_BIT(n);

		if (pends != (sent[TASKS].count[n] > 0))
			fail("signal_%d_is_%s", n, pends ? "doubled" : "lost");
		for (unsigned i = 0; i < task_total; i++) {
			pends = tasks[i].signals.pending.set & SIGNAL_BIT(n);
			if (pends != (sent[i].count[n] > 0))
				fail("signal_%d_of_task_%u_is_%s", n, i,
				     pends ? "doubled" : "lost");
		}
	}
}
