/*
 * jobs.c - the processes of a pipeline, and their states.
 *
 * A job is the processes of one pipeline. A job gets a number when the job goes
 * to the background or is stopped. A finished job is reported before the next
 * prompt; a script remembers a finished job until a `wait` for the job.
 */
#include <errno.h>
#include <parley.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "user/sh/jobs.h"

#define REMEMBERED_MAX	256	/* finished jobs without a `wait` */

static struct job *jobs;
struct job *job_current;		/* %% and %+ : the job for fg */

struct job *job_first(void)
{
	return jobs;
}

struct job *job_create(int processes, const char *text)
{
	struct job *job = allocate(sizeof(*job) +
		processes * sizeof(job->processes[0]));
	const char *end = text ? strchr(text, '\n') : NULL;

	job->text = copy_text(text ? text : "");
	if (end)
		strcpy(job->text + (end - text), "");
	return job;
}

void job_forget(struct job *job)
{
	struct job **link = &jobs;

	while (*link && *link != job)
		link = &(*link)->next;
	if (*link)
		*link = job->next;
	if (job_current == job) {
		job_current = jobs;
		while (job_current && job_current->next)
			job_current = job_current->next;
	}
	free(job->text);
	free(job);
}

/* The value of $? for a status of waitpid(). */
int wait_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 128 + (WIFSTOPPED(status) ? WSTOPSIG(status)
		: WTERMSIG(status));
}

enum state job_state(struct job *job)
{
	enum state state = DONE;
	int i;

	for (i = 0; i < job->count; i++) {
		if (job->processes[i].state == STOPPED)
			return STOPPED;
		if (job->processes[i].state == RUNNING)
			state = RUNNING;
	}
	return state;
}

static void record(struct process *process, int status)
{
	if (WIFCONTINUED(status)) {
		process->state = RUNNING;
		return;
	}
	process->status = status;
	process->state = WIFSTOPPED(status) ? STOPPED : DONE;
}

/* Returns false if there was nothing to learn, or a signal came first. */
bool job_wait_process(struct process *process, int flags)
{
	int status;
	pid_t pid = waitpid(process->pid, &status, flags | WCAUSE);

	if (pid < 0 && errno != EINTR) {	/* waited for before */
		process->state = DONE;
		return true;
	}
	if (pid <= 0)
		return false;
	record(process, status);
	return true;
}

/* Status of a job: of the last process, or with pipefail the last failure. */
int job_status(struct job *job)
{
	int last = wait_status(job->processes[job->count - 1].status);
	int i;

	for (i = job->count - 1; options.pipefail && i >= 0 && !last; i--)
		last = wait_status(job->processes[i].status);
	return last;
}

void job_add(struct job *job)
{
	struct job **link = &jobs;

	job->number = 1;
	for (; *link; link = &(*link)->next)
		if ((*link)->number >= job->number)
			job->number = (*link)->number + 1;
	*link = job;
}

static const char *describe(struct job *job, char *text, size_t bytes)
{
	int status = job->processes[job->count - 1].status;

	switch (job_state(job)) {
	case RUNNING:
		return "Running";
	case STOPPED:
		return "Stopped";
	case DONE:
		break;
	}
	if (WIFSIGNALED(status))
		return death_text(status);
	if (!WEXITSTATUS(status))
		return "Done";
	snprintf(text, bytes, "Exit %d", WEXITSTATUS(status));
	return text;
}

void job_show(struct job *job, FILE *file)
{
	char text[16];

	fprintf(file, "[%d]%c  %-20s  %s\n", job->number,
		job == job_current ? '+' : ' ',
		describe(job, text, sizeof(text)), job->text);
}

/* Did a signal end a process of the job? SIGPIPE does not count, and ctrl+C in
   the foreground has reached the whole group already. */
static bool was_killed(struct job *job, bool foreground)
{
	int i, status, number;

	for (i = 0; i < job->count; i++) {
		status = job->processes[i].status;
		number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		if (number && number != SIGPIPE && !(foreground &&
		    (number == SIGINT || number == SIGQUIT)))
			return true;
	}
	return false;
}

/*
 * A killed program cannot end its children, and the children would wait for
 * ever. The children are still in the job's process group, so signal the group
 * as the end of a session does: SIGHUP, and SIGCONT for stopped processes. A
 * daemon ignores SIGHUP, or has a session of its own.
 */
void job_hang_up(struct job *job, bool foreground)
{
	if (!job->group || job->rest_told || job_state(job) != DONE)
		return;
	job->rest_told = true;
	if (!was_killed(job, foreground))
		return;
	if (kill(-job->group, SIGHUP) == 0)
		kill(-job->group, SIGCONT);
}

/* Wait until the job ended or stopped; false if a signal came first. */
bool job_wait(struct job *job)
{
	int flags = sh.job_control ? WUNTRACED : 0;
	int i;

	for (i = 0; i < job->count; i++)
		while (job->processes[i].state == RUNNING)
			if (!job_wait_process(&job->processes[i], flags) &&
			    signal_pending())
				return false;
	job_hang_up(job, false);
	return true;
}

/* Update the states of the processes, without waiting. */
void job_update(struct job *job)
{
	int flags = WNOHANG;
	int i;

	if (sh.job_control)
		flags |= WUNTRACED | WCONTINUED;
	for (i = 0; i < job->count; i++)
		if (job->processes[i].state != DONE)
			job_wait_process(&job->processes[i], flags);
	job_hang_up(job, false);
}

/* While a line is typed, and after each command in the foreground: update the
   jobs, so that the rest of a killed job ends also while a long loop runs, but
   report nothing yet. */
void jobs_look(void)
{
	struct job *job;

	for (job = jobs; job; job = job->next)
		job_update(job);
}

/* Forget the oldest of too many finished jobs. */
static void forget_finished(void)
{
	struct job *job, *oldest = NULL;
	int finished = 0;

	for (job = jobs; job; job = job->next) {
		job_update(job);
		if (job_state(job) != DONE)
			continue;
		if (!oldest)
			oldest = job;
		finished++;
	}
	if (finished > REMEMBERED_MAX)
		job_forget(oldest);
}

/* The shell goes on; the job runs in the background. */
void job_background(struct job *job)
{
	if (!job->count) {
		job_forget(job);
		return;
	}
	if (!sh.interactive)
		forget_finished();
	sh.last_background = job->processes[job->count - 1].pid;
	job_add(job);
	job_current = job;
	if (sh.interactive)
		fprintf(stderr, "[%d] %ld\n", job->number,
			(long)sh.last_background);
}

/* Before a prompt: report the jobs that ended or stopped. */
void jobs_report(void)
{
	struct job *job, *next;
	enum state state;

	for (job = jobs; job; job = next) {
		next = job->next;
		job_update(job);
		state = job_state(job);
		if (state == RUNNING)
			job->stop_told = false;
		if (state == DONE || (state == STOPPED && !job->stop_told))
			job_show(job, stderr);
		if (state == STOPPED)
			job->stop_told = true;
		if (state == DONE)
			job_forget(job);
	}
}

bool jobs_stopped(void)
{
	struct job *job;

	for (job = jobs; job; job = job->next)
		if (job_state(job) == STOPPED)
			return true;
	return false;
}
