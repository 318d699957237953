/*
 * memory_map.c - mmap, munmap, mprotect and the heap: which pages are mapped,
 * which are not, and their contents. Any POSIX system.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static char *map(size_t bytes, int prot)
{
	char *pages = mmap(NULL, bytes, prot, ANON, -1, 0);

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

/* Does an access end in SIGSEGV? A child tries the access. */
static int faults_on(volatile char *at, int write)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		if (write)
			*at = 1;
		else
			(void)*at;
		_exit(0);
	}
	return result_of(child) == -SIGSEGV;
}

#define readable(at)	(!faults_on(at, 0))
#define writable(at)	(!faults_on(at, 1))

CASE(dev_zero_gives_pages_of_ones_own)
{
	int fd = open("/dev/zero", O_RDWR);
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd,
			  0);

	require(page != MAP_FAILED);
	close(fd);
	expect(page[0] == 0 && page[8191] == 0);
	page[5000] = 7;
	expect(page[5000] == 7);
	expect(munmap(page, 8192) == 0);
}

CASE(dev_zero_is_shared_with_a_child)
{
	int fd = open("/dev/zero", O_RDWR), other = open("/dev/zero", O_RDONLY);
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  0);

	require(page != MAP_FAILED);
	expect(page[0] == 0);
	if (fork() == 0) {
		page[0] = 7;
		_exit(0);
	}
	wait(NULL);
	expect(page[0] == 7);
	expect(munmap(page, 4096) == 0);
	expect(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, other, 0) ==
	       MAP_FAILED && errno == EACCES);
	close(fd);
	close(other);
}

int main(int argc, char **argv);

/* ---- Anonymous memory ---------------------------------------------------- */

CASE(new_pages_are_zero)
{
	char *pages = map(300 * PAGE, RW);

	expect(is_all(pages, 300 * PAGE, 0));
	memset(pages, 1, 300 * PAGE);
	expect(is_all(pages, 300 * PAGE, 1));
}

CASE(mappings_do_not_overlap)
{
	char *pages[60];

	for (int i = 0; i < 60; i++) {
		pages[i] = map((1 + i % 7) * PAGE, RW);
		memset(pages[i], i + 1, (1 + i % 7) * PAGE);
	}
	for (int i = 0; i < 60; i++)
		expect(is_all(pages[i], (1 + i % 7) * PAGE, i + 1));
}

CASE(a_taken_hint_is_no_order)
{
	char *first = map(PAGE, RW), *second;

	*first = 1;
	second = mmap(first, PAGE, RW, ANON, -1, 0);
	expect(second != MAP_FAILED && second != first);
	expect(*first == 1 && *second == 0);
	second = mmap(first + 100, PAGE, RW, ANON, -1, 0);
	expect(second != MAP_FAILED && (uintptr_t)second % PAGE == 0);
}

CASE(a_free_hint_is_taken)
{
	char *first = map(4 * PAGE, RW);

	require(munmap(first, 4 * PAGE) == 0);
	expect(mmap(first + PAGE, PAGE, RW, ANON, -1, 0) == first + PAGE);
}

CASE(fixed_mapping_replaces_just_its_range)
{
	char *pages = map(5 * PAGE, RW);

	memset(pages, 7, 5 * PAGE);
	expect(mmap(pages + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0) ==
	       pages + 2 * PAGE);
	expect(is_all(pages, 2 * PAGE, 7));
	expect(is_all(pages + 2 * PAGE, PAGE, 0));
	expect(is_all(pages + 3 * PAGE, 2 * PAGE, 7));
}

CASE(odd_length_is_rounded_up_to_pages)
{
	char *pages = map(PAGE + 1, RW);

	pages[2 * PAGE - 1] = 1;
	expect(munmap(pages, PAGE + 1) == 0);
	expect(!readable(pages + 2 * PAGE - 1));
}

CASE_DIES(unmapped_page_is_gone, SIGSEGV)
{
	volatile char *pages = map(PAGE, RW);

	*pages = 1;
	munmap((void *)pages, PAGE);
	*pages = 2;
}

CASE(hole_leaves_both_sides)
{
	char *pages = map(5 * PAGE, RW);

	memset(pages, 9, 5 * PAGE);
	expect(munmap(pages + 2 * PAGE, PAGE) == 0);
	expect(is_all(pages, 2 * PAGE, 9));
	expect(is_all(pages + 3 * PAGE, 2 * PAGE, 9));
	expect(!readable(pages + 2 * PAGE));
	expect(munmap(pages, 5 * PAGE) == 0);
	expect(!readable(pages) && !readable(pages + 4 * PAGE));
}

CASE(unmapping_nothing_is_no_error)
{
	char *pages = map(PAGE, RW);

	expect(munmap(pages, PAGE) == 0);
	expect(munmap(pages, PAGE) == 0);
}

CASE(one_unmap_takes_several_mappings)
{
	char *pages = map(6 * PAGE, RW);

	for (int i = 0; i < 6; i += 2)
		mmap(pages + i * PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, -1,
		     0);
	expect(munmap(pages + PAGE / 4 * 4, 4 * PAGE) == 0);
	expect(readable(pages) && !readable(pages + PAGE));
	expect(!readable(pages + 4 * PAGE) && readable(pages + 5 * PAGE));
}

CASE(memory_comes_back_zero)
{
	char *pages = map(64 * PAGE, RW);

	memset(pages, 0x5a, 64 * PAGE);
	require(munmap(pages, 64 * PAGE) == 0);
	expect(is_all(map(64 * PAGE, RW), 64 * PAGE, 0));
}

/* ---- Refusals ------------------------------------------------------------ */

#define MAP_FAILS(error, ...) \
	expect_error(mmap(__VA_ARGS__) == MAP_FAILED ? -1 : 0, error)

CASE(bad_arguments_of_mmap)
{
	char *pages = map(PAGE, RW);

	MAP_FAILS(EINVAL, NULL, 0, RW, ANON, -1, 0);
	MAP_FAILS(EINVAL, NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0);
	MAP_FAILS(EINVAL, pages + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	MAP_FAILS(EBADF, NULL, PAGE, RW, MAP_PRIVATE, -1, 0);
	MAP_FAILS(EBADF, NULL, PAGE, RW, MAP_PRIVATE, 9999, 0);
	MAP_FAILS(EINVAL, NULL, PAGE, PROT_READ, MAP_PRIVATE, 0, 1);
	MAP_FAILS(ENOMEM, NULL, SIZE_MAX, RW, ANON, -1, 0);
	MAP_FAILS(ENOMEM, NULL, SIZE_MAX - PAGE + 1, RW, ANON, -1, 0);
	MAP_FAILS(ENOMEM, NULL, SIZE_MAX / 2 + 1 + SIZE_MAX / 4, RW, ANON, -1,
		  0);
}

CASE(bad_arguments_of_munmap)
{
	char *pages = map(2 * PAGE, RW);

	*pages = 3;
	expect_error(munmap(pages + 1, PAGE), EINVAL);
	expect_error(munmap(pages, 0), EINVAL);
	expect_error(munmap(pages, SIZE_MAX), EINVAL);
	expect_error(munmap(pages, SIZE_MAX - PAGE), EINVAL);
	expect(*pages == 3);
}

CASE(bad_arguments_of_mprotect)
{
	char *pages = map(3 * PAGE, RW);

	expect_error(mprotect(pages + 1, PAGE, PROT_READ), EINVAL);
	expect_error(mprotect(pages, PAGE, 0x1000), EINVAL);
	require(munmap(pages + PAGE, PAGE) == 0);
	expect_error(mprotect(pages, 3 * PAGE, PROT_READ), ENOMEM);
	expect(mprotect(pages, 0, PROT_NONE) == 0);
}

/* ---- Rights -------------------------------------------------------------- */

CASE(rights_are_what_was_asked)
{
	expect(readable(map(PAGE, PROT_READ)));
	expect(!writable(map(PAGE, PROT_READ)));
	expect(!readable(map(PAGE, PROT_NONE)));
	expect(!writable(map(PAGE, PROT_NONE)));
	expect(readable(map(PAGE, RW)) && writable(map(PAGE, RW)));
}

CASE(rights_change_and_contents_stay)
{
	char *pages = map(3 * PAGE, RW);

	memset(pages, 4, 3 * PAGE);
	expect(mprotect(pages + PAGE, PAGE, PROT_NONE) == 0);
	expect(!readable(pages + PAGE));
	expect(writable(pages) && writable(pages + 2 * PAGE));
	expect(mprotect(pages + PAGE, PAGE, PROT_READ) == 0);
	expect(readable(pages + PAGE) && !writable(pages + PAGE));
	expect(mprotect(pages + PAGE, PAGE, RW) == 0);
	expect(is_all(pages, 3 * PAGE, 4));
	pages[PAGE] = 5;
}

CASE(untouched_pages_obey_too)
{
	char *pages = map(2 * PAGE, RW);

	expect(mprotect(pages, PAGE, PROT_READ) == 0);
	expect(!writable(pages) && pages[0] == 0);
	expect(mprotect(pages, PAGE, PROT_NONE) == 0);
	expect(!readable(pages));
	expect(writable(pages + PAGE));
}

CASE(none_then_writable_again_loses_nothing)
{
	char *pages = map(20 * PAGE, RW);

	memset(pages, 6, 20 * PAGE);
	for (int i = 0; i < 5; i++) {
		require(mprotect(pages, 20 * PAGE, PROT_NONE) == 0);
		require(mprotect(pages, 20 * PAGE, RW) == 0);
	}
	expect(is_all(pages, 20 * PAGE, 6));
}

/* mov $42, %eax; ret */
static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };

static int call(const void *function)
{
	return ((int (*)(void))(uintptr_t)function)();
}

CASE(code_runs_where_it_may)
{
	char *page = map(PAGE, RW);

	memcpy(page, code, sizeof(code));
	require(mprotect(page, PAGE, PROT_READ | PROT_EXEC) == 0);
	expect(call(page) == 42);
	expect(!writable(page));
}

CASE_DIES(text_is_not_writable, SIGSEGV)
{
	void *volatile text = (void *)(uintptr_t)main;

	*(volatile char *)text = 0;
}

CASE_DIES(constants_are_not_writable, SIGSEGV)
{
	void *volatile constant = (void *)(uintptr_t)code;

	*(volatile char *)constant = 0;
}

CASE_DIES(stack_is_not_executable, SIGSEGV)
{
	volatile unsigned char copy[sizeof(code)];

	for (size_t i = 0; i < sizeof(code); i++)
		copy[i] = code[i];
	call((void *)copy);
}

CASE_DIES(heap_is_not_executable, SIGSEGV)
{
	unsigned char *copy = malloc(sizeof(code));

	memcpy(copy, code, sizeof(code));
	call(copy);
}

CASE_DIES(mapped_data_is_not_executable, SIGSEGV)
{
	char *page = map(PAGE, RW);

	memcpy(page, code, sizeof(code));
	call(page);
}

/* ---- The heap ------------------------------------------------------------ */

CASE(heap_grows_and_shrinks)
{
	char *end = sbrk(0);

	require(end != (void *)-1);
	expect(sbrk(100000) == end);
	memset(end, 3, 100000);
	expect(sbrk(0) == end + 100000);
	expect(sbrk(-100000) == end + 100000);
	expect(sbrk(0) == end);
	expect(!readable(end + 99999));
}

CASE(heap_comes_back_zero)
{
	char *end = sbrk(0);

	end += PAGE - (uintptr_t)end % PAGE;
	require(brk(end) == 0);
	for (int i = 0; i < 3; i++) {
		require(brk(end + 10 * PAGE) == 0);
		expect(is_all(end, 10 * PAGE, 0));
		memset(end, 8, 10 * PAGE);
		require(brk(end) == 0);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
