/*
 * libc_spawn.c - posix_spawn(), and the tables of <search.h>. Any POSIX system.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <search.h>
#include <spawn.h>
#include <ulimit.h>

#include "tests/user/helpers.h"

static char *const environment[] = { "WORD=seven", NULL };

static int spawn_sh(const char *line, const posix_spawn_file_actions_t *files,
	const posix_spawnattr_t *attributes)
{
	char *const argv[] = { "sh", "-c", (char *)line, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, "/bin/sh", files, attributes, argv,
	    environment) == 0)
		waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

CASE(spawn_runs_a_program)
{
	char *const argv[] = { "sh", "-c", "exit 3", NULL };
	int status;
	pid_t pid;

	expect(spawn_sh("exit 7", NULL, NULL) == 7);
	expect(spawn_sh("test \"$WORD\" = seven", NULL, NULL) == 0);
	expect(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ) == 0);
	expect(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
}

CASE(spawn_tells_the_error_of_exec)
{
	char *const argv[] = { "none", NULL };
	pid_t pid = 0;

	expect(posix_spawn(&pid, "/none", NULL, NULL, argv, environ) == ENOENT);
	expect(posix_spawn(&pid, "/tmp", NULL, NULL, argv, environ) == EACCES);
	expect_error(waitpid(-1, NULL, 0), ECHILD);
}

CASE(spawn_changes_descriptors)
{
	posix_spawn_file_actions_t files;
	char name[] = "/tmp/spawn-XXXXXX", text[16] = "";
	int fd = mkstemp(name);

	require(fd >= 0);
	posix_spawn_file_actions_init(&files);
	expect(posix_spawn_file_actions_addopen(&files, 1, name, O_WRONLY, 0)
		== 0);
	expect(posix_spawn_file_actions_adddup2(&files, 1, 5) == 0);
	expect(posix_spawn_file_actions_addclose(&files, fd) == 0);
	expect(posix_spawn_file_actions_addclose(&files, -1) == EBADF);
	expect(spawn_sh("echo one; echo two >&5", &files, NULL) == 0);
	expect(read(fd, text, sizeof(text)) == 8 &&
		strcmp(text, "one\ntwo\n") == 0);
	posix_spawn_file_actions_addopen(&files, 0, "/none/none", O_RDONLY, 0);
	expect(spawn_sh("exit 0", &files, NULL) == -1);
	posix_spawn_file_actions_destroy(&files);
	unlink(name);
}

CASE(spawn_sets_signals_and_groups)
{
	posix_spawnattr_t attributes;
	char *const argv[] = { "sh", "-c", "kill -TERM $$; exit 1", NULL };
	sigset_t set;
	short flags;
	int status;
	pid_t pid;

	signal(SIGTERM, SIG_IGN);
	posix_spawnattr_init(&attributes);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	posix_spawnattr_setsigdefault(&attributes, &set);
	posix_spawnattr_setpgroup(&attributes, 0);
	expect(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETPGROUP) == 0);
	expect(posix_spawnattr_getflags(&attributes, &flags) == 0 &&
		flags == (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
	expect(posix_spawn(&pid, "/bin/sh", NULL, &attributes, argv,
		environ) == 0);
	expect(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
		WTERMSIG(status) == SIGTERM);
	posix_spawnattr_destroy(&attributes);
}

/* ---- <search.h> --------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1
		: *(const int *)a > *(const int *)b;
}

static int visited, last, sorted, deepest;

static void visit(const void *node, VISIT order, int depth)
{
	int number = **(const int *const *)node;

	deepest = depth > deepest ? depth : deepest;
	if (order != postorder && order != leaf)
		return;
	sorted &= visited++ == 0 || number > last;
	last = number;
}

static void count_down(void *key)
{
	(void)key;
	visited--;
}

CASE(tree_finds_inserts_and_deletes)
{
	static int numbers[2000];
	void *root = NULL;
	int one = 777;

	for (int i = 0; i < 2000; i++) {
		numbers[i] = i;
		require(tsearch(&numbers[i], &root, by_number));
	}
	expect(*(int **)tfind(&one, &root, by_number) == &numbers[777]);
	expect(*(int **)tsearch(&one, &root, by_number) == &numbers[777]);
	for (int i = 0; i < 2000; i += 2)
		expect(tdelete(&numbers[i], &root, by_number) != NULL);
	expect(!tdelete(&numbers[4], &root, by_number));
	expect(!tfind(&numbers[4], &root, by_number) &&
		tfind(&numbers[5], &root, by_number));
	sorted = 1;
	twalk(root, visit);
	expect(visited == 1000 && sorted && deepest < 100);
	tdestroy(root, count_down);
	expect(visited == 0);
}

CASE(table_finds_words)
{
	static char words[500][8];

	expect(hcreate(500) != 0);
	for (int i = 0; i < 500; i++) {
		snprintf(words[i], 8, "w%d", i);
		expect(hsearch((ENTRY){ words[i], words[i] + 1 }, ENTER)
			!= NULL);
	}
	for (int i = 0; i < 500; i++) {
		ENTRY *found = hsearch((ENTRY){ words[i], NULL }, FIND);

		expect(found && found->data == words[i] + 1);
	}
	expect(!hsearch((ENTRY){ "none", NULL }, FIND) && errno == ESRCH);
	hdestroy();
}

CASE(arrays_and_lists_are_searched)
{
	int numbers[8] = { 5, 3, 9 }, key = 9, other = 4;
	size_t count = 3;
	struct {
		void *next, *previous;
	} a = { 0 }, b = { 0 }, c = { 0 };

	expect(lfind(&key, numbers, &count, sizeof(int), by_number) ==
		&numbers[2]);
	expect(!lfind(&other, numbers, &count, sizeof(int), by_number));
	expect(lsearch(&other, numbers, &count, sizeof(int), by_number) ==
		&numbers[3] && count == 4 && numbers[3] == 4);
	insque(&a, NULL);
	insque(&c, &a);
	insque(&b, &a);
	expect(a.next == &b && b.next == &c && c.previous == &b);
	remque(&b);
	expect(a.next == &c && c.previous == &a);
}

/* ---- The locale --------------------------------------------------------- */

CASE(locale_is_C)
{
	struct lconv *l = localeconv();

	expect(strcmp(l->decimal_point, ".") == 0 && !*l->thousands_sep);
	expect(l->frac_digits == CHAR_MAX);
	expect(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
	expect(!setlocale(LC_ALL, "no_LOCALE"));
	expect(strcmp(nl_langinfo(DAY_1), "Sunday") == 0);
	expect(strcmp(nl_langinfo(ABMON_12), "Dec") == 0);
	expect(ulimit(UL_GETFSIZE) > 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
