/*
 * run.c - one run of the subject by a plan.
 *
 * The kernel lets this program run only while all explored tasks wait, or have
 * a policy of their own. So whenever the child has not ended yet, time must
 * pass, or the run is stuck, or this program must sleep. EXPLORE_GO_ON does the
 * first and tells about the rest.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/explore/explore.h"

#define OUTPUT_COMPARED	65536		/* bytes */

static const struct subject *subject;
static int decider;			/* of explore_open() */
static int output;			/* a file without a name */
static char *expected;			/* the output of the first run */

void run_begin(const struct subject *the_subject)
{
	char name[] = "/tmp/explore.XXXXXX";

	subject = the_subject;
	decider = explore_open(O_CLOEXEC | (subject->has_memory
					    ? EXPLORE_MEMORY : 0));
	if (decider < 0)
		err(2, "cannot decide schedules");
	output = mkstemp(name);
	if (output < 0)
		err(2, "%s", name);
	unlink(name);
	fcntl(output, F_SETFD, FD_CLOEXEC);
}

static void become_subject(void)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	close(null);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (explore_attach(decider) < 0)
		err(127, "explore_attach");
	execvp(subject->arguments[0], subject->arguments);
	err(127, "%s", subject->arguments[0]);
}

static char *read_output(void)
{
	char *text = need(calloc(1, OUTPUT_COMPARED + 1));

	if (pread(output, text, OUTPUT_COMPARED, 0) < 0)
		err(2, "output");
	return text;
}

void run_show_output(FILE *to)
{
	char *text = read_output();

	fputs(text, to);
	free(text);
}

int run_words(void)
{
	return explore_control(decider, EXPLORE_WORDS);
}

unsigned run_step_of(const struct run *run, const struct plan *plan,
		     unsigned i)
{
	const struct explore_choice *choice = &plan->choices[i];
	unsigned step = 0;

	while (step < run->count &&
	       (run->steps[step].task != choice->task ||
		run->steps[step].position != choice->position))
		step++;
	return step;
}

static bool is_output_wrong(void)
{
	char *text;
	bool is_wrong;

	if (!subject->has_same_output)
		return false;
	text = read_output();
	if (!expected) {
		expected = text;
		return false;
	}
	is_wrong = strcmp(text, expected) != 0;
	free(text);
	return is_wrong;
}

/* Let `why` tell about all waits. */
static void tell_why(pid_t pid, FILE *to)
{
	char number[12];
	pid_t why;

	if (!to)
		return;
	fflush(to);
	snprintf(number, sizeof(number), "%d", pid);
	why = fork();
	if (why == 0) {
		dup2(fileno(to), STDOUT_FILENO);
		execlp("why", "why", number, NULL);
		_exit(127);
	}
	waitpid(why, NULL, 0);
}

/* Go on a step; the state. A task of SCHED_IDLE runs only while this program
 * sleeps. */
static int make_step(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int state = explore_control(decider, EXPLORE_GO_ON);

	if (state == EXPLORE_OUTSIDE)
		nanosleep(&moment, NULL);
	else
		sched_yield();		/* the child is not attached yet */
	return state;
}

/* Kill all processes of the run. */
static void end_run(pid_t pid, int *status)
{
	explore_control(decider, EXPLORE_END);
	waitpid(pid, status, 0);
	while (make_step() != EXPLORE_EMPTY)
		;
}

/* Let the run go on until its end, and return how the run has ended. Ask for
 * the end of the child first: a state from before the end tells nothing. */
static int go_on(pid_t pid, int *status)
{
	bool has_ended = false;
	int state;

	for (;;) {
		if (!has_ended)
			has_ended = waitpid(pid, status, WNOHANG) == pid;
		state = make_step();
		if (state == EXPLORE_STUCK ||
		    (has_ended && (state == EXPLORE_EMPTY ||
				   state == EXPLORE_SPINNING)))
			return state;
	}
}

static enum outcome judge(int status)
{
	if (WIFSIGNALED(status))
		return OUTCOME_SIGNAL;
	if (WEXITSTATUS(status) == 127)
		errx(2, "%s does not run", subject->arguments[0]);
	if (WEXITSTATUS(status) != 0)
		return OUTCOME_STATUS;
	return is_output_wrong() ? OUTCOME_OUTPUT : OUTCOME_PASSED;
}

static enum outcome end_of(pid_t pid, int *status, FILE *stuck)
{
	int state = go_on(pid, status);

	if (state == EXPLORE_SPINNING)
		return OUTCOME_SPINNING;
	if (state != EXPLORE_STUCK)
		return judge(*status);
	tell_why(pid, stuck);
	end_run(pid, status);
	return OUTCOME_STUCK;
}

static void read_steps(struct run *run)
{
	char *to = (char *)run->steps;
	size_t size = sizeof(run->steps);
	ssize_t bytes;

	run->count = 0;
	while ((bytes = read(decider, to, size)) > 0) {
		to += bytes;
		size -= bytes;
		run->count += bytes / sizeof(run->steps[0]);
	}
}

void run_subject(const struct plan *plan, struct run *run, FILE *stuck)
{
	pid_t pid;

	if (ftruncate(output, 0) < 0 || lseek(output, 0, SEEK_SET) < 0 ||
	    write(decider, plan->choices,
		  plan->count * sizeof(plan->choices[0])) < 0)
		err(2, "cannot begin a run");
	fflush(NULL);
	if (subject->has_no_leak)
		leak_begin();
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0)
		become_subject();
	run->outcome = end_of(pid, &run->status, stuck);
	read_steps(run);
	if (subject->has_no_leak && leak_find(run->left, sizeof(run->left)) &&
	    run->outcome == OUTCOME_PASSED)
		run->outcome = OUTCOME_LEAK;
}
