/*
 * ktrace.c - run a program and print the kernel's actions meanwhile.
 *
 * Switches the kernel's trace on, runs the program, switches the trace off, and
 * prints the lines of /proc/trace about the program and its children: their own
 * actions, and actions of tasks on them. The ring keeps the newest events only;
 * `make trace` on the host records all events and draws a picture.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ktrace.h>
#include <sys/strace.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"ktrace [-a] PROGRAM [ARGUMENT]...\n"
	"Prints what the kernel did for PROGRAM and its children: switches,\n"
	"waits, wakes, system calls, what they sent and received.\n"
	"  -a  page faults, names and closed objects too\n";

enum { NUMBER, TIME, TASK, EVENT, WORDS, FIELDS = 7 };
#define TASKS_MOST	256

static int ours[TASKS_MOST], our_count, shows_all;

static int is_ours(int task)
{
	for (int i = 0; i < our_count; i++)
		if (ours[i] == task)
			return 1;
	return 0;
}

/* "TASK:12" is 12, other words are 0. */
static int task_in(const char *word)
{
	return strncmp(word, "TASK:", 5) == 0 ? atoi(word + 5) : 0;
}

static int is_dull(const char *event)
{
	static const char *const dull[] = {
		"fault", "known", "task_name", "object_name", "open", "create",
		"destroy", "start",
	};

	for (size_t i = 0; i < sizeof(dull) / sizeof(dull[0]); i++)
		if (strcmp(event, dull[i]) == 0)
			return !shows_all;
	return 0;
}

static void print_word(const char *word)
{
	unsigned number = atoi(word + 5);

	if (strncmp(word, "CALL:", 5) == 0 && number < system_call_count &&
	    system_calls[number].name)
		printf(" %s", system_calls[number].name);
	else
		printf(" %s", word);
}

static void print_event(char *line, size_t length)
{
	char *field[FIELDS];
	int count = split_fields(line, field, FIELDS), other;

	(void)length;
	if (count <= EVENT)
		return;
	other = count > WORDS ? task_in(field[WORDS]) : 0;
	if (strcmp(field[EVENT], "task") == 0 && is_ours(atoi(field[TASK])) &&
	    our_count < TASKS_MOST)
		ours[our_count++] = other;
	if (is_dull(field[EVENT]) ||
	    (!is_ours(atoi(field[TASK])) && !is_ours(other)))
		return;
	printf("%s %s %-8s", field[NUMBER], field[TASK], field[EVENT]);
	for (int i = WORDS; i < count; i++)
		print_word(field[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	char *file[] = { "/proc/trace", NULL };
	int option, status;
	pid_t pid;

	while ((option = getopt(argc, argv, "+ah")) != -1) {
		if (option != 'a')
			usage(option, help);
		shows_all = 1;
	}
	if (!argv[optind])
		usage('?', help);
	if (ktrace(KTRACE_ALL) < 0)
		err(1, "ktrace");
	pid = fork();
	if (pid == 0)
		execute(argv + optind);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		err(1, "fork");
	ktrace(0);
	ours[our_count++] = pid;
	for_each_line(file, print_event);
	return finish(WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					  : WEXITSTATUS(status));
}
