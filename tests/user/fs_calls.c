/*
 * fs_calls.c - mknod(), chown() and its family, syncfs(), fdopendir(), in a new
 * folder in /tmp.
 *
 * linux: no, the changes of owner need root
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/user/helpers.h"

#define USER	1234
#define GROUP	4321

static char folder[] = "/tmp/fs_calls";

static void enter(void)
{
	umask(0);
	require(chdir(folder) == 0);
}

static void make(const char *name)
{
	int fd = open(name, O_CREAT | O_RDWR | O_TRUNC, 0644);

	require(fd >= 0 && write(fd, "text", 4) == 4);
	close(fd);
}

static struct stat look(const char *name)
{
	struct stat status = { .st_mode = 0 };

	lstat(name, &status);
	return status;
}

/* The result of a function in a child of an ordinary user. */
static int as_user(int (*function)(void))
{
	pid_t child = fork_or_fail();

	if (child)
		return result_of(child);
	if (setgid(GROUP) < 0 || setuid(USER) < 0)
		_exit(99);
	_exit(function());
}

/* ---- mknod --------------------------------------------------------------- */

CASE(mknod_makes_a_fifo_with_the_mode)
{
	enter();
	expect(mknod("fifo", S_IFIFO | 0640, 0) == 0);
	expect(S_ISFIFO(look("fifo").st_mode));
	expect((look("fifo").st_mode & 0777) == 0640);
	expect_error(mknod("fifo", S_IFIFO | 0640, 0), EEXIST);
	unlink("fifo");
}

CASE(made_fifo_carries_bytes)
{
	char text[4] = "";
	int end;

	enter();
	require(mknod("carrier", S_IFIFO | 0600, 0) == 0);
	end = open("carrier", O_RDWR);
	expect(end >= 0 && write(end, "abc", 3) == 3);
	expect(read(end, text, 3) == 3 && strcmp(text, "abc") == 0);
	close(end);
	unlink("carrier");
}

CASE(mknod_makes_a_regular_file)
{
	enter();
	expect(mknod("file", S_IFREG | 0604, 0) == 0);
	expect(S_ISREG(look("file").st_mode) && look("file").st_size == 0);
	expect((look("file").st_mode & 0777) == 0604);
	unlink("file");
}

CASE(mknod_obeys_umask)
{
	enter();
	umask(027);
	expect(mknod("masked", S_IFIFO | 0666, 0) == 0);
	expect((look("masked").st_mode & 0777) == 0640);
	unlink("masked");
}

static int make_device(void)
{
	return mknod("device", S_IFCHR | 0666, 0x101) < 0 ? errno : 0;
}

CASE(ordinary_user_makes_no_device)
{
	enter();
	expect(as_user(make_device) == EPERM);
	expect(look("device").st_mode == 0);
}

CASE(mknod_refuses_bad_places)
{
	enter();
	expect_error(mknod("none/fifo", S_IFIFO | 0600, 0), ENOENT);
	make("plain");
	expect_error(mknod("plain/fifo", S_IFIFO | 0600, 0), ENOTDIR);
	expect_error(mknod("", S_IFIFO | 0600, 0), ENOENT);
	expect_error(mknodat(99, "fifo", S_IFIFO | 0600, 0), EBADF);
	unlink("plain");
}

/* ---- Sticky and set-group-ID --------------------------------------------- */

CASE(mkdir_keeps_the_sticky_bit_alone)
{
	enter();
	umask(022);
	expect(mkdir("box", S_ISUID | S_ISVTX | 0777) == 0);
	expect((look("box").st_mode & 07777) == (S_ISVTX | 0755));
	expect(rmdir("box") == 0);
}

CASE(directory_with_set_group_id_gives_its_group)
{
	enter();
	expect(mkdir("team", 0755) == 0 && chown("team", 0, GROUP) == 0);
	expect(chmod("team", S_ISGID | 0755) == 0);
	expect(mkdir("team/below", 0700) == 0);
	make("team/file");
	expect(mkfifo("team/fifo", 0600) == 0);
	expect(symlink("file", "team/link") == 0);
	expect(look("team/below").st_gid == GROUP);
	expect(look("team/below").st_mode & S_ISGID);
	expect(look("team/file").st_gid == GROUP);
	expect(!(look("team/file").st_mode & S_ISGID));
	expect(look("team/fifo").st_gid == GROUP);
	expect(look("team/link").st_gid == GROUP);
	unlink("team/link");
	unlink("team/fifo");
	unlink("team/file");
	expect(rmdir("team/below") == 0 && rmdir("team") == 0);
}

static int set_group_bit(void)
{
	return chmod("theirs", S_ISGID | 0755) < 0 ? errno : 0;
}

CASE(chmod_gives_no_right_of_a_group_of_others)
{
	enter();
	make("theirs");
	expect(chown("theirs", USER, GROUP + 1) == 0);
	expect(as_user(set_group_bit) == 0);
	expect((look("theirs").st_mode & 07777) == 0755);
	expect(set_group_bit() == 0);
	expect((look("theirs").st_mode & 07777) == (S_ISGID | 0755));
	unlink("theirs");
}

/* ---- Owners -------------------------------------------------------------- */

CASE(chown_changes_owner_and_group)
{
	enter();
	make("mine");
	expect(chown("mine", USER, GROUP) == 0);
	expect(look("mine").st_uid == USER && look("mine").st_gid == GROUP);
	expect(chown("mine", -1, 7) == 0);
	expect(look("mine").st_uid == USER && look("mine").st_gid == 7);
	expect(chown("mine", 8, -1) == 0);
	expect(look("mine").st_uid == 8 && look("mine").st_gid == 7);
	unlink("mine");
}

CASE(fchown_and_fchownat_do_so_too)
{
	int fd, directory;

	enter();
	make("mine");
	fd = open("mine", O_RDONLY);
	directory = open(".", O_RDONLY | O_DIRECTORY);
	expect(fchown(fd, USER, GROUP) == 0);
	expect(look("mine").st_uid == USER);
	expect(fchownat(directory, "mine", 9, 10, 0) == 0);
	expect(look("mine").st_uid == 9 && look("mine").st_gid == 10);
	expect_error(fchownat(directory, "mine", 9, 10, 0x40000000), EINVAL);
	expect_error(fchownat(99, "mine", 9, 10, 0), EBADF);
	expect_error(fchownat(fd, "mine", 9, 10, 0), ENOTDIR);
	expect_error(fchown(99, 1, 1), EBADF);
	close(directory);
	close(fd);
	unlink("mine");
}

CASE(link_itself_changes_owner_on_request_only)
{
	enter();
	make("target");
	unlink("link");
	require(symlink("target", "link") == 0);
	expect(lchown("link", USER, GROUP) == 0);
	expect(look("link").st_uid == USER && look("target").st_uid == 0);
	expect(fchownat(AT_FDCWD, "link", 5, 5, AT_SYMLINK_NOFOLLOW) == 0);
	expect(look("link").st_uid == 5 && look("target").st_uid == 0);
	expect(chown("link", 6, 6) == 0);
	expect(look("link").st_uid == 5 && look("target").st_uid == 6);
	unlink("link");
	unlink("target");
}

static int give_away(void)
{
	return chown("theirs", USER + 1, -1) < 0 ? errno : 0;
}

static int take(void)
{
	return chown("roots", USER, -1) < 0 ? errno : 0;
}

static int change_own_group(void)
{
	return chown("theirs", -1, GROUP) < 0 ? errno : 0;
}

CASE(ordinary_user_gives_no_file_away_and_takes_none)
{
	enter();
	make("theirs");
	make("roots");
	require(chown("theirs", USER, 3) == 0);
	expect(as_user(give_away) == EPERM);
	expect(as_user(take) == EPERM);
	expect(look("theirs").st_uid == USER && look("roots").st_uid == 0);
	expect(as_user(change_own_group) == 0);
	expect(look("theirs").st_gid == GROUP);
	unlink("theirs");
	unlink("roots");
}

CASE(change_of_owner_takes_the_set_id_bits_away)
{
	enter();
	make("program");
	require(chmod("program", 06755) == 0);
	require(chown("program", USER, GROUP) == 0);
	expect((look("program").st_mode & 07777) == 0755);
	unlink("program");
}

static int program;

static int write_there(void)
{
	return write(program, "x", 1) == 1 ? 0 : errno;
}

static int shorten(void)
{
	return ftruncate(program, 1) == 0 ? 0 : errno;
}

static int store_there(void)
{
	char *at = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, program,
			0);

	if (at == MAP_FAILED)
		return errno;
	at[0] = 'x';
	return msync(at, 4, MS_SYNC) == 0 ? 0 : errno;
}

/* What a user has written must not run with the rights of the owner. */
CASE(change_of_a_program_keeps_the_set_id_bits)
{
	int (*const changes[])(void) = { write_there, shorten, store_there };

	enter();
	make("program");
	program = open("program", O_RDWR);
	for (int i = 0; i < 3; i++) {
		require(chmod("program", 06777) == 0);
		expect(changes[i]() == 0);	/* by root */
		expect((look("program").st_mode & 07777) == 06777);
		expect(as_user(changes[i]) == 0);
		expect((look("program").st_mode & 07777) == 0777);
	}
	close(program);
	unlink("program");
}

/* ---- syncfs and fdopendir ------------------------------------------------ */

CASE(syncfs_wants_a_descriptor)
{
	int fd;

	enter();
	make("kept");
	fd = open("kept", O_RDONLY);
	expect(syncfs(fd) == 0);
	close(fd);
	expect_error(syncfs(fd), EBADF);
	expect_error(syncfs(-1), EBADF);
	unlink("kept");
}

/* How many names beside . and .. are left to read; closes the directory. */
static int names_in(DIR *directory)
{
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

CASE(fdopendir_reads_an_open_directory)
{
	int fd;

	enter();
	mkdir("many", 0755);
	make("many/a");
	make("many/b");
	fd = open("many", O_RDONLY | O_DIRECTORY);
	expect(names_in(fdopendir(fd)) == 2);
	expect_error(close(fd), EBADF);		/* closedir() has */
	unlink("many/a");
	unlink("many/b");
	rmdir("many");
}

CASE(fdopendir_refuses_what_is_no_directory)
{
	int fd;

	enter();
	make("plain");
	fd = open("plain", O_RDONLY);
	errno = 0;
	expect(!fdopendir(fd) && errno == ENOTDIR);
	expect(close(fd) == 0);			/* still the caller's */
	errno = 0;
	expect(!fdopendir(99) && errno == EBADF);
	unlink("plain");
}

int main(int argc, char **argv)
{
	int result;

	mkdir(folder, 0777);
	chmod(folder, 0777);
	enter();
	make("first");		/* brings blocks of a disk into the cache */
	unlink("first");
	result = run_cases(argc, argv);
	chdir("/");
	rmdir(folder);
	return result;
}
