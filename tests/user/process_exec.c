/*
 * process_exec.c - execve: the values that the new program gets. A refused
 * program leaves the old program unchanged. Any POSIX system.
 *
 * The new program is this program again: main() knows the roles.
 */
#include <limits.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static char file[] = "/tmp/process_exec";

/* Run this program in a role; the exit status, or -signal. */
static int run_role(const char *role, const char *argument)
{
	char *argv[] = { (char *)case_program, (char *)role, (char *)argument,
			 NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		execv(case_program, argv);
		_exit(126);
	}
	return result_of(pid);
}

/* A file with this text and mode. */
static void make_file(const char *text, size_t bytes, mode_t mode)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	require(fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes);
	close(fd);
	require(chmod(file, mode) == 0);
}

static char *no_words[] = { NULL };

/* ---- The values for the new program -------------------------------------- */

static int role_arguments(int argc, char **argv, char **envp)
{
	return !(argc == 5 && strcmp(argv[2], "") == 0 &&
		 strcmp(argv[3], "two words") == 0 &&
		 strcmp(argv[4], "\xff\n\t$") == 0 && !argv[5] &&
		 strcmp(envp[0], "A=1") == 0 && strcmp(envp[1], "") == 0 &&
		 strcmp(envp[2], "B=two = 2") == 0 && !envp[3] &&
		 strcmp(getenv("A"), "1") == 0);
}

CASE(arguments_and_environment_arrive)
{
	char *argv[] = { "any name", "--arguments", "", "two words",
			 "\xff\n\t$", NULL };
	char *envp[] = { "A=1", "", "B=two = 2", NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		execve(case_program, argv, envp);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

/* Argument i is the letter i % 26, 1 + i % 50 times. */
static int role_many(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		if (strlen(argv[i]) != 1 + i % 50u)
			return 1;
		for (char *p = argv[i]; *p; p++)
			if (*p != 'a' + i % 26)
				return 2;
	}
	return argc == 1000 && (unsigned long)argv % sizeof(long) == 0 ? 0 : 3;
}

CASE(a_thousand_arguments_arrive)
{
	static char words[1000][51], *argv[1001];
	pid_t pid;

	for (int i = 2; i < 1000; i++) {
		memset(words[i], 'a' + i % 26, 1 + i % 50);
		argv[i] = words[i];
	}
	argv[0] = "many";
	argv[1] = "--many";
	pid = fork_or_fail();
	if (pid == 0) {
		execve(case_program, argv, no_words);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

static int role_length(const char *word)
{
	return strlen(word) == 60000 && strspn(word, "w") == 60000 ? 0 : 1;
}

CASE(an_argument_of_60000_bytes_arrives)
{
	static char word[60001];

	memset(word, 'w', 60000);
	expect(run_role("--length", word) == 0);
}

static char zeros[50000];
static int initialised = 42;

static int role_fresh(void)
{
	char *heap = malloc(20000);

	for (size_t i = 0; i < sizeof(zeros); i++)
		if (zeros[i])
			return 1;
	return initialised == 42 && heap ? 0 : 2;
}

CASE(new_program_starts_with_its_own_data)
{
	memset(zeros, 0x5a, sizeof(zeros));
	initialised = 1;
	expect(run_role("--fresh", NULL) == 0);
	expect(zeros[0] == 0x5a && initialised == 1);
}

static int role_identity(const char *text)
{
	return atoi(text) == getpid() && umask(0) == 031 ? 0 : 1;
}

CASE(identity_stays)
{
	char text[20];
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		char *argv[] = { "identity", "--identity", text, NULL };

		umask(031);
		snprintf(text, sizeof(text), "%d", (int)getpid());
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

static int role_signals(void)
{
	struct sigaction action;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (!sigismember(&mask, SIGUSR2) || !is_pending(SIGUSR2))
		return 1;
	sigaction(SIGUSR1, NULL, &action);
	if (action.sa_handler != SIG_DFL)
		return 2;
	sigaction(SIGHUP, NULL, &action);
	return action.sa_handler == SIG_IGN ? 0 : 3;
}

CASE(mask_pending_and_ignored_stay_handlers_go)
{
	char *argv[] = { "signals", "--signals", NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		set_handler(SIGUSR1, catch_it, 0);
		set_handler(SIGHUP, SIG_IGN, 0);
		block(SIGUSR2);
		raise(SIGUSR2);
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

/* SIGSTKSZ is not a constant in every libc. */
static char signal_stack[65536];

static int role_stack(void)
{
	stack_t now;

	sigaltstack(NULL, &now);
	return now.ss_flags == SS_DISABLE ? 0 : 1;
}

CASE(alternate_stack_stays_in_a_fork_and_goes_with_an_exec)
{
	stack_t stack = { .ss_sp = signal_stack,
			  .ss_size = sizeof(signal_stack) };
	stack_t now;
	pid_t pid;

	require(sigaltstack(&stack, NULL) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		sigaltstack(NULL, &now);
		_exit(!(now.ss_sp == signal_stack && now.ss_flags == 0 &&
			now.ss_size == sizeof(signal_stack)));
	}
	expect(result_of(pid) == 0);
	expect(run_role("--stack", "") == 0);
}

CASE(parent_learns_the_status_of_the_new_program)
{
	expect(run_role("--exit", "33") == 33);
	expect(run_role("--abort", NULL) == -SIGABRT);
}

CASE(relative_path_is_seen_from_the_working_directory)
{
	char *argv[] = { "cat", "/dev/null", NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		if (chdir("/bin") == 0)
			execv("./cat", argv);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

CASE(null_environment_is_an_empty_one)
{
	char *argv[] = { "cat", "/dev/null", NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		execve("/bin/cat", argv, NULL);
		_exit(126);
	}
	expect(result_of(pid) == 0);
}

CASE(a_hundred_execs_leave_nothing)
{
	for (int i = 0; i < 100; i++)
		require(run_role("--exit", "5") == 5);
}

CASE(exec_of_exec_of_exec)
{
	expect(run_role("--again", "20") == 0);
}

/* ---- Refusals: the caller goes on as if nothing had happened ------------- */

static int refused_with(const char *path)
{
	return execve(path, no_words, no_words) < 0 ? errno : 0;
}

CASE(missing_file_is_enoent)
{
	expect(refused_with("/no/such/file") == ENOENT);
	expect(refused_with("") == ENOENT);
	expect(refused_with("/bin/cat/x") == ENOTDIR);
}

CASE(long_path_is_enametoolong)
{
	static char path[PATH_MAX + 10];

	memset(path, 'p', sizeof(path) - 1);
	expect(refused_with(path) == ENAMETOOLONG);
}

CASE(directory_and_device_are_eacces)
{
	expect(refused_with("/bin") == EACCES);
	expect(refused_with("/dev/null") == EACCES);
}

CASE(file_without_x_is_eacces)
{
	make_file("\177ELF", 4, 0644);
	expect(refused_with(file) == EACCES);
	unlink(file);
}

CASE(text_and_emptiness_are_enoexec)
{
	make_file("just text\n", 10, 0755);
	expect(refused_with(file) == ENOEXEC);
	make_file("", 0, 0755);
	expect(refused_with(file) == ENOEXEC);
	make_file("\177ELF", 4, 0755);
	expect(refused_with(file) == ENOEXEC);
	unlink(file);
}

CASE(bad_pointers_are_efault)
{
	char *argv[] = { "x", nowhere, NULL };

	expect_error(execve(nowhere, no_words, no_words), EFAULT);
	expect_error(execve(case_program, nowhere, no_words), EFAULT);
	expect_error(execve(case_program, no_words, nowhere), EFAULT);
	expect_error(execve(case_program, argv, no_words), EFAULT);
	expect_error(execve(case_program, no_words, argv), EFAULT);
}

CASE(too_much_is_e2big)
{
	static char *argv[100001], long_word[4000000];

	memset(long_word, 'l', sizeof(long_word) - 1);
	argv[0] = long_word;
	expect_error(execve(case_program, argv, no_words), E2BIG);
	expect_error(execve(case_program, no_words, argv), E2BIG);
	long_word[200] = '\0';
	for (int i = 0; i < 100000; i++)
		argv[i] = long_word;
	expect_error(execve(case_program, argv, no_words), E2BIG);
	expect_error(execve(case_program, no_words, argv), E2BIG);
}

CASE(refused_exec_leaves_the_caller_whole)
{
	int fds[2];
	char byte, *heap = malloc(5000);

	strcpy(heap, "still here");
	require(pipe2(fds, O_CLOEXEC) == 0);
	set_handler(SIGUSR1, catch_it, 0);
	expect(refused_with("/no/such/file") == ENOENT);
	make_file("text", 4, 0755);
	expect(refused_with(file) == ENOEXEC);
	unlink(file);
	expect_error(execve(case_program, nowhere, NULL), EFAULT);
	raise(SIGUSR1);
	expect(caught == 1);
	expect(write(fds[1], "x", 1) == 1 && read(fds[0], &byte, 1) == 1);
	expect(strcmp(heap, "still here") == 0);
}

CASE(a_thousand_refusals_leave_nothing)
{
	char *argv[] = { "a word", "another", nowhere, NULL };

	for (int i = 0; i < 1000; i++) {
		require(refused_with("/dev/null") == EACCES);
		require(execve(case_program, argv, no_words) < 0);
		require(execve(case_program, no_words, nowhere) < 0);
	}
}

static int role_again(char **argv)
{
	char number[12], *again[] = { argv[0], argv[1], number, NULL };
	int left = atoi(argv[2]);

	if (left == 0)
		return 0;
	snprintf(number, sizeof(number), "%d", left - 1);
	execv(argv[0], again);
	return 1;
}

int main(int argc, char **argv, char **envp)
{
	const char *role = argc > 1 ? argv[1] : "";

	if (strcmp(role, "--arguments") == 0)
		return role_arguments(argc, argv, envp);
	if (strcmp(role, "--many") == 0)
		return role_many(argc, argv);
	if (strcmp(role, "--length") == 0)
		return role_length(argv[2]);
	if (strcmp(role, "--fresh") == 0)
		return role_fresh();
	if (strcmp(role, "--identity") == 0)
		return role_identity(argv[2]);
	if (strcmp(role, "--signals") == 0)
		return role_signals();
	if (strcmp(role, "--stack") == 0)
		return role_stack();
	if (strcmp(role, "--exit") == 0)
		return atoi(argv[2]);
	if (strcmp(role, "--abort") == 0)
		abort();
	if (strcmp(role, "--again") == 0)
		return role_again(argv);
	return run_cases(argc, argv);
}
