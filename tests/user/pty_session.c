/*
 * pty_session.c - processes in a pseudo-terminal: sessions, and keys for
 * signals.
 */
#include "tests/user/pty_session.h"

static int wait_for_signals(void)
{
	sigset_t none;

	for (int n = 1; n <= SIGWINCH; n++)
		if (n == SIGHUP || n == SIGINT || n == SIGWINCH) {
			set_handler(n, catch_it, 0);
			block(n);
		}
	write(1, "ready\n", 6);
	sigemptyset(&none);
	while (!caught)
		sigsuspend(&none);
	return caught_signal;
}

CASE(ctrl_c_reaches_no_process)
{
	pid_t child = start_inside(wait_for_signals);

	expect(reads(master, "ready\r\n"));
	expect(type("\003"));
	expect(result_of(child) == SIGINT);
	expect(reads(master, "^C"));
}

CASE(hang_up_reaches_no_leader)
{
	pid_t child = start_inside(wait_for_signals);

	expect(reads(master, "ready\r\n"));
	close(master);
	expect(result_of(child) == SIGHUP);
}

CASE(new_size_reaches_no_process)
{
	struct winsize size = { .ws_row = 20, .ws_col = 50 }, got;
	pid_t child = start_inside(wait_for_signals);

	expect(reads(master, "ready\r\n"));
	expect(ioctl(master, TIOCSWINSZ, &size) == 0);
	expect(result_of(child) == SIGWINCH);
	expect(ioctl(master, TIOCGWINSZ, &got) == 0);
	expect(got.ws_row == 20 && got.ws_col == 50);
}

static int die_with_a_job(void)
{
	pid_t job = start(wait_for_signals);

	setpgid(job, job);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(0, job);
	write(1, "front\n", 6);
	pause();
	return 0;
}

CASE(foreground_outlives_its_session)
{
	pid_t child = start_inside(die_with_a_job);

	expect(reads(master, "front\r\n"));
	kill(child, SIGKILL);
	result_of(child);
	while (read(master, text, sizeof(text)) > 0)
		;			/* until the job has ended, too */
	expect(errno == EIO);
}

static int has_the_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR);
	pid_t group = -1;

	return fd >= 0 && tcgetpgrp(0) == getpgrp() &&
		tcgetsid(0) == getpid() && isatty(fd) &&
		ioctl(fd, TIOCGPGRP, &group) == 0 && group == getpgrp()
			? 0 : 1;
}

CASE(forkpty_gives_no_controlling_terminal)
{
	pid_t child = start_inside(has_the_terminal);

	expect(result_of(child) == 0);
}

static int take_by_open(void)
{
	setsid();
	close(terminal);
	if (open(name, O_RDWR | O_NOCTTY) < 0 ||
	    open("/dev/tty", O_RDWR) >= 0)
		return 1;
	if (open(name, O_RDWR) < 0 || open("/dev/tty", O_RDWR) < 0)
		return 2;
	return 0;
}

CASE(open_by_a_leader_takes_no_terminal)
{
	make_pair();
	expect(run_in_child(take_by_open) == 0);
}

static int give_up(void)
{
	set_handler(SIGHUP, catch_it, 0);
	if (ioctl(0, TIOCNOTTY) < 0)
		return 1;
	if (open("/dev/tty", O_RDWR) >= 0)
		return 2;
	if (ioctl(0, TIOCNOTTY) == 0)
		return 3;
	if (caught != 1)
		return 4;		/* its own group was the foreground */
	return ioctl(0, TIOCSCTTY, 0) == 0 ? 0 : 5;
}

CASE(terminal_cannot_be_given_up)
{
	pid_t child = start_inside(give_up);

	expect(result_of(child) == 0);
}

static int read_in_the_background(void)
{
	pid_t job = fork();
	int status = 0;

	if (job == 0) {
		setpgid(0, 0);
		read(0, text, 10);
		_exit(0);
	}
	waitpid(job, &status, WUNTRACED);
	kill(job, SIGKILL);
	return WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN ? 0 : 1;
}

CASE(background_reads_the_keys)
{
	pid_t child = start_inside(read_in_the_background);

	expect(result_of(child) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
