/* trace.c - the trace: every event once, in order, in its place. */
#include "kernel/task/trace.h"

#include "kernel/lib/string.h"
#include "kernel/task/semaphore.h"
#include "tests/kernel/ktest.h"

static uint32_t evaluated;

static uint32_t argument(void)
{
	return ++evaluated;
}

static const struct trace_event *event_at(uint32_t n)
{
	return &trace_ring[n % TRACE_EVENTS];
}

KTEST(trace_event_lies_elsewhere_than_its_number_says)
{
	uint32_t n = trace_count;
	const struct trace_event *event = event_at(n);

	trace_kinds = TRACE_IPC;
	trace(TRACE_SEND, 5, 6, 7);
	trace_kinds = 0;
	KIS(trace_count, n + 1);
	KIS(event->id, TRACE_SEND);
	KIS(event->task, arch_cpu()->current->id);
	KOK(event->object == 5 && event->a == 6 && event->b == 7);
	KOK(event->time <= arch_cycles());
}

KTEST(trace_that_is_off_evaluates_or_records)
{
	uint32_t n = trace_count;

	evaluated = 0;
	trace_kinds = 0;
	trace(TRACE_SEND, 0, argument(), 0);
	trace_kinds = TRACE_ALL & ~TRACE_SIGNALS;
	trace(TRACE_SIGNAL, 0, argument(), 0);
	trace_kinds = 0;
	KIS(evaluated, 0);
	KIS(trace_count, n);
}

KTEST(trace_ring_loses_the_newest_when_it_is_full)
{
	uint32_t first = trace_count, i;
	bool in_order = true;

	for (i = 0; i < TRACE_EVENTS + 3; i++)
		trace_record(TRACE_SEND, 0, i, 0);
	KIS(trace_count, first + TRACE_EVENTS + 3);
	for (i = 3; i < TRACE_EVENTS + 3; i++)
		in_order &= event_at(first + i)->a == i;
	KOK(in_order);
}

KTEST(trace_name_is_cut)
{
	const char *name = "a name that is long enough";
	uint32_t n = trace_count, i;
	char read[33] = "";

	trace_text(TRACE_TASK_NAME, 1, name);
	KIS(trace_count, n + 4);
	for (i = 0; i < 4; i++)
		memcpy(read + 8 * i, &event_at(n + i)->a, 8);
	KOK(!strcmp(read, name));
}

static struct semaphore semaphore;

static void wait_once(void *unused)
{
	(void)unused;
	acquire_semaphore(&semaphore, FOREVER);
}

/* The order of the steps of the two tasks, a letter for each event. */
static void read_story(uint32_t from, pid_t waiter, char *to, size_t size)
{
	size_t length = 0;

	for (; from != trace_count && length + 1 < size; from++) {
		const struct trace_event *event = event_at(from);
		bool is_waiter = event->task == waiter;

		if (event->id == TRACE_BLOCK && is_waiter)
			to[length++] = 'b';
		if (event->id == TRACE_WAKE && event->a == waiter)
			to[length++] = 'w';
		if (event->id == TRACE_SWITCH && is_waiter)
			to[length++] = '-';
		if (event->id == TRACE_SWITCH && event->a == waiter)
			to[length++] = '+';
		if (event->id == TRACE_WAITED && is_waiter)
			to[length++] = 'd';
		if (event->id == TRACE_EXIT && is_waiter)
			to[length++] = 'x';
	}
	to[length] = '\0';
}

KTEST(trace_tells_of_a_wait_out_of_order)
{
	uint32_t n = trace_count;
	struct task *task;
	char story[20];
	pid_t id;

	semaphore_init(&semaphore, 0);
	trace_kinds = TRACE_TASKS | TRACE_LIFE;
	task = ktest_start(wait_once, NULL, PRIORITY_NORMAL);
	id = task->id;
	ktest_sleep_ms(1);
	release_semaphore(&semaphore);
	ktest_sleep_ms(1);
	trace_kinds = 0;
	read_story(n, id, story, sizeof(story));
	/* Made ready, runs, blocks, gives way; woken, runs, ends, gives way. */
	KOK(!strcmp(story, "w+b-w+dx-"));
}

KTEST(trace_words_choose_other_kinds)
{
	trace_choose("boot,ipc,nonsense");
	KIS(trace_kinds, TRACE_ALL);
	trace_kinds = 0;
	trace_choose("");
	KIS(trace_kinds, 0);
}
