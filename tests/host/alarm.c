/*
 * alarm.c - kernel/task/alarm.c and timer.c: timers that send signals count
 * each expiry, and do not work while the signal cannot be taken.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 *
 * The test moves the clock, and takes the signals.
 */
#include "tests/host/stub/host.h"

#include "kernel/task/alarm.c"
#include "kernel/task/timer.c"

#define MS	1000000ull
#define REALTIME	40
#define THREAD_ID	7

static struct process process;
static struct task thread;
static unsigned sends, runs;
static bool is_ignored, is_full;
static uint64_t process_ns, thread_ns;	/* used so far */
static struct queued_signal queued;
static siginfo_t sent;

void arch_timer_arm(uint64_t deadline_ns)
{
	(void)deadline_ns;
}

struct task *id_task(pid_t id)
{
	return id == THREAD_ID ? &thread : NULL;
}

uint64_t process_user_ns(const struct process *of)
{
	(void)of;
	return process_ns;
}

uint64_t process_used_ns(const struct process *of)
{
	(void)of;
	return process_ns;
}

uint64_t task_user_ns(const struct task *task)
{
	(void)task;
	return thread_ns;
}

uint64_t task_kernel_ns(const struct task *task)
{
	(void)task;
	return 0;
}

static int send_to(struct pending_signals *pending, int n,
		   const siginfo_t *info)
{
	sends++;
	if (is_ignored)
		return 0;
	if (is_full)
		return -EAGAIN;
	sent = *info;
	sent.si_signo = n;
	pending->set |= SIGNAL_BIT(n);
	if (n >= SIGNAL_REALTIME) {
		queued.info = sent;
		list_append(&pending->realtime, &queued.node);
	}
	return 0;
}

int signal_send(struct process *to, int n, const siginfo_t *info)
{
	return send_to(&to->signals.pending, n, info);
}

int signal_send_task(struct task *task, int n, const siginfo_t *info)
{
	return send_to(&task->signals.pending, n, info);
}

/* As signal_take() does. The result is the overrun. */
static int take(void)
{
	process.signals.pending.set = thread.signals.pending.set = 0;
	if (list_is_linked(&queued.node))
		list_remove(&queued.node);
	alarm_taken(&process, &sent);
	return sent.si_overrun;
}

static bool is_pending(void)
{
	return process.signals.pending.set != 0;
}

static void pass_to(uint64_t ns)
{
	uint64_t next;

	sends = runs = 0;
	while ((next = timer_next_ns()) <= ns && runs < 1000000) {
		host_now_ns = MAX(host_now_ns, next);
		timer_run();
		runs++;
	}
	host_now_ns = ns;
}

/* A new timer that was started at the time 0. */
static struct alarm *begin_notice(clockid_t clock,
				  const struct alarm_notice *notice,
				  uint64_t first_ns, uint64_t interval_ns)
{
	struct alarm *alarm;

	host_now_ns = 0;
	process_ns = thread_ns = 0;
	is_ignored = is_full = false;
	process.signals.pending.set = thread.signals.pending.set = 0;
	list_init(&process.signals.pending.realtime);
	list_init(&thread.signals.pending.realtime);
	list_node_init(&queued.node);
	list_init(&process.alarms);
	thread.process = &process;
	cpu.current = &thread;
	alarm = alarm_find(&process, alarm_create(&process, clock, notice));
	alarm_set(alarm, first_ns, interval_ns);
	return alarm;
}

static struct alarm *begin(clockid_t clock, int n, uint64_t first_ns,
			   uint64_t interval_ns)
{
	const struct alarm_notice notice = { .signal = n };

	return begin_notice(clock, &notice, first_ns, interval_ns);
}

static void try_untaken(int n)
{
	struct alarm *alarm = begin(CLOCK_MONOTONIC, n, 1, 1);

	pass_to(1000 * MS);
	ok(runs == 1 && sends == 1, "alarm_works_while_signal_%d_pends", n);
	ok(take() == 1000 * MS - 1, "overrun_of_%d_is_wrong", n);
	ok(alarm_overrun(alarm) == 1000 * MS - 1,
	   "overrun_of_%d_is_told_differently", n);
	pass_to(1000 * MS + 1);
	ok(is_pending() && take() == 0, "alarm_of_%d_stays_held", n);
	alarm_delete_all(&process);
}

static void try_ignored(void)
{
	begin(CLOCK_MONOTONIC, SIGALRM, 10, 10);
	is_ignored = true;
	pass_to(1000 * MS);
	ok(runs == 1, "alarm_works_while_the_signal_is_ignored");
	is_ignored = false;
	alarms_release(&process, SIGNAL_BIT(SIGUSR1));
	pass_to(1001 * MS);
	ok(runs == 0, "action_of_another_signal_starts_the_alarm");
	alarms_release(&process, SIGNAL_BIT(SIGALRM));
	pass_to(1001 * MS + 10);
	ok(is_pending() && take() == 0, "new_action_does_not_start_the_alarm");
	alarm_delete_all(&process);
}

static void try_full_queue(void)
{
	begin(CLOCK_MONOTONIC, REALTIME, 10, 10);
	is_full = true;
	pass_to(1000 * MS);
	ok(runs == 1, "alarm_works_while_the_queue_is_full");
	is_full = false;
	alarms_release(&process, SIGNAL_BIT(REALTIME + 1));
	pass_to(1000 * MS + 10);
	ok(is_pending(), "room_in_the_queue_does_not_start_the_alarm");
	alarm_delete_all(&process);
}

/* The release of an alarm whose signal pends changes nothing: the further
 * expiries are overruns of the pending signal. sigaction(2) releases so, and so
 * does a task that takes the signal of a second alarm. */
static void try_early_release(int n, pid_t task)
{
	const struct alarm_notice notice = { .signal = n, .task = task };

	begin_notice(CLOCK_MONOTONIC, &notice, 10, 10);
	pass_to(50);
	alarms_release(&process, SIGNAL_BIT(n));
	pass_to(100);
	ok(sends == 0, "released_alarm_sends_%d_again_to_%d", n, task);
	ok(take() == 9, "early_release_of_%d_to_%d_loses_expiries", n, task);
	alarm_delete_all(&process);
}

/* A queued signal of a program, whose sender has the number of the alarm, and
 * a signal of a second alarm, are not this alarm's. */
static void try_foreign(int code, int id)
{
	struct queued_signal foreign = {
		.info = { .si_code = code, .si_timerid = id },
	};

	begin(CLOCK_MONOTONIC, SIGNAL_REALTIME, 10, 0);
	list_append(&process.signals.pending.realtime, &foreign.node);
	process.signals.pending.set = SIGNAL_BIT(SIGNAL_REALTIME);
	pass_to(10);
	ok(sends == 1, "signal_of_code_%d_passes_for_the_alarms", code);
	alarm_delete_all(&process);
}

/* The alarm of a thread is told to the thread alone. */
static void try_other_receiver(void)
{
	const struct alarm_notice notice = { .signal = SIGALRM,
					     .task = THREAD_ID };

	begin_notice(CLOCK_MONOTONIC, &notice, 10, 0);
	process.signals.pending.set = SIGNAL_BIT(SIGALRM);
	pass_to(10);
	ok(sends == 1, "signal_of_the_process_passes_for_the_threads");
	alarm_delete_all(&process);
}

static void try_end_of_time(void)
{
	struct alarm *alarm = begin(CLOCK_MONOTONIC, SIGALRM, 1000, FOREVER);
	uint64_t left_ns, interval_ns;

	pass_to(1000 * MS);
	ok(is_pending() && take() == 0, "interval_of_all_time_expires_often");
	pass_to(9000 * MS);
	ok(runs == 0 && !is_pending(), "interval_of_all_time_expires_again");
	alarm_get(alarm, &left_ns, &interval_ns);
	ok(interval_ns == FOREVER, "interval_is_told_differently");
	alarm_delete_all(&process);
}

static void try_time_left(void)
{
	struct alarm *alarm = begin(CLOCK_MONOTONIC, SIGALRM, 100, 100);
	uint64_t left_ns, interval_ns;

	pass_to(230);
	alarm_get(alarm, &left_ns, &interval_ns);
	ok(left_ns == 70 && interval_ns == 100, "held_alarm_has_no_time_left");
	take();
	alarm_get(alarm, &left_ns, &interval_ns);
	ok(left_ns == 70, "taken_signal_moves_the_next_expiry");
	alarm_delete_all(&process);
}

static void try_processor_time(void)
{
	begin(CLOCK_PROCESS_CPUTIME_ID, SIGPROF, 5 * MS, 0);
	pass_to(10000 * MS);
	ok(runs < 200 && !is_pending(), "sleeping_process_costs_checks");
	process_ns = 4 * MS;
	pass_to(10100 * MS);
	ok(!is_pending(), "alarm_of_processor_time_comes_too_early");
	process_ns = 5 * MS;
	pass_to(10200 * MS);
	ok(is_pending(), "alarm_of_processor_time_does_not_come");
	take();
	alarm_delete_all(&process);
}

static void try_thread_time(void)
{
	begin(CLOCK_THREAD_CPUTIME_ID, SIGPROF, 5 * MS, 5 * MS);
	process_ns = 100 * MS;
	pass_to(100 * MS);
	ok(!is_pending(), "time_of_all_threads_counts_for_one");
	thread_ns = 5 * MS;
	pass_to(200 * MS);
	ok(is_pending(), "alarm_of_a_thread_does_not_come");
	take();
	alarms_of_task_end(&thread);
	ok(timer_next_ns() == FOREVER, "alarm_of_an_ended_thread_works");
	alarm_delete_all(&process);
}

int main(void)
{
	host_init(64);
	try_untaken(SIGALRM);
	try_untaken(REALTIME);
	try_ignored();
	try_full_queue();
	try_early_release(SIGALRM, 0);
	try_early_release(REALTIME, 0);
	try_early_release(SIGALRM, THREAD_ID);
	try_foreign(SI_QUEUE, 1);
	try_foreign(SI_TIMER, 2);
	try_other_receiver();
	try_end_of_time();
	try_time_left();
	try_processor_time();
	try_thread_time();
	ok(host_pool_objects() == 0, "alarms_are_not_freed");
	return tap_done();
}
