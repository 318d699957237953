/*
 * device_names.c - /dev/fd, /dev/stdin and the like, and /dev/shm. Runs on
 * Linux, too.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int fds[2];
static char text[100];

/* The name of a descriptor in /dev/fd. */
static const char *name_of(int fd)
{
	static char name[32];

	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	return name;
}

static void make_pipe(void)
{
	require(pipe(fds) == 0);
}

CASE(name_of_a_pipe_leads_elsewhere)
{
	int fd;

	make_pipe();
	fd = open(name_of(fds[0]), O_RDONLY);
	require(fd >= 0 && fd != fds[0]);
	expect(write(fds[1], "x", 1) == 1);
	expect(read(fd, text, 10) == 1 && text[0] == 'x');
	fd = open(name_of(fds[1]), O_WRONLY);
	expect(write(fd, "y", 1) == 1);
	expect(read(fds[0], text, 10) == 1 && text[0] == 'y');
}

CASE(name_of_a_closed_descriptor_opens)
{
	close(17);
	expect_error(open("/dev/fd/17", O_RDONLY), ENOENT);
}

CASE(name_forgets_close_on_exec)
{
	int fd;

	make_pipe();
	fd = open(name_of(fds[0]), O_RDONLY | O_CLOEXEC);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(fds[0], F_GETFD) == 0);
}

CASE(standard_names_lead_elsewhere)
{
	int out, in, err = dup(2);

	make_pipe();
	dup2(fds[0], 0);
	out = dup(1);
	dup2(fds[1], 1);
	in = open("/dev/stdin", O_RDONLY);
	require(in >= 0);
	fds[1] = open("/dev/stdout", O_WRONLY);
	dup2(out, 1);
	expect(fds[1] >= 0 && write(fds[1], "z", 1) == 1);
	expect(read(in, text, 10) == 1 && text[0] == 'z');
	dup2(fds[1], 2);
	out = open("/dev/stderr", O_WRONLY);
	dup2(err, 2);
	expect(out >= 0 && write(out, "e", 1) == 1);
}

CASE(shell_cannot_name_its_input)
{
	FILE *file = popen("echo hello | cat /dev/stdin", "r");

	require(file);
	expect(fgets(text, sizeof(text), file) &&
	       strcmp(text, "hello\n") == 0);
	expect(pclose(file) == 0);
}

CASE(shared_memory_has_no_name_in_dev)
{
	struct stat status, same;
	int fd = shm_open("/device_names", O_RDWR | O_CREAT, 0600);

	require(fd >= 0 && fstat(fd, &status) == 0);
	expect(stat("/dev/shm/device_names", &same) == 0 &&
	       same.st_ino == status.st_ino);
	expect(stat("/dev/shm", &same) == 0 && S_ISDIR(same.st_mode) &&
	       (same.st_mode & 07777) == 01777);
	expect(shm_unlink("/device_names") == 0);
	expect_error(access("/dev/shm/device_names", F_OK), ENOENT);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
