/*
 * explore.c - find the schedule in which a program fails.
 *
 * The program runs unchanged, again and again, each time under a new schedule.
 * run.c makes a run, search.c chooses the schedules, schedule.c keeps a
 * schedule in a file.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/strace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/explore/explore.h"

static const char help[] =
	"explore [-lmo] [-b N] [-t TIME] [-r|-w FILE] "
	"[-s CHOICES]\n"
	"        PROGRAM [WORD]...\n"
	"Runs PROGRAM under many schedules until a run fails: by its exit\n"
	"status, a signal, a deadlock, or because it makes no progress.\n"
	"  -l  a run also fails if it leaves names or objects behind\n"
	"  -m  switch tasks at memory that tasks share, not only at calls\n"
	"  -o  a run also fails if its output is not that of the first run\n"
	"  -b  stop after all schedules with N preemptions\n"
	"  -t  stop after so many seconds; without, 60\n"
	"  -w  write the schedule that fails to FILE\n"
	"  -r  only run the schedule in FILE\n"
	"  -s  run once by CHOICES, and print every decision of the run\n"
	"The status is 0 if no schedule failed, 1 if one did, 2 after an\n"
	"error.\n";

static const char *name_of(unsigned call)
{
	if (call == EXPLORE_ACCESS)
		return "an access to memory";
	if (call < system_call_count && system_calls[call].name)
		return system_calls[call].name;
	return "a call";
}

static void print_outcome(const struct run *run)
{
	switch (run->outcome) {
	case OUTCOME_PASSED:
		puts("the program passes");
		break;
	case OUTCOME_STATUS:
		printf("the program fails: exit status %d\n",
		       WEXITSTATUS(run->status));
		break;
	case OUTCOME_SIGNAL:
		printf("the program fails: %s\n",
		       strsignal(WTERMSIG(run->status)));
		break;
	case OUTCOME_STUCK:
		puts("the program is stuck: its tasks wait for each other");
		break;
	case OUTCOME_SPINNING:
		puts("the program makes no progress");
		break;
	case OUTCOME_OUTPUT:
		puts("the program prints something else than in the first run");
		break;
	case OUTCOME_LEAK:
		printf("the program leaves behind: %s\n", run->left);
		break;
	}
}

/* The choices of the plan, in words. */
static void print_plan(const struct plan *plan, const struct run *run)
{
	for (unsigned i = 0; i < plan->count; i++) {
		unsigned step = run_step_of(run, plan, i);
		const struct explore_step *at = &run->steps[step];

		if (step >= run->count)
			continue;
		printf("  step %u: task %u stops %s %s", step, at->task,
		       at->is_end ? "after" : "before", name_of(at->call));
		if (at->places[0])	/* not in the first call of a thread */
			printf(", at 0x%08x", (unsigned)at->places[0]);
		if (at->object)
			printf(" (word 0x%08x)", (unsigned)at->object);
		putchar('\n');
	}
	if (plan->count == 0)
		puts("  the first schedule: no preemption");
	if (plan_has_ranks(plan))
		printf("  ranks by chance, seed %u\n",
		       (unsigned)plan->choices[0].position);
}

/* Run the schedule once more, with its output and a list of all waits. */
static void show_failure(const struct plan *plan, struct run *run)
{
	print_plan(plan, run);
	puts("its output:");
	run_subject(plan, run, stdout);
	run_show_output(stdout);
	print_outcome(run);
}

static int replay(const char *path, const struct subject *subject)
{
	static struct run run;
	struct plan plan;

	schedule_read(path, subject, &plan);
	run_subject(&plan, &run, stdout);
	run_show_output(stdout);
	print_outcome(&run);
	return run.outcome != OUTCOME_PASSED;
}

/* Run once by these choices, and print the decisions: for a user choosing
 * the decisions step by step. */
static int show_steps(const char *choices)
{
	static struct run run;
	struct plan plan;

	schedule_parse(choices, &plan);
	run_subject(&plan, &run, stdout);
	for (unsigned i = 0; i < run.count; i++) {
		const struct explore_step *step = &run.steps[i];

		printf("step %u: task %u, position %u, choice %u of %u, %s %s, "
		       "at", i, step->task, (unsigned)step->position,
		       step->choice, step->others,
		       step->is_end ? "after" : "before", name_of(step->call));
		for (unsigned j = 0; j < EXPLORE_PLACES; j++)
			if (j == 0 || step->places[j])
				printf(" 0x%08x", (unsigned)step->places[j]);
		putchar('\n');
	}
	puts("its output:");
	run_show_output(stdout);
	print_outcome(&run);
	return run.outcome != OUTCOME_PASSED;
}

/* The number with only a single digit above 0. */
static double rounded(double number)
{
	double unit = 1;

	while (number / unit >= 9.5)
		unit *= 10;
	return (unsigned)(number / unit + 0.5) * unit;
}

static void print_count(const struct search *search)
{
	printf("%u schedules", search->schedules);
	if (search->is_over)
		puts(": all that there are");
	else if (search->completed)
		printf(", all with at most %u preemptions\n",
		       search->completed - 1);
	else
		puts(", and there are more without a preemption");
	if (search->equal)
		printf("%u more are equal to these, and were left out\n",
		       search->equal);
	if (search->rest >= 1)
		printf("about %.0f more with at most %u preemptions\n",
		       rounded(search->rest), search->bound);
}

static int find(struct search *limits, const struct subject *subject,
		const char *file)
{
	static struct run run;
	struct plan plan;

	if (!search(limits, &plan, &run)) {
		print_count(limits);
		puts("no schedule failed");
		return 0;
	}
	printf("schedule %u fails:\n", limits->schedules);
	show_failure(&plan, &run);
	if (file && schedule_write(file, subject, &plan) < 0)
		err(2, "%s", file);
	return 1;
}

int main(int argc, char **argv)
{
	struct search limits = { .bound = 2, .seconds = 60 };
	struct subject subject = { .has_memory = false };
	const char *to = NULL, *from = NULL, *choices = NULL;
	int option;

	while ((option = getopt(argc, argv, "+hlmob:t:w:r:s:")) != -1)
		switch (option) {
		case 'l': subject.has_no_leak = true; break;
		case 'm': subject.has_memory = true; break;
		case 'o': subject.has_same_output = true; break;
		case 'b':
			limits.bound = parse_number(optarg, 0, 16, "bound");
			limits.has_bound = true;
			break;
		case 't':
			limits.seconds = parse_number(optarg, 1, 86400, "time");
			break;
		case 'w': to = optarg; break;
		case 'r': from = optarg; break;
		case 's': choices = optarg; break;
		default: usage(option, help);
		}
	subject.arguments = argv + optind;
	if (!*subject.arguments)
		usage('?', help);
	run_begin(&subject);
	if (choices)
		return finish(show_steps(choices));
	return finish(from ? replay(from, &subject)
			   : find(&limits, &subject, to));
}
