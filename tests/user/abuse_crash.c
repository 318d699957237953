/*
 * abuse_crash.c - programs that crash with a false symbol table: the kernel
 * reads the program's table for its message. Many crashes at once, and programs
 * with odd names.
 *
 * The table lies in a section of the program file that the kernel does not
 * load. Each case changes bytes of the table in a copy of the file, and runs
 * the copy. The copy crashes.
 */
#include <stdint.h>

#include "tests/user/helpers.h"

static const char file[] = "/tmp/abuse_crash";

static unsigned char *bytes;
static long size;

static uint32_t word_at(long at)
{
	uint32_t word;

	memcpy(&word, bytes + at, 4);
	return word;
}

static uint16_t half_at(long at)
{
	uint16_t half;

	memcpy(&half, bytes + at, 2);
	return half;
}

static void set_word(long at, uint32_t word)
{
	memcpy(bytes + at, &word, 4);
}

static void load_program(void)
{
	int fd = open(case_program, O_RDONLY);

	size = lseek(fd, 0, SEEK_END);
	lseek(fd, 0, SEEK_SET);
	bytes = malloc(size);
	require(fd >= 0 && bytes && read_all(fd, bytes, size));
	close(fd);
}

/* The place of the section headers, and of the header of the table. */
static long sections(void)
{
	return word_at(32);
}

static long table_section(void)
{
	long at = sections(), names;

	names = word_at(at + half_at(50) * 40 + 16);
	for (int i = 0; i < half_at(48); i++, at += 40)
		if (strcmp((char *)bytes + names + word_at(at),
			   ".parley.symbols") == 0)
			return at;
	require(!"a table of symbols");
	return 0;
}

/* Write the program and run it with --crash; the result is the exit status or
   minus the signal. */
static int crash(void)
{
	char *argv[] = { (char *)file, "--crash", NULL };
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0700), result;
	pid_t child;

	require(fd >= 0 && write(fd, bytes, size) == size);
	close(fd);
	child = fork_or_fail();
	if (child == 0) {
		execv(file, argv);
		_exit(126);
	}
	result = result_of(child);
	unlink(file);
	return result;
}

static const uint32_t values[] = {
	0, 1, 2, 0x7f, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0,
	0xffffffff, 0x0fffffff, 0x15555555, 0x1fffffff,
};

#define VALUES	(sizeof(values) / sizeof(values[0]))

CASE(honest_copy_crashes)
{
	load_program();
	expect(crash() == -SIGSEGV);
}

CASE(every_word_of_the_tables_header_lies)
{
	load_program();
	long table = word_at(table_section() + 16);

	for (int word = 0; word < 8; word++)
		for (size_t i = 0; i < VALUES; i++) {
			uint32_t old = word_at(table + word * 4);

			set_word(table + word * 4, values[i]);
			require(crash() == -SIGSEGV);
			set_word(table + word * 4, old);
		}
}

CASE(every_field_of_the_section_lies)
{
	load_program();
	long section = table_section();

	for (int word = 0; word < 10; word++)
		for (size_t i = 0; i < VALUES; i++) {
			uint32_t old = word_at(section + word * 4);

			set_word(section + word * 4, values[i]);
			require(crash() == -SIGSEGV);
			set_word(section + word * 4, old);
		}
}

CASE(the_place_of_the_sections_lies)
{
	load_program();
	uint32_t at = word_at(32), counts = word_at(48);

	for (size_t i = 0; i < VALUES; i++) {
		set_word(32, values[i]);
		require(crash() == -SIGSEGV);
		set_word(32, at);
		set_word(48, values[i]);
		require(crash() == -SIGSEGV);
		set_word(48, counts);
	}
}

CASE(random_bytes_in_the_table)
{
	uint32_t seed = 99;

	load_program();
	long table = word_at(table_section() + 16);
	long length = word_at(table_section() + 20);

	for (int i = 0; i < 60; i++) {
		for (int j = 0; j < 40; j++) {
			seed = seed * 1664525 + 1013904223;
			bytes[table + (seed >> 8) % length] = seed;
		}
		require(crash() == -SIGSEGV);
	}
}

CASE(table_without_an_end)
{
	load_program();
	long table = word_at(table_section() + 16);
	long length = word_at(table_section() + 20);

	memset(bytes + table + 24, 0xff, length - 24);
	expect(crash() == -SIGSEGV);
	memset(bytes + table + 24, 'A', length - 24);
	expect(crash() == -SIGSEGV);
}

CASE(name_of_control_characters_is_no_way_out)
{
	static const char odd[] = "/tmp/\x1b]0;\n%s%n\t\xff";
	int fd = open(odd, O_WRONLY | O_CREAT, 0700);
	char *argv[] = { "%s%s%s%n", "--crash", NULL };
	pid_t child;

	load_program();
	require(fd >= 0 && write(fd, bytes, size) == size);
	close(fd);
	child = fork_or_fail();
	if (child == 0) {
		execv(odd, argv);
		_exit(126);
	}
	expect(result_of(child) == -SIGSEGV);
	unlink(odd);
}

CASE(a_hundred_crashes_leave_nothing)
{
	for (int i = 0; i < 100; i++) {
		pid_t child = fork_or_fail();

		if (child == 0)
			*(volatile int *)nowhere = i;
		require(result_of(child) == -SIGSEGV);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--crash") == 0)
		*(volatile int *)nowhere = 1;
	return run_cases(argc, argv);
}
