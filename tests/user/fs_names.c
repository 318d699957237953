/*
 * fs_names.c - the rules of POSIX for names: mkdir, rmdir, unlink, rename,
 * chdir, readdir, stat, chmod, utimensat. Runs on any POSIX system, in a new
 * folder in /tmp.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static char folder[] = "/tmp/fs_names";
static void *volatile nowhere = (void *)16;

/* The errno of a failed call, 0 after a success. */
#define FAILS_WITH(call) ((call) < 0 ? errno : 0)

static void make(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0644));
}

static int is_there(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

static void test_mkdir(void)
{
	char name[NAME_MAX + 2], path[PATH_MAX + 1];
	struct stat status;

	is(mkdir("d", 0755), 0, "mkdir");
	is(FAILS_WITH(mkdir("d", 0755)), EEXIST, "again");
	is(FAILS_WITH(mkdir("/", 0755)), EEXIST, "root");
	is(FAILS_WITH(mkdir("none/x", 0755)), ENOENT, "in no directory");
	is(FAILS_WITH(mkdir("", 0755)), ENOENT, "empty path");
	is(FAILS_WITH(mkdir(nowhere, 0755)), EFAULT, "bad pointer");
	is(mkdir("d/e//", 0700), 0, "slashes behind");
	stat("d/e", &status);
	is(status.st_mode & 07777, 0700, "mode");
	ok(S_ISDIR(status.st_mode), "is a directory");
	stat("d", &status);
	is(status.st_nlink, 3, "d, d/., d/e/..");
	memset(name, 'n', sizeof(name));
	name[NAME_MAX] = '\0';
	is(mkdir(name, 0755), 0, "longest name");
	is(rmdir(name), 0, "and away");
	name[NAME_MAX] = 'n';
	name[NAME_MAX + 1] = '\0';
	is(FAILS_WITH(mkdir(name, 0755)), ENAMETOOLONG, "name too long");
	memset(path, '/', PATH_MAX);
	path[PATH_MAX] = '\0';
	is(FAILS_WITH(stat(path, &status)), ENAMETOOLONG, "path too long");
	path[PATH_MAX - 1] = '\0';
	is(stat(path, &status), 0, "longest path");
}

static void test_remove(void)
{
	make("f");
	is(FAILS_WITH(rmdir("d")), ENOTEMPTY, "rmdir of a full directory");
	is(FAILS_WITH(rmdir("f")), ENOTDIR, "rmdir of a file");
	is(FAILS_WITH(rmdir("d/e/.")), EINVAL, "rmdir of dot");
	is(FAILS_WITH(rmdir("none")), ENOENT, "rmdir of nothing");
	is(FAILS_WITH(unlink("none")), ENOENT, "unlink of nothing");
	is(FAILS_WITH(unlink("f/")), ENOTDIR, "unlink with a slash");
	is(FAILS_WITH(unlink("f/x")), ENOTDIR, "file on the way");
	ok(unlink("d") < 0 && (errno == EPERM || errno == EISDIR),
	   "unlink of a directory");
	is(unlink("f"), 0, "unlink");
	is(rmdir("d/e"), 0, "rmdir");
	is(rmdir("d/"), 0, "rmdir with a slash");
}

static void test_rename(void)
{
	mkdir("a", 0755);
	mkdir("a/b", 0755);
	mkdir("empty", 0755);
	make("f");
	make("g");
	is(rename("f", "f"), 0, "to itself");
	is(rename("f", "g"), 0, "over a file");
	ok(!is_there("f") && is_there("g"), "the old name is gone");
	is(FAILS_WITH(rename("none", "x")), ENOENT, "nothing");
	is(FAILS_WITH(rename("g", "none/x")), ENOENT, "to nowhere");
	is(FAILS_WITH(rename("g", "a")), EISDIR, "file over directory");
	is(FAILS_WITH(rename("a", "g")), ENOTDIR, "directory over file");
	is(FAILS_WITH(rename("a", "a/b/c")), EINVAL, "into its own subtree");
	is(FAILS_WITH(rename("empty", "a")), ENOTEMPTY,
	   "over a full directory");
	is(FAILS_WITH(rename("g", "x/")), ENOTDIR, "file to a name with slash");
	is(FAILS_WITH(rename("g", nowhere)), EFAULT, "bad pointer");
	is(rename("a", "empty"), 0, "over an empty directory");
	ok(is_there("empty/b"), "children come along");
	is(rename("g", "empty/b/g"), 0, "to another directory");
	is(rename("empty/b", "h/"), 0, "directory to a name with slash");
	ok(is_there("h/g"), "with its file");
	unlink("h/g");
	rmdir("h");
	rmdir("empty");
}

static int in_folder(const char *name)
{
	char path[PATH_MAX], wanted[PATH_MAX];

	strcpy(wanted, folder);
	strcat(wanted, name);
	return getcwd(path, sizeof(path)) && strcmp(path, wanted) == 0;
}

static void test_directory(void)
{
	char path[4];

	mkdir("w", 0755);
	make("w/f");
	is(chdir("w"), 0, "chdir");
	ok(in_folder("/w"), "getcwd");
	ok(is_there("f") && is_there("../w/f"), "relative paths");
	is(FAILS_WITH(chdir("f")), ENOTDIR, "chdir to a file");
	is(FAILS_WITH(chdir("none")), ENOENT, "chdir to nothing");
	ok(!getcwd(path, sizeof(path)) && errno == ERANGE, "no room");
	is(rename("../w", "../v"), 0, "the working directory moves");
	ok(in_folder("/v"), "and getcwd follows");
	unlink("f");
	is(rmdir("../v"), 0, "rmdir_of_the_working_directory");
	ok(!getcwd(path, sizeof(path)) && errno == ENOENT, "no path any more");
	is(FAILS_WITH(open("f", O_CREAT | O_WRONLY, 0644)), ENOENT,
	   "nothing_can_be_made_in_it");
	is(chdir(folder), 0, "back");
}

/* How often is this name in the directory? */
static int count_name(DIR *directory, const char *name)
{
	struct dirent *entry;
	int count = 0;

	rewinddir(directory);
	while ((entry = readdir(directory)))
		count += strcmp(entry->d_name, name) == 0;
	return count;
}

static void test_readdir(void)
{
	struct dirent *entry;
	struct stat status;
	DIR *directory;
	int good = 1, count = 0;

	mkdir("list", 0755);
	make("list/f");
	mkdir("list/d", 0755);
	directory = opendir("list");
	ok(directory != NULL, "opendir");
	is(count_name(directory, "."), 1, "dot");
	is(count_name(directory, ".."), 1, "dot-dot");
	is(count_name(directory, "f"), 1, "file");
	is(count_name(directory, "d"), 1, "directory");
	rewinddir(directory);
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, "f") == 0)
			good = stat("list/f", &status) == 0 &&
			       status.st_ino == entry->d_ino;
	ok(good, "same number as stat");
	closedir(directory);
	is(FAILS_WITH(opendir("list/f") ? 0 : -1), ENOTDIR, "of a file");
	rmdir("list/d");
	unlink("list/f");
	for (int i = 0; i < 500; i++) {
		char name[32];

		sprintf(name, "list/file-%d", i);
		make(name);
	}
	directory = opendir("list");
	while ((entry = readdir(directory))) {
		char name[300];

		if (entry->d_name[0] == '.')
			continue;
		sprintf(name, "list/%s", entry->d_name);
		count += unlink(name) == 0;
	}
	closedir(directory);
	is(count, 500, "removing_while_reading_misses_none");
	is(rmdir("list"), 0, "empty");
}

static void test_stat(void)
{
	struct stat by_name, by_descriptor;
	int fd;

	umask(022);
	fd = open("s", O_RDWR | O_CREAT, 0666);
	fstat(fd, &by_descriptor);
	stat("s", &by_name);
	is(memcmp(&by_name, &by_descriptor, sizeof(by_name)), 0,
	   "stat and fstat tell the same");
	ok(S_ISREG(by_name.st_mode), "regular");
	is(by_name.st_mode & 07777, 0644, "umask takes bits away");
	is(by_name.st_nlink, 1, "one link");
	is(by_name.st_size, 0, "no bytes");
	is(umask(077), 022, "umask tells the old one");
	mkdir("m", 0777);
	stat("m", &by_name);
	is(by_name.st_mode & 07777, 0700, "mkdir obeys it");
	umask(022);
	rmdir("m");
	is(chmod("s", 04751), 0, "chmod");
	stat("s", &by_name);
	is(by_name.st_mode, (mode_t)S_IFREG | 04751, "mode");
	is(FAILS_WITH(chmod("none", 0644)), ENOENT, "chmod of nothing");
	is(FAILS_WITH(stat("s", nowhere)), EFAULT, "bad pointer");
	is(FAILS_WITH(fstat(999, &by_name)), EBADF, "bad descriptor");
	is(access("s", F_OK), 0, "access");
	is(access("s", R_OK | W_OK | X_OK), 0, "may be run");
	chmod("s", 0644);
	is(FAILS_WITH(access("s", X_OK)), EACCES, "nobody may run it");
	is(FAILS_WITH(access("s", 64)), EINVAL, "no such access");
	is(FAILS_WITH(access("none", F_OK)), ENOENT, "access to nothing");
	close(fd);
	unlink("s");
}

static void test_times(void)
{
	struct timespec times[2] = { { 100, 200 }, { 5000000000, 7 } };
	struct stat status;
	int fd = open("t", O_RDWR | O_CREAT, 0644);

	is(utimensat(AT_FDCWD, "t", times, 0), 0, "utimensat");
	stat("t", &status);
	is(status.st_atim.tv_sec, 100, "access time");
	is(status.st_atim.tv_nsec, 200, "with nanoseconds");
	ok(status.st_mtim.tv_sec == 5000000000, "time behind 2038");
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = UTIME_NOW;
	is(futimens(fd, times), 0, "futimens");
	stat("t", &status);
	is(status.st_atim.tv_sec, 100, "omitted");
	ok(status.st_mtim.tv_sec > 1000000000 &&
	   status.st_mtim.tv_sec < 5000000000, "now");
	times[0].tv_nsec = 1000000000;
	is(FAILS_WITH(utimensat(AT_FDCWD, "t", times, 0)), EINVAL,
	   "too many nanoseconds");
	is(FAILS_WITH(utimensat(AT_FDCWD, "none", NULL, 0)), ENOENT,
	   "of nothing");
	close(fd);
	fd = open(folder, O_RDONLY);
	is(utimensat(fd, "t", NULL, 0), 0, "relative to a descriptor");
	is(FAILS_WITH(utimensat(fd, "none", NULL, 0)), ENOENT,
	   "nothing there");
	close(fd);
	is(FAILS_WITH(utimensat(fd, "t", NULL, 0)), EBADF, "closed one");
	unlink("t");
}

int main(void)
{
	mkdir(folder, 0755);
	if (chdir(folder)) {
		perror(folder);
		return 1;
	}
	test_mkdir();
	test_remove();
	test_rename();
	test_directory();
	test_readdir();
	test_stat();
	test_times();
	chdir("/");
	is(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
