/*
 * why.c - why does this task not go on?
 *
 * Tells in a sentence what the task waits for and which tasks could end the
 * wait, then the same of these tasks, to the end of the chain. A chain that
 * comes back to a task of the chain is a deadlock. The sentences are the
 * kernel's: /proc/why.
 */
#include "user/why/why.h"

#include <limits.h>
#include <err.h>
#include <program.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
	"why PID...\n"
	"Explains what the task waits for, since when, who could end that.\n";

static void explain(struct task *task, int depth)
{
	const char *enders = task->enders;
	struct task *ender;

	if (task->explained)
		return;
	task->explained = true;
	for (size_t i = 0; i < task->line_count; i++)
		printf("%*s%s", 2 * depth, "", task->lines[i]);
	while ((ender = next_ender(&enders)))
		explain(ender, depth + 1);
}

/* Is a task in the explained circle? The task stands there as "name(7)". */
static bool is_explained(const char *circle)
{
	struct task *task;
	int pid;

	while ((circle = strchr(circle, '(')) != NULL) {
		circle++;
		if (sscanf(circle, "%d)", &pid) != 1)
			continue;
		task = find_task(pid);
		if (task && task->explained)
			return true;
	}
	return false;
}

static int explain_chain(int pid)
{
	struct task *task = find_task(pid);

	if (!task) {
		warnx("there is no task %d", pid);
		return 1;
	}
	forget_explained();
	explain(task, 0);
	for (size_t i = 0; i < deadlock_count; i++)
		if (is_explained(deadlocks[i]))
			fputs(deadlocks[i], stdout);
	return 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	argv = parse_no_options(argc, argv, help);
	if (!*argv)
		usage('?', help);
	read_tasks();
	for (; *argv; argv++)
		status |= explain_chain(parse_number(*argv, 0, INT_MAX,
						     "task number"));
	return finish(status);
}
