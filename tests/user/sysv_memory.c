/*
 * sysv_memory.c - segments of shared memory of System V. Any POSIX system.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define BYTES	(3 * PAGE - 100)

static int segment;

static void new_segment(void)
{
	segment = shmget(IPC_PRIVATE, BYTES, 0600);
	require(segment >= 0);
}

static void remove_segment(void)
{
	expect(shmctl(segment, IPC_RMID, NULL) == 0);
}

static volatile char *attach(void)
{
	volatile char *at = shmat(segment, NULL, 0);

	require(at != (void *)-1);
	return at;
}

static struct shmid_ds status_of(void)
{
	struct shmid_ds status;

	require(shmctl(segment, IPC_STAT, &status) == 0);
	return status;
}

static int write_one(void)
{
	volatile char *at = attach();

	at[PAGE] = 42;
	return 0;
}

CASE(bytes_go_from_process_to_process)
{
	volatile char *at;

	new_segment();
	at = attach();
	expect(at[0] == 0 && at[BYTES - 1] == 0);
	expect(run_in_child(write_one) == 0);
	expect(at[PAGE] == 42);
	expect(shmdt((void *)at) == 0);
	at = attach();
	expect(at[PAGE] == 42);
	shmdt((void *)at);
	remove_segment();
}

CASE(attachments_are_counted)
{
	volatile char *first, *second;
	pid_t pid;

	new_segment();
	expect(status_of().shm_nattch == 0);
	first = attach();
	second = attach();
	expect(first != second && status_of().shm_nattch == 2);
	pid = fork_or_fail();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	until_asleep(pid);
	expect(status_of().shm_nattch == 4);
	kill_and_wait(pid);
	expect(status_of().shm_nattch == 2);
	expect(shmdt((void *)first) == 0);
	expect(status_of().shm_nattch == 1);
	second[0] = 1;
	expect(shmdt((void *)second) == 0);
	expect(status_of().shm_nattch == 0);
	remove_segment();
}

static volatile char *gone;

static int touch_gone(void)
{
	return gone[0];
}

CASE(detached_memory_is_not_there)
{
	new_segment();
	gone = attach();
	expect(shmdt((void *)gone) == 0);
	expect(run_in_child(touch_gone) == -SIGSEGV);
	expect_error(shmdt((void *)gone), EINVAL);
	expect_error(shmdt((void *)(gone + 1)), EINVAL);
	expect_error(shmdt(&segment), EINVAL);
	remove_segment();
}

CASE(removed_segment_lives_until_the_last_detach)
{
	volatile char *at;
	pid_t pid;

	new_segment();
	at = attach();
	at[5] = 7;
	pid = fork_or_fail();
	if (pid == 0) {
		until_in_state(getppid(), "blocked", "S");
		_exit(at[5]);
	}
	remove_segment();
	expect(at[5] == 7);
	expect(result_of(pid) == 7);
	at[6] = 8;
	expect(shmdt((void *)at) == 0);
}

static int write_there(void)
{
	gone[0] = 1;
	return 0;
}

CASE(read_only_attachment_cannot_write)
{
	new_segment();
	gone = shmat(segment, NULL, SHM_RDONLY);
	require(gone != (void *)-1);
	expect(gone[0] == 0);
	expect(run_in_child(write_there) == -SIGSEGV);
	expect_error(mprotect((void *)gone, PAGE, PROT_READ | PROT_WRITE),
		     EACCES);
	expect(shmdt((void *)gone) == 0);
	remove_segment();
}

CASE(address_is_the_one_asked_for)
{
	char *room = mmap(NULL, 16 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at;

	new_segment();
	require(room != MAP_FAILED);
	expect_error((long)shmat(segment, room, 0), EINVAL);
	munmap(room, 16 * PAGE);
	at = shmat(segment, room + PAGE, 0);
	expect(at == room + PAGE);
	expect(shmdt(at) == 0);
	expect_error((long)shmat(segment, room + 100, 0), EINVAL);
	at = shmat(segment, room + PAGE + 100, SHM_RND);
	expect(at == room + PAGE);
	expect(shmdt(at) == 0);
	remove_segment();
}

/* munmap() of a page in the middle, and a new mapping there. */
CASE(detach_leaves_what_was_mapped_since)
{
	volatile char *at;
	char *own;

	new_segment();
	at = attach();
	own = mmap((char *)at + PAGE, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	expect(own == at + PAGE);
	own[0] = 9;
	expect(shmdt((void *)at) == 0);
	expect(status_of().shm_nattch == 0);
	expect(own[0] == 9);
	munmap(own, PAGE);
	remove_segment();
}

CASE(bad_arguments_change_nothing)
{
	key_t key = 0x7e570000 + getpid();

	expect_error(shmget(IPC_PRIVATE, 0, 0600), EINVAL);
	segment = shmget(key, BYTES, IPC_CREAT | IPC_EXCL | 0600);
	require(segment >= 0);
	expect(shmget(key, 0, 0) == segment);
	expect(shmget(key, 10, 0) == segment);
	expect_error(shmget(key, BYTES + 1, 0), EINVAL);
	expect_error(shmget(key, 10, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	expect_error(shmget(key, 0, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	expect_error(shmctl(segment, 77, NULL), EINVAL);
	expect_error(shmctl(segment, IPC_STAT, nowhere), EFAULT);
	remove_segment();
	expect_error((long)shmat(segment, NULL, 0), EINVAL);
	expect_error(shmctl(segment, IPC_RMID, NULL), EINVAL);
	expect_error(shmget(key, BYTES, 0600), ENOENT);
}

CASE(status_tells_of_the_segment)
{
	struct shmid_ds status;
	volatile char *at;

	new_segment();
	status = status_of();
	expect(status.shm_segsz == BYTES && status.shm_cpid == getpid());
	expect(status.shm_atime == 0 && status.shm_dtime == 0);
	expect((status.shm_perm.mode & 0777) == 0600);
	at = attach();
	expect(shmdt((void *)at) == 0);
	status = status_of();
	expect(status.shm_atime > 0 && status.shm_dtime > 0);
	expect(status.shm_lpid == getpid());
	status.shm_perm.mode = 0644;
	expect(shmctl(segment, IPC_SET, &status) == 0);
	expect((status_of().shm_perm.mode & 0777) == 0644);
	remove_segment();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
