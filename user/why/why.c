/*
 * why.c - why does this task not go on?
 *
 * Tells in a sentence what the task waits for and who could end that, then
 * the same of these tasks, to the end of the chain. If the chain bites its own
 * tail, there is the deadlock.
 */
#include "user/why/why.h"

#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"why PID...\n"
	"Explains what the task waits for, since when, who could end that.\n";

static void print_seconds(long long ns)
{
	long long tenths = ns / 100000000;

	printf("%lld.%lld s", tenths / 10, tenths % 10);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void print_deadline(const struct task *task)
{
	if (task->deadline_ns < 0)
		return;
	printf(", until ");
	print_seconds(task->deadline_ns);
	if (task->deadline_ns > now_ns()) {
		printf(" (in ");
		print_seconds(task->deadline_ns - now_ns());
		printf(")");
	}
}

/* "pipe:12" is written as "pipe 12". */
static void print_object(const struct task *task)
{
	size_t length = strcspn(task->object, ":");

	if (strcmp(task->object, "-") == 0)
		printf("%s", task->kind);
	else
		printf("%.*s%s%s", (int)length, task->object,
		       task->object[length] ? " " : "",
		       task->object + length + (task->object[length] != '\0'));
}

/* Waits that are not for one object. */
static const struct {
	const char *kind, *words;
} phrases[] = {
	{ "sleep", "asleep" },
	{ "child", "waits for a child to end" },
	{ "signal", "waits for a signal" },
	{ "poll", "waits for one of several descriptors" },
	{ "kernel", "a part of the kernel, waits for work" },
};

static void print_event(const struct task *task)
{
	const char *words = NULL;

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (strcmp(task->kind, phrases[i].kind) == 0)
			words = phrases[i].words;
	if (words) {
		printf("%s", words);
	} else if (strcmp(task->event, "peer") == 0) {
		printf("waits for the other side of ");
		print_object(task);
	} else {
		printf("waits for %s in ", task->event);
		print_object(task);
	}
	if (strcmp(task->kind, "sleep") != 0) {
		printf(" since ");
		print_seconds(task->since_ns);
	}
	print_deadline(task);
}

/* What could end a wait and is no task. */
static const struct {
	const char *word, *phrase;
} outsiders[] = {
	{ "keyboard", "the keyboard" },
	{ "host", "the host" },
	{ "clock", "the clock" },
	{ "signals", "whoever may send it a signal" },
	{ "anyone", "whoever opens the other side" },
};

static void print_ender(const char *word, size_t length)
{
	const struct task *ender = NULL;

	if (*word >= '0' && *word <= '9')
		ender = find_task(atoi(word));
	if (ender) {
		printf("%s(%d)", ender->name, ender->pid);
		return;
	}
	for (size_t i = 0; i < sizeof(outsiders) / sizeof(outsiders[0]); i++)
		if (strlen(outsiders[i].word) == length &&
		    strncmp(word, outsiders[i].word, length) == 0) {
			printf("%s", outsiders[i].phrase);
			return;
		}
	printf("%.*s", (int)length, word);
}

/* Who could end the wait, as names; it may be that nobody can be named. */
static void print_enders(const struct task *task)
{
	const char *word = task->enders, *separator = "";

	if (strcmp(word, "timer") == 0 || strcmp(word, "-") == 0)
		return;
	printf("; who could end it: ");
	while (*word) {
		size_t length = strcspn(word, ",");

		printf("%s", separator);
		print_ender(word, length);
		separator = ", ";
		word += length + (word[length] == ',');
	}
}

static void print_state(const struct task *task)
{
	if (strcmp(task->state, "running") == 0)
		printf("runs: it does not wait");
	else if (strcmp(task->state, "ready") == 0)
		printf("ready to run: it waits only for its turn");
	else if (strcmp(task->state, "stopped") == 0)
		printf("stopped by a signal, until SIGCONT");
	else if (strcmp(task->state, "zombie") == 0)
		printf("has ended, and its parent has not asked how");
	else
		printf("%s", task->state);
}

static void explain(struct task *task, int depth)
{
	const char *enders = task->waits ? task->enders : "";
	struct task *ender;

	if (task->explained)
		return;
	task->explained = true;
	printf("%*stask %d (%s): ", 2 * depth, "", task->pid, task->name);
	if (task->waits) {
		print_event(task);
		print_enders(task);
	} else {
		print_state(task);
	}
	putchar('\n');
	while ((ender = next_ender(&enders)))
		explain(ender, depth + 1);
}

/* From a stuck task, any chain of enders comes round: print the circle. */
static void print_deadlock(const struct task *task)
{
	const struct task *start;
	const char *enders;

	for (size_t i = 0; i < task_count; i++) {
		enders = task->enders;
		task = next_ender(&enders);
	}
	start = task;
	printf("deadlock: %s(%d)", task->name, task->pid);
	do {
		enders = task->enders;
		task = next_ender(&enders);
		printf(" waits for %s(%d)", task->name, task->pid);
	} while (task != start);
	putchar('\n');
}

int main(int argc, char **argv)
{
	int status = 0;

	argv = parse_no_options(argc, argv, help);
	if (!*argv)
		usage('?', help);
	read_tasks();
	mark_stuck();
	for (; *argv; argv++) {
		struct task *task = find_task(parse_number(*argv, 0, INT_MAX,
							   "task number"));

		if (!task) {
			warnx("there is no task %s", *argv);
			status = 1;
			continue;
		}
		for (size_t i = 0; i < task_count; i++)
			tasks[i].explained = false;
		explain(task, 0);
		if (task->stuck)
			print_deadlock(task);
	}
	return finish(status);
}
