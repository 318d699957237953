/*
 * fs_links.c - hard and symbolic links, and the calls on a path in an open
 * directory. Runs on any POSIX system, in a new folder in /tmp.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static char folder[] = "/tmp/fs_links";
static void *volatile nowhere = (void *)16;

/* The errno of a failed call, 0 after a success. */
#define FAILS_WITH(call) ((call) < 0 ? errno : 0)

static void make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ok(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s", path);
	close(fd);
}

static int holds(const char *path, const char *text)
{
	char bytes[32] = "";
	int fd = open(path, O_RDONLY);
	ssize_t done = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes) - 1);

	close(fd);
	return done >= 0 && strcmp(bytes, text) == 0;
}

static nlink_t links_of(const char *path)
{
	struct stat status;

	return lstat(path, &status) < 0 ? 0 : status.st_nlink;
}

static int same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

static void test_link(void)
{
	make("a", "alpha");
	is(link("a", "b"), 0, "link");
	ok(same_file("a", "b"), "two_names_are_one_file");
	is(links_of("a"), 2, "st_nlink 2");
	make("b", "beta");
	ok(holds("a", "beta"), "write_by_one_name_is_seen_by_the_other");
	is(rename("a", "b"), 0, "rename_to_a_name_of_the_same_file");
	is(links_of("a"), 2, "changes_nothing");
	is(unlink("a"), 0, "unlink the first name");
	ok(holds("b", "beta"), "contents_stay_with_the_second_name");
	is(links_of("b"), 1, "st_nlink 1");
	is(FAILS_WITH(link("none", "c")), ENOENT, "link of nothing");
	is(FAILS_WITH(link("b", "b")), EEXIST, "link to itself");
	is(FAILS_WITH(link("b", "none/c")), ENOENT, "into no directory");
	is(FAILS_WITH(link("b", "c/")), ENOENT, "a name with a slash");
	is(FAILS_WITH(link(nowhere, "c")), EFAULT, "bad pointer");
	is(FAILS_WITH(link("b", nowhere)), EFAULT, "second bad pointer");
	mkdir("d", 0755);
	is(FAILS_WITH(link("d", "e")), EPERM, "link_to_a_directory");
	is(link("b", "d/b"), 0, "into another directory");
	make("over", "over");
	is(rename("over", "d/b"), 0, "rename_over_one_of_two_names");
	is(links_of("b"), 1, "the other name stays");
	unlink("d/b");
	rmdir("d");
	unlink("b");
}

static void test_symlink(void)
{
	char text[16];
	struct stat status;

	make("a", "alpha");
	is(symlink("a", "s"), 0, "symlink");
	ok(holds("s", "alpha"), "open follows");
	is(readlink("s", text, sizeof(text)), 1, "readlink");
	ok(text[0] == 'a', "gives the text");
	is(lstat("s", &status), 0, "lstat");
	ok(S_ISLNK(status.st_mode), "sees the link");
	is(status.st_size, 1, "whose size is its text");
	is(stat("s", &status), 0, "stat");
	ok(S_ISREG(status.st_mode), "sees the file");
	is(FAILS_WITH(readlink("a", text, 9)), EINVAL, "readlink of a file");
	is(FAILS_WITH(readlink("none", text, 9)), ENOENT, "of nothing");
	is(FAILS_WITH(symlink("x", "a")), EEXIST, "where a file is");
	is(FAILS_WITH(symlink("", "x")), ENOENT, "empty text");
	is(FAILS_WITH(open("s", O_RDONLY | O_NOFOLLOW)), ELOOP, "O_NOFOLLOW");
	is(link("s", "t"), 0, "hard link to a symbolic link");
	ok(lstat("t", &status) == 0 && S_ISLNK(status.st_mode),
	   "link_does_not_follow");
	is(unlink("s"), 0, "unlink");
	ok(holds("a", "alpha"), "unlink_removes_the_link_not_the_file");
	unlink("t");
	unlink("a");
}

static void test_dangling(void)
{
	struct stat status;

	is(symlink("later", "s"), 0, "a link to nothing");
	is(FAILS_WITH(stat("s", &status)), ENOENT, "stat");
	is(lstat("s", &status), 0, "lstat");
	is(FAILS_WITH(open("s", O_RDONLY)), ENOENT, "open");
	is(FAILS_WITH(open("s", O_WRONLY | O_CREAT | O_EXCL, 0644)), EEXIST,
	   "exclusive_open_does_not_follow");
	is(FAILS_WITH(mkdir("s", 0755)), EEXIST, "mkdir does not follow");
	make("s", "made");
	ok(holds("later", "made"), "create_through_a_link_makes_the_target");
	unlink("later");
	unlink("s");
}

static void test_on_the_way(void)
{
	char path[PATH_MAX], here[PATH_MAX];
	struct stat status;

	mkdir("d", 0755);
	mkdir("d/e", 0755);
	make("d/e/f", "deep");
	symlink("d", "to_d");
	symlink("../d/./e/", "d/to_e");
	snprintf(path, sizeof(path), "%s/d/e/f", folder);
	symlink(path, "far");
	ok(holds("to_d/e/f", "deep"), "a directory link on the way");
	ok(holds("to_d/to_e/f", "deep"), "two");
	ok(holds("to_d/to_e/../e/f", "deep"), "dot_dot_is_of_the_target");
	ok(holds("far", "deep"), "absolute text");
	ok(lstat("to_d", &status) == 0 && S_ISLNK(status.st_mode), "lstat");
	ok(lstat("to_d/", &status) == 0 && S_ISDIR(status.st_mode),
	   "slash_behind_a_link_follows_it");
	is(FAILS_WITH(rmdir("to_d")), ENOTDIR, "rmdir_does_not_follow");
	is(FAILS_WITH(lstat("far/", &status)), ENOTDIR, "file with a slash");
	is(chdir("to_d/to_e"), 0, "chdir");
	getcwd(here, sizeof(here));
	snprintf(path, sizeof(path), "%s/d/e", folder);
	ok(strcmp(here, path) == 0, "getcwd_has_no_links: %s", here);
	chdir(folder);
	snprintf(path, sizeof(path), "%s/d/e/f", folder);
	ok(realpath("to_d/to_e/f", here) && strcmp(here, path) == 0,
	   "realpath_has_no_links");
	is(rename("to_d", "moved"), 0, "rename_moves_the_link");
	ok(holds("moved/e/f", "deep") && holds("d/e/f", "deep"), "alone");
	is(rename("moved", "far"), 0, "over another link");
	ok(holds("d/e/f", "deep"), "whose_target_stays");
	unlink("far");
	unlink("d/to_e");
	unlink("d/e/f");
	rmdir("d/e");
	rmdir("d");
}

static void test_loops(void)
{
	char name[16] = "c0", before[16];
	struct stat status;

	symlink("y", "x");
	symlink("x", "y");
	symlink("self/self", "self");
	is(FAILS_WITH(open("x", O_RDONLY)), ELOOP, "circle_of_two");
	is(FAILS_WITH(stat("self", &status)), ELOOP, "circle_that_grows");
	is(FAILS_WITH(mkdir("x/d", 0755)), ELOOP, "on the way");
	is(lstat("x", &status), 0, "lstat does not care");
	unlink("x");
	unlink("y");
	unlink("self");
	make("c0", "end");
	for (int i = 1; i <= 8; i++) {
		strcpy(before, name);
		snprintf(name, sizeof(name), "c%d", i);
		symlink(before, name);
	}
	ok(holds("c8", "end"), "eight_links_are_followed");
	for (int i = 0; i <= 8; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		unlink(name);
	}
}

static void test_at(void)
{
	int d, file;
	char text[8];
	struct stat status;

	mkdir("d", 0755);
	d = open("d", O_RDONLY | O_DIRECTORY);
	file = openat(d, "f", O_RDWR | O_CREAT, 0644);
	ok(file >= 0, "openat");
	is(fstatat(d, "f", &status, 0), 0, "fstatat");
	is(mkdirat(d, "e", 0700), 0, "mkdirat");
	is(symlinkat("f", d, "s"), 0, "symlinkat");
	is(readlinkat(d, "s", text, sizeof(text)), 1, "readlinkat");
	is(fstatat(d, "s", &status, AT_SYMLINK_NOFOLLOW), 0, "of the link");
	ok(S_ISLNK(status.st_mode), "AT_SYMLINK_NOFOLLOW");
	is(linkat(d, "f", d, "e/g", 0), 0, "linkat");
	is(linkat(d, "s", d, "h", AT_SYMLINK_FOLLOW), 0, "AT_SYMLINK_FOLLOW");
	is(links_of("d/f"), 3, "three names");
	is(renameat(d, "h", AT_FDCWD, "h"), 0, "renameat");
	is(faccessat(d, "f", R_OK, 0), 0, "faccessat");
	is(fchmodat(d, "f", 0600, 0), 0, "fchmodat");
	is(fstatat(AT_FDCWD, "h", &status, 0), 0, "AT_FDCWD");
	is(status.st_mode & 0777, 0600, "one mode for all names");
	is(mkfifoat(d, "p", 0600), 0, "mkfifoat");
	is(mknodat(d, "q", S_IFIFO | 0600, 0), 0, "mknodat");
	ok(fstatat(d, "q", &status, 0) == 0 && S_ISFIFO(status.st_mode), "q");
	is(utimensat(d, "s", NULL, AT_SYMLINK_NOFOLLOW), 0, "utimensat");
	is(FAILS_WITH(unlinkat(d, "f", AT_REMOVEDIR)), ENOTDIR, "a file");
	is(FAILS_WITH(openat(file, "x", O_RDONLY)), ENOTDIR,
	   "relative_to_a_file");
	is(FAILS_WITH(openat(99, "x", O_RDONLY)), EBADF, "no such fd");
	ok(fstatat(99, folder, &status, 0) == 0, "absolute_path_needs_no_fd");
	is(FAILS_WITH(fstatat(d, "f", &status, 0x8000000)), EINVAL, "flag");
	is(unlinkat(d, "e/g", 0) | unlinkat(d, "e", AT_REMOVEDIR) |
	   unlinkat(d, "f", 0) | unlinkat(d, "s", 0) | unlinkat(d, "p", 0) |
	   unlinkat(d, "q", 0) | unlink("h"), 0, "unlinkat");
	rmdir("d");
	is(FAILS_WITH(openat(d, "x", O_WRONLY | O_CREAT, 0600)), ENOENT,
	   "create_in_a_removed_directory");
	close(d);
	close(file);
}

int main(void)
{
	mkdir(folder, 0755);
	chdir(folder);
	test_link();
	test_symlink();
	test_dangling();
	test_on_the_way();
	test_loops();
	test_at();
	chdir("/");
	is(rmdir(folder), 0, "nothing is left");
	return tap_done();
}
