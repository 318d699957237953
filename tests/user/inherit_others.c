/*
 * inherit_others.c - a priority is lent to a different process, and to a server
 * through a call; and mutexes with a ceiling.
 *
 * linux: no
 */
#include <mailbox.h>

#include "tests/user/inherit_case.h"

static volatile int is_over;

/* ---- Between processes, and the death of the owner ----------------------- */

static pthread_mutex_t *shared_mutex;

static void begin_shared(int robust)
{
	pthread_mutexattr_t attr;

	shared_mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared_mutex != MAP_FAILED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, robust);
	require(pthread_mutex_init(shared_mutex, &attr) == 0);
}

static int hold_and_sleep(void)
{
	be_urgent(LOW);
	pthread_mutex_lock(shared_mutex);
	for (int i = 0; !is_over; i++)
		pause();
	return 0;
}

static int want_shared(void)
{
	int error;

	be_urgent(HIGH);
	error = pthread_mutex_lock(shared_mutex);
	pthread_mutex_unlock(shared_mutex);
	return error;
}

CASE(process_does_not_lend_to_a_process)
{
	pid_t low, high;

	begin_shared(PTHREAD_MUTEX_ROBUST);
	low = start(hold_and_sleep);
	until_asleep(low);
	high = start(want_shared);
	until_asleep(high);
	expect(level_of(low) == HIGH);
	expect(kill_and_wait(low) == -SIGKILL);
	expect(result_of(high) == EOWNERDEAD);
}

CASE(death_of_the_lender_leaves_the_loan)
{
	pid_t low, high;

	begin_shared(PTHREAD_MUTEX_STALLED);
	low = start(hold_and_sleep);
	until_asleep(low);
	high = start(want_shared);
	until_asleep(high);
	expect(level_of(low) == HIGH);
	expect(kill_and_wait(high) == -SIGKILL);
	expect(level_of(low) == LOW);
	high = start(want_shared);
	until_asleep(high);
	expect(kill_and_wait(low) == -SIGKILL);
	expect(kill_and_wait(high) == -SIGKILL);
}

/* ---- Ceilings ------------------------------------------------------------ */

static void init_ceiling(pthread_mutex_t *mutex, int ceiling)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	expect(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT) == 0);
	expect(pthread_mutexattr_setprioceiling(&attr, ceiling) == 0);
	expect(pthread_mutex_init(mutex, &attr) == 0);
}

CASE(owner_does_not_run_at_the_ceiling)
{
	init_ceiling(&mutexes[0], HIGH);
	init_ceiling(&mutexes[1], MIDDLE);
	be(SCHED_FIFO, LOW);
	expect(pthread_mutex_lock(&mutexes[0]) == 0 && my_level() == HIGH);
	expect(pthread_mutex_lock(&mutexes[1]) == 0 && my_level() == HIGH);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0 && my_level() == MIDDLE);
	expect(pthread_mutex_trylock(&mutexes[1]) == EBUSY);
	expect(my_level() == MIDDLE);
	expect(pthread_mutex_unlock(&mutexes[1]) == 0 && my_level() == LOW);
	expect(pthread_mutex_unlock(&mutexes[1]) == EPERM);
}

CASE(thread_above_the_ceiling_locks)
{
	init_ceiling(&mutexes[0], MIDDLE);
	be(SCHED_FIFO, HIGH);
	expect(pthread_mutex_lock(&mutexes[0]) == EINVAL);
	expect(pthread_mutex_trylock(&mutexes[0]) == EINVAL);
	expect(my_level() == HIGH);
	be(SCHED_FIFO, MIDDLE);
	expect(pthread_mutex_lock(&mutexes[0]) == 0);
}

CASE(ceiling_does_not_change)
{
	int ceiling = 0;

	init_ceiling(&mutexes[0], MIDDLE);
	expect(pthread_mutex_setprioceiling(&mutexes[0], HIGH, &ceiling) == 0);
	expect(ceiling == MIDDLE);
	expect(pthread_mutex_getprioceiling(&mutexes[0], &ceiling) == 0);
	expect(ceiling == HIGH);
	expect(pthread_mutex_setprioceiling(&mutexes[0], 33, NULL) == EINVAL);
	expect(pthread_mutex_setprioceiling(&mutexes[0], 0, NULL) == EINVAL);
	expect(pthread_mutex_lock(&mutexes[0]) == 0 && my_level() == HIGH);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0 && my_level() == 0);
	init(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL);
	expect(pthread_mutex_getprioceiling(&mutexes[0], &ceiling) == EINVAL);
}

static int lock_as_user(void)
{
	require(setgid(1000) == 0 && setuid(1000) == 0);
	return pthread_mutex_lock(&mutexes[0]);
}

CASE(ceiling_gives_a_user_real_time)
{
	init_ceiling(&mutexes[0], MIDDLE);
	expect(run_in_child(lock_as_user) == EPERM);
}

CASE(attribute_protocol_is_forgotten)
{
	pthread_mutexattr_t attr;
	int value = -1;

	pthread_mutexattr_init(&attr);
	expect(pthread_mutexattr_getprotocol(&attr, &value) == 0);
	expect(value == PTHREAD_PRIO_NONE);
	expect(pthread_mutexattr_setprotocol(&attr, 9) == EINVAL);
	expect(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT) == 0);
	expect(pthread_mutexattr_getprotocol(&attr, &value) == 0);
	expect(value == PTHREAD_PRIO_INHERIT);
	expect(pthread_mutexattr_setprioceiling(&attr, 0) == EINVAL);
	expect(pthread_mutexattr_setprioceiling(&attr, 7) == 0);
	expect(pthread_mutexattr_getprioceiling(&attr, &value) == 0);
	expect(value == 7);
}

/* ---- Through a call ------------------------------------------------------ */

static int box;

static int call_urgently(void)
{
	struct message head = { 0 };

	be_urgent(HIGH);
	return mailbox_call(box, &head, NULL, NULL, 0, NULL) < 0;
}

static int call_later(void)
{
	struct message head = { 0 };

	be_urgent(MIDDLE);
	return mailbox_call(box, &head, NULL, NULL, 0, NULL) < 0;
}

/* The server runs at its own priority, then for the callers in turn. */
CASE(server_does_not_run_at_the_priority_of_its_client)
{
	struct message head = { 0 };
	pid_t first, second;

	box = mailbox_open("/inherit", O_CREAT | O_RDWR, 0600, NULL);
	require(box >= 0 && mailbox_unlink("/inherit") == 0);
	be_urgent(LOW);
	first = start(call_later);
	until_asleep(first);
	expect(my_level() == LOW);
	expect(mailbox_receive(box, &head, NULL, 0, 0, NULL) == 0);
	expect(my_level() == MIDDLE);
	second = start(call_urgently);
	until_asleep(second);		/* in the box, behind the first */
	expect(my_level() == HIGH);
	expect(mailbox_reply(box, &head, NULL) == 0);
	expect(my_level() == HIGH);
	memset(&head, 0, sizeof(head));		/* any sender */
	expect(mailbox_receive(box, &head, NULL, 0, 0, NULL) == 0);
	expect(my_level() == HIGH);
	expect(mailbox_reply(box, &head, NULL) == 0);
	expect(my_level() == LOW);
	expect(result_of(first) == 0 && result_of(second) == 0);
}

CASE(death_of_the_client_leaves_the_loan)
{
	struct message head = { 0 };
	pid_t client;

	box = mailbox_open("/inherit", O_CREAT | O_RDWR, 0600, NULL);
	require(box >= 0 && mailbox_unlink("/inherit") == 0);
	be_urgent(LOW);
	client = start(call_urgently);
	until_asleep(client);
	expect(mailbox_receive(box, &head, NULL, 0, 0, NULL) == 0);
	expect(my_level() == HIGH);
	expect(kill_and_wait(client) == -SIGKILL);
	expect(my_level() == LOW);
	expect_error(mailbox_reply(box, &head, NULL), ESRCH);
}

/* The client calls while it holds a mutex that a third task wants. */
static int call_with_mutex(void)
{
	struct message head = { 0 };

	be_urgent(MIDDLE);
	pthread_mutex_lock(shared_mutex);
	return mailbox_call(box, &head, NULL, NULL, 0, NULL) < 0;
}

CASE(chain_ends_at_a_call)
{
	struct message head = { 0 };
	pid_t client, high;

	begin_shared(PTHREAD_MUTEX_ROBUST);
	box = mailbox_open("/inherit", O_CREAT | O_RDWR, 0600, NULL);
	require(box >= 0 && mailbox_unlink("/inherit") == 0);
	be_urgent(LOW);
	client = start(call_with_mutex);
	until_asleep(client);
	expect(mailbox_receive(box, &head, NULL, 0, 0, NULL) == 0);
	high = start(want_shared);
	until_asleep(high);
	expect(my_level() == HIGH);
	expect(mailbox_reply(box, &head, NULL) == 0);
	expect(my_level() == LOW);
	expect(result_of(client) == 0 && result_of(high) == EOWNERDEAD);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
