/*
 * matrix_lock.c - the rows `locks` of matrix.def: calls that wait for the lock
 * of a file. POSIX, and flock().
 */
#include <sys/file.h>

#include "tests/user/matrix_calls.h"

static void remove_file(struct place *p)
{
	unlink(path_of(p));
}

/* The driver, or the peer, has the lock of a file that it opens for itself. */
static void new_file(struct place *p)
{
	p->fd = open(path_of(p), O_CREAT | O_RDWR, 0600);
	require(p->fd >= 0);
}

static void hold_flock(struct place *p)
{
	p->other = open(path_of(p), O_RDWR);
	require(p->other >= 0 && flock(p->other, LOCK_EX) == 0);
}

static int wait_for_flock(struct place *p)
{
	return outcome(flock(p->fd, LOCK_EX), 0);
}

static int try_flock(struct place *p)
{
	return outcome(flock(p->fd, LOCK_EX | LOCK_NB), 0);
}

static void end_flock(struct place *p)
{
	require(flock(p->other, LOCK_UN) == 0);
}

static const struct call flock_row = {
	.prepare = new_file, .hold = hold_flock, .wait = wait_for_flock,
	.attempt = try_flock, .happen = end_flock, .remove = remove_file,
};

static int set_lock(int fd, int command, int type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return outcome(fcntl(fd, command, &lock), 0);
}

static void hold_record(struct place *p)
{
	require(set_lock(p->fd, F_SETLK, F_WRLCK) == DONE);
}

static int wait_for_record(struct place *p)
{
	return set_lock(p->fd, F_SETLKW, F_WRLCK);
}

static int try_record(struct place *p)
{
	return set_lock(p->fd, F_SETLK, F_WRLCK);
}

static void end_record(struct place *p)
{
	require(set_lock(p->fd, F_SETLK, F_UNLCK) == DONE);
}

static const struct call setlkw_row = {
	.prepare = new_file, .hold = hold_record, .wait = wait_for_record,
	.attempt = try_record, .happen = end_record, .remove = remove_file,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_locks	ROW_AS_STRUCT
#define LINUX_locks	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
