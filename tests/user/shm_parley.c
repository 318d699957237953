/*
 * shm_parley.c - names of FIFOs and shared memory when memory runs out, and
 * what only Parley promises of them. Parley only.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define PAGE	4096

static char *map_shared(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

CASE(mmap_shared_with_failed_allocations)
{
	char *p = MAP_FAILED;
	int n;

	for (n = 1; n < 20 && p == MAP_FAILED; n++) {
		test_fail_alloc(n);
		p = map_shared(PAGE);
		expect(p != MAP_FAILED || errno == ENOMEM);
		test_fail_alloc(0);
	}
	expect(n > 2 && p != MAP_FAILED);
}

CASE(mkfifo_with_failed_allocations)
{
	int n, result = -1;

	unlink("/tmp/f");
	for (n = 1; n < 20 && result < 0; n++) {
		test_fail_alloc(n);
		result = mkfifo("/tmp/f", 0600);
		expect(result == 0 || errno == ENOMEM);
		test_fail_alloc(0);
	}
	expect(n > 2 && result == 0);
	unlink("/tmp/f");
}

CASE(opening_a_fifo_with_failed_allocations)
{
	int n, fd = -1;

	unlink("/tmp/f");
	require(mkfifo("/tmp/f", 0600) == 0);
	for (n = 1; n < 20 && fd < 0; n++) {
		test_fail_alloc(n);
		fd = open("/tmp/f", O_RDWR);
		expect(fd >= 0 || errno == ENOMEM);
		test_fail_alloc(0);
	}
	expect(n > 2 && fd >= 0);
	unlink("/tmp/f");
}

/* More than the machine has: the toucher dies, nobody else. */
static int touch_all(void)
{
	size_t bytes = 1u << 30;
	char *p = map_shared(bytes);

	if (p == MAP_FAILED)
		return 1;
	for (size_t i = 0; i < bytes; i += PAGE)
		p[i] = 1;
	return 2;
}

CASE(touching_more_than_there_is_is_sigbus)
{
	char *p = map_shared(PAGE);

	expect(run_in_child(touch_all) == -SIGBUS);
	expect(p != MAP_FAILED);
	p[0] = 1;
	expect(run_in_child(touch_all) == -SIGBUS);
}

CASE(a_full_table_while_a_fifo_opens)
{
	unlink("/tmp/f");
	require(mkfifo("/tmp/f", 0600) == 0);
	while (dup(0) >= 0)
		;
	expect_error(open("/tmp/f", O_RDWR), EMFILE);
	close(9);
	expect(open("/tmp/f", O_RDWR) == 9);
	unlink("/tmp/f");
}

CASE(a_running_program_cannot_be_written)
{
	expect_error(open(case_program, O_WRONLY), ETXTBSY);
	expect_error(open(case_program, O_RDWR), ETXTBSY);
	expect_error(open(case_program, O_RDONLY | O_TRUNC), ETXTBSY);
	expect(open(case_program, O_RDONLY) >= 0);
}

CASE(names_of_objects_are_in_the_tree)
{
	struct stat status;
	int fd = shm_open("/seen", O_RDWR | O_CREAT, 0604);

	require(fd >= 0);
	require(stat("/ipc/shm/seen", &status) == 0);
	expect((status.st_mode & 07777) == 0604);
	expect(rename("/ipc/shm/seen", "/ipc/shm/other") == 0);
	expect_error(shm_unlink("/seen"), ENOENT);
	expect(shm_unlink("/other") == 0);
}

CASE(only_objects_are_named_among_objects)
{
	int fd = shm_open("/file", O_RDWR | O_CREAT, 0600);

	require(fd >= 0);
	expect_error(open("/ipc/mailbox/file", O_WRONLY | O_CREAT, 0600),
		     EPERM);
	expect_error(mkdir("/ipc/mqueue/folder", 0700), EPERM);
	expect_error(mkfifo("/ipc/mqueue/fifo", 0700), EPERM);
	expect_error(rename("/ipc/shm/file", "/ipc/mailbox/file"), EXDEV);
	expect_error(mkdir("/ipc/kind", 0700), EROFS);
	shm_unlink("/file");
}

/* ---- Users --------------------------------------------------------------- */

static int is_refused(void)
{
	if (setuid(1000) != 0)
		return 1;
	expect_error(shm_open("/root", O_RDONLY, 0), EACCES);
	expect_error(shm_open("/root", O_RDWR, 0), EACCES);
	expect_error(shm_open("/root", O_RDWR | O_CREAT, 0666), EACCES);
	expect_error(open("/tmp/f", O_RDONLY | O_NONBLOCK), EACCES);
	expect_error(open("/tmp/f", O_RDWR), EACCES);
	expect_error(mkfifo("/etc/f", 0600), EACCES);
	expect(shm_unlink("/root") == -1 &&
	       (errno == EACCES || errno == EPERM));
	return case_failed;
}

CASE(the_mode_keeps_other_users_out)
{
	int fd = shm_open("/root", O_RDWR | O_CREAT, 0600);

	unlink("/tmp/f");
	require(fd >= 0 && mkfifo("/tmp/f", 0600) == 0);
	expect(run_in_child(is_refused) == 0);
	expect(shm_unlink("/root") == 0);
	unlink("/tmp/f");
}

static int reads_only(void)
{
	int fd;

	if (setuid(1000) != 0)
		return 1;
	expect_error(shm_open("/root", O_RDWR, 0), EACCES);
	fd = shm_open("/root", O_RDONLY, 0);
	require(fd >= 0);
	expect(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
	expect(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
	       MAP_FAILED && errno == EACCES);
	return case_failed;
}

CASE(others_read_what_the_mode_lets_them)
{
	int fd = shm_open("/root", O_RDWR | O_CREAT, 0644);

	require(fd >= 0 && ftruncate(fd, PAGE) == 0);
	expect(run_in_child(reads_only) == 0);
	shm_unlink("/root");
}

static int owns_its_names(void)
{
	struct stat status;
	int fd;

	if (setuid(1000) != 0)
		return 1;
	fd = shm_open("/mine", O_RDWR | O_CREAT | O_EXCL, 0600);
	require(fd >= 0 && fstat(fd, &status) == 0);
	expect(status.st_uid == 1000);
	expect(mkfifo("/tmp/mine", 0600) == 0);
	require(stat("/tmp/mine", &status) == 0);
	expect(status.st_uid == 1000);
	unlink("/tmp/mine");
	expect(shm_unlink("/mine") == 0);
	return case_failed;
}

CASE(who_makes_a_name_owns_it)
{
	expect(run_in_child(owns_its_names) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
