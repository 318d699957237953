/*
 * alarm.c - timers of a process that send it signals.
 *
 * One list per process, numbered. A timer that expires while the signal of its
 * last expiry still pends sends no second one: it counts an overrun, so that a
 * timer of a nanosecond cannot fill the queue. It is not started again more
 * often than every REPEAT_LEAST_NS either; what is left out is counted too.
 */
#include "kernel/task/alarm.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define REPEAT_LEAST_NS	100000
#define OVERRUN_MOST	0x7fffffff	/* DELAYTIMER_MAX */

struct alarm {
	struct list_node node;		/* [P] in process->alarms */
	struct process *process;
	struct timer timer;
	uint64_t interval_ns;
	int id;
	clockid_t clock;
	int signal;			/* 0: none */
	union sigval value;
	uint32_t overrun;
};

static struct pool alarm_pool = POOL("alarm", sizeof(struct alarm));

static struct alarm *find(struct process *process, int id)
{
	struct alarm *alarm;

	LIST_FOR_EACH(alarm, &process->alarms, node)
		if (alarm->id == id)
			return alarm;
	return NULL;
}

static void send(struct alarm *alarm, uint64_t missed)
{
	struct process *process = alarm->process;
	siginfo_t info;

	if (!alarm->signal)
		return;
	if (process->signals.pending & SIGNAL_BIT(alarm->signal)) {
		alarm->overrun = MIN(alarm->overrun + missed + 1, OVERRUN_MOST);
		return;
	}
	alarm->overrun = MIN(missed, OVERRUN_MOST);
	memset(&info, 0, sizeof(info));
	info.si_code = SI_TIMER;
	info.si_timerid = alarm->id;
	info.si_overrun = alarm->overrun;
	info.si_value = alarm->value;
	signal_send(process, alarm->signal, &info);
}

static void expired(struct timer *timer)
{
	struct alarm *alarm = CONTAINER_OF(timer, struct alarm, timer);
	uint64_t due = timer->deadline_ns, now = arch_now_ns(), missed = 0;

	timer->deadline_ns = FOREVER;
	if (alarm->interval_ns) {
		missed = (now - due) / alarm->interval_ns;
		due += (missed + 1) * alarm->interval_ns;
		timer_start(timer, MAX(due, now + REPEAT_LEAST_NS));
	}
	send(alarm, missed);
}

int alarm_clock(struct process *process, int id)
{
	const struct alarm *alarm = find(process, id);

	return alarm ? alarm->clock : -EINVAL;
}

int alarm_create(struct process *process, clockid_t clock, int n,
		 union sigval value)
{
	struct alarm *alarm;
	int id = 1;

	while (find(process, id))
		id++;
	if (id > TIMER_MAX)
		return -EAGAIN;
	alarm = pool_alloc(&alarm_pool);
	if (!alarm)
		return -EAGAIN;
	alarm->process = process;
	alarm->id = id;
	alarm->clock = clock;
	alarm->signal = n;
	alarm->value = value;
	if (!n)
		alarm->value.sival_int = id;
	timer_init(&alarm->timer, expired);
	list_append(&process->alarms, &alarm->node);
	return id;
}

int alarm_set(struct process *process, int id, uint64_t deadline_ns,
	      uint64_t interval_ns)
{
	struct alarm *alarm = find(process, id);

	if (!alarm)
		return -EINVAL;
	timer_stop(&alarm->timer);
	alarm->timer.deadline_ns = FOREVER;
	alarm->interval_ns = interval_ns;
	alarm->overrun = 0;
	if (deadline_ns != FOREVER)
		timer_start(&alarm->timer, deadline_ns);
	return 0;
}

int alarm_get(struct process *process, int id, uint64_t *deadline_ns,
	      uint64_t *interval_ns)
{
	const struct alarm *alarm = find(process, id);

	if (!alarm)
		return -EINVAL;
	*deadline_ns = alarm->timer.deadline_ns;
	*interval_ns = alarm->interval_ns;
	return 0;
}

int alarm_overrun(struct process *process, int id)
{
	const struct alarm *alarm = find(process, id);

	return alarm ? (int)alarm->overrun : -EINVAL;
}

static void destroy(struct alarm *alarm)
{
	timer_stop(&alarm->timer);
	list_remove(&alarm->node);
	pool_free(&alarm_pool, alarm);
}

int alarm_delete(struct process *process, int id)
{
	struct alarm *alarm = find(process, id);

	if (!alarm)
		return -EINVAL;
	destroy(alarm);
	return 0;
}

void alarm_delete_all(struct process *process)
{
	struct list_node *node;

	while ((node = list_first(&process->alarms)) != NULL)
		destroy(LIST_ENTRY(node, struct alarm, node));
}
