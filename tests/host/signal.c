/*
 * signal.c - kernel/task/signal*.c and deliver.c under random schedules: no
 * signal is lost or doubled, with random sends, masks, actions and waits.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c
 *
 * A process of one to three tasks. A schedule is some steps, by chance: send a
 * signal to the process or to a task, change a mask or an action, sleep,
 * deliver pending signals, return from a handler, take a signal without a
 * handler, wait in sigsuspend() while the rest of the system sends and, after
 * the wake, goes on sending. A model knows the signals that were sent and have
 * not yet arrived:
 *
 * - an arriving signal was sent, to this receiver, and has not arrived before;
 * - real-time signals of one number arrive in order, with their values;
 * - no blocked signal arrives, and masks are as handlers leave them;
 * - no task sleeps while a signal waits that only this task could take; a
 *   deadly signal also wakes deaf tasks, and SIGKILL and SIGCONT wake stopped
 *   tasks;
 * - at the end, with nothing blocked, all sent signals have arrived.
 *
 * A failure prints the command that repeats it:
 *	build/host/signal SEED	one schedule, told step by step
 *	build/host/signal 0 N	N schedules
 */
#include "tests/host/signal_model.h"

#define NESTED		6
#define STEPS		40
#define SCHEDULES	100000u

static sigset_t frames[TASKS][NESTED];
static unsigned depth[TASKS];
static struct task outsider = { .process = &somebody };

/* ---- Steps -------------------------------------------------------------- */

static void send_to(unsigned to, int n)
{
	siginfo_t info = { .si_code = SI_QUEUE };
	int error;

	info.si_value.sival_int = ++last_value;
	tell("signal %d, value %d, to %u", n, last_value, to);
	error = to < TASKS ? signal_send_task(&tasks[to], n, &info)
			   : signal_send(&process, n, &info);
	if (error && (error != -EAGAIN || n < SIGNAL_REALTIME))
		fail("sending_%d_gives_%d", n, error);
	if (!error)
		model_send(to, n, last_value);
}

static void send_somewhere(void)
{
	unsigned to = choose(2) ? TASKS : choose(task_total);

	send_to(to, choose(60) == 0 ? SIGKILL : choose_signal());
}

/* kill(): the signal has no value. */
static void kill_from_outside(int n)
{
	const siginfo_t info = { .si_code = SI_USER };

	tell("kill %d", n);
	signal_send(&process, n, &info);
	model_send(TASKS, n, 0);
	check_pending();
	check_sleepers();
}

/* In sigsuspend(): the rest of the system sends signals until the task wakes
   up, and some more until the task runs. */
static void sleep_here(struct task *task)
{
	cpu.current = &outsider;
	task->state = TASK_BLOCKED;
	task->wait.is_deaf = false;
	is_asleep[index_of(task)] = true;
	for (int i = 0; task->state == TASK_BLOCKED || choose(3); i++) {
		if (i > 20)
			send_to(index_of(task), SIGKILL);
		else if (choose(2))
			kill_from_outside(used[choose(5)]);
		else
			send_somewhere();
	}
	cpu.current = task;
	task->state = TASK_RUNNING;
	cpu.pending = task->signal_pending;
}

/* A stopped process: the rest of the system sends signals until a signal
   continues the process. */
void block_task(enum task_state reason)
{
	struct task *task = cpu.current;

	if (reason == TASK_BLOCKED) {
		sleep_here(task);
		return;
	}
	model_arrives(index_of(task), WSTOPSIG(process.status), -1);
	task->state = reason;
	for (int i = 0; process.state == PROCESS_STOPPED; i++) {
		if (i > 20 || is_last)
			send_to(TASKS, choose(2) ? SIGKILL : SIGCONT);
		else
			send_somewhere();
		if (process.state == PROCESS_STOPPED &&
		    process.signals.pending.set & SIGNAL_BIT(SIGKILL))
			fail("process_is_stopped_beside_SIGKILL");
	}
	task->state = TASK_RUNNING;
}

/* As in wait.c: sleep unless a signal needs an action. */
int wait_until(enum wait_event event, uint64_t deadline_ns)
{
	if (event != WAIT_SIGNAL || deadline_ns != FOREVER)
		fail("sigsuspend_waits_for_event_%d", event);
	if (!cpu.current->signal_pending)
		block_task(TASK_BLOCKED);
	return -EINTR;
}

static void run_handler(int n, int value, sigset_t old)
{
	struct task *task = cpu.current;
	struct task_signals *own = &task->signals;
	unsigned i = index_of(task);

	tell("task %u: handler of %d, value %d", i, n, value);
	if (own->blocked & SIGNAL_BIT(n))
		fail("blocked_signal_%d_arrives", n);
	if (((process.signals.pending.set | own->pending.set) & ~own->blocked) &
	    (SIGNAL_BIT(n) - 1))
		fail("signal_%d_comes_before_a_lower_one", n);
	model_arrives(i, n, value);
	if (depth[i] == NESTED)		/* as if the first had returned */
		memmove(frames[i], frames[i] + 1,
			--depth[i] * sizeof(sigset_t));
	frames[i][depth[i]++] = old;
}

/* The kernel calls a handler: the signal must not be blocked, and must have its
   value. */
int arch_push_handler(struct registers *regs, const struct handler_call *call)
{
	const struct task_signals *own = &cpu.current->signals;

	(void)regs;
	if (call->old_mask != (own->has_saved_mask ? own->saved_mask
						   : own->blocked))
		fail("handler_will_leave_a_wrong_mask");
	run_handler(call->info->si_signo, call->info->si_value.sival_int,
		    call->old_mask);
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

/* Forget signals without an effect: the test cannot see their arrival. */
static void forget_silent(void)
{
	for (int n = 1; n < NSIG; n++) {
		if (!signal_is_ignored(&process, n) &&
		    !(n == SIGCONT && action_of(&process, n)->handler == 0))
			continue;
		if (!(process.signals.pending.set & SIGNAL_BIT(n)))
			sent[TASKS].count[n] = 0;
		for (unsigned i = 0; i < task_total; i++)
			if (!(tasks[i].signals.pending.set & SIGNAL_BIT(n)))
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
	/* After sigsuspend() the task makes the call again, under the call's
	   mask. */
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
	struct signal_action action = {
		.handler = choose(8) == 0 ? choose(2) : 4096,
		.flags = choose(4) ? 0 : choose(2) ? SA_NODEFER : SA_RESETHAND,
		.mask = choose(3) ? 0 : choose_mask(),
	};

	tell("action of %d: handler %u, flags %x", n, action.handler,
	     action.flags);
	if (signals_set_action(n, &action) != 0)
		fail("own_actions_cannot_be_changed");
	if (signal_is_ignored(&process, n))
		forget(SIGNAL_BIT(n));
}

static void take_one(struct task *task)
{
	sigset_t set = choose_mask();
	const siginfo_t *info = signal_take(task, set);
	int n = info ? info->si_signo : 0;

	if (!n)
		return;
	tell("task %u takes %d, value %d", index_of(task), n,
	     info->si_value.sival_int);
	if (!(set & SIGNAL_BIT(n)))
		fail("signal_%d_is_taken_unasked", n);
	model_arrives(index_of(task), n, info->si_value.sival_int);
}

static void suspend(struct task *task)
{
	unsigned i = index_of(task);
	sigset_t mask = choose_mask();

	task->state = TASK_RUNNING;
	cpu.current = task;
	tell("task %u suspends itself under %llx", i,
	     (unsigned long long)mask);
	signals_mask_for_wait(mask);
	wait_until(WAIT_SIGNAL, FOREVER);
	is_asleep[i] = false;
	check_pending();
	deliver(task);
}

/* A step of a task: the task first acts upon its pending work. */
static void act_as(struct task *task)
{
	unsigned i = index_of(task);

	is_asleep[i] = false;
	deliver(task);
	switch (choose(5)) {
	case 0:
		signals_set_mask(choose_mask());
		tell("task %u blocks %llx", i,
		     (unsigned long long)task->signals.blocked);
		deliver(task);
		return;
	case 1:
		if (depth[i] > 0)
			signals_set_mask(frames[i][--depth[i]]);
		deliver(task);
		return;
	case 2:
		take_one(task);
		return;
	case 3:
		suspend(task);
		return;
	case 4:
		is_asleep[i] = !signal_deliverable(task);
		task->wait.is_deaf = choose(4) == 0;
		task->state = is_asleep[i] ? TASK_BLOCKED : TASK_READY;
		return;
	}
}

/* The sender is a task of the process that is awake, or somebody else. */
static void choose_sender(void)
{
	unsigned i = choose(TASKS + 1);

	cpu.current = i < task_total && !is_asleep[i] ? &tasks[i] : &outsider;
}

static void step(void)
{
	choose_sender();
	switch (choose(8)) {
	case 0: case 1: case 2:
		send_somewhere();
		break;
	case 3:
		cpu.current = &tasks[0];
		change_action(choose_signal());
		cpu.current = &outsider;
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
	list_init(&process.alarms);
	for (unsigned i = 0; i < task_total; i++) {
		tasks[i].process = &process;
		signals_join(&tasks[i], &process);
		tasks[i].state = TASK_READY;
		list_append(&process.tasks, &tasks[i].sibling);
	}
	cpu.current = &tasks[0];
	is_last = true;			/* no failures now */
	signals_init(&process, NULL);
	is_last = false;
	for (unsigned i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		change_action(used[i]);
}

static bool is_any_pending(void)
{
	sigset_t pending = process.signals.pending.set;

	for (unsigned i = 0; i < task_total; i++)
		pending |= tasks[i].signals.pending.set;
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
			cpu.current = &tasks[i];
			signals_set_mask(0);
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
	signals_destroy(&process);
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
