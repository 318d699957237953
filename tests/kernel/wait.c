/* wait.c - the tasks of a crowd are woken at once, and become ready in parts:
 * see wait_wake_many(). */
#include "kernel/task/wait.h"

#include "tests/kernel/ktest.h"

#define CROWD	(WAKES_AT_ONCE + 8)

static struct wait_queue queue;
static struct task *crowd[CROWD];
static volatile uint32_t begun, ended;

static long was_woken(void *unused)
{
	(void)unused;
	return 0;
}

static void wait_in_crowd(void *unused)
{
	const struct wait_request request = {
		.queue = &queue, .event = WAIT_DATA, .deadline_ns = FOREVER,
	};

	(void)unused;
	crowd[begun++] = task_current();
	KIS(wait_for(&request, was_woken, NULL), 0);
	ended++;
}

/* Reports and the search for deadlocks ask task_is_waiting(). */
static uint32_t count_waiting(void)
{
	uint32_t count = 0, i;

	for (i = 0; i < CROWD; i++)
		count += task_is_waiting(crowd[i]);
	return count;
}

static uint32_t count_not_ready(void)
{
	uint32_t count = 0, i;

	for (i = 0; i < CROWD; i++)
		count += crowd[i]->state == TASK_BLOCKED;
	return count;
}

KTEST(woken_task_counts_as_waiting_until_it_is_ready)
{
	uint32_t i;

	wait_queue_init(&queue);
	begun = ended = 0;
	for (i = 0; i < CROWD; i++)
		ktest_start(wait_in_crowd, NULL, PRIORITY_NORMAL);
	KOK(ktest_wait_count(&begun, CROWD));
	ktest_sleep_ms(1);
	KIS(count_waiting(), CROWD);
	KIS(wait_wake_many(&queue, UINT32_MAX, 0), CROWD);
	KIS(count_not_ready(), CROWD - WAKES_AT_ONCE);
	KIS(count_waiting(), 0);
	KOK(ktest_wait_count(&ended, CROWD));
}
