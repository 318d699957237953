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

/* ---- At the limits ------------------------------------------------------- */

#define SET_MOST	250
#define UNITS_MOST	32767

static int value_of(int set, int number)
{
	return semctl(set, number, GETVAL);
}

static int use_semaphores_at_the_limits(void)
{
	static struct sembuf row[OPERATIONS + 1];
	int set = semget(IPC_PRIVATE, SET_MOST, 0600);
	struct sembuf one = { SET_MOST - 1, UNITS_MOST, 0 };

	require(set >= 0);
	expect_error(semget(IPC_PRIVATE, SET_MOST + 1, 0600), EINVAL);
	expect_error(semget(IPC_PRIVATE, -1, 0600), EINVAL);
	expect_error(semget(IPC_PRIVATE, INT_MIN, 0600), EINVAL);
	expect_error(semop(set, row, OPERATIONS + 1), E2BIG);
	expect_error(semop(set, row, 0), EINVAL);
	expect_error(semop(set, row, SIZE_MAX), E2BIG);
	expect_error(semop(set, row, 0x40000001), E2BIG);
	/* The last semaphore, full, and one more. */
	expect(semop(set, &one, 1) == 0);
	one.sem_op = 1;
	expect_error(semop(set, &one, 1), ERANGE);
	one.sem_num = SET_MOST;
	expect_error(semop(set, &one, 1), EFBIG);
	one.sem_num = 0xffff;
	expect_error(semop(set, &one, 1), EFBIG);
	/* The whole row is taken back when its last operation fails. */
	for (int i = 0; i < OPERATIONS; i++)
		row[i] = (struct sembuf){ i, UNITS_MOST, SEM_UNDO };
	row[OPERATIONS - 1] = (struct sembuf){ SET_MOST - 1, 1, SEM_UNDO };
	expect_error(semop(set, row, OPERATIONS), ERANGE);
	expect(value_of(set, 0) == 0 && value_of(set, OPERATIONS - 2) == 0);
	/* The same semaphore again and again. */
	for (int i = 0; i < OPERATIONS; i++)
		row[i] = (struct sembuf){ 0, i % 2 ? -32768 : UNITS_MOST,
					  IPC_NOWAIT };
	expect_error(semop(set, row, OPERATIONS), EAGAIN);
	expect(value_of(set, 0) == 0);
	expect_error(semctl(set, 0, SETVAL,
			    (union argument){ .val = UNITS_MOST + 1 }), ERANGE);
	expect_error(semctl(set, 0, SETVAL, (union argument){ .val = -1 }),
		     ERANGE);
	expect_error(semctl(set, -1, GETVAL), EINVAL);
	expect_error(semctl(set, INT_MIN, SETVAL), EINVAL);
	expect_error(semctl(set, 0, SETALL,
			    (union argument){ .array = nowhere }), EFAULT);
	expect(semctl(set, 0, IPC_RMID) == 0);
	return case_failed;
}

CASE(limits_of_semaphores_are_passed)
{
	attack_beside_root(use_semaphores_at_the_limits);
}

static int undo_set;

/* The sum to take back leaves its range: the operation is refused. */
static int take_back_too_much(void)
{
	struct sembuf add = { 0, UNITS_MOST, SEM_UNDO };
	struct sembuf take = { 0, -UNITS_MOST, 0 };

	expect(semop(undo_set, &add, 1) == 0);
	expect(semop(undo_set, &take, 1) == 0);
	add.sem_op = 1;
	expect_error(semop(undo_set, &add, 1), ERANGE);
	expect(value_of(undo_set, 0) == 0);
	add.sem_op = 5;
	add.sem_flg = 0;
	expect(semop(undo_set, &add, 1) == 0);
	return case_failed;
}

/* ... and the value does not leave its own at the end of the process. */
static int undo_beyond_the_limits(void)
{
	struct sembuf take = { 0, -UNITS_MOST, SEM_UNDO };
	struct sembuf add = { 0, UNITS_MOST, 0 };

	undo_set = semget(IPC_PRIVATE, 1, 0600);
	require(undo_set >= 0);
	expect(run_in_child(take_back_too_much) == 0);
	expect(value_of(undo_set, 0) == 0);
	require(semop(undo_set, &add, 1) == 0);
	if (fork_or_fail() == 0)
		_exit(semop(undo_set, &take, 1) < 0 ||
		      semop(undo_set, &add, 1) < 0);
	expect(result_of(-1) == 0);
	expect(value_of(undo_set, 0) == UNITS_MOST);
	expect(semctl(undo_set, 0, IPC_RMID) == 0);
	return case_failed;
}

CASE(sum_of_undo_overflows)
{
	attack_beside_root(undo_beyond_the_limits);
}

#define UNDO_SETS	200

/* Each process notes units of each set: who pays for the notes? */
static int note_much(void)
{
	struct sembuf add = { 0, 1, SEM_UNDO };

	for (int i = 0; i < UNDO_SETS; i++)
		if (semop(ids[i], &add, 1) < 0)
			return errno != ENOMEM;
	return 0;
}

static int note_much_in_many_processes(void)
{
	for (int i = 0; i < UNDO_SETS; i++)
		require((ids[i] = semget(IPC_PRIVATE, SET_MOST, 0600)) >= 0);
	for (int i = 0; i < 100; i++)
		if (fork_or_fail() == 0) {
			note_much();
			pause();
		}
	while (kill(0, 0) == 0 && value_of(ids[UNDO_SETS - 1], 0) < 50)
		case_pause();
	for (int i = 0; i < UNDO_SETS; i++)
		expect(semctl(ids[i], 0, IPC_RMID) == 0);
	return case_failed;
}

CASE(notes_of_undo_leave_root_its_memory)
{
	attack_beside_root(note_much_in_many_processes);
}

/* ---- Odd addresses and messages ------------------------------------------ */

static int attach_at_odd_addresses(void)
{
	static const uint32_t places[] = {
		4097, 0x1000, 0xffff, 0xbffff000, 0xbfffe000, 0xc0000000,
		0xc0100000, 0xfffff000, 0xffffffff,
	};
	int segment = shmget(IPC_PRIVATE, 3 * PAGE, 0600);
	int large, here;

	require(segment >= 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (int flags = 0; flags < 4; flags++) {
			char *at = shmat(segment, (void *)places[i],
					 (flags & 1 ? SHM_RND : 0) |
					 (flags & 2 ? SHM_RDONLY : 0));

			expect(at == (void *)-1 && (errno == EINVAL ||
						    errno == ENOMEM));
		}
	/* Over the stack and over the program. */
	expect_error((long)shmat(segment, &here, SHM_RND), EINVAL);
	expect_error((long)shmat(segment, ids, SHM_RND), EINVAL);
	expect_error(shmdt(&here), EINVAL);
	expect_error(shmdt((void *)0xc0100000), EINVAL);
	expect_error(shmdt((void *)1), EINVAL);
	expect_error(shmget(IPC_PRIVATE, 0, 0600), EINVAL);
	expect_error(shmget(IPC_PRIVATE, SIZE_MAX, 0600), EINVAL);
	/* Rounded down to 0: the kernel chooses. */
	expect_error((long)shmat(segment, (void *)1, 0), EINVAL);
	expect(shmdt(shmat(segment, (void *)1, SHM_RND)) == 0);
	/* Memory that is never used costs nothing, but has no place. */
	large = shmget(IPC_PRIVATE, 0x7fffffff, 0600);
	expect(large < 0 || shmat(large, (void *)0x50000000, 0) == (void *)-1);
	expect(large < 0 || shmctl(large, IPC_RMID, NULL) == 0);
	expect(shmctl(segment, IPC_RMID, NULL) == 0);
	expect_error((long)shmat(segment, NULL, 0), EINVAL);
	return case_failed;
}

CASE(segment_lies_at_an_odd_address)
{
	attack_beside_root(attach_at_odd_addresses);
}

static int send_odd_messages(void)
{
	static struct { long type; char text[8193]; } message = { 1, "" };
	int queue = msgget(IPC_PRIVATE, 0600);

	require(queue >= 0);
	expect(msgsnd(queue, &message, 0, 0) == 0);
	expect(msgsnd(queue, &message, 8192, 0) == 0);
	expect_error(msgsnd(queue, &message, 8193, 0), EINVAL);
	expect_error(msgsnd(queue, &message, SIZE_MAX, 0), EINVAL);
	expect_error(msgsnd(queue, &message, 0x80000000, 0), EINVAL);
	message.type = 0;
	expect_error(msgsnd(queue, &message, 1, 0), EINVAL);
	message.type = LONG_MIN;
	expect_error(msgsnd(queue, &message, 1, 0), EINVAL);
	expect(msgrcv(queue, &message, 0, 0, 0) == 0);
	expect_error(msgrcv(queue, &message, 8191, 0, 0), E2BIG);
	expect_error(msgrcv(queue, &message, 0x80000000, 0, 0), EINVAL);
	expect_error(msgrcv(queue, nowhere, 8192, 0, 0), EFAULT);
	expect(msgrcv(queue, &message, 8192, LONG_MIN, 0) == 8192);
	expect_error(msgrcv(queue, &message, 1, LONG_MAX, IPC_NOWAIT), ENOMSG);
	/* Messages without text have a limit, too. */
	for (message.type = 1; message.type < 5000; message.type++)
		if (msgsnd(queue, &message, 0, IPC_NOWAIT) < 0)
			break;
	expect(message.type < 5000 && errno == EAGAIN);
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
	return case_failed;
}

CASE(odd_message_is_taken)
{
	attack_beside_root(send_odd_messages);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
