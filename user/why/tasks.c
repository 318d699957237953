/*
 * tasks.c - what /proc tells about the tasks and their waits.
 */
#include "user/why/why.h"

#include <ctype.h>
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>

struct task *tasks;
size_t task_count;

enum task_field { PID, PPID, PGID, STATE, PRIO, USER, KERNEL, PAGES, TASK_NAME,
	TASK_FIELDS };
enum wait_field { WAIT_PID, NAME, KIND, OBJECT, EVENT, SINCE, DEADLINE, ENDERS,
	WAIT_FIELDS };

static void add_task(char **field)
{
	struct task *task;

	tasks = need(realloc(tasks, (task_count + 1) * sizeof(*tasks)));
	task = &tasks[task_count++];
	memset(task, 0, sizeof(*task));
	task->pid = atoi(field[PID]);
	task->state = field[STATE];
	task->name = field[TASK_NAME];
}

static void add_wait(char **field)
{
	struct task *task = find_task(atoi(field[WAIT_PID]));

	if (!task)
		return;		/* it began between the two readings */
	task->waits = true;
	task->kind = field[KIND];
	task->object = field[OBJECT];
	task->event = field[EVENT];
	task->since_ns = strtoll(field[SINCE], NULL, 10);
	task->deadline_ns = strcmp(field[DEADLINE], "-") == 0 ? -1 :
		strtoll(field[DEADLINE], NULL, 10);
	task->enders = field[ENDERS];
}

/* The fields point into the line, so it is kept. */
static void read_table(const char *path, int fields, void (*add)(char **field))
{
	FILE *file = fopen(path, "r");
	char *field[TASK_FIELDS];
	bool is_header = true;

	if (!file)
		err(1, "%s", path);
	for (;;) {
		char *line = NULL;
		size_t size = 0;

		if (getline(&line, &size, file) < 0) {
			free(line);
			break;
		}
		if (!is_header && split_fields(line, field, fields) == fields)
			add(field);
		is_header = false;
	}
	fclose(file);
}

void read_tasks(void)
{
	read_table("/proc/tasks", TASK_FIELDS, add_task);
	read_table("/proc/waits", WAIT_FIELDS, add_wait);
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
