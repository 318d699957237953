/*
 * matrix_sysv.c - the rows `sysv` of matrix.def: queues and semaphores of
 * System V. Any POSIX system.
 */
#define _GNU_SOURCE
#include <sys/msg.h>
#include <sys/sem.h>

#include "tests/user/matrix.h"

union argument {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static struct { long type; char text[4]; } message = { 1, "abc" };

/* ---- Queues -------------------------------------------------------------- */

static void new_queue(struct place *p)
{
	p->fd = msgget(IPC_PRIVATE, 0600);
	require(p->fd >= 0);
}

static void remove_queue(struct place *p)
{
	msgctl(p->fd, IPC_RMID, NULL);
}

static void full_queue(struct place *p)
{
	struct msqid_ds status;

	new_queue(p);
	require(msgctl(p->fd, IPC_STAT, &status) == 0);
	status.msg_qbytes = 4;
	require(msgctl(p->fd, IPC_SET, &status) == 0);
	require(msgsnd(p->fd, &message, 4, 0) == 0);
}

static int receive(struct place *p)
{
	return outcome(msgrcv(p->fd, &message, 4, 0, 0), 4);
}

static int try_receive(struct place *p)
{
	return outcome(msgrcv(p->fd, &message, 4, 0, IPC_NOWAIT), 4);
}

static int send(struct place *p)
{
	return outcome(msgsnd(p->fd, &message, 4, 0), 0);
}

static int try_send(struct place *p)
{
	return outcome(msgsnd(p->fd, &message, 4, IPC_NOWAIT), 0);
}

static void put(struct place *p)
{
	require(msgsnd(p->fd, &message, 4, IPC_NOWAIT) == 0);
}

static void take(struct place *p)
{
	require(msgrcv(p->fd, &message, 4, 0, IPC_NOWAIT) == 4);
}

static const struct call msgrcv_row = {
	.prepare = new_queue, .wait = receive, .attempt = try_receive,
	.happen = put, .remove = remove_queue,
};

static const struct call msgsnd_row = {
	.prepare = full_queue, .wait = send, .attempt = try_send,
	.happen = take, .remove = remove_queue,
};

/* ---- Semaphores ---------------------------------------------------------- */

static void new_set(struct place *p)
{
	p->fd = semget(IPC_PRIVATE, 1, 0600);
	require(p->fd >= 0);
	require(semctl(p->fd, 0, SETVAL, (union argument){ .val = 0 }) == 0);
}

static void remove_set(struct place *p)
{
	semctl(p->fd, 0, IPC_RMID);
}

static int operate(struct place *p, int units, int flags)
{
	struct sembuf operation = { 0, units, flags };

	return outcome(semop(p->fd, &operation, 1), 0);
}

static int operate_soon(struct place *p, int units)
{
	const struct timespec moment = { 0, 5000000 };
	struct sembuf operation = { 0, units, 0 };

	return outcome(semtimedop(p->fd, &operation, 1, &moment), 0);
}

static int take_unit(struct place *p)
{
	return operate(p, -1, 0);
}

static int try_unit(struct place *p)
{
	return operate(p, -1, IPC_NOWAIT);
}

static int take_unit_soon(struct place *p)
{
	return operate_soon(p, -1);
}

static void add_unit(struct place *p)
{
	require(operate(p, 1, 0) == DONE);
}

static const struct call semop_row = {
	.prepare = new_set, .wait = take_unit, .attempt = try_unit,
	.timed = take_unit_soon, .happen = add_unit, .remove = remove_set,
};

static void new_set_of_one(struct place *p)
{
	new_set(p);
	add_unit(p);
}

static int wait_for_zero(struct place *p)
{
	return operate(p, 0, 0);
}

static int try_zero(struct place *p)
{
	return operate(p, 0, IPC_NOWAIT);
}

static int wait_for_zero_soon(struct place *p)
{
	return operate_soon(p, 0);
}

static void make_zero(struct place *p)
{
	require(operate(p, -1, 0) == DONE);
}

static const struct call semop_zero_row = {
	.prepare = new_set_of_one, .wait = wait_for_zero, .attempt = try_zero,
	.timed = wait_for_zero_soon, .happen = make_zero, .remove = remove_set,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_sysv	ROW_AS_STRUCT
#define LINUX_sysv	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
