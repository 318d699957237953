/*
 * hostile_notices.c - an ordinary user against inotify.
 *
 * linux: no
 */
#include <sys/inotify.h>
#include <sys/stat.h>

#include "tests/user/hostile.h"

#define MOST	2000

static char buffer[65536] __attribute__((aligned(8)));

/* Is the last event of all that can be read now the sign of a gap? */
static int ends_with_a_gap(int fd)
{
	const struct inotify_event *event = NULL;
	ssize_t bytes, at;

	while ((bytes = read(fd, buffer, sizeof(buffer))) > 0)
		for (at = 0; at < bytes; at += sizeof(*event) + event->len)
			event = (const struct inotify_event *)(buffer + at);
	return event && event->wd == -1 && event->mask == IN_Q_OVERFLOW;
}

static int overflow(void)
{
	int fd = inotify_init1(IN_NONBLOCK), wd;

	wd = inotify_add_watch(fd, "/tmp", IN_CREATE | IN_DELETE);
	require(wd > 0);
	for (int i = 0; i < MOST; i++) {
		close(open("/tmp/hostile_notice", O_CREAT | O_WRONLY, 0600));
		unlink("/tmp/hostile_notice");
	}
	expect(ends_with_a_gap(fd));
	close(open("/tmp/hostile_notice", O_CREAT | O_WRONLY, 0600));
	unlink("/tmp/hostile_notice");
	expect(read(fd, buffer, sizeof(buffer)) > 0);
	return case_failed;
}

CASE(reader_that_never_reads_fills_the_kernel)
{
	attack_beside_root(overflow);
}

/* A read of many events is short: no other task could run meanwhile. */
static int read_all_at_once(void)
{
	int fd = inotify_init1(IN_NONBLOCK);
	ssize_t bytes, all = 0;

	require(inotify_add_watch(fd, "/tmp", IN_CREATE | IN_DELETE) > 0);
	for (int i = 0; i < 200; i++) {
		close(open("/tmp/hostile_notice", O_CREAT | O_WRONLY, 0600));
		unlink("/tmp/hostile_notice");
	}
	while ((bytes = read(fd, buffer, sizeof(buffer))) > 0) {
		expect(bytes <= 32 * 48);
		all += bytes;
	}
	expect(all >= 400 * 32);
	return case_failed;
}

CASE(large_read_of_notices_holds_the_processor)
{
	attack_beside_root(read_all_at_once);
}

/* Each change tells all watches of the node in one stretch. */
static int watch_one_often(void)
{
	int count = 0, fd = 0;

	while (count < 100) {
		fd = inotify_init1(IN_NONBLOCK);
		if (inotify_add_watch(fd, "/tmp", IN_ALL_EVENTS) < 0)
			break;
		count++;
	}
	expect(errno == ENOSPC && count < 20);
	return case_failed;
}

CASE(watches_of_one_directory_hold_the_processor)
{
	attack_beside_root(watch_one_often);
}

static int watch_many(void)
{
	int fd = inotify_init1(IN_NONBLOCK), count = 0;
	char name[40];

	while (count < MOST) {
		snprintf(name, sizeof(name), "/tmp/hostile_notice.%d", count);
		close(open(name, O_CREAT | O_WRONLY, 0600));
		if (inotify_add_watch(fd, name, IN_MODIFY) < 0)
			break;
		count++;
	}
	expect(errno == ENOSPC && count < MOST);
	for (int i = 0; i <= count; i++) {
		snprintf(name, sizeof(name), "/tmp/hostile_notice.%d", i);
		unlink(name);
	}
	return case_failed;
}

CASE(watches_of_many_files_fill_the_kernel)
{
	attack_beside_root(watch_many);
}

static int watch_secrets(void)
{
	int fd = inotify_init1(IN_NONBLOCK);

	expect_error(inotify_add_watch(fd, "/tmp/secret", IN_ALL_EVENTS),
		     EACCES);
	expect_error(inotify_add_watch(fd, "/tmp/secret/x", IN_ALL_EVENTS),
		     EACCES);
	return case_failed;
}

CASE(names_in_a_closed_directory_are_told)
{
	require(mkdir("/tmp/secret", 0700) == 0);
	close(open("/tmp/secret/x", O_CREAT | O_WRONLY, 0666));
	attack_beside_root(watch_secrets);
	unlink("/tmp/secret/x");
	rmdir("/tmp/secret");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
