/*
 * system_parley.c - the name of the machine; what programs of Linux ask for and
 * Parley has not, and refuses with the right error.
 */
#define _GNU_SOURCE
#include <crypt.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/xattr.h>

#include "tests/user/helpers.h"

static char byte[1];

CASE(the_machine_gets_a_name)
{
	struct utsname before, after;
	char name[65];

	require(uname(&before) == 0);
	expect(sethostname("new-name!", 8) == 0);
	expect(uname(&after) == 0 && strcmp(after.nodename, "new-name") == 0);
	expect(gethostname(name, sizeof(name)) == 0);
	expect(strcmp(name, "new-name") == 0);
	expect_error(sethostname(name, 65), EINVAL);
	expect_error(sethostname(name, -1), EINVAL);
	expect_error(sethostname(nowhere, 5), EFAULT);
	expect(uname(&after) == 0 && strcmp(after.nodename, "new-name") == 0);
	require(sethostname(before.nodename, strlen(before.nodename)) == 0);
	require(setuid(1) == 0);
	expect_error(sethostname("x", 1), EPERM);
}

CASE(no_file_has_attributes)
{
	expect_error(setxattr("/tmp", "user.x", "v", 1, 0), ENOTSUP);
	expect_error(lsetxattr("/tmp", "user.x", "v", 1, 0), ENOTSUP);
	expect_error(fsetxattr(0, "user.x", "v", 1, 0), ENOTSUP);
	expect_error(getxattr("/tmp", "user.x", byte, 1), ENOTSUP);
	expect_error(lgetxattr("/tmp", "user.x", byte, 1), ENOTSUP);
	expect_error(fgetxattr(0, "user.x", byte, 1), ENOTSUP);
	expect_error(listxattr("/tmp", byte, 1), ENOTSUP);
	expect_error(llistxattr("/tmp", byte, 1), ENOTSUP);
	expect_error(flistxattr(0, byte, 1), ENOTSUP);
	expect_error(removexattr("/tmp", "user.x"), ENOTSUP);
	expect_error(lremovexattr("/tmp", "user.x"), ENOTSUP);
	expect_error(fremovexattr(0, "user.x"), ENOTSUP);
	expect_error(getxattr("/none", "user.x", byte, 1), ENOENT);
	expect_error(fgetxattr(200, "user.x", byte, 1), EBADF);
}

CASE(what_is_not_there_is_refused)
{
	expect(crypt("password", "ab") == NULL && errno == ENOSYS);
	expect_error(open("/tmp", O_RDONLY | O_DIRECT), EINVAL);
	expect_error(mount("none", "/tmp", "memory", MS_BIND, NULL), EINVAL);
}

CASE(a_file_remembers_that_writes_wait_for_the_disk)
{
	int fd = open("/tmp/sync", O_CREAT | O_RDWR | O_SYNC, 0600);

	require(fd >= 0);
	expect((fcntl(fd, F_GETFL) & O_SYNC) == O_SYNC);
	expect(write(fd, "text", 4) == 4 && pwrite(fd, "T", 1, 0) == 1);
	expect(fcntl(fd, F_SETFL, 0) == 0);
	expect((fcntl(fd, F_GETFL) & O_SYNC) == O_SYNC);
	close(fd);
	fd = open("/tmp/sync", O_RDWR | O_DSYNC);
	expect((fcntl(fd, F_GETFL) & O_SYNC) == O_DSYNC);
	expect(write(fd, "more", 4) == 4);
	require(unlink("/tmp/sync") == 0);
}

/* Later GNU libraries have no such table. */
CASE(table_of_errors_has_the_texts)
{
	for (int i = 0; i < _sys_nerr; i++)
		expect(!_sys_errlist[i] ||
		       strcmp(_sys_errlist[i], strerror(i)) == 0);
	expect(_sys_errlist[ENOENT] && _sys_nerr > ENOENT);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
