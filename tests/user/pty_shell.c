/*
 * pty_shell.c - a shell in a pseudo-terminal, which a program drives.
 */
#include "tests/user/pty_session.h"

static int run_shell(void)
{
	setenv("PS1", "> ", 1);
	setenv("TERM", "dumb", 1);
	execl("/bin/sh", "sh", "-i", (char *)NULL);
	return 127;
}

/* Wait until a job is in the foreground. */
static void until_job(pid_t shell)
{
	while (tcgetpgrp(master) == shell)
		case_pause();
}

/* Type the key that ends or stops the job, until the shell is in the foreground
 * again. A job that has not begun its program yet may lose the first signal:
 * the handler is still the shell's. */
static void leave_job(pid_t shell, const char *key)
{
	for (int i = 0; tcgetpgrp(master) != shell; i++) {
		if (i % 100 == 0)
			expect(type(key));
		case_pause();
	}
}

CASE(shell_in_a_terminal_has_no_job_control)
{
	pid_t shell = start_inside(run_shell);

	expect(type("echo o''ne\n") && reads(master, "one"));
	expect(type("sleep 1000\n"));
	until_job(shell);
	leave_job(shell, "\003");
	expect(type("echo status $?.\n") && reads(master, "status 130."));
	expect(type("sleep 1000\n"));
	until_job(shell);
	leave_job(shell, "\032");
	expect(type("echo t''wo\n") && reads(master, "two"));
	expect(type("fg\n"));
	until_job(shell);
	leave_job(shell, "\003");
	expect(type("stty rows 30 columns 90; stty size\n"));
	expect(reads(master, "30 90"));
	expect(type("exit 7\n"));
	expect(result_of(shell) == 7);
}

CASE(shell_outlives_its_terminal)
{
	pid_t shell = start_inside(run_shell);

	expect(type("echo o''ne\n") && reads(master, "one"));
	close(master);
	result_of(shell);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
