/* mutex.c - a mutex of the kernel has one owner, and only the owner can unlock
   it. */
#include "kernel/task/mutex.h"

#include "tests/kernel/ktest.h"

static struct mutex mutex;
static volatile uint32_t count;
static char order[40];

static void own_for_a_while(void *letter)
{
	KIS(acquire_mutex(&mutex, FOREVER), 0);
	KOK(mutex.owner == arch_cpu()->current);
	order[count++] = (uintptr_t)letter;
	ktest_sleep_ms(1);
	KIS(release_mutex(&mutex), 0);
}

static void begin(void)
{
	mutex_init(&mutex, NULL);
	count = 0;
}

KTEST(mutex_acquired_twice_waits_for_itself)
{
	begin();
	KIS(acquire_mutex(&mutex, FOREVER), 0);
	KIS(acquire_mutex(&mutex, FOREVER), -EDEADLK);
	KIS(acquire_mutex(&mutex, 0), -EDEADLK);
	KOK(mutex.owner == arch_cpu()->current);
	KIS(release_mutex(&mutex), 0);
	KOK(mutex.owner == NULL);
}

static void release_foreign(void *unused)
{
	(void)unused;
	KIS(release_mutex(&mutex), -EPERM);
	count++;
}

KTEST(mutex_is_released_by_a_stranger)
{
	begin();
	KIS(release_mutex(&mutex), -EPERM);
	acquire_mutex(&mutex, FOREVER);
	ktest_start(release_foreign, NULL, PRIORITY_NORMAL);
	KOK(ktest_wait_count(&count, 1));
	KOK(mutex.owner == arch_cpu()->current);
	release_mutex(&mutex);
}

KTEST(mutex_goes_to_the_wrong_waiter)
{
	begin();
	acquire_mutex(&mutex, FOREVER);
	ktest_start(own_for_a_while, (void *)'b', PRIORITY_NORMAL);
	ktest_start(own_for_a_while, (void *)'c', PRIORITY_NORMAL);
	ktest_sleep_ms(1);
	ktest_start(own_for_a_while, (void *)'a', PRIORITY_NORMAL + 1);
	ktest_sleep_ms(1);
	KIS(count, 0);
	release_mutex(&mutex);
	/* Handed over: the old owner cannot lock the mutex again at once. */
	KIS(acquire_mutex(&mutex, 0), -ETIMEDOUT);
	KOK(ktest_wait_count(&count, 3));
	KIS(order[0], 'a');
	KIS(order[1], 'b');
	KIS(order[2], 'c');
	KIS(acquire_mutex(&mutex, arch_now_ns() + NSEC_PER_SEC), 0);
	release_mutex(&mutex);
}

static void give_up(void *unused)
{
	(void)unused;
	KIS(acquire_mutex(&mutex, arch_now_ns() + 1000000), -ETIMEDOUT);
	KIS(release_mutex(&mutex), -EPERM);
	count++;
}

KTEST(mutex_is_handed_to_one_that_gave_up)
{
	begin();
	acquire_mutex(&mutex, FOREVER);
	ktest_start(give_up, NULL, PRIORITY_NORMAL);
	KOK(ktest_wait_count(&count, 1));
	release_mutex(&mutex);
	KOK(mutex.owner == NULL);
	KOK(wait_queue_is_idle(&mutex.queue));
}
