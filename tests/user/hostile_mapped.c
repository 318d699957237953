/*
 * hostile_mapped.c - pages of a file behind its end, where the processor and
 * the kernel look: code, stacks, variables of threads, words of locks, buffers.
 *
 * The tests of a disk run this program with /tmp on the disk.
 *
 * linux: no
 */
#include "tests/user/hostile.h"
#include "tests/user/raw.h"
#include "tests/user/thread_case.h"

#define PAGE	4096
#define PAGES	4
#define ROUNDS	200

static int file;

/* Map a new file of this many bytes, and the pages behind. */
static char *map_file(int bytes, int flags)
{
	char path[] = "/tmp/hostile_mapped.XXXXXX", *at;

	file = mkstemp(path);
	require(file >= 0 && unlink(path) == 0);
	require(ftruncate(file, bytes) == 0);
	at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		  flags, file, 0);
	require(at != MAP_FAILED);
	return at;
}

/* ---- Accesses ------------------------------------------------------------ */

static char *place;

static int read_place(void)
{
	return *(volatile char *)place;
}

static int write_place(void)
{
	*(volatile char *)place = 1;
	return 0;
}

static int run_place(void)
{
	((void (*)(void))(uintptr_t)place)();
	return 0;
}

/* A signal whose frame would lie there. */
static int use_as_alternate_stack(void)
{
	const stack_t stack = { .ss_sp = place, .ss_size = 2 * PAGE };

	require(sigaltstack(&stack, NULL) == 0);
	set_handler(SIGUSR1, catch_it, SA_ONSTACK);
	raise(SIGUSR1);
	return 0;
}

static int use_as_stack(void)
{
	__asm__ volatile("mov %0, %%esp; push %%eax" : :
			 "r"(place + PAGE) : "memory");
	return 0;
}

static int end_of(int (*use)(void))
{
	return run_in_child(use);
}

static int touch_behind_the_end(void)
{
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };

	for (int i = 0; i < 2; i++) {
		place = map_file(100, flags[i]) + PAGE;
		expect(end_of(read_place) == -SIGBUS);
		expect(end_of(write_place) == -SIGBUS);
		expect(end_of(run_place) == -SIGBUS);
		expect(end_of(use_as_stack) == -SIGBUS);
		expect(end_of(use_as_alternate_stack) == -SIGSEGV);
		place -= PAGE;
		expect(end_of(read_place) == 0);
		/* What was there before the cut is there no more. */
		require(ftruncate(file, 3 * PAGE) == 0);
		place[2 * PAGE] = 'x';
		place += 2 * PAGE;
		require(ftruncate(file, PAGE) == 0);
		expect(flags[i] == MAP_PRIVATE || end_of(read_place) ==
		       -SIGBUS);
	}
	return case_failed;
}

CASE(page_behind_the_end_is_there)
{
	attack_beside_root(touch_behind_the_end);
}

/* ---- What the kernel reads and writes itself ----------------------------- */

/* Each call refuses the page, and changes nothing. */
static int give_to_calls(void)
{
	char *bad = map_file(0, MAP_SHARED), byte = 'k';
	int ends[2];

	require(pipe(ends) == 0 && write(ends[1], &byte, 1) == 1);
	expect_error(read(ends[0], bad, 1), EFAULT);
	expect(read(ends[0], &byte, 1) == 1 && byte == 'k');
	expect_error(write(ends[1], bad, 1), EFAULT);
	expect_error(open(bad, O_RDONLY), EFAULT);
	expect_error(pipe((int *)bad), EFAULT);
	expect_error(execve("/bin/true", (char **)bad, NULL), EFAULT);
	expect(raw_call(RAW_futex, (uintptr_t)bad, 0, 0, 0) == -EFAULT);
	expect(raw_call(RAW_sem_wait, (uintptr_t)bad) == -EFAULT);
	/* From the file into itself, behind its end. */
	require(ftruncate(file, PAGE) == 0);
	expect_error(pread(file, bad + PAGE, 10, 0), EFAULT);
	expect_error(pwrite(file, bad + PAGE, 10, 0), EFAULT);
	expect(pwrite(file, bad + PAGE - 5, 10, 0) == 5 || errno == EFAULT);
	/* The call makes the file longer, and with it the page good. */
	expect(pwrite(file, bad, 10, 3 * PAGE) == 10);
	expect(pread(file, bad + PAGE, 10, 0) == 10);
	return case_failed;
}

CASE(kernel_copies_behind_the_end)
{
	attack_beside_root(give_to_calls);
}

/* The kernel clears a word at the end of a thread, and reads the list of locks
 * and the variables of the thread. */
static void *end_at_once(void *unused)
{
	return unused;
}

static int end_with_a_bad_page(void)
{
	char *bad = map_file(0, MAP_SHARED);

	raw_call(RAW_futex, (uintptr_t)bad, 7, 0, 0);
	for (int operation = 0; operation < 16; operation++)
		raw_call(RAW_futex, (uintptr_t)bad, operation, 1, 0);
	raw_call(RAW_thread_create, (uintptr_t)end_at_once,
		 (uintptr_t)bad + 2 * PAGE, (uintptr_t)bad, (uintptr_t)bad, 0);
	case_pause();
	return 0;
}

static int end_with_bad_pages(void)
{
	for (int i = 0; i < 10; i++) {
		int end = run_in_child(end_with_a_bad_page);

		expect(end == 0 || end == -SIGBUS || end == -SIGSEGV);
	}
	return case_failed;
}

CASE(end_of_a_thread_needs_a_page_behind_the_end)
{
	attack_beside_root(end_with_bad_pages);
}

/* ---- Races --------------------------------------------------------------- */

static volatile int stops;

/* The file becomes short and long while others use its pages. */
static void *cut_and_grow(void *unused)
{
	while (!stops) {
		ftruncate(file, 0);
		sched_yield();
		ftruncate(file, PAGES * PAGE);
		sched_yield();
	}
	return unused;
}

static int use_while_it_is_cut(void)
{
	char *at = map_file(PAGES * PAGE, MAP_SHARED);
	pthread_t cutter = create(cut_and_grow, NULL);
	int ends[2];

	require(pipe(ends) == 0);
	set_nonblocking(ends[0], 1);
	set_nonblocking(ends[1], 1);
	for (int i = 0; i < ROUNDS; i++) {
		ssize_t n = write(ends[1], at, PAGES * PAGE);

		expect((n >= 0 && n <= PAGES * PAGE) || errno == EFAULT ||
		       errno == EAGAIN);
		n = read(ends[0], at, PAGES * PAGE);
		expect((n >= 0 && n <= PAGES * PAGE) || errno == EFAULT ||
		       errno == EAGAIN);
		pread(file, at + PAGE, 2 * PAGE, 0);
		pwrite(file, at, 2 * PAGE, PAGE);
		madvise(at, PAGES * PAGE, MADV_DONTNEED);
		mprotect(at, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
		msync(at, PAGES * PAGE, MS_SYNC);
		sched_yield();
	}
	stops = 1;
	join(cutter);
	return case_failed;
}

CASE(cut_during_a_copy_harms_the_kernel)
{
	attack_beside_root(use_while_it_is_cut);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
