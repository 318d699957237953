/*
 * memory_all_parley.c - all memory of the machine is used, and keeps its bytes.
 *
 * The sizes follow the free memory. On a machine with more than 768 MiB, most
 * frames have no address in the kernel: `make test-memory` runs this program
 * with 4 GiB, tests/shell/high_memory.sh with 2 GiB.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE		4096u
#define WORDS		(PAGE / sizeof(uint32_t))
#define STEP		16		/* every 16th word of a page is used */
#define MIB_PAGES	256u
#define PART_MOST	(512 * MIB_PAGES)
#define FILE_MOST	(1024l * MIB_PAGES)
#define BLOCK_PAGES	16u
#define RW		(PROT_READ | PROT_WRITE)

static long free_pages(void)
{
	return sysconf(_SC_AVPHYS_PAGES);
}

/* The number behind "name: " in /proc/meminfo. */
static long counter(const char *name)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[80];
	long value = -1;

	require(file);
	while (value < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			value = atol(line + strlen(name));
	fclose(file);
	return value;
}

static uint32_t *map_pages(uint32_t pages)
{
	void *memory = mmap(NULL, pages * PAGE, RW,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(memory != MAP_FAILED);
	return memory;
}

/* ---- Processes ----------------------------------------------------------- */

static void fill(uint32_t *memory, uint32_t pages, uint32_t seed)
{
	for (uint32_t i = 0; i < pages * WORDS; i += STEP)
		memory[i] = i * 2654435761u + seed;
}

static int is_filled(const uint32_t *memory, uint32_t pages, uint32_t seed)
{
	for (uint32_t i = 0; i < pages * WORDS; i += STEP)
		if (memory[i] != i * 2654435761u + seed)
			return 0;
	return 1;
}

/* Fill, say so, wait until all have filled, and look. */
static void fill_and_look(uint32_t pages, uint32_t seed, int ready, int go)
{
	uint32_t *memory = map_pages(pages);
	char byte;

	fill(memory, pages, seed);
	require(write(ready, "", 1) == 1);
	require(read(go, &byte, 1) == 0);
	_exit(is_filled(memory, pages, seed) ? 0 : 1);
}

CASE(processes_fill_most_of_the_memory_at_once)
{
	long before = free_pages();
	uint32_t pages = before / 8 * 5;
	uint32_t count = pages / PART_MOST + 4, part = pages / count;
	int ready[2], go[2], status;
	char byte;

	require(pipe(ready) == 0 && pipe(go) == 0);
	for (uint32_t i = 0; i < count; i++)
		if (fork() == 0) {
			close(go[1]);
			fill_and_look(part, i, ready[1], go[0]);
		}
	for (uint32_t i = 0; i < count; i++)
		expect(read(ready[0], &byte, 1) == 1);
	expect(before - free_pages() >= (long)(part * count));
	close(go[1]);
	for (uint32_t i = 0; i < count; i++) {
		expect(wait(&status) > 0);
		expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	expect(free_pages() + MIB_PAGES > before);
}

/* ---- A file -------------------------------------------------------------- */

static uint32_t chunk[BLOCK_PAGES * WORDS];

/* The bytes of block n, and their sum. */
static uint32_t make_block(uint32_t n)
{
	uint32_t word = n * 2654435761u + 1, sum = 0;

	for (uint32_t i = 0; i < BLOCK_PAGES * WORDS; i++) {
		word = word * 1664525u + 1013904223u;
		chunk[i] = word;
		sum = sum * 31 + word;
	}
	return sum;
}

static uint32_t sum_of(const uint32_t *words)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < BLOCK_PAGES * WORDS; i++)
		sum = sum * 31 + words[i];
	return sum;
}

static uint32_t write_blocks(int fd, uint32_t blocks)
{
	uint32_t sum = 0;

	for (uint32_t n = 0; n < blocks; n++) {
		sum ^= make_block(n) + n;
		require(write(fd, chunk, sizeof(chunk)) == sizeof(chunk));
	}
	return sum;
}

static uint32_t read_blocks(int fd, uint32_t blocks)
{
	uint32_t sum = 0;

	for (uint32_t n = 0; n < blocks; n++) {
		require(read(fd, chunk, sizeof(chunk)) == sizeof(chunk));
		sum ^= sum_of(chunk) + n;
	}
	return sum;
}

CASE(file_of_a_quarter_of_the_memory_keeps_each_byte)
{
	long pages = free_pages() / 4;
	uint32_t blocks = (pages < FILE_MOST ? pages : FILE_MOST) / BLOCK_PAGES;
	int fd = open("/tmp/all", O_RDWR | O_CREAT | O_EXCL, 0600);
	uint32_t sum, mapped = 0;
	const uint32_t *memory;

	require(fd >= 0);
	unlink("/tmp/all");
	sum = write_blocks(fd, blocks);
	require(lseek(fd, 0, SEEK_SET) == 0);
	expect(read_blocks(fd, blocks) == sum);
	memory = mmap(NULL, blocks * sizeof(chunk), PROT_READ, MAP_SHARED, fd,
		      0);
	require(memory != MAP_FAILED);
	for (uint32_t n = 0; n < blocks; n++)
		mapped ^= sum_of(memory + n * BLOCK_PAGES * WORDS) + n;
	expect(mapped == sum);
}

/* A hole is filled from a mapping of the hole itself: the page is made during
 * the copy, and shows no old bytes. */
CASE(write_from_a_mapping_of_the_page_shows_zeros)
{
	int fd = open("/tmp/hole", O_RDWR | O_CREAT | O_EXCL, 0600);
	uint32_t *hole;

	require(fd >= 0);
	unlink("/tmp/hole");
	require(ftruncate(fd, 2 * PAGE) == 0);
	hole = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	require(hole != MAP_FAILED);
	expect(pwrite(fd, hole, PAGE, 0) == PAGE);
	for (uint32_t i = 0; i < WORDS; i++)
		require(hole[i] == 0);
	hole[5] = 5;
	expect(pread(fd, chunk, PAGE, 0) == PAGE && chunk[5] == 5);
}

/* The last page of the buffer cannot be read: nothing old is left behind. */
CASE(write_that_breaks_off_leaves_zeros)
{
	int fd = open("/tmp/broken", O_RDWR | O_CREAT | O_EXCL, 0600);
	char *memory = (char *)map_pages(2);

	require(fd >= 0);
	unlink("/tmp/broken");
	memset(memory, 'x', 2 * PAGE);
	require(munmap(memory + PAGE, PAGE) == 0);
	expect(write(fd, memory + 100, 2 * PAGE) == -1 && errno == EFAULT);
	expect(lseek(fd, 0, SEEK_END) == 0);
	require(ftruncate(fd, PAGE) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	require(read(fd, chunk, PAGE) == PAGE);
	for (uint32_t i = 0; i < WORDS; i++)
		require(chunk[i] == 0);
}

/* ---- Which frames -------------------------------------------------------- */

CASE(memory_that_is_only_read_takes_no_frames)
{
	uint32_t pages = 16 * MIB_PAGES, sum = 0;
	long before;
	uint32_t *memory = map_pages(pages);

	before = free_pages();
	for (uint32_t i = 0; i < pages; i++)
		sum += memory[i * WORDS];
	expect(sum == 0);
	expect(before - free_pages() < 16);
	fill(memory, pages, 1);
	expect(before - free_pages() >= (long)pages);
}

CASE(programs_get_high_frames_as_long_as_there_are_any)
{
	long pages = 64 * MIB_PAGES;
	long low = counter("free-low:");

	if (free_pages() * 4 - low < 2 * pages * 4)
		return;			/* a machine without high frames */
	fill(map_pages(pages), pages, 1);
	expect(low - counter("free-low:") < 1024);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
