/*
 * libc_spool_parley.c - a directory as a queue of messages. tests/tools/
 * spool_power cuts the power meanwhile.
 */
#include <spool.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static char folder[] = "/tmp/spoolXXXXXX";
static char name[NAME_MAX + 1];

static int open_spool(void)
{
	int spool;

	require(mkdtemp(folder) && rmdir(folder) == 0);
	spool = spool_open(folder);
	require(spool >= 0);
	return spool;
}

static void remove_spool(int spool)
{
	close(spool);
	expect(rmdir(folder) == 0);
}

static int reads(int spool, const char *message)
{
	char text[32] = "";
	int fd = openat(spool, name, O_RDONLY);

	require(fd >= 0 && read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	return strcmp(text, message) == 0;
}

CASE(message_is_taken_out_of_order)
{
	int spool = open_spool();

	expect(spool_first(spool, name) == 0);
	expect(spool_put(spool, "b", "second", 6) == 0);
	expect(spool_put(spool, "c", "third", 5) == 0);
	expect(spool_put(spool, "a", "first", 5) == 0);
	for (const char *wanted = "abc"; *wanted; wanted++) {
		expect(spool_first(spool, name) == 1);
		expect(name[0] == *wanted && !name[1]);
		expect(spool_done(spool, name) == 0);
	}
	expect(spool_first(spool, name) == 0);
	remove_spool(spool);
}

CASE(message_of_an_older_name_stays)
{
	int spool = open_spool();

	expect(spool_put(spool, "one", "a long message", 14) == 0);
	expect(spool_put(spool, "one", "short", 5) == 0);
	expect(spool_first(spool, name) == 1 && strcmp(name, "one") == 0);
	expect(reads(spool, "short"));
	expect(spool_done(spool, "one") == 0);
	expect_error(spool_done(spool, "one"), ENOENT);
	expect(spool_first(spool, name) == 0);
	remove_spool(spool);
}

CASE(second_opener_sees_another_queue)
{
	int spool = open_spool(), again = spool_open(folder);

	require(again >= 0);
	expect(spool_put(spool, "one", "text", 4) == 0);
	expect(spool_first(again, name) == 1 && strcmp(name, "one") == 0);
	expect(reads(again, "text") && spool_done(again, name) == 0);
	expect(spool_first(spool, name) == 0);
	close(again);
	remove_spool(spool);
}

CASE(queue_is_opened_without_a_folder)
{
	expect_error(spool_open("/none/none"), ENOENT);
	expect_error(spool_open("/dev/null"), ENOTDIR);
	expect_error(spool_first(-1, name), EBADF);
	expect_error(spool_put(-1, "one", "x", 1), EBADF);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
