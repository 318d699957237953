/*
 * switch_sysv.c - a forced switch at every chance of what processes do with the
 * objects of System V. See switch_story.h.
 *
 * linux: no
 */
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tests/user/switch_story.h"

static int id;				/* of the object */

/* ---- A queue of System V with room for one message ----------------------- */

struct letter {
	long type;
	int value;
};

static void make_letters(void)
{
	struct msqid_ds status;

	id = msgget(IPC_PRIVATE, 0600);
	require(id >= 0 && msgctl(id, IPC_STAT, &status) == 0);
	status.msg_qbytes = sizeof(int);
	require(msgctl(id, IPC_SET, &status) == 0);
}

static void remove_letters(void)
{
	msgctl(id, IPC_RMID, NULL);
}

static int send_letter(int value, int flags)
{
	struct letter letter = { 1, value };

	while (msgsnd(id, &letter, sizeof(value), flags) != 0)
		if (errno != EINTR)
			return errno == EIDRM || errno == EINVAL ? NO_PROCESS
								 : 60;
	return 0;
}

static int send_letters(void)
{
	int result = 0;

	for (int i = 0; i < MESSAGES && result == 0; i++)
		result = send_letter(i, 0);
	return result;
}

static int receive_letters(void)
{
	struct letter letter;

	for (;;) {
		if (msgrcv(id, &letter, sizeof(int), 0, 0) != sizeof(int)) {
			if (errno != EINTR)
				return 61;
			continue;
		}
		if (letter.value == STOP)
			return 0;
		note(letter.value);
	}
}

static void stop_by_letter(void)
{
	while (send_letter(STOP, IPC_NOWAIT) != 0 && !receiver_has_ended())
		sched_yield();
}

/* ---- Semaphores of System V: what a killed process took comes back ------- */

enum { ITEMS, ROOM };

static void make_set(void)
{
	struct sembuf room = { ROOM, 1, 0 };

	id = semget(IPC_PRIVATE, 2, 0600);
	require(id >= 0 && semop(id, &room, 1) == 0);
}

static void remove_set(void)
{
	semctl(id, 0, IPC_RMID);
}

static int change(int number, int units, int flags)
{
	struct sembuf operation = { number, units, flags };

	while (semop(id, &operation, 1) != 0)
		if (errno != EINTR)
			return errno == EIDRM || errno == EINVAL ? NO_PROCESS
								 : 60;
	return 0;
}

/* Both semaphores in one step: a kill leaves no half of the step. */
static int give_item(void)
{
	struct sembuf operations[] = { { ROOM, -1, 0 }, { ITEMS, 1, 0 } };

	while (semop(id, operations, 2) != 0)
		if (errno != EINTR)
			return errno == EIDRM || errno == EINVAL ? NO_PROCESS
								 : 60;
	return 0;
}

static int give_items(void)
{
	int result = 0;

	for (int i = 0; i < MESSAGES && result == 0; i++)
		result = give_item();
	return result;
}

/* The item comes back when the process dies between the calls. */
static int take_items(void)
{
	for (int i = 0; ; i++) {
		if (change(ITEMS, -1, SEM_UNDO) != 0)
			return 61;
		if (shared->is_stopping && semctl(id, ITEMS, GETVAL) == 0)
			return 0;
		note(i);
		if (change(ITEMS, 1, SEM_UNDO) != 0 ||
		    change(ITEMS, -1, 0) != 0 || change(ROOM, 1, 0) != 0)
			return 62;
	}
}

static void stop_by_item(void)
{
	while ((semctl(id, ITEMS, GETVAL) > 0 ||
		semctl(id, ROOM, GETVAL) == 0) && !receiver_has_ended())
		sched_yield();
	shared->is_stopping = 1;
	require(change(ITEMS, 1, 0) == 0);
}

/* ---- A segment of System V that is removed while it is attached ---------- */

static void make_segment(void)
{
	id = shmget(IPC_PRIVATE, 4096, 0600);
	require(id >= 0);
}

static void remove_segment(void)
{
	shmctl(id, IPC_RMID, NULL);
}

static int write_segment(void)
{
	int *memory = shmat(id, NULL, 0);

	if (memory == (void *)-1)
		return 60;
	for (int i = 0; i < MESSAGES; i++)
		memory[i] = i + 1;
	if (shmctl(id, IPC_RMID, NULL) != 0)
		return 61;
	return memory[MESSAGES - 1] == MESSAGES && shmdt(memory) == 0 ? 0 : 62;
}

/* The segment is there with what was written, or gone. */
static int read_segment(void)
{
	int *memory = shmat(id, NULL, SHM_RDONLY);

	if (memory == (void *)-1)
		return errno == EIDRM || errno == EINVAL ? 0 : 60;
	for (int i = 0; i < MESSAGES; i++)
		if (memory[i] != 0 && memory[i] != i + 1)
			return 61;
	return shmdt(memory) == 0 ? 0 : 62;
}

static void stop_nothing(void)
{
}

/* ---- The stories --------------------------------------------------------- */

CASE(switch_breaks_a_queue_of_system_v)
{
	sweep(&(struct story){
		.name = "sysv queue", .prepare = make_letters,
		.sender = send_letters, .receiver = receive_letters,
		.stop = stop_by_letter, .release = remove_letters,
		.clean = remove_letters, .is_right = all_came,
	});
}

CASE(switch_breaks_semaphores_of_system_v)
{
	sweep(&(struct story){
		.name = "sysv semaphores", .prepare = make_set,
		.sender = give_items, .receiver = take_items,
		.stop = stop_by_item, .release = remove_set,
		.clean = remove_set, .is_right = all_came,
	});
}

CASE(switch_breaks_a_segment_of_system_v)
{
	sweep(&(struct story){
		.name = "sysv segment", .prepare = make_segment,
		.sender = write_segment, .receiver = read_segment,
		.stop = stop_nothing, .clean = remove_segment,
		.is_right = both_ended,
	});
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
