/*
 * signal.c - kernel/task/signal.c and deliver.c under random schedules: no
 * signal is lost or doubled, whatever is sent, blocked, ignored and taken.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c
 *
 * A process of one to three tasks. A schedule is some steps, by chance: send
 * a signal to the process or to a task, change a mask or an action, sleep,
 * deliver what pends, return from a handler, take a signal without a handler.
 * Beside it a model that knows what has been sent and not yet arrived:
 *
 * - what arrives was sent, to this receiver, and has not arrived before;
 * - real-time signals of one number arrive in order, with their values;
 * - nothing arrives that is blocked, and masks are what handlers leave;
 * - no task sleeps while a signal waits that it alone could take; a deadly one
 *   wakes the deaf as well, and SIGKILL and SIGCONT the stopped;
 * - at the end, with nothing blocked, all that was sent has arrived.
 *
 * A failure prints the command that repeats it:
 *	build/host/signal SEED	one schedule, told step by step
 *	build/host/signal 0 N	N schedules
 */
#include <setjmp.h>

#include "tests/host/stub/host.h"

#include "kernel/lib/string.h"

unsigned long long strtoull(const char *text, char **end, int base);

#include "kernel/task/deliver.c"
#include "kernel/task/signal.c"

#define TASKS		3
#define NESTED		6
#define STEPS		40
#define SCHEDULES	100000u

struct cpu cpu;
struct list process_list = LIST_INIT(process_list);
struct process *process_init;
const bool syscall_restarts[1];

static const int used[] = { SIGUSR1, SIGTERM, SIGCHLD, SIGTSTP, SIGCONT, 34,
			    35, 40 };

/* What was sent to somebody and has not arrived. */
struct sent {
	int count[NSIG];
	int values[NSIG][SIGQUEUE_MAX];	/* 0: without details */
};

static struct process process, somebody;
static struct task tasks[TASKS];
static unsigned task_total;
static struct sent sent[TASKS + 1];	/* the last one: to the process */
static bool is_asleep[TASKS];
static sigset_t frames[TASKS][NESTED];
static unsigned depth[TASKS];
static int last_value;
static bool got_details, is_last, is_verbose;
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

/* ---- What the files under test call ------------------------------------- */

void *pool_alloc(struct pool *pool)
{
	if (choose(50) == 0 && !is_last)
		return NULL;
	pools_in_use++;
	got_details = true;
	return calloc(1, pool->bytes);
}

void pool_free(struct pool *pool, void *object)
{
	(void)pool;
	pools_in_use--;
	free(object);
}

void wait_queue_init(struct wait_queue *queue)
{
	memset(queue, 0, sizeof(*queue));
	list_init(&queue->sleepers);
	list_init(&queue->watchers);
}

void wait_wake_all(struct wait_queue *queue)
{
	(void)queue;
}

void wait_interrupt(struct task *task, int error)
{
	if (error != -EINTR)
		fail("wait_ends_with_%d", error);
	is_asleep[index_of(task)] = false;
	if (task->state == TASK_BLOCKED)
		task->state = TASK_READY;
}

void unblock_task(struct task *task)
{
	task->state = TASK_READY;
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

void task_exit(void)
{
	fail("task_ends_that_nobody_ended");
}

uaddr_t arch_stack_pointer(const struct registers *regs)
{
	(void)regs;
	return 4096;
}

int arch_interrupted_syscall(const struct registers *regs)
{
	(void)regs;
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

/* The task's own come first. A value below 0: nobody can tell. */
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

/* Does it wait for somebody, who could take it and sleeps? */
static void check_sleepers(void)
{
	sigset_t mine, common = process.signals.pending;

	for (unsigned i = 0; i < task_total; i++) {
		mine = tasks[i].signals.pending & ~tasks[i].signals.blocked;
		if (is_asleep[i] && mine && !tasks[i].wait.is_deaf)
			fail("task_%u_sleeps_through_its_own_signal", i);
		if (is_asleep[i] && mine & SIGNAL_BIT(SIGKILL))
			fail("task_%u_sleeps_through_its_end", i);
		/* Who is awake or deaf takes it later. */
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
		bool pends = process.signals.pending & SIGNAL_BIT(n);

		if (pends != (sent[TASKS].count[n] > 0))
			fail("signal_%d_is_%s", n, pends ? "doubled" : "lost");
		for (unsigned i = 0; i < task_total; i++) {
			pends = tasks[i].signals.pending & SIGNAL_BIT(n);
			if (pends != (sent[i].count[n] > 0))
				fail("signal_%d_of_task_%u_is_%s", n, i,
				     pends ? "doubled" : "lost");
		}
	}
}

/* ---- Steps -------------------------------------------------------------- */

static bool slot_has(int value)
{
	const siginfo_t *info = &process.signals.slot.info;

	return info->si_signo && info->si_value.sival_int == value;
}

static void send_to(unsigned to, int n)
{
	siginfo_t info = { .si_code = SI_QUEUE };
	int error;

	info.si_value.sival_int = ++last_value;
	tell("signal %d, value %d, to %u", n, last_value, to);
	got_details = false;
	if (to == TASKS && cpu.current->state == TASK_RUNNING && choose(2) &&
	    signal_call_at_once(n))
		return;
	error = to < TASKS ? signal_send_task(&tasks[to], n, &info)
			   : signal_send(&process, n, &info);
	if (error && (error != -EAGAIN || n < SIGNAL_REALTIME))
		fail("sending_%d_gives_%d", n, error);
	if (!error)
		model_send(to, n, got_details || slot_has(last_value)
			   ? last_value : 0);
}

static void send_somewhere(void)
{
	unsigned to = choose(2) ? TASKS : choose(task_total);

	send_to(to, choose(60) == 0 ? SIGKILL : choose_signal());
}

/* A stopped process: others go on until one of them lets it go on. */
void block_task(enum task_state reason)
{
	struct task *task = cpu.current;

	model_arrives(index_of(task), WSTOPSIG(process.status), -1);
	task->state = reason;
	for (int i = 0; process.state == PROCESS_STOPPED; i++) {
		if (i > 20 || is_last)
			send_to(TASKS, choose(2) ? SIGKILL : SIGCONT);
		else
			send_somewhere();
		if (process.state == PROCESS_STOPPED &&
		    process.signals.pending & SIGNAL_BIT(SIGKILL))
			fail("process_is_stopped_beside_SIGKILL");
	}
	task->state = TASK_RUNNING;
}

/* A handler is called at once: sent and arrived are one. */
bool arch_call_handler(const struct signal_action *action, int n)
{
	const siginfo_t info = { n, .si_value.sival_int = last_value };
	const struct handler_call call = {
		.action = action, .number = n, .info = &info,
		.old_mask = cpu.current->signals.blocked,
	};

	if (choose(4) == 0)
		return false;
	model_send(TASKS, n, last_value);
	arch_push_handler(NULL, &call);
	return true;
}

/* A handler is called: for a signal that is not blocked, with its value. */
int arch_push_handler(struct registers *regs, const struct handler_call *call)
{
	struct task *task = cpu.current;
	struct task_signals *own = &task->signals;
	unsigned i = index_of(task);
	int n = call->info->si_signo;

	(void)regs;
	tell("task %u: handler of %d, value %d", i, n,
	     call->info->si_value.sival_int);
	if (own->blocked & SIGNAL_BIT(n))
		fail("blocked_signal_%d_arrives", n);
	if (((process.signals.pending | own->pending) & ~own->blocked) &
	    (SIGNAL_BIT(n) - 1))
		fail("signal_%d_comes_before_a_lower_one", n);
	if (call->old_mask != (own->has_saved_mask ? own->saved_mask
						   : own->blocked))
		fail("handler_will_leave_a_wrong_mask");
	model_arrives(i, n, call->info->si_value.sival_int);
	if (depth[i] == NESTED)		/* as if the first had returned */
		memmove(frames[i], frames[i] + 1,
			--depth[i] * sizeof(sigset_t));
	frames[i][depth[i]++] = call->old_mask;
	return 0;
}

void process_exit(int status)
{
	unsigned i = index_of(cpu.current);
	int n = WTERMSIG(status);

	tell("task %u ends the process by %d", i, n);
	if (n != SIGKILL && cpu.current->signals.blocked & SIGNAL_BIT(n))
		fail("blocked_signal_%d_is_deadly", n);
	model_arrives(i, n, -1);
	longjmp(the_end, 1);
}

/* What does nothing when it arrives: nobody sees it go. */
static void forget_silent(void)
{
	for (int n = 1; n < NSIG; n++) {
		if (!signal_is_ignored(&process, n) &&
		    !(n == SIGCONT && action_of(&process, n)->handler == 0))
			continue;
		if (!(process.signals.pending & SIGNAL_BIT(n)))
			sent[TASKS].count[n] = 0;
		for (unsigned i = 0; i < task_total; i++)
			if (!(tasks[i].signals.pending & SIGNAL_BIT(n)))
				sent[i].count[n] = 0;
	}
}

static void deliver(struct task *task)
{
	struct task_signals *own = &task->signals;
	sigset_t saved = own->saved_mask;
	bool was_saved = own->has_saved_mask;
	unsigned handlers = depth[index_of(task)];

	cpu.current = task;
	task->state = TASK_RUNNING;
	signal_deliver(NULL);
	forget_silent();
	/* After sigsuspend() the call is made again, under its mask. */
	if (signal_deliverable(task) && !was_saved)
		fail("task_goes_on_with_a_signal_undelivered");
	if (own->has_saved_mask)
		fail("mask_of_sigsuspend_is_kept");
	if (was_saved && depth[index_of(task)] == handlers &&
	    handlers < NESTED && own->blocked != saved)
		fail("mask_is_not_put_back");
}

static void change_action(int n)
{
	struct signal_action *action = action_of(&process, n);

	action->handler = choose(8) == 0 ? choose(2) : 4096;
	action->flags = choose(4) ? 0 : choose(2) ? SA_NODEFER : SA_RESETHAND;
	action->mask = choose(3) ? 0 : choose_mask();
	tell("action of %d: handler %u, flags %x", n, action->handler,
	     action->flags);
	signal_discard_ignored(&process, n);
	if (signal_is_ignored(&process, n))
		forget(SIGNAL_BIT(n));
}

static void take_one(struct task *task)
{
	sigset_t set = choose_mask();
	siginfo_t info;
	int n = signal_take(task, set, &info);

	if (!n)
		return;
	tell("task %u takes %d, value %d", index_of(task), n,
	     info.si_value.sival_int);
	if (!(set & SIGNAL_BIT(n)))
		fail("signal_%d_is_taken_unasked", n);
	model_arrives(index_of(task), n, info.si_value.sival_int);
}

/* A task does something by itself: it has acted upon what it was told of. */
static void act_as(struct task *task)
{
	unsigned i = index_of(task);

	is_asleep[i] = false;
	deliver(task);
	switch (choose(5)) {
	case 0:
		task->signals.blocked = choose_mask();
		tell("task %u blocks %llx", i,
		     (unsigned long long)task->signals.blocked);
		signals_update_task(task);
		deliver(task);
		return;
	case 1:
		if (depth[i] > 0)
			task->signals.blocked = frames[i][--depth[i]];
		signals_update_task(task);
		deliver(task);
		return;
	case 2:
		take_one(task);
		return;
	case 3:				/* sigsuspend() */
		task->signals.saved_mask = task->signals.blocked;
		task->signals.has_saved_mask = true;
		task->signals.blocked = choose_mask();
		/* fall through */
	case 4:
		signals_update_task(task);
		is_asleep[i] = !signal_deliverable(task);
		task->wait.is_deaf = choose(4) == 0;
		task->state = is_asleep[i] ? TASK_BLOCKED : TASK_READY;
		return;
	}
}

static void step(void)
{
	switch (choose(8)) {
	case 0: case 1: case 2:
		send_somewhere();
		break;
	case 3:
		change_action(choose_signal());
		break;
	default:
		act_as(&tasks[choose(task_total)]);
	}
	check_pending();
	check_sleepers();
}

/* ---- One schedule ------------------------------------------------------- */

static void create(void)
{
	task_total = 1 + choose(TASKS);
	memset(&process, 0, sizeof(process));
	memset(sent, 0, sizeof(sent));
	memset(tasks, 0, sizeof(tasks));
	memset(depth, 0, sizeof(depth));
	memset(is_asleep, 0, sizeof(is_asleep));
	list_init(&process.tasks);
	for (unsigned i = 0; i < task_total; i++) {
		tasks[i].process = &process;
		tasks[i].state = TASK_READY;
		list_append(&process.tasks, &tasks[i].sibling);
	}
	cpu.current = &tasks[0];
	is_last = true;			/* no failures now */
	signals_init(&process.signals, NULL);
	is_last = false;
	for (unsigned i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		change_action(used[i]);
}

static bool is_any_pending(void)
{
	sigset_t pending = process.signals.pending;

	for (unsigned i = 0; i < task_total; i++)
		pending |= tasks[i].signals.pending;
	return pending != 0;
}

/* Nothing is blocked and all is handled: whatever was sent arrives. */
static void let_all_arrive(void)
{
	is_last = true;
	for (unsigned k = 0; k < sizeof(used) / sizeof(used[0]); k++)
		*action_of(&process, used[k]) =
			(struct signal_action){ .handler = 4096 };
	for (int n = 0; n < 2 * SIGQUEUE_MAX && is_any_pending(); n++)
		for (unsigned i = 0; i < task_total; i++) {
			depth[i] = 0;
			tasks[i].signals.blocked = 0;
			signals_update(&process);
			deliver(&tasks[i]);
		}
	check_pending();
	for (unsigned to = 0; to <= TASKS; to++)
		for (int n = 1; n < NSIG; n++)
			if (sent[to].count[n] > 0)
				fail("signal_%d_never_arrives", n);
}

static void run_schedule(uint64_t number)
{
	seed = number;
	random_state = number * 0x9e3779b97f4a7c15u;
	choose(2);
	process_init = &somebody;
	if (setjmp(the_end) == 0) {
		create();
		for (unsigned i = 0; i < STEPS; i++)
			step();
		let_all_arrive();
	}
	for (unsigned i = 0; i < task_total; i++)
		signals_leave(&tasks[i]);
	signals_destroy(&process.signals);
	if (pools_in_use != 0)
		fail("memory_is_kept: %d pieces", pools_in_use);
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : SCHEDULES;

	if (first) {
		is_verbose = true;
		count = 1;
	}
	for (uint64_t i = 0; i < count; i++)
		run_schedule(first ? first : i + 1);
	ok(true, "%llu schedules lose and double no signal",
	   (unsigned long long)count);
	return tap_done();
}
