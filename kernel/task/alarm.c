/*
 * alarm.c - timers of a process that send signals to the process.
 *
 * Each process has a list of alarms. Alarms of timer_create(2) have numbers
 * from 1 up. Alarms of setitimer(2) have negative numbers, and live on after
 * exec.
 *
 * When a repeated alarm has sent a signal, the alarm is held: the timer is
 * stopped until a task takes the signal. The expiries in between are computed
 * from the time, and the taken signal says their number, the overrun. So each
 * expiry was paid for by a task of the program, and an alarm of a nanosecond
 * costs nothing while the signal is blocked or ignored. Whenever a signal of
 * this number is taken or dropped, or gets another action, alarms_release()
 * starts the timer again. A release without need does no harm. Of many alarms,
 * the first two are released at once, and the others when their timers expire:
 * now, but in parts.
 *
 * Some alarms count the processor time of a process or a task. A task switch
 * does not check these alarms. A process with one task cannot use n ns of the
 * processor before n ns have passed. So the kernel checks the alarm after the
 * remaining time; if less was used, the kernel checks again after the new
 * remaining time. Each check without any use doubles the time to the next
 * check: alarms of sleeping processes cost little.
 */
#include "kernel/task/alarm.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

#define RELEASES_AT_ONCE 2
#define CHECK_LEAST_NS	1000000		/* between checks of the used time */
#define CHECK_MOST_NS	(64 * CHECK_LEAST_NS)

struct alarm {
	struct list_node node;		/* [P] in process->alarms */
	struct process *process;	/* [const] */
	struct timer timer;		/* [P] */
	uint64_t due_ns;		/* [P] by `clock`; FOREVER: stopped */
	uint64_t interval_ns;		/* [P] */
	int id;				/* [const] */
	clockid_t clock;		/* [const] */
	struct task *task;		/* [P] the clock's; NULL: has ended */
	struct alarm_notice notice;	/* [const] */
	bool is_held;			/* [P] stopped until a release */
	bool is_late;			/* [P] to be released by its timer */
	uint64_t used_ns;		/* [P] at the last check */
	uint64_t check_ns;		/* [P] between the checks */
	uint32_t overrun;		/* [P] of the pending signal */
	uint32_t taken_overrun;		/* [P] of the signal taken last */
};

static struct pool alarm_pool = POOL_COUNTED("alarm", sizeof(struct alarm),
					     ACCOUNT_TIMERS);

static struct alarm *find(struct process *process, int id)
{
	struct alarm *alarm;

	LIST_FOR_EACH(alarm, &process->alarms, node)
		if (alarm->id == id)
			return alarm;
	return NULL;
}

struct alarm *alarm_find(struct process *process, int id)
{
	return id > 0 ? find(process, id) : NULL;
}

clockid_t alarm_clock(const struct alarm *alarm)
{
	return alarm->clock;
}

static bool counts_use(const struct alarm *alarm)
{
	return alarm->clock != CLOCK_REALTIME &&
	       alarm->clock != CLOCK_MONOTONIC;
}

/* [P] While many alarms of this process are looked at: its times so far, or
 * FOREVER: not asked for yet. To ask hundreds of tasks for each alarm would
 * take long. */
static struct {
	const struct process *process;
	uint64_t user_ns;
	uint64_t used_ns;
} known;

static void keep_times(const struct process *process)
{
	if (known.process == process)
		return;
	known.process = process;
	known.user_ns = known.used_ns = FOREVER;
}

static uint64_t time_of(const struct process *process, uint64_t *kept,
			uint64_t (*ask)(const struct process *))
{
	if (known.process != process)
		return ask(process);
	if (*kept == FOREVER)
		*kept = ask(process);
	return *kept;
}

uint64_t alarm_now_ns(const struct alarm *alarm)
{
	if (!counts_use(alarm))
		return arch_now_ns();
	if (alarm->clock == CLOCK_THREAD_CPUTIME_ID)
		return alarm->task ? task_user_ns(alarm->task) +
				     task_kernel_ns(alarm->task) : 0;
	return alarm->clock == CLOCK_PROCESS_USER
		? time_of(alarm->process, &known.user_ns, process_user_ns)
		: time_of(alarm->process, &known.used_ns, process_used_ns);
}

/* ---- Expiry ------------------------------------------------------------- */

static int send_info(const struct alarm *alarm, const siginfo_t *info)
{
	const struct alarm_notice *notice = &alarm->notice;
	struct task *task;

	if (!notice->task)
		return signal_send(alarm->process, notice->signal, info);
	task = id_task(notice->task);
	if (!task || task->process != alarm->process)
		return 0;
	return signal_send_task(task, notice->signal, info);
}

/* The signals that pend for the receiver of this alarm's signal. */
static const struct pending_signals *receiver(const struct alarm *alarm)
{
	const struct task *task = id_task(alarm->notice.task);

	if (task && task->process == alarm->process)
		return &task->signals.pending;
	return &alarm->process->signals.pending;
}

/* Does the signal of the last expiry still pend? A standard signal pends at
 * most once, from any sender. */
static bool is_untaken(const struct alarm *alarm)
{
	const struct pending_signals *pending = receiver(alarm);
	const struct queued_signal *queued;

	if (alarm->notice.signal < SIGNAL_REALTIME)
		return pending->set & SIGNAL_BIT(alarm->notice.signal);
	LIST_FOR_EACH(queued, &pending->realtime, node)
		if (queued->info.si_code == SI_TIMER &&
		    queued->info.si_timerid == alarm->id)
			return true;
	return false;
}

static void add_overrun(struct alarm *alarm, uint64_t expiries)
{
	alarm->overrun = MIN(alarm->overrun + expiries, DELAYTIMER_MAX);
}

static void send(struct alarm *alarm, uint64_t expiries)
{
	siginfo_t info;

	if (is_untaken(alarm)) {
		add_overrun(alarm, expiries);
		return;
	}
	alarm->overrun = 0;
	add_overrun(alarm, expiries - 1);
	memset(&info, 0, sizeof(info));
	info.si_code = alarm->id > 0 ? SI_TIMER : SI_KERNEL;
	if (alarm->id > 0)
		info.si_timerid = alarm->id;
	info.si_value = alarm->notice.value;
	send_info(alarm, &info);
}

/* The time of the next check of a clock that counts use, in ns since boot. */
static uint64_t next_check_ns(struct alarm *alarm)
{
	uint64_t used_ns = alarm_now_ns(alarm), wait_ns;

	wait_ns = alarm->due_ns > used_ns ? alarm->due_ns - used_ns : 0;
	if (used_ns != alarm->used_ns)
		alarm->check_ns = CHECK_LEAST_NS;
	else
		alarm->check_ns = MIN(2 * alarm->check_ns, CHECK_MOST_NS);
	alarm->used_ns = used_ns;
	return time_add_ns(arch_now_ns(), MAX(wait_ns, alarm->check_ns));
}

/* Start the timer, if the alarm is not stopped, and has to tell its expiry. */
static void start(struct alarm *alarm)
{
	uint64_t deadline_ns = alarm->due_ns;

	alarm->is_held = false;
	if (deadline_ns == FOREVER || !alarm->notice.signal)
		return;
	if (counts_use(alarm))
		deadline_ns = next_check_ns(alarm);
	timer_start(&alarm->timer, deadline_ns);
}

static uint64_t count_expiries(struct alarm *alarm)
{
	return timer_count_expiries(&alarm->due_ns, alarm->interval_ns,
				    alarm_now_ns(alarm));
}

/* The signal of the last expiry is gone. */
static void release(struct alarm *alarm)
{
	alarm->is_held = alarm->is_late = false;
	add_overrun(alarm, count_expiries(alarm));
	start(alarm);
}

static void expired(struct timer *timer)
{
	struct alarm *alarm = CONTAINER_OF(timer, struct alarm, timer);
	uint64_t expiries;

	if (alarm->is_late) {
		keep_times(alarm->process);
		release(alarm);
		keep_times(NULL);
		return;
	}
	expiries = count_expiries(alarm);
	if (expiries == 0) {
		start(alarm);
		return;
	}
	alarm->is_held = true;
	send(alarm, expiries);
}

/* Does the set have the signal, or could it make room in the full queue? */
static bool waits_for(const struct alarm *alarm, sigset_t set)
{
	sigset_t bit = SIGNAL_BIT(alarm->notice.signal);

	return set & bit || (bit & SIGNALS_REALTIME && set & SIGNALS_REALTIME);
}

void alarms_release(struct process *process, sigset_t set)
{
	unsigned left = RELEASES_AT_ONCE;
	struct alarm *alarm;

	keep_times(process);
	LIST_FOR_EACH(alarm, &process->alarms, node) {
		if (!alarm->is_held || alarm->is_late ||
		    !waits_for(alarm, set))
			continue;
		if (left > 0) {
			left--;
			release(alarm);
		} else {
			alarm->is_late = true;
			timer_start(&alarm->timer, arch_now_ns());
		}
	}
	keep_times(NULL);
}

void alarms_of_task_end(const struct task *task)
{
	struct alarm *alarm;

	LIST_FOR_EACH(alarm, &task->process->alarms, node)
		if (alarm->task == task) {
			timer_stop(&alarm->timer);
			alarm->task = NULL;
			alarm->due_ns = FOREVER;
		}
}

/* ---- Making and setting ------------------------------------------------- */

static struct alarm *create(struct process *process, int id, clockid_t clock,
			    const struct alarm_notice *notice)
{
	struct alarm *alarm = pool_alloc(&alarm_pool);

	if (!alarm)
		return NULL;
	alarm->process = process;
	alarm->id = id;
	alarm->clock = clock;
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		alarm->task = task_current();
	alarm->notice = *notice;
	alarm->due_ns = FOREVER;
	timer_init(&alarm->timer, expired);
	list_append(&process->alarms, &alarm->node);
	return alarm;
}

int alarm_create(struct process *process, clockid_t clock,
		 const struct alarm_notice *notice)
{
	struct alarm_notice own = *notice;
	int id = 1;

	while (find(process, id))
		id++;
	if (own.tells_id)
		own.value.sival_int = id;
	if (id > TIMER_MAX || !create(process, id, clock, &own))
		return -EAGAIN;
	return id;
}

struct alarm *alarm_interval(struct process *process, int which)
{
	static const struct {
		clockid_t clock;
		int signal;
	} kinds[] = {
		[ITIMER_REAL] = { CLOCK_MONOTONIC, SIGALRM },
		[ITIMER_VIRTUAL] = { CLOCK_PROCESS_USER, SIGVTALRM },
		[ITIMER_PROF] = { CLOCK_PROCESS_CPUTIME_ID, SIGPROF },
	};
	const struct alarm_notice notice = { .signal = kinds[which].signal };
	struct alarm *alarm = find(process, -1 - which);

	return alarm ? alarm : create(process, -1 - which, kinds[which].clock,
				      &notice);
}

void alarm_set(struct alarm *alarm, uint64_t due_ns, uint64_t interval_ns)
{
	timer_stop(&alarm->timer);
	alarm->is_late = false;
	alarm->due_ns = due_ns;
	alarm->interval_ns = interval_ns;
	alarm->overrun = alarm->taken_overrun = 0;
	alarm->used_ns = FOREVER;
	start(alarm);
}

void alarm_get(const struct alarm *alarm, uint64_t *left_ns,
	       uint64_t *interval_ns)
{
	uint64_t now = alarm_now_ns(alarm), due_ns = alarm->due_ns;

	*interval_ns = alarm->interval_ns;
	if (!timer_is_started(&alarm->timer) || alarm->is_late)
		timer_count_expiries(&due_ns, alarm->interval_ns, now);
	*left_ns = due_ns > now ? due_ns - now : 1;
	if (due_ns == FOREVER)
		*left_ns = 0;
}

void alarm_taken(struct process *process, siginfo_t *info)
{
	struct alarm *alarm = NULL;

	keep_times(process);		/* until alarms_release() is done */
	if (info->si_code == SI_TIMER)
		alarm = find(process, info->si_timerid);
	if (alarm) {
		add_overrun(alarm, count_expiries(alarm));
		alarm->taken_overrun = alarm->overrun;
		info->si_overrun = alarm->overrun;
	}
	alarms_release(process, SIGNAL_BIT(info->si_signo));
}

int alarm_overrun(const struct alarm *alarm)
{
	return alarm->taken_overrun;
}

/* ---- The end ------------------------------------------------------------ */

static void destroy(struct alarm *alarm)
{
	timer_stop(&alarm->timer);
	list_remove(&alarm->node);
	pool_free(&alarm_pool, alarm);
}

void alarm_delete(struct alarm *alarm)
{
	const siginfo_t info = { .si_code = SI_KERNEL };

	if (alarm->notice.tells_end)
		send_info(alarm, &info);
	destroy(alarm);
}

void alarm_exec(struct process *process)
{
	struct alarm *alarm, *after;

	LIST_FOR_EACH_SAFE(alarm, after, &process->alarms, node)
		if (alarm->id > 0)
			destroy(alarm);
}

void alarm_delete_all(struct process *process)
{
	struct list_node *node;

	while ((node = list_first(&process->alarms)) != NULL)
		destroy(LIST_ENTRY(node, struct alarm, node));
}
