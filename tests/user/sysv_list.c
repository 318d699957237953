/*
 * sysv_list.c - a program finds all objects of System V IPC by their indices.
 * The commands are Linux's.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tests/user/helpers.h"

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

static int queue, set, segment;

static void make_objects(void)
{
	struct { long type; char text[3]; } message = { 1, "abc" };

	queue = msgget(IPC_PRIVATE, 0600);
	set = semget(IPC_PRIVATE, 3, 0600);
	segment = shmget(IPC_PRIVATE, 5000, 0600);
	require(queue >= 0 && set >= 0 && segment >= 0);
	require(msgsnd(queue, &message, sizeof(message.text), 0) == 0);
}

static void remove_objects(void)
{
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
	expect(semctl(set, 0, IPC_RMID) == 0);
	expect(shmctl(segment, IPC_RMID, NULL) == 0);
}

CASE(index_leads_to_each_queue)
{
	struct msginfo info;
	struct msqid_ds status;
	int last, found = 0;

	make_objects();
	last = msgctl(0, MSG_INFO, (void *)&info);
	expect(last >= 0 && info.msgpool >= 1);
	expect(info.msgmap >= 1 && info.msgtql >= 3);
	for (int i = 0; i <= last; i++)
		if (msgctl(i, MSG_STAT, &status) == queue) {
			found++;
			expect(status.msg_qnum == 1);
		}
	expect(found == 1);
	expect_error(msgctl(last + 1, MSG_STAT, &status), EINVAL);
	expect_error(msgctl(-1, MSG_STAT, &status), EINVAL);
	remove_objects();
}

CASE(index_leads_to_each_set)
{
	struct seminfo info;
	struct semid_ds status;
	union semun argument = { .info = &info };
	int last, found = 0;

	make_objects();
	last = semctl(0, 0, SEM_INFO, argument);
	expect(last >= 0 && info.semusz >= 1 && info.semaem >= 3);
	argument.buf = &status;
	for (int i = 0; i <= last; i++)
		if (semctl(i, 0, SEM_STAT, argument) == set) {
			found++;
			expect(status.sem_nsems == 3);
		}
	expect(found == 1);
	remove_objects();
}

CASE(index_leads_to_each_segment)
{
	struct shm_info info;
	struct shmid_ds status;
	int last, found = 0;
	char *at;

	make_objects();
	at = shmat(segment, NULL, 0);
	require(at != (void *)-1);
	at[4096] = 1;
	last = shmctl(0, SHM_INFO, (void *)&info);
	expect(last >= 0 && info.used_ids >= 1);
	expect(info.shm_tot >= 2 && info.shm_rss >= 1);
	for (int i = 0; i <= last; i++)
		if (shmctl(i, SHM_STAT, &status) == segment) {
			found++;
			expect(status.shm_segsz == 5000);
		}
	expect(found == 1);
	shmdt(at);
	remove_objects();
}

CASE(limits_can_be_asked_for)
{
	struct msginfo queues;
	struct seminfo sets;
	struct shminfo segments;
	union semun argument = { .info = &sets };

	expect(msgctl(0, IPC_INFO, (void *)&queues) >= 0);
	expect(queues.msgmax >= 8192 && queues.msgmnb >= 16384);
	expect(semctl(0, 0, IPC_INFO, argument) >= 0);
	expect(sets.semvmx == 32767 && sets.semmsl >= 250);
	expect(shmctl(0, IPC_INFO, (void *)&segments) >= 0);
	expect(segments.shmmin == 1 && segments.shmmax > 1 << 20);
}

CASE(object_without_read_permission_is_EACCES)
{
	struct msqid_ds status;
	bool is_root = geteuid() == 0;
	int last, refused = 0;

	queue = msgget(IPC_PRIVATE, 0);
	require(queue >= 0);
	last = msgctl(0, MSG_INFO, (void *)&status);
	for (int i = 0; i <= last; i++)
		if (msgctl(i, MSG_STAT, &status) < 0 && errno == EACCES)
			refused++;
	expect(is_root || refused > 0);
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
}

CASE(bad_address_is_EFAULT)
{
	expect_error(msgctl(0, MSG_INFO, (void *)8), EFAULT);
	expect_error(shmctl(0, IPC_INFO, (void *)8), EFAULT);
	expect_error(semctl(0, 0, SEM_INFO, (void *)8), EFAULT);
}

/* The kernel goes through all objects of all kinds: others run meanwhile. */
CASE(list_of_many_objects_is_complete)
{
	static int made[1100];
	struct shm_info info;
	struct shmid_ds status;
	int count = 0, found = 0, last;

	while (count < 1100 && (last = shmget(IPC_PRIVATE, 4096, 0600)) >= 0)
		made[count++] = last;
	expect(count >= 100);
	last = shmctl(0, SHM_INFO, (void *)&info);
	expect(last >= count - 1 && info.used_ids >= count);
	for (int i = 0; i <= last; i++)
		found += shmctl(i, SHM_STAT, &status) >= 0 &&
			 status.shm_cpid == getpid();
	expect(found == count);
	while (count > 0)
		expect(shmctl(made[--count], IPC_RMID, NULL) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
