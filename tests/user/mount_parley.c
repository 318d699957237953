/*
 * mount_parley.c - file systems in the tree: mount, umount, statvfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static void *volatile nowhere = (void *)16;

/* The errno of a failed call, 0 after a success. */
#define FAILS_WITH(call) ((call) < 0 ? errno : 0)

static int put(const char *path, unsigned long flags)
{
	return FAILS_WITH(mount("none", path, "memory", flags, NULL));
}

static int take(const char *path)
{
	return FAILS_WITH(umount(path));
}

static void make(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0644));
}

static dev_t device_of(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 ? 0 : status.st_dev;
}

static void test_mount(void)
{
	char path[64] = "";
	struct stat above, inside;

	mkdir("/tmp/m", 0755);
	is(put("/tmp/m", 0), 0, "mount");
	ok(device_of("/tmp/m") != device_of("/tmp"), "another device");
	make("/tmp/m/f");
	mkdir("/tmp/m/d", 0755);
	ok(device_of("/tmp/m/f") == device_of("/tmp/m"), "a file in it");
	stat("/tmp", &above);
	stat("/tmp/m/..", &inside);
	ok(above.st_ino == inside.st_ino && above.st_dev == inside.st_dev,
	   "dot_dot_of_the_root_leads_out");
	chdir("/tmp/m/d");
	getcwd(path, sizeof(path));
	ok(strcmp(path, "/tmp/m/d") == 0, "getcwd_goes_through_the_mount");
	is(FAILS_WITH(rename("/tmp/m/f", "/tmp/f")), EXDEV, "rename out");
	is(FAILS_WITH(link("/tmp/m/f", "/tmp/f")), EXDEV, "link out");
	is(FAILS_WITH(rmdir("/tmp/m")), EBUSY, "rmdir of a mounted root");
	is(FAILS_WITH(rename("/tmp/m", "/tmp/n")), EBUSY, "rename of it");
	is(put("/tmp/m", 0), EBUSY, "mount over it");
	is(take("/tmp/m/d"), EINVAL, "umount of a directory inside");
	is(take("/tmp/m"), EBUSY, "file_system_in_use_stays");
	chdir("/");
	unlink("/tmp/m/f");
	rmdir("/tmp/m/d");
}

static void test_umount(void)
{
	int fd = open("/tmp/m/open", O_RDWR | O_CREAT, 0644);

	unlink("/tmp/m/open");
	is(take("/tmp/m"), EBUSY, "open_file_without_a_name_keeps_it");
	close(fd);
	fd = open("/tmp/m", O_RDONLY);
	is(take("/tmp/m"), EBUSY, "open root keeps it");
	close(fd);
	is(take("/tmp/m"), 0, "umount");
	ok(device_of("/tmp/m") == device_of("/tmp"), "the directory is back");
	is(take("/tmp/m"), EINVAL, "again");
	is(rmdir("/tmp/m"), 0, "and can be removed");
}

static void test_refused(void)
{
	struct statvfs status;

	mkdir("/tmp/m", 0755);
	make("/tmp/f");
	is(put("/tmp/none", 0), ENOENT, "no directory");
	is(put("/tmp/f", 0), ENOTDIR, "a file");
	is(put("/", 0), EBUSY, "the root");
	is(put("/dev", 0), EBUSY, "a fixed directory");
	is(put("/tmp", 0), EBUSY, "a directory in use");
	is(put("/tmp/m", 0x4000), EINVAL, "unknown flag");
	is(FAILS_WITH(mount("none", "/tmp/m", "nofs", 0, NULL)), ENODEV,
	   "unknown type");
	is(FAILS_WITH(mount(nowhere, "/tmp/m", "memory", 0, NULL)), EFAULT,
	   "bad pointer");
	is(take("/"), EBUSY, "umount of the root");
	is(FAILS_WITH(statvfs("/tmp/none", &status)), ENOENT, "statvfs");
	is(FAILS_WITH(statvfs("/tmp", nowhere)), EFAULT, "bad buffer");
	is(FAILS_WITH(fstatvfs(99, &status)), EBADF, "bad descriptor");
	if (fork() == 0) {
		setuid(1000);
		_exit(put("/tmp/m", 0) != EPERM || take("/tmp/m") != EPERM);
	} else {
		int end;

		wait(&end);
		is(end, 0, "only_root_mounts");
	}
	unlink("/tmp/f");
	rmdir("/tmp/m");
}

static void test_read_only(void)
{
	struct statvfs status;

	mkdir("/tmp/m", 0755);
	is(put("/tmp/m", MS_RDONLY), 0, "mount read only");
	is(FAILS_WITH(mkdir("/tmp/m/d", 0755)), EROFS, "mkdir");
	is(FAILS_WITH(open("/tmp/m/f", O_CREAT | O_WRONLY, 0644)), EROFS,
	   "create");
	is(FAILS_WITH(chmod("/tmp/m", 0700)), EROFS, "chmod");
	is(statvfs("/tmp/m", &status), 0, "statvfs");
	ok(status.f_flag & ST_RDONLY, "says so");
	is(take("/tmp/m"), 0, "umount");
	rmdir("/tmp/m");
	is(statvfs("/", &status), 0, "of the root");
	ok(!(status.f_flag & ST_RDONLY) && status.f_blocks > status.f_bfree &&
	   status.f_bfree >= status.f_bavail && status.f_namemax == 255,
	   "room");
}

int main(void)
{
	test_mount();
	test_umount();
	test_refused();
	test_read_only();
	return tap_done();
}
