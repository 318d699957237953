/*
 * builtin_job.c - jobs fg bg wait kill: the commands about other processes.
 *
 * Their arguments name a job: %number, %% or %+ for the current job, or %text
 * for the job with a command that begins with text.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "user/sh/jobs.h"

static bool matches(struct job *job, const char *text)
{
	long number;

	if (read_number(text, &number))
		return job->number == number;
	if (!*text || !strcmp(text, "%") || !strcmp(text, "+"))
		return job == job_current;
	return !strncmp(job->text, text, strlen(text));
}

/* The job that "%..." names. NULL: an error, the message is printed. */
static struct job *find_job(const char *name)
{
	const char *text = *name == '%' ? name + 1 : name;
	struct job *job = job_first();

	while (job && !matches(job, text))
		job = job->next;
	if (!job)
		shell_warn("%s: no such job", name);
	return job;
}

static struct job *find_process(pid_t pid)
{
	struct job *job;
	int i;

	for (job = job_first(); job; job = job->next)
		for (i = 0; i < job->count; i++)
			if (job->processes[i].pid == pid)
				return job;
	return NULL;
}

int builtin_jobs(int count, char **words)
{
	struct job *job, *next;

	(void)words;
	if (count > 1)
		return bad_usage("jobs");
	for (job = job_first(); job; job = next) {
		next = job->next;
		job_update(job);
		job_show(job, stdout);
		job->stop_told = true;
		if (job_state(job) == DONE && sh.interactive)
			job_forget(job);
	}
	return 0;
}

static bool job_control_missing(const char *name)
{
	if (!sh.job_control)
		shell_warn("%s: no job control", name);
	return !sh.job_control;
}

int builtin_fg(int count, char **words)
{
	struct job *job;

	if (count > 2)
		return bad_usage("fg");
	if (job_control_missing("fg"))
		return 1;
	job = find_job(count > 1 ? words[1] : "%+");
	if (!job)
		return 1;
	fprintf(stderr, "%s\n", job->text);
	job_continue(job, true);
	return job_foreground(job);
}

int builtin_bg(int count, char **words)
{
	struct job *job;

	if (count > 2)
		return bad_usage("bg");
	if (job_control_missing("bg"))
		return 1;
	job = find_job(count > 1 ? words[1] : "%+");
	if (!job)
		return 1;
	fprintf(stderr, "[%d] %s &\n", job->number, job->text);
	job_continue(job, false);
	return 0;
}

/* Returns the job's status, 128 + n if signal n ended the waiting. */
static int wait_for(struct job *job)
{
	int status;

	if (!job_wait(job))
		return 128 + signal_pending();
	status = job_status(job);
	if (job_state(job) == DONE && !sh.interactive)
		job_forget(job);
	return status;
}

static int wait_all(void)
{
	struct job *job;

	for (job = job_first(); job; job = job->next)
		if (!job_wait(job))
			return 128 + signal_pending();
	while (!sh.interactive && (job = job_first()))
		job_forget(job);
	return 0;
}

/* wait: for all; wait PID... or %JOB...: the status of the last argument. */
int builtin_wait(int count, char **words)
{
	int status = 0, i;
	struct job *job;
	long pid;

	if (count == 1)
		return wait_all();
	for (i = 1; i < count; i++) {
		if (*words[i] == '%') {
			job = find_job(words[i]);
		} else if (read_number(words[i], &pid)) {
			job = find_process(pid);
		} else {
			shell_warn("wait: %s: not a process or job", words[i]);
			return 2;
		}
		status = job ? wait_for(job) : 127;
	}
	return status;
}

static int list_signals(void)
{
	const char *name;
	int i;

	for (i = 1; i < 32; i++) {
		name = signal_name(i);
		if (name)
			printf("%2d %s\n", i, name);
	}
	return 0;
}

/* A stopped job runs again, so that the signal can end the job. */
static int kill_job(struct job *job, int number)
{
	int i, result = 0;

	if (job->group) {
		result = kill(-job->group, number);
		if (!result && job_state(job) == STOPPED &&
		    (number == SIGTERM || number == SIGHUP))
			kill(-job->group, SIGCONT);
		return result;
	}
	for (i = 0; i < job->count; i++)
		if (job->processes[i].state != DONE &&
		    kill(job->processes[i].pid, number))
			result = -1;
	return result;
}

static int kill_one(const char *word, int number)
{
	struct job *job;
	long pid;
	int result;

	if (*word == '%') {
		job = find_job(word);
		if (!job)
			return 1;
		result = kill_job(job, number);
	} else if (read_number(word, &pid)) {
		result = kill(pid, number);
	} else {
		shell_warn("kill: %s: not a process or job", word);
		return 1;
	}
	if (result)
		shell_warn("kill: %s: %s", word, strerror(errno));
	return result != 0;
}

/* kill [-SIGNAL | -s SIGNAL] PID|%JOB..., kill -l */
int builtin_kill(int count, char **words)
{
	int number = SIGTERM, status = 0, i = 1;
	const char *name = NULL;

	if (i < count && !strcmp(words[i], "-l"))
		return list_signals();
	if (i + 1 < count && !strcmp(words[i], "-s")) {
		name = words[i + 1];
		i += 2;
	} else if (i < count && *words[i] == '-' && words[i][1] != '-') {
		name = words[i++] + 1;
	}
	if (i < count && !strcmp(words[i], "--"))
		i++;
	if (name)
		number = signal_number(name);
	if (number < 0) {
		shell_warn("kill: %s: bad signal", name);
		return 2;
	}
	if (i == count)
		return bad_usage("kill");
	for (; i < count; i++)
		status |= kill_one(words[i], number);
	return status;
}
