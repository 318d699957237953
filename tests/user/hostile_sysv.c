/*
 * hostile_sysv.c - an ordinary user against the objects of System V IPC.
 *
 * linux: no
 */
#include <limits.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tests/user/hostile.h"

#define MOST	2000
#define PAGE	4096

union argument {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int roots[3];			/* a queue, a set, a segment */

static int try_roots_objects(void)
{
	struct { long type; char text; } message = { 1, 'x' };
	struct sembuf add = { 0, 1, 0 };
	struct msqid_ds status;

	expect_error(msgsnd(roots[0], &message, 1, 0), EACCES);
	expect_error(msgrcv(roots[0], &message, 1, 0, IPC_NOWAIT), EACCES);
	expect_error(msgctl(roots[0], IPC_STAT, &status), EACCES);
	expect_error(msgctl(roots[0], IPC_SET, &status), EPERM);
	expect_error(msgctl(roots[0], IPC_RMID, NULL), EPERM);
	expect_error(semop(roots[1], &add, 1), EACCES);
	expect_error(semctl(roots[1], 0, GETVAL), EACCES);
	expect_error(semctl(roots[1], 0, SETVAL, (union argument){ .val = 1 }),
		     EACCES);
	expect_error(semctl(roots[1], 0, IPC_RMID), EPERM);
	expect_error((long)shmat(roots[2], NULL, SHM_RDONLY), EACCES);
	expect_error(shmctl(roots[2], IPC_RMID, NULL), EPERM);
	expect_error(msgget(4242, 0400), EACCES);
	/* An identifier of one kind is none of another. */
	expect_error(msgctl(roots[1], IPC_RMID, NULL), EINVAL);
	expect_error(semctl(roots[2], 0, IPC_RMID), EINVAL);
	expect_error(shmctl(roots[0], IPC_RMID, NULL), EINVAL);
	return case_failed;
}

CASE(user_reaches_objects_of_root)
{
	roots[0] = msgget(4242, IPC_CREAT | 0600);
	roots[1] = semget(4242, 1, IPC_CREAT | 0600);
	roots[2] = shmget(4242, PAGE, IPC_CREAT | 0600);
	attack_beside_root(try_roots_objects);
	expect(semctl(roots[1], 0, GETVAL) == 0);
	expect(msgctl(roots[0], IPC_RMID, NULL) == 0);
	expect(semctl(roots[1], 0, IPC_RMID) == 0);
	expect(shmctl(roots[2], IPC_RMID, NULL) == 0);
}

static int ids[MOST];

static int make_many(void)
{
	struct msqid_ds status;
	int count = 0;

	while (count < MOST && (ids[count] = msgget(IPC_PRIVATE, 0600)) >= 0)
		count++;
	expect(count < MOST && errno == ENOSPC);
	expect_error(semget(IPC_PRIVATE, 1, 0600), ENOSPC);
	expect_error(shmget(IPC_PRIVATE, PAGE, 0600), ENOSPC);
	require(msgctl(ids[0], IPC_STAT, &status) == 0);
	status.msg_qbytes++;
	expect_error(msgctl(ids[0], IPC_SET, &status), EPERM);
	while (count-- > 0)
		require(msgctl(ids[count], IPC_RMID, NULL) == 0);
	return case_failed;
}

CASE(user_fills_the_kernel_with_objects)
{
	attack_beside_root(make_many);
}

/* Each queue takes 16 KiB: the user's limit for messages comes first. */
static int fill_queues(void)
{
	static struct { long type; char text[8192]; } message = { 1, "" };
	int count = 0, queue;

	do {
		queue = msgget(IPC_PRIVATE, 0600);
		if (queue < 0)
			break;
		ids[count++] = queue;
		while (msgsnd(queue, &message, 8192, IPC_NOWAIT) == 0)
			continue;
	} while (errno == EAGAIN && count < MOST);
	expect(errno == ENOMEM || errno == ENOSPC);
	while (count-- > 0)
		require(msgctl(ids[count], IPC_RMID, NULL) == 0);
	return case_failed;
}

CASE(user_fills_the_memory_with_messages)
{
	attack_beside_root(fill_queues);
}

#define SLEEPERS	100
#define OPERATIONS	64

static int sleep_for_all(int set)
{
	struct sembuf operations[OPERATIONS];

	for (int i = 0; i < OPERATIONS; i++)
		operations[i] = (struct sembuf){ i, -1, SEM_UNDO };
	return semop(set, operations, OPERATIONS) == 0;
}

/* Many calls of many operations, which all try again at each change. */
static int wake_in_vain(void)
{
	int set = semget(IPC_PRIVATE, OPERATIONS, 0600);
	pid_t pids[SLEEPERS];
	struct sembuf add = { 0, SLEEPERS, 0 };

	require(set >= 0);
	for (int i = 0; i < SLEEPERS; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(sleep_for_all(set));
	}
	for (int i = 0; i < SLEEPERS; i++)
		until_asleep(pids[i]);
	for (add.sem_num = 0; add.sem_num < OPERATIONS; add.sem_num++)
		require(semop(set, &add, 1) == 0);
	for (int i = 0; i < SLEEPERS; i++)
		expect(result_of(pids[i]) == 1);
	expect(semctl(set, 0, IPC_RMID) == 0);
	return case_failed;
}

CASE(user_holds_the_processor_with_semaphores)
{
	attack_beside_root(wake_in_vain);
}

/* Attach again and again, until no room is left. */
static int attach_often(void)
{
	int segment = shmget(IPC_PRIVATE, PAGE, 0600);
	char *at[MOST];
	int count = 0;

	require(segment >= 0);
	while (count < MOST &&
	       (at[count] = shmat(segment, NULL, 0)) != (void *)-1)
		count++;
	expect(count < MOST && errno == ENOMEM);
	at[0][0] = 'x';
	expect(at[count - 1][0] == 'x');
	expect(shmctl(segment, IPC_RMID, NULL) == 0);
	while (count-- > 0)
		require(shmdt(at[count]) == 0);
	return case_failed;
}

CASE(user_attaches_a_segment_without_end)
{
	attack_beside_root(attach_often);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
