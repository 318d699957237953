/*
 * tasks.c - the text of /proc about the tasks and their waits.
 *
 * /proc/why has a line `task 7 (cat): ...` for each task, behind it lines that
 * begin with spaces, and at its end lines `deadlock: ...`. Which tasks could
 * end a wait is in the last column of /proc/waits.
 */
#include "user/why/why.h"

#include <ctype.h>
#include <err.h>
#include <program.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum wait_field { PID, NAME, KIND, OBJECT, EVENT, SINCE, DEADLINE, ENDERS,
	WAIT_FIELDS };

char **deadlocks;
size_t deadlock_count;

static struct task *tasks;
static size_t task_count;

static void add_line(char ***lines, size_t *count, char *line)
{
	*lines = grow(*lines, *count, sizeof(**lines));
	(*lines)[(*count)++] = line;
}

static void add_task(char *line)
{
	struct task *task;
	int pid;

	if (strncmp(line, "deadlock: ", 10) == 0)
		add_line(&deadlocks, &deadlock_count, line);
	if (sscanf(line, "task %d (", &pid) == 1) {
		tasks = grow(tasks, task_count, sizeof(*tasks));
		task = &tasks[task_count++];
		*task = (struct task){ .pid = pid, .enders = "" };
	} else if (*line != ' ') {
		return;
	}
	task = &tasks[task_count - 1];
	add_line(&task->lines, &task->line_count, line);
}

static void add_wait(char *line)
{
	char *field[WAIT_FIELDS];
	struct task *task;

	if (split_fields(line, field, WAIT_FIELDS) != WAIT_FIELDS)
		return;
	task = find_task(atoi(field[PID]));
	if (task)		/* NULL: began between the two readings */
		task->enders = field[ENDERS];
}

/* The entries point into the lines, so the lines are kept. */
static void read_lines(const char *path, void (*add)(char *line))
{
	FILE *file = fopen(path, "r");

	if (!file)
		err(1, "%s", path);
	for (;;) {
		char *line = NULL;
		size_t size = 0;

		if (getline(&line, &size, file) < 0) {
			free(line);
			break;
		}
		add(line);
	}
	fclose(file);
}

void read_tasks(void)
{
	read_lines("/proc/why", add_task);
	read_lines("/proc/waits", add_wait);
}

void forget_explained(void)
{
	for (size_t i = 0; i < task_count; i++)
		tasks[i].explained = false;
}

struct task *find_task(int pid)
{
	for (size_t i = 0; i < task_count; i++)
		if (tasks[i].pid == pid)
			return &tasks[i];
	return NULL;
}

struct task *next_ender(const char **enders)
{
	while (**enders) {
		const char *word = *enders;
		struct task *task;

		*enders += strcspn(word, ",");
		*enders += **enders == ',';
		task = isdigit((unsigned char)*word) ? find_task(atoi(word)) :
			NULL;
		if (task)
			return task;
	}
	return NULL;
}
