/*
 * memory_fork.c - memory across fork: private pages are copied when either
 * side, or the kernel for either side, writes; shared pages are never copied.
 * Any POSIX system.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static char *map_with(size_t bytes, int flags)
{
	char *pages = mmap(NULL, bytes, RW, flags, -1, 0);

	require(pages != MAP_FAILED);
	return pages;
}

static int is_all(const char *bytes, size_t size, char value)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != value)
			return 0;
	return 1;
}

/* Fork; in the child run `statement` and end with its failures. */
#define in_child(statement) do {		\
	pid_t child_ = fork_or_fail();		\
						\
	if (child_ == 0) {			\
		statement;			\
		_exit(case_failed);		\
	}					\
	expect(result_of(child_) == 0);		\
} while (0)

/* ---- Writes by the programs ---------------------------------------------- */

CASE(childs_writes_stay_with_the_child)
{
	char *pages = map_with(20 * PAGE, ANON);

	memset(pages, 1, 20 * PAGE);
	in_child(memset(pages, 2, 20 * PAGE));
	expect(is_all(pages, 20 * PAGE, 1));
}

CASE(parents_writes_stay_with_the_parent)
{
	char *pages = map_with(20 * PAGE, ANON);
	int fds[2];
	char byte;
	pid_t child;

	memset(pages, 1, 20 * PAGE);
	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		read(fds[0], &byte, 1);
		_exit(!is_all(pages, 20 * PAGE, 1));
	}
	memset(pages, 2, 20 * PAGE);
	write(fds[1], "x", 1);
	expect(result_of(child) == 0);
}

CASE(untouched_pages_part_as_well)
{
	char *pages = map_with(10 * PAGE, ANON);

	in_child(memset(pages, 2, 10 * PAGE));
	expect(is_all(pages, 10 * PAGE, 0));
	in_child((void)*(volatile char *)pages; pages[5] = 1);
	expect(is_all(pages, 10 * PAGE, 0));
}

/* Most of the region has no page table. */
CASE(pages_far_apart_in_a_region_are_all_copied)
{
	static const size_t at[] = { 0, 5 << 20, 31 << 20, (64 << 20) - PAGE };
	char *pages = map_with(64 << 20, ANON);

	for (int i = 0; i < 4; i++)
		pages[at[i]] = i + 1;
	in_child({
		for (int i = 0; i < 4; i++)
			expect(pages[at[i]] == i + 1);
		expect(pages[1 << 20] == 0 && pages[40 << 20] == 0);
		memset(pages, 9, PAGE);
		pages[at[3]] = 9;
	});
	for (int i = 0; i < 4; i++)
		expect(pages[at[i]] == i + 1);
	munmap(pages, 64 << 20);
}

CASE(three_generations_keep_apart)
{
	char *page = map_with(PAGE, ANON);

	*page = 1;
	in_child(
		*page = 2;
		in_child(
			*page = 3;
			in_child(expect(*page == 3); *page = 4);
			expect(*page == 3));
		expect(*page == 2));
	expect(*page == 1);
}

CASE(last_holder_writes_its_own_page)
{
	char *pages = map_with(10 * PAGE, ANON);

	for (int i = 0; i < 20; i++) {
		memset(pages, i, 10 * PAGE);
		in_child(expect(is_all(pages, 10 * PAGE, i)));
		memset(pages, i + 1, 10 * PAGE);
	}
}

CASE(child_can_unmap_without_harm)
{
	char *pages = map_with(4 * PAGE, ANON);

	memset(pages, 1, 4 * PAGE);
	in_child(munmap(pages, 4 * PAGE));
	expect(is_all(pages, 4 * PAGE, 1));
	in_child(mprotect(pages, 4 * PAGE, PROT_NONE));
	memset(pages, 2, 4 * PAGE);
}

/* ---- Rights must not lift the copying ------------------------------------ */

CASE(mprotect_in_the_child_does_not_share_writes)
{
	char *page = map_with(PAGE, ANON);

	*page = 1;
	in_child(
		require(mprotect(page, PAGE, PROT_READ) == 0);
		require(mprotect(page, PAGE, RW) == 0);
		*page = 2);
	expect(*page == 1);
}

CASE(mprotect_before_the_fork_does_not_share_writes)
{
	char *page = map_with(PAGE, ANON);

	*page = 1;
	require(mprotect(page, PAGE, PROT_READ) == 0);
	in_child(
		require(mprotect(page, PAGE, RW) == 0);
		*page = 2);
	expect(*page == 1);
	require(mprotect(page, PAGE, PROT_NONE) == 0);
	in_child(
		require(mprotect(page, PAGE, RW) == 0);
		expect(*page == 1);
		*page = 3);
	require(mprotect(page, PAGE, RW) == 0);
	expect(*page == 1);
}

CASE(mprotect_in_the_parent_does_not_share_writes)
{
	char *page = map_with(PAGE, ANON);
	int fds[2];
	char byte;
	pid_t child;

	*page = 1;
	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		read(fds[0], &byte, 1);
		_exit(*page != 1);
	}
	require(mprotect(page, PAGE, PROT_READ) == 0);
	require(mprotect(page, PAGE, RW) == 0);
	*page = 2;
	write(fds[1], "x", 1);
	expect(result_of(child) == 0);
}

/* ---- Writes by the kernel ------------------------------------------------ */

CASE(read_into_a_shared_page_copies_it)
{
	char *page = map_with(PAGE, ANON);
	int fds[2];

	memset(page, 'p', PAGE);
	require(pipe(fds) == 0);
	require(write(fds[1], "CHILD", 5) == 5);
	in_child(
		expect(read(fds[0], page, 5) == 5);
		expect(memcmp(page, "CHILDppp", 8) == 0));
	expect(is_all(page, PAGE, 'p'));
}

CASE(read_of_a_file_into_a_shared_page_copies_it)
{
	char *pages = map_with(4 * PAGE, ANON);

	memset(pages, 'p', 4 * PAGE);
	in_child(
		int fd = open(case_program, O_RDONLY);

		expect(read(fd, pages + 100, 3 * PAGE) == 3 * PAGE);
		expect(memcmp(pages + 100, "\177ELF", 4) == 0));
	expect(is_all(pages, 4 * PAGE, 'p'));
}

CASE(results_into_a_shared_page_copy_it)
{
	char *page = map_with(PAGE, ANON);

	memset(page, 'p', PAGE);
	in_child(expect(stat("/", (struct stat *)page) == 0));
	in_child(expect(getcwd(page, PAGE) != NULL));
	in_child(expect(pipe((int *)page) == 0));
	in_child(expect(clock_gettime(CLOCK_MONOTONIC,
				      (struct timespec *)page) == 0));
	in_child(expect(sigprocmask(SIG_BLOCK, NULL, (sigset_t *)page) == 0));
	in_child(
		if (fork() == 0)
			_exit(3);
		expect(wait((int *)page) > 0 && WEXITSTATUS(*(int *)page) ==
		       3));
	expect(is_all(page, PAGE, 'p'));
}

CASE(signal_frame_on_a_shared_stack_copies_it)
{
	volatile char below[8 * PAGE];

	for (int i = 0; i < 8 * PAGE; i++)
		below[i] = 'p';
	in_child(
		set_handler(SIGUSR1, catch_it, 0);
		raise(SIGUSR1);
		expect(caught == 1));
	for (int i = 0; i < 8 * PAGE; i++)
		require(below[i] == 'p');
}

/* ---- Shared memory ------------------------------------------------------- */

CASE(shared_anonymous_memory_is_shared)
{
	char *pages = map_with(10 * PAGE, MAP_SHARED | MAP_ANONYMOUS);

	expect(is_all(pages, 10 * PAGE, 0));
	in_child(memset(pages, 2, 10 * PAGE));
	expect(is_all(pages, 10 * PAGE, 2));
	pages[0] = 3;
	in_child(expect(pages[0] == 3); pages[PAGE] = 4);
	expect(pages[PAGE] == 4);
}

CASE(kernel_writes_to_shared_memory_reach_all)
{
	char *page = map_with(PAGE, MAP_SHARED | MAP_ANONYMOUS);
	int fds[2];

	require(pipe(fds) == 0 && write(fds[1], "hello", 5) == 5);
	in_child(expect(read(fds[0], page, 5) == 5));
	expect(memcmp(page, "hello", 5) == 0);
}

CASE(shared_memory_outlives_who_made_it)
{
	char *page = map_with(PAGE, MAP_SHARED | MAP_ANONYMOUS);

	in_child(
		if (fork() == 0) {
			while (getppid() == *(volatile int *)page)
				case_pause();
			page[100] = 7;
			_exit(0);
		}
		*(int *)page = getpid());
	while (*(volatile char *)(page + 100) != 7)
		case_pause();
}

/* ---- Private mappings of files ------------------------------------------- */

static char file[] = "/tmp/memory_fork";

static int make_file(void)
{
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	char text[2 * PAGE + 100];

	memset(text, 'f', sizeof(text));
	require(fd >= 0 && write(fd, text, sizeof(text)) == sizeof(text));
	unlink(file);
	return fd;
}

CASE(private_writes_do_not_reach_the_file)
{
	char text[100], *pages;
	int fd = make_file();

	pages = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0);
	require(pages != MAP_FAILED);
	expect(is_all(pages, 2 * PAGE + 100, 'f'));
	expect(is_all(pages + 2 * PAGE + 100, PAGE - 100, 0));
	memset(pages, 'w', 3 * PAGE);
	expect(lseek(fd, 0, SEEK_SET) == 0 && read(fd, text, 100) == 100);
	expect(is_all(text, 100, 'f'));
	in_child(memset(pages, 'c', 3 * PAGE));
	expect(is_all(pages, 3 * PAGE, 'w'));
}

CASE(mapping_outlives_descriptor_and_name)
{
	int fd = make_file();
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE);

	require(pages != MAP_FAILED);
	close(fd);
	expect(is_all(pages, PAGE, 'f'));
	in_child(expect(is_all(pages, PAGE + 100, 'f')));
}

CASE_DIES(beyond_the_file_is_sigbus, SIGBUS)
{
	int fd = make_file();
	volatile char *pages = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE,
				    fd, 0);

	require(pages != MAP_FAILED);
	(void)pages[3 * PAGE];
}

CASE(rights_of_the_descriptor_count)
{
	int fd = make_file(), reader, writer;

	close(fd);
	fd = open(file, O_RDWR | O_CREAT, 0600);
	reader = open(file, O_RDONLY);
	writer = open(file, O_WRONLY);
	unlink(file);
	require(reader >= 0 && writer >= 0);
	expect(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0) ==
	       MAP_FAILED && errno == EACCES);
	expect(mmap(NULL, PAGE, RW, MAP_SHARED, reader, 0) == MAP_FAILED &&
	       errno == EACCES);
	expect(mmap(NULL, PAGE, RW, MAP_PRIVATE, reader, 0) != MAP_FAILED);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
