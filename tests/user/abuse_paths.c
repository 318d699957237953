/*
 * abuse_paths.c - paths and vectors of strings without an end, too long or with
 * odd bytes; buffers that overlap, or contain the stack of the call.
 */
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE	4096

static char *map(size_t size, int prot)
{
	char *pages = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			   0);

	require(pages != MAP_FAILED);
	return pages;
}

/* The end of a page behind which nothing is. */
static char *edge(void)
{
	char *pages = map(2 * PAGE, PROT_READ | PROT_WRITE);

	require(munmap(pages + PAGE, PAGE) == 0);
	return pages + PAGE;
}

/* Every call with a path gives this error for this path. */
static void expect_of_all(const char *path, int error)
{
	struct stat status;

	expect_error(open(path, O_RDONLY), error);
	expect_error(open(path, O_RDWR | O_CREAT, 0600), error);
	expect_error(stat(path, &status), error);
	expect_error(mkdir(path, 0700), error);
	expect_error(rmdir(path), error);
	expect_error(unlink(path), error);
	expect_error(chdir(path), error);
	expect_error(chmod(path, 0600), error);
	expect_error(access(path, F_OK), error);
	expect_error(rename(path, "/tmp/x"), error);
	expect_error(execve(path, NULL, NULL), error);
	expect_error(utimensat(AT_FDCWD, path, NULL, 0), error);
}

/* ---- Paths --------------------------------------------------------------- */

CASE(path_that_runs_out_of_memory_is_efault)
{
	char *end = edge();

	memset(end - 100, 'p', 100);
	for (int i = 1; i <= 100; i += 9)
		expect_of_all(end - i, EFAULT);
}

CASE(path_that_ends_at_the_edge_is_read)
{
	char *end = edge();

	strcpy(end - 9, "/no/such");
	expect_error(open(end - 9, O_RDONLY), ENOENT);
	strcpy(end - 2, "/");
	expect(access(end - 2, F_OK) == 0);
}

CASE(path_at_the_end_of_user_space)
{
	char *last = mmap((void *)0xbffff000, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	require(last == (char *)0xbffff000);
	memset(last, '/', PAGE);
	expect_of_all(last + PAGE - 10, EFAULT);
	last[PAGE - 1] = '\0';
	expect(access(last + PAGE - 10, F_OK) == 0);
}

CASE(path_of_path_max_is_too_long)
{
	char *path = map(2 * PAGE, PROT_READ | PROT_WRITE);

	memset(path, '/', PATH_MAX);
	expect_of_all(path, ENAMETOOLONG);
	path[PATH_MAX - 1] = '\0';
	expect(access(path, F_OK) == 0);
	memset(path, 'n', NAME_MAX + 1);
	path[NAME_MAX + 1] = '\0';
	expect_of_all(path, ENAMETOOLONG);
}

CASE(empty_path_is_enoent)
{
	char *path = map(PAGE, PROT_READ | PROT_WRITE);

	expect_of_all(path, ENOENT);
}

CASE(a_thousand_dots_lead_nowhere_bad)
{
	char *path = map(PAGE, PROT_READ | PROT_WRITE);

	while (strlen(path) < PATH_MAX - 10)
		strcat(path, "../");
	expect(access(path, F_OK) == 0);
	strcpy(path, "/");
	while (strlen(path) < PATH_MAX - 10)
		strcat(path, "./");
	expect(access(path, F_OK) == 0);
}

CASE(odd_bytes_in_a_name_are_just_bytes)
{
	char name[] = "/tmp/\x01\x1b[2J\xff\x80\n";
	int fd = open(name, O_RDWR | O_CREAT, 0600);

	expect(fd >= 0 && unlink(name) == 0);
}

/* ---- Vectors of strings -------------------------------------------------- */

static int refused(void *argv, void *envp)
{
	return execve(case_program, argv, envp) < 0 ? errno : 0;
}

CASE(vector_that_does_not_end_is_efault)
{
	char **end = (char **)edge();

	for (int i = 1; i <= 20; i++)
		end[-i] = "word";
	expect(refused(end - 20, NULL) == EFAULT);
	expect(refused(NULL, end - 20) == EFAULT);
	expect(refused(end, NULL) == EFAULT);
}

CASE(vector_of_itself_is_read_once)
{
	char **words = (char **)map(PAGE, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 100; i++)
		words[i] = (char *)words;
	words[100] = (char *)0xc0000000;
	expect(refused(words, words) == EFAULT);
}

CASE(a_million_words_are_e2big)
{
	char **words = (char **)map(4000000, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 999999; i++)
		words[i] = "";
	expect(refused(words, NULL) == E2BIG);
	expect(refused(NULL, words) == E2BIG);
}

CASE(strings_at_the_edge_are_efault_not_more)
{
	char *end = edge(), *words[] = { end - 5, NULL };

	memset(end - 5, 'w', 5);
	expect(refused(words, NULL) == EFAULT);
	words[0] = (char *)0xbfffffff;
	expect(refused(words, NULL) == EFAULT);
	words[0] = (char *)0xc0100000;
	expect(refused(NULL, words) == EFAULT);
}

CASE(thousands_of_refusals_leave_nothing)
{
	static char big[30000];
	char *words[] = { big, big, big, (char *)16, NULL };

	memset(big, 'b', sizeof(big) - 1);
	for (int i = 0; i < 3000; i++) {
		int error = refused(words, words);

		require(error == EFAULT || error == E2BIG);
	}
}

int main(int argc, char **argv);

/* ---- Results in odd places ----------------------------------------------- */

CASE(result_over_the_code_is_refused)
{
	int fds[2];

	require(pipe(fds) == 0);
	expect(write(fds[1], "x", 1) == 1);
	expect_error(read(fds[0], (void *)(uintptr_t)map, 1), EFAULT);
	expect_error(uname((void *)(uintptr_t)main), EFAULT);
}

CASE(result_over_the_calls_own_arguments)
{
	struct raw_words words = { { 0 } };

	words.word[1] = (uintptr_t)&words;
	words.word[2] = 0;
	expect(raw_int80(RAW_pipe2, &words) == 0);
	expect(words.word[0] > 0 && words.word[1] > words.word[0]);
}

CASE(result_below_the_stack_pointer)
{
	volatile char *below = (char *)__builtin_frame_address(0) - 2000;

	expect(raw_call(RAW_clock_gettime, CLOCK_MONOTONIC,
			(uintptr_t)below) == 0);
}

CASE(input_and_output_overlap)
{
	struct sigaction action;
	sigset_t set = set_of(SIGUSR1), expected;
	struct timespec time = { 0, 1000 };

	memset(&action, 0, sizeof(action));
	action.sa_handler = catch_it;
	expect(raw_call(RAW_sigaction, SIGUSR1, (uintptr_t)&action,
			(uintptr_t)&action) == 0);
	expect(action.sa_handler == SIG_DFL);
	expect(raw_call(RAW_sigprocmask, SIG_BLOCK, (uintptr_t)&set,
			(uintptr_t)&set) == 0);
	expect(!sigismember(&set, SIGUSR1));
	sigprocmask(SIG_BLOCK, NULL, &expected);
	expect(sigismember(&expected, SIGUSR1));
	expect(raw_call(RAW_clock_nanosleep, CLOCK_MONOTONIC, 0,
			(uintptr_t)&time, (uintptr_t)&time) == 0);
}

CASE(path_and_result_overlap)
{
	union {
		char path[sizeof(struct stat)];
		struct stat status;
	} both = { "/tmp" };

	expect(raw_call(RAW_fstatat, AT_FDCWD, (uintptr_t)&both,
			(uintptr_t)&both) == 0);
	expect(S_ISDIR(both.status.st_mode));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
