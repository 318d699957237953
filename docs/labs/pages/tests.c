/*
 * tests.c - the tests of lab 7: shared pages and copy on write.
 *
 * lab.toml has the points of each case.
 */
#include <sys/mman.h>

#include "docs/labs/lab.h"

#define PAGE	4096
#define PAGES	200

static volatile unsigned char *memory;

static volatile unsigned char *map(int flags, int fd)
{
	volatile unsigned char *at = mmap(NULL, PAGES * PAGE,
					  PROT_READ | PROT_WRITE, flags, fd, 0);

	require(at != MAP_FAILED);
	return at;
}

/* Private memory in which each page has been written. */
static void fill_memory(void)
{
	memory = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	for (int i = 0; i < PAGES; i++)
		memory[i * PAGE] = i;
}

static int sleep_on(void)
{
	pause();
	return 1;
}

/* Frames of programs that the kernel has given out, after this function. */
static long frames_of(void (*function)(void))
{
	long before;

	counter("frames-user:");
	before = counter("frames-user:");
	function();
	return counter("frames-user:") - before;
}

static pid_t child;

static void start_child(void)
{
	child = start(sleep_on);
	until_asleep(child);
}

CASE(fork_copies_no_page)
{
	long frames;

	fill_memory();
	frames = frames_of(start_child);
	expect(frames < 30);
	kill_and_wait(child);
}

static int fds[2];

/* The child answers by the pipe, then sleeps. */
static int write_and_tell(void)
{
	char answer;

	memory[5 * PAGE] = 77;
	answer = memory[5 * PAGE] == 77 && memory[6 * PAGE] == 6 &&
		 memory[5 * PAGE + 1] == 0;
	return write(fds[1], &answer, 1) == 1 ? sleep_on() : 1;
}

static void start_writer(void)
{
	child = start(write_and_tell);
	until_asleep(child);
}

CASE(write_after_a_fork_copies_one_page)
{
	long frames, without;
	char answer = 0;

	require(pipe(fds) == 0);
	fill_memory();
	without = frames_of(start_child);
	kill_and_wait(child);
	frames = frames_of(start_writer);
	expect(frames > 0 && frames <= without + 3);
	expect(read(fds[0], &answer, 1) == 1 && answer);
	expect(memory[5 * PAGE] == 5);
	kill_and_wait(child);
}

static int look_later(void)
{
	char byte;

	close(fds[1]);
	if (read(fds[0], &byte, 1) != 0)
		return 1;
	for (int i = 0; i < PAGES; i++)
		if (memory[i * PAGE] != i)
			return 2;
	return 7;
}

CASE(childs_memory_is_that_of_the_fork)
{
	require(pipe(fds) == 0);
	fill_memory();
	child = start(look_later);
	until_asleep(child);
	for (int i = 0; i < PAGES; i++)
		memory[i * PAGE] = 99;
	close(fds[1]);
	expect(result_of(child) == 7);
	expect(memory[0] == 99 && memory[(PAGES - 1) * PAGE] == 99);
}

static void write_each(void)
{
	for (int i = 0; i < PAGES; i++)
		memory[i * PAGE] = i + 1;
}

/* The clock of the grader counts instructions. */
static long long instructions_of(void (*function)(void))
{
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	function();
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec -
	       start.tv_nsec;
}

CASE(last_holder_keeps_its_page)
{
	long long with_copies;

	fill_memory();
	start_child();
	expect(frames_of(write_each) >= PAGES);
	kill_and_wait(child);
	start_child();
	kill_and_wait(child);
	expect(frames_of(write_each) < 10);
	expect(memory[3 * PAGE] == 4);
	start_child();
	with_copies = instructions_of(write_each);
	kill_and_wait(child);
	start_child();
	kill_and_wait(child);
	expect(instructions_of(write_each) < with_copies / 2);
}

static unsigned sum;

static void read_each(void)
{
	for (int i = 0; i < PAGES * PAGE; i += 64)
		sum += memory[i];
}

CASE(memory_that_is_read_takes_no_frame)
{
	memory = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	expect(frames_of(read_each) < 10);
	expect(sum == 0);
}

static void write_one(void)
{
	memory[50 * PAGE + 1] = 5;
}

CASE(first_write_gets_a_page_of_its_own)
{
	memory = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	read_each();
	expect(frames_of(write_one) < 5);
	read_each();
	expect(sum == 0 && memory[50 * PAGE + 1] == 5);
	write_each();
	expect(memory[50 * PAGE + 1] == 5 && memory[50 * PAGE] == 51);
	expect(memory[51 * PAGE + 1] == 0);
}

static int answer_in_memory(void)
{
	for (int i = 0; i < PAGES; i++) {
		if (memory[i * PAGE] != (i & 0x7f))
			return 1;
		memory[i * PAGE + 1] = 1;
	}
	return 7;
}

CASE(shared_memory_is_one_memory)
{
	memory = map(MAP_SHARED | MAP_ANONYMOUS, -1);
	for (int i = 0; i < PAGES / 2; i++)
		memory[i * PAGE] = i & 0x7f;
	child = fork_or_fail();
	if (child == 0) {
		case_pause();
		_exit(answer_in_memory());
	}
	for (int i = PAGES / 2; i < PAGES; i++)
		memory[i * PAGE] = i & 0x7f;
	expect(result_of(child) == 7);
	for (int i = 0; i < PAGES; i++)
		expect(memory[i * PAGE + 1] == 1);
}

static int open_file(void)
{
	static const char page[PAGE] = "first";
	int fd = open("/tmp/lab-pages", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0);
	for (int i = 0; i < PAGES; i++)
		require(write(fd, page, PAGE) == PAGE);
	unlink("/tmp/lab-pages");
	return fd;
}

CASE(shared_mapping_changes_the_file)
{
	char byte = 0;
	int fd = open_file();

	memory = map(MAP_SHARED, fd);
	expect(memory[0] == 'f' && memory[7 * PAGE] == 'f');
	memory[7 * PAGE] = 'F';
	expect(pread(fd, &byte, 1, 7 * PAGE) == 1 && byte == 'F');
	expect(pwrite(fd, "G", 1, 8 * PAGE) == 1 && memory[8 * PAGE] == 'G');
}

CASE(private_mapping_does_not_change_the_file)
{
	char byte = 0;
	int fd = open_file();

	memory = map(MAP_PRIVATE, fd);
	expect(frames_of(read_each) < 10);
	memory[7 * PAGE] = 'F';
	expect(memory[7 * PAGE] == 'F' && memory[7 * PAGE + 1] == 'i');
	expect(pread(fd, &byte, 1, 7 * PAGE) == 1 && byte == 'f');
	memory[9 * PAGE] = 'x';
	expect(memory[9 * PAGE + 1] == 'i' && memory[10 * PAGE] == 'f');
}

LAB_MAIN
