/*
 * fs_many.c - a directory of many names: each search finds what is there, and
 * nothing else, while names come, go and move. Any POSIX system.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define NAMES	1500
#define STEPS	4000
#define SHORT_NAMES	3000	/* of 16 bytes on a disk */

static bool is_there[NAMES];
static uint32_t seed = 20261124;

static unsigned draw(unsigned most)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % most;
}

/* Names of several lengths, so that new names must search for room. */
static const char *name_of(unsigned number)
{
	static char names[2][64];
	static unsigned turn;
	char *name = names[turn++ % 2];

	sprintf(name, "n%u%.*s", number, number % 40,
		"_a_name_that_fills_an_entry_of_a_folder_");
	return name;
}

static void enter_folder(void)
{
	require(mkdir("many_names", 0700) == 0 && chdir("many_names") == 0);
}

static void add(unsigned number)
{
	int fd = open(name_of(number), O_CREAT | O_EXCL | O_WRONLY, 0600);

	expect(is_there[number] ? fd < 0 && errno == EEXIST : fd >= 0);
	close(fd);
	is_there[number] = true;
}

static void take_away(unsigned number)
{
	int result = unlink(name_of(number));

	expect(is_there[number] ? result == 0
				: result < 0 && errno == ENOENT);
	is_there[number] = false;
}

static void move(unsigned from, unsigned to)
{
	if (!is_there[from] || from == to)
		return;
	expect(rename(name_of(from), name_of(to)) == 0);
	is_there[from] = false;
	is_there[to] = true;
}

static unsigned check_names(void)
{
	unsigned number, count = 0;

	for (number = 0; number < NAMES; number++) {
		expect((access(name_of(number), F_OK) == 0) ==
		       is_there[number]);
		count += is_there[number];
	}
	return count;
}

static unsigned count_names(void)
{
	DIR *folder = opendir(".");
	unsigned count = 0;

	require(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* A disk frees memory some time after the names: at the latest in sync(). */
static void leave_folder(void)
{
	require(chdir("..") == 0);
	expect(rmdir("many_names") == 0);
	sync();
}

static void empty_folder(void)
{
	unsigned number;

	for (number = 0; number < NAMES; number++)
		if (is_there[number])
			take_away(number);
	expect(count_names() == 2);
	leave_folder();
}

CASE(random_changes_lose_no_name)
{
	unsigned step;

	enter_folder();
	for (step = 0; step < STEPS; step++)
		switch (draw(8)) {
		case 0: take_away(draw(NAMES)); break;
		case 1: move(draw(NAMES), draw(NAMES)); break;
		default: add(draw(NAMES)); break;
		}
	expect(count_names() == check_names() + 2);
	empty_folder();
}

CASE(names_fit_into_the_room_of_removed_names)
{
	unsigned round, number;

	enter_folder();
	for (round = 0; round < 3; round++) {
		for (number = 0; number < 600; number++)
			add(number);
		for (number = round % 2; number < 600; number += 2)
			take_away(number);
		expect(check_names() == 300);
		for (number = 600; number-- > 0;)
			if (is_there[number])
				take_away(number);
	}
	empty_folder();
}

/* A removed name leaves a trace in each block of the directory: a search looks
 * at many blocks in vain. */
CASE(name_that_many_blocks_have_lost_is_not_there)
{
	char name[16];
	unsigned i;
	int fd;

	enter_folder();
	for (i = 0; i < SHORT_NAMES; i++) {
		snprintf(name, sizeof(name), "%08u", i);
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
		expect(fd >= 0 && close(fd) == 0);
		if (i % 200 == 0)
			expect(link(name, "gone") == 0 && unlink("gone") == 0);
	}
	expect(access("gone", F_OK) < 0 && errno == ENOENT);
	expect(rename("gone", "came") < 0 && errno == ENOENT);
	expect(link("00000000", "gone") == 0 && unlink("gone") == 0);
	for (i = 0; i < SHORT_NAMES; i++) {
		snprintf(name, sizeof(name), "%08u", i);
		expect(unlink(name) == 0);
	}
	leave_folder();
}

int main(int argc, char **argv)
{
	sync();				/* the first case counts memory, too */
	return run_cases(argc, argv);
}
