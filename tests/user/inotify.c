/*
 * inotify.c - notices of changes of files. Runs on Linux, too, which has the
 * same calls.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define ASKED	(IN_CREATE | IN_DELETE | IN_MOVE | IN_MODIFY | \
		 IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF)

static const char folder[] = "inotify-test";
static int fd, folder_wd;
static char buffer[65536] __attribute__((aligned(8)));
static size_t filled, at;

/* The next event, or NULL: there is none. */
static const struct inotify_event *next(void)
{
	const struct inotify_event *event;
	ssize_t bytes;

	if (at == filled) {
		bytes = read(fd, buffer, sizeof(buffer));
		if (bytes < 0 && errno == EAGAIN)
			return NULL;
		require(bytes > 0);
		filled = bytes;
		at = 0;
	}
	event = (const struct inotify_event *)(buffer + at);
	at += sizeof(*event) + event->len;
	require(at <= filled);
	return event;
}

static uint32_t last_cookie;

/* Is the next event this one? */
static int came(int wd, uint32_t mask, const char *name)
{
	const struct inotify_event *event = next();

	if (!event)
		return 0;
	last_cookie = event->cookie;
	return event->wd == wd && event->mask == mask &&
	       strcmp(event->len ? event->name : "", name) == 0 &&
	       event->len % 16 == 0;
}

static int is_silent(void)
{
	return at == filled && next() == NULL;
}

static void make(const char *name)
{
	int file = open(name, O_WRONLY | O_CREAT, 0600);

	require(file >= 0);
	close(file);
}

static void clean(void)
{
	chdir("..");
	(void)!system("rm -r inotify-test");
}

static void begin(int flags)
{
	(void)!system("rm -rf inotify-test 2> /dev/null");
	require(mkdir(folder, 0700) == 0 && chdir(folder) == 0);
	fd = inotify_init1(flags | IN_NONBLOCK);
	require(fd >= 0);
	folder_wd = inotify_add_watch(fd, ".", ASKED);
	require(folder_wd > 0);
	at = filled = 0;
}

CASE(names_come_and_go)
{
	begin(0);
	make("a");
	mkdir("d", 0700);
	expect(link("a", "b") == 0 && symlink("a", "s") == 0);
	unlink("a");
	rmdir("d");
	expect(came(folder_wd, IN_CREATE, "a"));
	expect(came(folder_wd, IN_CLOSE_WRITE, "a"));
	expect(came(folder_wd, IN_CREATE | IN_ISDIR, "d"));
	expect(came(folder_wd, IN_CREATE, "b"));
	expect(came(folder_wd, IN_CREATE, "s"));
	expect(came(folder_wd, IN_DELETE, "a"));
	expect(came(folder_wd, IN_DELETE | IN_ISDIR, "d"));
	expect(is_silent());
	clean();
}

CASE(both_halves_of_a_move_have_a_cookie)
{
	uint32_t cookie;
	int second;

	begin(0);
	mkdir("d", 0700);
	make("a-rather-long-name-of-a-file");
	second = inotify_add_watch(fd, "d", IN_MOVE);
	expect(second > folder_wd);
	expect(came(folder_wd, IN_CREATE | IN_ISDIR, "d"));
	next();
	next();
	rename("a-rather-long-name-of-a-file", "d/b");
	expect(came(folder_wd, IN_MOVED_FROM, "a-rather-long-name-of-a-file"));
	cookie = last_cookie;
	expect(cookie != 0);
	expect(came(second, IN_MOVED_TO, "b") && last_cookie == cookie);
	rename("d/b", "c");
	expect(came(second, IN_MOVED_FROM, "b") && last_cookie != cookie);
	cookie = last_cookie;
	expect(came(folder_wd, IN_MOVED_TO, "c") && last_cookie == cookie);
	expect(is_silent());
	clean();
}

CASE(writes_and_closes_are_told)
{
	int file, reader;

	begin(0);
	make("f");
	next();
	next();
	file = open("f", O_RDWR);
	expect(write(file, "abc", 3) == 3);
	expect(write(file, "def", 3) == 3);	/* the same event */
	expect(came(folder_wd, IN_MODIFY, "f"));
	expect(is_silent());
	expect(ftruncate(file, 1) == 0);
	expect(came(folder_wd, IN_MODIFY, "f"));
	reader = open("f", O_RDONLY);
	close(reader);
	expect(is_silent());
	close(file);
	expect(came(folder_wd, IN_CLOSE_WRITE, "f"));
	expect(is_silent());
	clean();
}

CASE(last_name_ends_the_watch)
{
	int wd;

	begin(0);
	make("f");
	expect(link("f", "g") == 0);
	wd = inotify_add_watch(fd, "f", IN_DELETE_SELF | IN_MODIFY);
	inotify_rm_watch(fd, folder_wd);
	next();
	next();
	next();
	expect(came(folder_wd, IN_IGNORED, ""));
	unlink("f");
	expect(is_silent());
	unlink("g");
	expect(came(wd, IN_DELETE_SELF, ""));
	expect(came(wd, IN_IGNORED, ""));
	expect_error(inotify_rm_watch(fd, wd), EINVAL);
	clean();
}

CASE(open_file_without_a_name_is_watched_until_the_close)
{
	int wd, file;

	begin(0);
	make("f");
	file = open("f", O_WRONLY);
	wd = inotify_add_watch(fd, "f", IN_DELETE_SELF | IN_MODIFY | IN_CLOSE);
	inotify_rm_watch(fd, folder_wd);
	next();
	next();
	expect(came(folder_wd, IN_IGNORED, ""));
	unlink("f");
	expect(is_silent());
	expect(write(file, "x", 1) == 1);
	close(file);
	expect(came(wd, IN_MODIFY, ""));
	expect(came(wd, IN_CLOSE_WRITE, ""));
	expect(came(wd, IN_DELETE_SELF, ""));
	expect(came(wd, IN_IGNORED, ""));
	clean();
}

CASE(once_is_once)
{
	int wd;

	begin(0);
	inotify_rm_watch(fd, folder_wd);
	expect(came(folder_wd, IN_IGNORED, ""));
	wd = inotify_add_watch(fd, ".", IN_CREATE | IN_ONESHOT);
	make("a");
	make("b");
	expect(came(wd, IN_CREATE, "a"));
	expect(came(wd, IN_IGNORED, ""));
	expect(is_silent());
	clean();
}

CASE(second_watch_changes_the_first)
{
	begin(0);
	expect(inotify_add_watch(fd, ".", IN_DELETE) == folder_wd);
	make("a");
	expect(is_silent());
	expect(inotify_add_watch(fd, ".", IN_CREATE | IN_MASK_ADD) ==
	       folder_wd);
	make("b");
	unlink("b");
	expect(came(folder_wd, IN_CREATE, "b"));
	expect(came(folder_wd, IN_DELETE, "b"));
	expect_error(inotify_add_watch(fd, ".", IN_CREATE | IN_MASK_CREATE),
		     EEXIST);
	clean();
}

CASE(bad_arguments_are_refused)
{
	int pipe_fds[2];

	begin(0);
	make("f");
	require(pipe(pipe_fds) == 0);
	expect_error(inotify_add_watch(fd, "none", IN_CREATE), ENOENT);
	expect_error(inotify_add_watch(fd, ".", 0), EINVAL);
	expect_error(inotify_add_watch(99, ".", IN_CREATE), EBADF);
	expect_error(inotify_add_watch(pipe_fds[0], ".", IN_CREATE), EINVAL);
	expect_error(inotify_add_watch(fd, "f", IN_MODIFY | IN_ONLYDIR),
		     ENOTDIR);
	expect_error(inotify_rm_watch(fd, 12345), EINVAL);
	expect_error(inotify_rm_watch(pipe_fds[0], 1), EINVAL);
	expect_error(inotify_init1(1), EINVAL);
	expect_error(write(fd, "x", 1), EBADF);
	clean();
}

CASE(small_buffer_takes_no_half_event)
{
	struct pollfd poller;
	char small[20];

	begin(0);
	make("f");
	expect_error(read(fd, small, sizeof(small)), EINVAL);
	poller = (struct pollfd){ .fd = fd, .events = POLLIN };
	expect(poll(&poller, 1, 0) == 1 && poller.revents == POLLIN);
	expect(read(fd, buffer, 40) == 32);	/* the first alone */
	expect(read(fd, buffer, 40) == 32);
	expect_error(read(fd, buffer, 40), EAGAIN);
	expect(poll(&poller, 1, 0) == 0);
	clean();
}

static int wait_for_notice(void)
{
	char event[sizeof(struct inotify_event) + 16];

	fcntl(fd, F_SETFL, 0);
	return read(fd, event, sizeof(event)) == sizeof(event) ? 0 : 1;
}

CASE(reader_sleeps_until_a_change)
{
	pid_t pid;

	begin(0);
	pid = start(wait_for_notice);
	until_asleep(pid);
	make("f");
	expect(result_of(pid) == 0);
	clean();
}

CASE(closed_directory_is_told)
{
	int file;

	begin(0);
	mkdir("d", 0700);
	require(inotify_add_watch(fd, ".", IN_CLOSE) == folder_wd);
	next();
	file = open("d", O_RDONLY | O_DIRECTORY);
	require(file >= 0);
	close(file);
	expect(came(folder_wd, IN_CLOSE_NOWRITE | IN_ISDIR, "d"));
	clean();
}

/* A file with many names tells one directory: a change is short work. */
CASE(writer_by_the_first_name_tells_one_directory)
{
	int file, second;

	begin(0);
	make("f");
	mkdir("d", 0700);
	expect(link("f", "d/g") == 0);
	second = inotify_add_watch(fd, "d", IN_MODIFY);
	expect(second > 0);
	while (next())
		;
	file = open("f", O_WRONLY);
	expect(write(file, "x", 1) == 1);
	expect(came(folder_wd, IN_MODIFY, "f"));
	expect(is_silent());
	close(file);
	clean();
}

CASE(bytes_of_waiting_events_are_told)
{
	int bytes = -1;

	begin(0);
	require(inotify_add_watch(fd, ".", IN_CREATE) == folder_wd);
	expect(ioctl(fd, FIONREAD, &bytes) == 0 && bytes == 0);
	make("first");
	make("a_name_with_more_than_sixteen_bytes");
	expect(ioctl(fd, FIONREAD, &bytes) == 0);
	expect(bytes == 2 * (int)sizeof(struct inotify_event) + 16 + 48);
	expect(read(fd, buffer, sizeof(buffer)) == bytes);
	expect(ioctl(fd, FIONREAD, &bytes) == 0 && bytes == 0);
	expect_error(ioctl(fd, TIOCGWINSZ, buffer), ENOTTY);
	clean();
}

CASE(reads_opens_and_closes_are_told)
{
	char byte;
	int file;

	begin(0);
	make("f");
	require(inotify_add_watch(fd, ".", IN_OPEN | IN_ACCESS | IN_CLOSE) ==
		folder_wd);
	while (next())
		;
	file = open("f", O_RDWR);
	require(file >= 0);
	expect(came(folder_wd, IN_OPEN, "f"));
	expect(read(file, &byte, 1) == 0);	/* the end: nothing was read */
	expect(is_silent());
	expect(write(file, "x", 1) == 1 && lseek(file, 0, SEEK_SET) == 0);
	expect(read(file, &byte, 1) == 1);
	expect(came(folder_wd, IN_ACCESS, "f"));
	close(file);
	expect(came(folder_wd, IN_CLOSE_WRITE, "f"));
	expect(is_silent());
	clean();
}

CASE(attributes_are_told)
{
	struct timespec times[2] = { { 5, 0 }, { 6, 0 } };
	int wd;

	begin(0);
	make("f");
	wd = inotify_add_watch(fd, "f", IN_ATTRIB);
	require(wd > 0 &&
		inotify_add_watch(fd, ".", IN_ATTRIB) == folder_wd);
	while (next())
		;
	expect(chmod("f", 0640) == 0);
	expect(came(folder_wd, IN_ATTRIB, "f") && came(wd, IN_ATTRIB, ""));
	expect(utimensat(AT_FDCWD, "f", times, 0) == 0);
	expect(came(folder_wd, IN_ATTRIB, "f") && came(wd, IN_ATTRIB, ""));
	expect(link("f", "g") == 0);
	expect(came(wd, IN_ATTRIB, ""));
	expect(unlink("g") == 0);
	expect(came(wd, IN_ATTRIB, "") || is_silent());
	clean();
}

CASE(listing_of_a_directory_is_told)
{
	DIR *directory;

	begin(0);
	mkdir("d", 0700);
	require(inotify_add_watch(fd, ".", IN_ACCESS) == folder_wd);
	while (next())
		;
	directory = opendir("d");
	require(directory);
	readdir(directory);
	closedir(directory);
	expect(came(folder_wd, IN_ACCESS | IN_ISDIR, "d"));
	clean();
}

CASE(closed_descriptor_watches_no_more)
{
	begin(0);
	make("f");
	close(fd);
	make("g");
	unlink("f");
	clean();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
