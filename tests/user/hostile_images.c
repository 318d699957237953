/*
 * hostile_images.c - programs with headers and tables that lie, made by chance:
 * the headers of a program's file, and the table of symbols that the kernel
 * reads when the program crashes.
 *
 * `hostile_images --forge` crashes with a table of symbols full of names that
 * look like lines of the kernel's log, for tests/shell/crash.sh.
 *
 * linux: no
 */
#include <sys/stat.h>

#include "tests/user/hostile.h"

#define ROUNDS		150
#define HEADER_BYTES	(52 + 4 * 32)	/* of the file, and of segments */

static const char file[] = "/tmp/hostile_images";
static unsigned char *image;
static size_t image_bytes;
static uint32_t seed = 1;

static uint32_t next_random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static uint32_t *word_at(size_t at)
{
	return (uint32_t *)(image + at);
}

static void read_image(void)
{
	struct stat status;
	int fd = open(case_program, O_RDONLY);

	require(fd >= 0 && fstat(fd, &status) == 0);
	image_bytes = status.st_size;
	image = malloc(image_bytes);
	require(image && read_all(fd, image, image_bytes));
	close(fd);
}

static void write_image(void)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	require(fd >= 0);
	require(write(fd, image, image_bytes) == (ssize_t)image_bytes);
	close(fd);
}

/* Change a byte or a word of the range to a value that is often a limit. */
static void damage(size_t start, size_t bytes)
{
	static const uint32_t limits[] = {
		0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 0xc0000000,
		0xfffff000, 0x1000, 0xbffffffc, 0x40000000,
	};
	size_t at = start + next_random() % (bytes - 4);

	if (next_random() % 2)
		image[at] = next_random();
	else
		memcpy(image + at, &limits[next_random() % 10], 4);
}

/* Run the damaged program. Any end is right, but an end there must be. */
static void run_image(const char *argument)
{
	int status, patience = 400;
	pid_t child;

	write_image();
	child = fork_or_fail();
	if (child == 0) {
		execl(file, file, argument, NULL);
		_exit(1);
	}
	while (waitpid(child, &status, WNOHANG) == 0 && patience-- > 0)
		case_pause();
	if (patience <= 0)
		kill_and_wait(child);
}

static int run_damaged_headers(void)
{
	unsigned char good[HEADER_BYTES];

	read_image();
	memcpy(good, image, sizeof(good));
	for (int i = 0; i < ROUNDS; i++) {
		memcpy(image, good, sizeof(good));
		for (unsigned n = next_random() % 4 + 1; n > 0; n--)
			damage(0, sizeof(good));
		run_image("--end");
	}
	unlink(file);
	return case_failed;
}

CASE(damaged_headers_harm_nobody)
{
	attack_beside_root(run_damaged_headers);
}

/* ---- The table of symbols ------------------------------------------------ */

/* The section header with the table; 0: there is none. */
static size_t find_symbols(void)
{
	size_t headers = *word_at(32), names;
	unsigned count = *word_at(48) & 0xffff, name_index = *word_at(48) >> 16;

	names = *word_at(headers + name_index * 40 + 16);
	for (unsigned i = 0; i < count; i++) {
		size_t at = headers + i * 40;

		if (strcmp((char *)image + names + *word_at(at),
			   ".parley.symbols") == 0)
			return at;
	}
	return 0;
}

static int run_damaged_symbols(void)
{
	size_t header, table, bytes;
	unsigned char *good;

	read_image();
	header = find_symbols();
	require(header);
	table = *word_at(header + 16);
	bytes = *word_at(header + 20);
	good = malloc(image_bytes);
	require(good);
	memcpy(good, image, image_bytes);
	for (int i = 0; i < ROUNDS; i++) {
		memcpy(image, good, image_bytes);
		for (unsigned n = next_random() % 4 + 1; n > 0; n--)
			damage(table, i % 2 ? 28 : bytes);
		if (i % 3 == 0)
			damage(header, 40);
		run_image("--crash");
	}
	unlink(file);
	return case_failed;
}

CASE(damaged_symbols_harm_nobody)
{
	attack_beside_root(run_damaged_symbols);
}

/* A table that ends in the file's last page, with names behind the end: the
 * kernel must not print what lies behind in memory. */
static int run_table_beyond_the_end(void)
{
	size_t header;

	read_image();
	header = find_symbols();
	require(header);
	*word_at(header + 20) = 0x7fffffff;
	run_image("--crash");
	*word_at(header + 16) = image_bytes - 32;
	*word_at(header + 20) = 4096;
	memcpy(image + image_bytes - 32, "PSY4\1\0\0\0", 8);
	run_image("--crash");
	unlink(file);
	return case_failed;
}

CASE(table_beyond_the_end_of_the_file_is_no_table)
{
	attack_beside_root(run_table_beyond_the_end);
}

/* ---- For tests/shell/crash.sh -------------------------------------------- */

static const char forged[] = "\n\033[31mPANIC: forged\nparley: power off, "
			     "status 0\n";

static int forge(void)
{
	size_t header, table, bytes;

	read_image();
	header = find_symbols();
	table = *word_at(header + 16);
	bytes = *word_at(header + 20);
	for (size_t at = table; at + sizeof(forged) < table + bytes; at++)
		if (memcmp(image + at, "\0main", 6) == 0)
			memcpy(image + at + 1, forged, sizeof(forged) - 1);
	write_image();
	require(chmod(file, 0755) == 0);
	become_attacker();
	execl(file, "PANIC: forged", "--crash", NULL);
	return 1;
}

int main(int argc, char **argv)
{
	case_program = argv[0];
	if (argc == 2 && strcmp(argv[1], "--end") == 0)
		return 0;
	if (argc == 2 && strcmp(argv[1], "--crash") == 0)
		*(volatile int *)nowhere = 1;
	if (argc == 2 && strcmp(argv[1], "--forge") == 0)
		return forge();
	return run_cases(argc, argv);
}
