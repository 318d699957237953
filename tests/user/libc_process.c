/*
 * libc_process.c - how programs start, end, jump, catch signals and run
 * programs.
 *
 * Plain POSIX: this passes on Linux too.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

static int constructed;

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
}

/* The exit status of a child that runs work() without messages on stderr. */
static int status_of(void (*work)(void))
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(2);
		open("/dev/null", O_WRONLY);
		work();
		_exit(99);
	}
	waitpid(child, &status, 0);
	return status;
}

static int order;

static void first(void)
{
	_exit(order == 1 ? 42 : 43);
}

static void second(void)
{
	order++;
}

static void exits_through_handlers(void)
{
	atexit(first);
	atexit(second);
	exit(0);
}

static int *destroyed;			/* shared with the child */

__attribute__((destructor)) static void destroy(void)
{
	if (destroyed)
		*destroyed = *destroyed == 1 ? 2 : 3;
}

static void before_destructors(void)
{
	*destroyed = 1;
}

static void exits_through_destructors(void)
{
	atexit(before_destructors);
	exit(0);
}

static volatile sig_atomic_t caught;

static void note(int signal)
{
	caught = signal;
}

static void aborts_with_handler(void)
{
	signal(SIGABRT, note);
	abort();
}

static void fails_an_assertion(void)
{
	assert(caught == 12345);
}

static void ends(void)
{
	int status = status_of(exits_through_handlers);

	ok(constructed, "constructors_run_before_main");
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42,
		"atexit_runs_the_last_first");
	destroyed = mmap(NULL, sizeof(*destroyed), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	status_of(exits_through_destructors);
	ok(*destroyed == 2, "destructors_run_after_atexit");
	munmap(destroyed, sizeof(*destroyed));
	destroyed = NULL;
	status = status_of(abort);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "abort");
	status = status_of(aborts_with_handler);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
		"abort_does_not_return_from_a_handler");
	status = status_of(fails_an_assertion);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
		"failed_assertion_aborts");
}

static jmp_buf here;

static void jump(int value)
{
	longjmp(here, value);
}

static sigjmp_buf there;

static void leave(int signal)
{
	siglongjmp(there, signal);
}

static void jumps(void)
{
	volatile int turns = 0;
	sigset_t mask;
	int value = setjmp(here);

	if (value < 3) {
		turns++;
		jump(value + 1);
	}
	ok(value == 3 && turns == 3, "longjmp_gives_its_value");
	value = setjmp(here);
	if (value == 0)
		jump(0);
	ok(value == 1, "longjmp_of_0_gives_1");

	signal(SIGUSR1, leave);
	turns = 0;
	value = sigsetjmp(there, 1);
	if (turns++ < 2)
		raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	ok(turns == 3 && value == SIGUSR1 && !sigismember(&mask, SIGUSR1),
		"siglongjmp_brings_the_mask_back");
	signal(SIGUSR1, SIG_DFL);
}

static void signals(void)
{
	sigset_t set, old, pending;
	struct sigaction action;
	long a = 1, b = 2, c = 3, d = 4;

	signal(SIGUSR1, note);
	raise(SIGUSR1);
	ok(caught == SIGUSR1 && a + b + c + d == 10,
		"handler_runs_and_registers_stay");
	ok(signal(SIGUSR1, SIG_IGN) == note, "signal_gives_the_old_handler");
	raise(SIGUSR1);
	signal(SIGUSR2, note);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	ok(sigprocmask(SIG_BLOCK, &set, &old) == 0 && raise(SIGUSR2) == 0 &&
		caught == SIGUSR1, "blocked_signal_waits");
	ok(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR2) == 1,
		"sigpending_shows_it");
	errno = 0;
	ok(sigsuspend(&old) == -1 && errno == EINTR && caught == SIGUSR2,
		"sigsuspend_lets_it_in");
	sigprocmask(SIG_SETMASK, &old, NULL);
	ok(sigaction(SIGUSR2, NULL, &action) == 0 && action.sa_handler == note,
		"sigaction_shows_the_handler");
	errno = 0;
	ok(signal(SIGKILL, note) == SIG_ERR && errno == EINVAL,
		"SIGKILL_cannot_be_caught");
	errno = 0;
	ok(sigaddset(&set, 0) == -1 && sigaddset(&set, 999) == -1 &&
		errno == EINVAL, "sets_know_their_bounds");
	ok(strcmp(strsignal(SIGSEGV), "Segmentation fault") == 0, "strsignal");
	signal(SIGUSR2, SIG_DFL);
}

static void environment(void)
{
	static char assignment[] = "PUT=1";

	ok(setenv("NEW", "a", 1) == 0 && strcmp(getenv("NEW"), "a") == 0,
		"setenv");
	ok(setenv("NEW", "b", 0) == 0 && strcmp(getenv("NEW"), "a") == 0,
		"setenv_without_overwriting");
	ok(putenv(assignment) == 0 && strcmp(getenv("PUT"), "1") == 0,
		"putenv");
	assignment[4] = '2';
	ok(strcmp(getenv("PUT"), "2") == 0, "putenv_keeps_no_copy");
	ok(unsetenv("NEW") == 0 && !getenv("NEW"), "unsetenv");
	errno = 0;
	ok(setenv("A=B", "x", 1) == -1 && errno == EINVAL,
		"name_with_equals_is_EINVAL");
	ok(!getenv("NE") && !getenv(""), "part_of_a_name_is_no_name");
}

/* The status of sh -c 'exit N' through each way of exec. */
static int exec_status(int way)
{
	char *argv[] = { "sh", "-c", "exit $N", NULL };
	char *envp[] = { "N=7", "PATH=/nowhere", NULL };
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		setenv("N", "7", 1);
		if (way == 0)
			execl("/bin/sh", "sh", "-c", "exit $N", (char *)NULL);
		else if (way == 1)
			execlp("sh", "sh", "-c", "exit $N", (char *)NULL);
		else if (way == 2)
			execle("/bin/sh", "sh", "-c", "exit $N", (char *)NULL,
				envp);
		else if (way == 3)
			execv("/bin/sh", argv);
		else if (way == 4)
			execvp("sh", argv);
		else
			execvp("/tmp/libc_script", argv);
		_exit(100 + errno);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void other_programs(void)
{
	static const char *const names[] = {
		"execl", "execlp", "execle", "execv", "execvp",
		"execvp_runs_a_script_without_its_name",
	};
	FILE *script = fopen("/tmp/libc_script", "w");

	fputs("exit 7\n", script);
	fclose(script);
	chmod("/tmp/libc_script", 0755);
	for (int way = 0; way < 6; way++)
		is(exec_status(way), 7, "%s", names[way]);
	unlink("/tmp/libc_script");
	is(exec_status(5), 100 + ENOENT, "execvp_of_nothing_is_ENOENT");
	ok(WEXITSTATUS(system("exit 5")) == 5, "system");
	ok(WEXITSTATUS(system("no-such-program 2>/dev/null")) == 127,
		"system_of_nothing_is_127");
	ok(system(NULL) != 0, "there_is_a_shell");
}

static void paths(void)
{
	char path[PATH_MAX], short_one[3];
	char *made = getcwd(NULL, 0);

	ok(made && made[0] == '/', "getcwd_allocates");
	free(made);
	mkdir("/tmp/libc_dir", 0755);
	mkdir("/tmp/libc_dir/sub", 0755);
	ok(chdir("/tmp/libc_dir") == 0 && getcwd(path, sizeof(path)) == path &&
		strcmp(path, "/tmp/libc_dir") == 0, "getcwd");
	errno = 0;
	ok(!getcwd(short_one, sizeof(short_one)) && errno == ERANGE,
		"getcwd_without_room_is_ERANGE");
	ok(realpath("./sub/../sub//.", path) &&
		strcmp(path, "/tmp/libc_dir/sub") == 0, "realpath");
	errno = 0;
	ok(!realpath("none/..", path) && errno == ENOENT,
		"realpath_of_nothing_is_ENOENT");
	chdir("/");
}

static void directories(void)
{
	DIR *directory = opendir("/tmp/libc_dir");
	struct dirent *entry;
	int seen = 0, again = 0;

	while ((entry = readdir(directory)) != NULL)
		seen += strcmp(entry->d_name, "sub") == 0;
	rewinddir(directory);
	while ((entry = readdir(directory)) != NULL)
		again += strcmp(entry->d_name, "sub") == 0;
	ok(seen == 1 && again == 1, "readdir_and_rewinddir");
	closedir(directory);
	rmdir("/tmp/libc_dir/sub");
	rmdir("/tmp/libc_dir");
	errno = 0;
	ok(!opendir("/tmp/libc_dir") && errno == ENOENT, "opendir_of_nothing");
	errno = 0;
	ok(!opendir("/dev/null") && errno == ENOTDIR, "opendir_of_no_folder");
}

static void times_and_priorities(void)
{
	struct timespec nap = { 0, 20000000 }, before, after;
	struct timespec bad = { 0, 1000000000 };
	int start = getpriority(PRIO_PROCESS, 0);	/* as `nice` wants */
	int later = start + 3 > 19 ? 19 : start + 3;
	struct tms used;

	clock_gettime(CLOCK_MONOTONIC, &before);
	ok(nanosleep(&nap, NULL) == 0, "nanosleep");
	clock_gettime(CLOCK_MONOTONIC, &after);
	ok((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec -
		before.tv_nsec >= 20000000, "nanosleep_sleeps");
	errno = 0;
	ok(nanosleep(&bad, NULL) == -1 && errno == EINVAL,
		"nanosleep_of_too_many_ns_is_EINVAL");
	errno = 0;
	ok(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, NULL) == EINVAL &&
		errno == 0, "clock_nanosleep_gives_its_error");
	ok(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &before, NULL) == 0,
		"deadline_in_the_past_is_no_sleep");
	ok(time(NULL) > 1000000000, "the_date_is_set");
	ok(clock() >= 0 && times(&used) != -1, "processor_time");
	errno = 0;
	ok(nice(3) == later && errno == 0 &&
		getpriority(PRIO_PROCESS, 0) == later, "nice_and_getpriority");
}

int main(void)
{
	ends();
	jumps();
	signals();
	environment();
	other_programs();
	paths();
	directories();
	times_and_priorities();
	return tap_done();
}
