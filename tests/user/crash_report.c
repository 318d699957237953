/*
 * crash_report.c - the cause of a crash: the kind of crash is in the status of
 * wait(), and death_text() has the words. With an argument the program crashes
 * in this way: tests/shell/crash.sh compares the report in the kernel's log.
 */
#include <parley.h>
#include <pthread.h>
#include <stdint.h>

#include "tests/user/helpers.h"

/* Volatile: the compiler does not know the value. */
static void *volatile five = (void *)5;
static volatile int depth;
static uint32_t own_words[4];

#define APART	__attribute__((noinline)) static

APART void use_string(void)
{
	printf("%s", (char *)five);
	putchar('\n');
}

APART void *in_thread(void *argument)
{
	use_string();
	return argument;
}

APART void run_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
}

APART void in_handler(int number)
{
	use_string();
	depth = number;
}

/* The handler runs in the place of a call, or between two instructions. */
APART void handle_raised(void)
{
	signal(SIGUSR1, in_handler);
	raise(SIGUSR1);
	depth++;
}

APART void handle_fault(void)
{
	signal(SIGSEGV, in_handler);
	*(volatile int *)five = 1;
	depth++;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b) + 1;
}

APART void sort_strings(void)
{
	const char *names[] = { "b", five, "a" };

	qsort(names, 3, sizeof(names[0]), compare);
	depth++;
}

static int recurse(int n);
static int (*volatile again)(int n) = recurse;

APART int recurse(int n)
{
	volatile char room[64];

	room[n % 64] = n;
	return again(n + 1) + room[(n + 1) % 64];
}

APART void recurse_in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, (void *(*)(void *))(uintptr_t)recurse,
		       NULL);
	pthread_join(thread, NULL);
}

/* A circle of two frames, and frame pointers to invalid addresses. */
APART void crash_with_frame_pointer(uintptr_t frame)
{
	__asm__ volatile("mov %0, %%ebp\n\t"
			 "movl $0, 0" : : "r"(frame) : "memory");
}

APART void loop_of_frames(void)
{
	own_words[0] = (uintptr_t)&own_words[2];
	own_words[1] = own_words[3] = (uintptr_t)loop_of_frames + 1;
	own_words[2] = (uintptr_t)own_words;
	crash_with_frame_pointer((uintptr_t)own_words);
}

APART void frames_in_the_kernel(void)
{
	crash_with_frame_pointer(0xc0100000);
}

APART void frames_not_mapped(void)
{
	crash_with_frame_pointer(0xbffffffc);
}

APART void abort_here(void)
{
	abort();
}

APART void ignore_abort(void)
{
	signal(SIGABRT, SIG_IGN);
	abort();
}

APART void use_missing_function(void)
{
	((void (*)(void))(uintptr_t)0x700000)();
	depth++;
}

/* ---- Misuse of malloc() ------------------------------------------------- */

/* Each call is followed by something, or the compiler would make it a jump. */

/* Volatile, or the compiler would warn. */
static void (*volatile give)(void *) = free;
static char *volatile memory, *volatile neighbour;

APART void take_blocks(void)
{
	memory = malloc(20);
	neighbour = malloc(20);
}

APART void give_block(void)
{
	free(memory);
	depth++;
}

APART void give_neighbour(void)
{
	free(neighbour);
	depth++;
}

APART void free_twice(void)
{
	take_blocks();
	give_block();
	free(memory);
	depth++;
}

/* The second free() comes when both blocks have become one free chunk. */
APART void free_twice_joined(void)
{
	take_blocks();
	give_neighbour();
	give_block();
	free(neighbour);
	depth++;
}

APART void write_beyond(void)
{
	take_blocks();
	memset(memory, 'x', 40);
	give_block();
	depth++;
}

/* free() of the next block meets the damage, and names the guilty block. */
APART void write_beyond_far(void)
{
	take_blocks();
	memset(memory, 0, 40);
	give_neighbour();
	depth++;
}

APART void resize_block(void)
{
	memory = realloc(memory, 100);
	depth++;
}

APART void write_beyond_resized(void)
{
	take_blocks();
	resize_block();
	memset(memory, 'x', 120);
	give_block();
	depth++;
}

APART void write_before(void)
{
	take_blocks();
	memset(memory - 4, 'x', 4);
	give_block();
	depth++;
}

APART void write_freed(void)
{
	take_blocks();
	give_block();
	memset(memory, 'x', 8);
	neighbour = malloc(20);
}

APART void free_inside(void)
{
	static uint32_t words[8] __attribute__((aligned(16)));

	take_blocks();
	words[2] = (uintptr_t)free_inside;	/* as if it was freed */
	words[3] = 32;
	give(words + 4);
	depth++;
}

APART void free_middle(void)
{
	take_blocks();
	give(memory + 4);
	depth++;
}

static const struct {
	const char *name;
	void (*act)(void);
} ways[] = {
	{ "printf", use_string }, { "thread", run_thread },
	{ "raised", handle_raised }, { "fault", handle_fault },
	{ "qsort", sort_strings }, { "recurse", (void (*)(void))recurse },
	{ "recurse-thread", recurse_in_thread }, { "loop", loop_of_frames },
	{ "kernel", frames_in_the_kernel }, { "unmapped", frames_not_mapped },
	{ "abort", abort_here }, { "ignored-abort", ignore_abort },
	{ "missing", use_missing_function },
	{ "twice", free_twice }, { "twice-joined", free_twice_joined },
	{ "beyond", write_beyond }, { "beyond-far", write_beyond_far },
	{ "resized", write_beyond_resized },
	{ "before", write_before }, { "freed", write_freed },
	{ "no-block", free_inside }, { "middle", free_middle },
};

#define WAYS	((int)(sizeof(ways) / sizeof(ways[0])))

static void crash_by(const char *name)
{
	for (int i = 0; i < WAYS; i++)
		if (strcmp(ways[i].name, name) == 0)
			ways[i].act();
	_exit(9);
}

static int dies_with(const char *name, const char *text)
{
	pid_t child = fork_or_fail();
	int status;

	if (child == 0)
		crash_by(name);
	require(waitpid(child, &status, WCAUSE) == child);
	if (!WIFSIGNALED(status) || strcmp(death_text(status), text) != 0)
		printf("# status 0x%x\n", status);
	return WIFSIGNALED(status) && strcmp(death_text(status), text) == 0;
}

CASE(status_names_the_null_pointer)
{
	expect(dies_with("printf", "Segmentation fault: null pointer"));
	expect(dies_with("thread", "Segmentation fault: null pointer"));
	expect(dies_with("fault", "Segmentation fault: null pointer"));
}

CASE(status_names_the_stack_overflow)
{
	expect(dies_with("recurse", "Segmentation fault: stack overflow"));
	expect(dies_with("recurse-thread",
			 "Segmentation fault: stack overflow"));
}

CASE(status_names_abort_also_if_it_was_ignored)
{
	expect(dies_with("abort", "Aborted: the program called abort()"));
	expect(dies_with("ignored-abort",
			 "Aborted: the program called abort()"));
}

#define BEYOND		"Aborted: write beyond the end of a block of malloc()"
#define NO_BLOCK	\
	"Aborted: free() of an address that is no block of malloc()"

CASE(status_names_the_misuse_of_malloc)
{
	expect(dies_with("twice", "Aborted: a block of malloc() was freed "
			 "twice"));
	expect(dies_with("twice-joined", "Aborted: a block of malloc() was "
			 "freed twice"));
	expect(dies_with("beyond", BEYOND));
	expect(dies_with("beyond-far", BEYOND));
	expect(dies_with("before", "Aborted: write before the start of a block "
			 "of malloc()"));
	expect(dies_with("freed", "Aborted: write to a block of malloc() after "
			 "its free()"));
	expect(dies_with("no-block", NO_BLOCK));
	expect(dies_with("middle", NO_BLOCK));
}

CASE(damaged_chain_of_frames_ends_the_program_only)
{
	expect(dies_with("loop", "Segmentation fault: null pointer"));
	expect(dies_with("kernel", "Segmentation fault: null pointer"));
	expect(dies_with("unmapped", "Segmentation fault: null pointer"));
}

CASE(signal_that_was_sent_is_no_crash)
{
	pid_t child = fork_or_fail();
	int status;

	if (child == 0)
		for (;;)
			pause();
	kill(child, SIGSEGV);
	require(waitpid(child, &status, WCAUSE) == child);
	expect(status == SIGSEGV && WCRASH(status) == 0);
	expect(strcmp(death_text(status), "Segmentation fault") == 0);
}

CASE(status_has_16_bits_unless_the_cause_is_wanted)
{
	pid_t child = fork_or_fail();
	int status;

	if (child == 0)
		abort();
	require(waitpid(child, &status, 0) == child);
	expect(status == SIGABRT);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--crash") == 0)
		crash_by(argv[2]);
	return run_cases(argc, argv);
}
