/*
 * alarm.c - timers of a process that send it signals.
 *
 * Each process has a list of timers. Timers of timer_create(2) have numbers
 * from 1 up. Timers of setitimer(2) have negative numbers, and live on after
 * exec. If the signal of the last expiry still pends, the next expiry sends no
 * second signal, and adds 1 to the overrun instead. So a timer of a nanosecond
 * cannot fill the queue. No timer starts again more often than every
 * REPEAT_LEAST_NS; the skipped expiries are counted too.
 *
 * Some timers count the processor time of the process. A task switch does not
 * check these timers. A process cannot use n ns of the processor before n ns
 * have passed. So the kernel checks the timer after the remaining time; if the
 * process has used less, the kernel checks again after the new remaining time.
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

#define REPEAT_LEAST_NS	100000
#define LOOK_LEAST_NS	1000000		/* at the time used, but not sooner */
#define OVERRUN_MOST	0x7fffffff	/* DELAYTIMER_MAX */

struct alarm {
	struct list_node node;		/* [P] in process->alarms */
	struct process *process;	/* [const] */
	struct timer timer;		/* [P] */
	uint64_t due_ns;		/* [P] by `clock`; FOREVER: stopped */
	uint64_t interval_ns;		/* [P] */
	int id;				/* [const] */
	clockid_t clock;		/* [const] */
	struct alarm_notice notice;	/* [const] */
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

uint64_t alarm_now_ns(const struct alarm *alarm)
{
	uint64_t ns;

	if (!counts_use(alarm))
		return arch_now_ns();
	ns = process_user_ns(alarm->process);
	if (alarm->clock != CLOCK_PROCESS_USER)
		ns += process_kernel_ns(alarm->process);
	return ns;
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

/* Does the signal of the last expiry still pend? A standard signal pends at
 * most once, from any sender. */
static bool is_untaken(const struct alarm *alarm)
{
	const struct signals *signals = &alarm->process->signals;
	const struct queued_signal *queued;

	if (alarm->notice.signal < SIGNAL_REALTIME)
		return signals->pending & SIGNAL_BIT(alarm->notice.signal);
	LIST_FOR_EACH(queued, &signals->queue, node)
		if (queued->info.si_code == SI_TIMER &&
		    queued->info.si_timerid == alarm->id)
			return true;
	return false;
}

static void send(struct alarm *alarm, uint64_t missed)
{
	siginfo_t info;

	if (!alarm->notice.signal)
		return;
	if (is_untaken(alarm)) {
		alarm->overrun = MIN(alarm->overrun + missed + 1, OVERRUN_MOST);
		return;
	}
	alarm->overrun = MIN(missed, OVERRUN_MOST);
	memset(&info, 0, sizeof(info));
	info.si_code = alarm->id > 0 ? SI_TIMER : SI_KERNEL;
	if (alarm->id > 0)
		info.si_timerid = alarm->id;
	info.si_value = alarm->notice.value;
	send_info(alarm, &info);
}

/* Check when the alarm may be due, but not before least_ns have passed. */
static void start(struct alarm *alarm, uint64_t least_ns)
{
	uint64_t now = arch_now_ns(), used, at = alarm->due_ns;

	if (counts_use(alarm)) {
		used = alarm_now_ns(alarm);
		at = at > used ? at - used : 0;
		at = at + now < now ? FOREVER : at + now;
		least_ns = LOOK_LEAST_NS;
	}
	timer_start(&alarm->timer, MAX(at, now + least_ns));
}

static void expired(struct timer *timer)
{
	struct alarm *alarm = CONTAINER_OF(timer, struct alarm, timer);
	uint64_t now = alarm_now_ns(alarm), missed = 0;

	if (now < alarm->due_ns) {
		start(alarm, 0);
		return;
	}
	if (alarm->interval_ns) {
		missed = (now - alarm->due_ns) / alarm->interval_ns;
		alarm->due_ns += (missed + 1) * alarm->interval_ns;
		start(alarm, REPEAT_LEAST_NS);
	} else {
		alarm->due_ns = FOREVER;
	}
	send(alarm, missed);
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
	alarm->due_ns = due_ns;
	alarm->interval_ns = interval_ns;
	alarm->overrun = alarm->taken_overrun = 0;
	if (due_ns != FOREVER)
		start(alarm, 0);
}

void alarm_get(const struct alarm *alarm, uint64_t *left_ns,
	       uint64_t *interval_ns)
{
	uint64_t now = alarm_now_ns(alarm);

	*interval_ns = alarm->interval_ns;
	*left_ns = alarm->due_ns > now ? alarm->due_ns - now : 1;
	if (alarm->due_ns == FOREVER)
		*left_ns = 0;
}

void alarm_taken(struct process *process, siginfo_t *info)
{
	struct alarm *alarm = find(process, info->si_timerid);

	if (!alarm)
		return;
	alarm->taken_overrun = alarm->overrun;
	info->si_overrun = alarm->overrun;
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

	if (alarm->notice.task)
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
