/*
 * foreground.c - fork, and the job that has the terminal.
 *
 * At a terminal each job is a process group of its own, and the terminal knows
 * which group is in the foreground: ctrl+C goes to this group and ends the job,
 * not the shell. The shell takes the foreground back when the job has ended or
 * was stopped.
 *
 * A group must exist before a call names the group, and shell and child run in
 * any order after fork(): both set the group, and the second call does no harm.
 *
 * A signal may come before the child has replaced the shell's handlers: in
 * `sleep 9 & kill $!` the signal would be ignored. So all signals are blocked
 * until the child has set its own actions.
 */
#include <errno.h>
#include <parley.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "user/sh/jobs.h"

static int terminal = -1;
static pid_t shell_group;
static struct termios shell_modes;
static bool have_modes;

/*
 * Take the terminal: become a process group of our own, in the foreground. A
 * shell started in the background stops here until the shell comes to the
 * foreground.
 */
void terminal_init(void)
{
	pid_t group = tcgetpgrp(STDERR_FILENO);

	if (group >= 0 && group != getpgrp()) {
		kill(0, SIGTTIN);
		group = tcgetpgrp(STDERR_FILENO);
	}
	if (group < 0 || group != getpgrp())
		return;
	terminal = move_high(dup(STDERR_FILENO));
	signals_init();
	if (group != getpid())
		setpgid(0, 0);
	shell_group = getpgrp();
	if (tcsetpgrp(terminal, shell_group))
		return;
	have_modes = tcgetattr(terminal, &shell_modes) == 0;
	sh.job_control = options.monitor = true;
}

/* A copy of the shell that runs the given commands and reads no more. */
void become_subshell(bool background)
{
	signals_child(background);
	sh.interactive = false;
	sh.job_control = false;
	while (job_first())
		job_forget(job_first());
}

static void say_fork_failed(void)
{
	shell_warn("cannot fork: %s", strerror(errno));
}

static sigset_t mask_before_fork;

/* fork(), all signals blocked in both until end_fork(). */
static pid_t begin_fork(void)
{
	sigset_t all;
	pid_t pid;

	fflush(stdout);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask_before_fork);
	pid = fork();
	if (pid < 0)
		say_fork_failed();
	return pid;
}

static void end_fork(void)
{
	sigprocmask(SIG_SETMASK, &mask_before_fork, NULL);
}

/* fork() for a process that belongs to no job, as for $(...). */
pid_t fork_shell(void)
{
	pid_t pid = begin_fork();

	if (pid == 0)
		become_subshell(false);
	end_fork();
	return pid;
}

/* Put the next process of a job into its group. */
static void join_group(struct job *job, pid_t pid, bool foreground)
{
	if (!sh.job_control)
		return;
	if (!job->group)
		job->group = pid;
	setpgid(pid, job->group);
	if (foreground)
		tcsetpgrp(terminal, job->group);
}

/* fork() for the next process of a job. */
pid_t job_fork(struct job *job, bool foreground)
{
	struct process *process = &job->processes[job->count];
	pid_t pid = begin_fork();

	if (pid >= 0)
		join_group(job, pid ? pid : getpid(), foreground);
	if (pid == 0)
		become_subshell(!foreground && !sh.job_control);
	end_fork();
	if (pid <= 0)
		return pid;
	process->pid = pid;
	process->state = RUNNING;
	job->count++;
	return pid;
}

/* A crash is reported; ctrl+C and a reader that closed the pipe are not. */
static void tell_deaths(struct job *job)
{
	int i, status, signal;

	for (i = 0; i < job->count; i++) {
		status = job->processes[i].status;
		signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		if (signal == SIGINT && sh.interactive) {
			interrupt();
			return;
		}
		if (signal && signal != SIGINT && signal != SIGPIPE)
			fprintf(stderr, "%s\n", death_text(status));
	}
}

/* The terminal is the shell's again, and usable whatever the job did. */
static void take_terminal(bool restore)
{
	if (!sh.job_control)
		return;
	tcsetpgrp(terminal, shell_group);
	if (restore)
		tcflow(terminal, TCOON);
	if (restore && have_modes)
		tcsetattr(terminal, TCSADRAIN, &shell_modes);
}

/* Wait until the job in the foreground ends or stops. Returns $?. */
int job_foreground(struct job *job)
{
	int flags = sh.job_control ? WUNTRACED : 0;
	int i, status;

	for (i = 0; i < job->count; i++)
		while (job->processes[i].state == RUNNING)
			job_wait_process(&job->processes[i], flags);
	status = job->count ? job_status(job) : 1;
	take_terminal(status > 128);
	if (job_state(job) == STOPPED) {
		if (!job->number)
			job_add(job);
		job_current = job;
		fputc('\n', stderr);
		job->stop_told = true;
		job_show(job, stderr);
		return status;
	}
	job_hang_up(job, true);
	tell_deaths(job);
	job_forget(job);
	jobs_look();
	return status;
}

/* Let a stopped job go on. */
void job_continue(struct job *job, bool foreground)
{
	int i;

	for (i = 0; i < job->count; i++)
		if (job->processes[i].state == STOPPED)
			job->processes[i].state = RUNNING;
	job_current = job;
	if (foreground && job->group)
		tcsetpgrp(terminal, job->group);
	if (job->group)
		kill(-job->group, SIGCONT);
}
