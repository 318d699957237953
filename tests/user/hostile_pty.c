/*
 * hostile_pty.c - pseudo-terminals: bad addresses, limits, and an ordinary user
 * against the kernel.
 *
 * linux: no
 */
#include <sys/stat.h>

#include "tests/user/hostile.h"
#include "tests/user/pty.h"

/* ---- Wrong use ----------------------------------------------------------- */

CASE(bad_address_eats_a_byte)
{
	make_pair();
	make_raw(terminal);
	no_wait(master);
	no_wait(terminal);
	expect_error(write(master, nowhere, 1), EFAULT);
	expect_error(read(terminal, text, 1), EAGAIN);
	expect(type("x"));
	expect_error(read(terminal, nowhere, 1), EFAULT);
	expect(read(terminal, text, 1) == 1);
	expect_error(write(terminal, nowhere, 1), EFAULT);
	expect(write(terminal, "y", 1) == 1);
	expect_error(read(master, nowhere, 1), EFAULT);
	expect(read(master, text, 1) == 1);
	expect_error(ioctl(master, TIOCGWINSZ, nowhere), EFAULT);
	expect_error(ioctl(master, TIOCSWINSZ, nowhere), EFAULT);
	expect_error(ioctl(master, TIOCGPTN, nowhere), EFAULT);
	expect_error(ioctl(master, TIOCSPTLCK, nowhere), EFAULT);
}

static int fill(int fd)
{
	int all = 0;

	while (all < 1000000 && write(fd, "xxxxxxxx", 8) > 0)
		all += 8;
	return all < 1000000 && errno == EAGAIN;
}

CASE(full_side_is_writable)
{
	make_pair();
	make_raw(terminal);
	no_wait(master);
	no_wait(terminal);
	expect(look(master, POLLOUT) == POLLOUT);
	expect(look(terminal, POLLOUT) == POLLOUT);
	expect(fill(master) && fill(terminal));
	expect(look(master, POLLOUT) == 0);
	expect(look(terminal, POLLOUT) == 0);
	while (read(master, text, sizeof(text)) > 0)
		;
	while (read(terminal, text, sizeof(text)) > 0)
		;
	expect(look(master, POLLOUT) == POLLOUT);
	expect(look(terminal, POLLOUT) == POLLOUT);
}

static int write_master(void)
{
	static char bytes[50000];

	memset(bytes, 'x', sizeof(bytes));
	return write(master, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes);
}

/* Nothing can be read from the terminal, so the writer would wait for ever. */
CASE(line_without_end_stops_the_writer)
{
	pid_t child;

	make_pair();
	child = start(write_master);
	while (read(master, text, 1) == 1 && text[0] != '\a')
		;
	no_wait(master);
	do
		while (read(master, text, sizeof(text)) > 0)
			;
	while (waitpid(child, NULL, WNOHANG) == 0);
	expect(type("\025ok\n"));	/* ctrl+U */
	expect(reads(terminal, "ok\n"));
}

/* ---- Attacks ------------------------------------------------------------- */

static int open_many(void)
{
	int count = 0;

	while (count < 1000 && posix_openpt(O_RDWR | O_NOCTTY) >= 0)
		count++;
	expect(errno == ENOSPC && count == 64);
	return case_failed;
}

CASE(one_user_takes_all_terminals)
{
	attack_beside_root(open_many);
}

static int use_a_strange_terminal(void)
{
	pid_t group;
	int fd = open("/dev/pts/0", O_RDWR | O_NOCTTY);

	expect(fd < 0 && errno == EACCES);
	expect_error(chmod("/dev/pts/0", 0666), EPERM);
	expect(unlink("/dev/pts/0") < 0);
	expect(open("/dev/pts/77", O_RDWR | O_CREAT, 0600) < 0);
	expect(rename("/dev/pts/0", "/tmp/terminal") < 0);
	expect(mkdir("/dev/pts/mine", 0700) < 0);
	/* A descriptor of root's terminal that was inherited is no right. */
	expect_error(read(terminal, text, 10), EIO);
	expect(ioctl(terminal, TIOCGPGRP, &group) < 0);
	setsid();
	expect_error(ioctl(terminal, TIOCSCTTY, 0), EPERM);
	return case_failed;
}

CASE(user_takes_a_terminal_of_root)
{
	make_pair();
	require(strcmp(name, "/dev/pts/0") == 0);
	expect(type("a secret\n"));
	attack_beside_root(use_a_strange_terminal);
	expect(reads(terminal, "a secret\n"));
}

/* Long lines of tabs, erased by a key, and all modes. */
static int type_long_lines(void)
{
	static const char erase[] = "\025\027\177\004\003\n";
	static char tabs[4096];
	struct termios modes;

	signal(SIGINT, SIG_IGN);
	make_pair();
	no_wait(master);
	require(tcgetattr(master, &modes) == 0);
	for (int i = 0; i < 300; i++) {
		memset(tabs, i % 3 ? i % 3 == 1 ? '\t' : 'x' : 0x80,
		       sizeof(tabs));
		write(master, tabs, sizeof(tabs));
		write(master, &erase[i % 6], 1);
		modes.c_lflag ^= i % 5 == 0 ? ICANON : ECHO;
		tcsetattr(master, TCSANOW, &modes);
		while (read(master, text, sizeof(text)) > 0)
			;
		ioctl(terminal, TIOCSWINSZ,
		      &(struct winsize){ .ws_col = i % 100 });
	}
	return case_failed;
}

CASE(long_line_holds_the_processor)
{
	attack_beside_root(type_long_lines);
}

/* Keys for signals, many in a write, to a group of many processes. */
static int type_signals(void)
{
	static char keys[4096];
	pid_t child = forkpty(&master, NULL, NULL, NULL);

	require(child >= 0);
	if (child == 0) {
		signal(SIGINT, SIG_IGN);
		for (int i = 0; i < 20 && fork() > 0; i++)
			;
		for (;;)
			pause();
	}
	memset(keys, 3, sizeof(keys));
	no_wait(master);
	for (int i = 0; i < 40; i++) {
		write(master, keys, sizeof(keys));
		while (read(master, text, sizeof(text)) > 0)
			;
	}
	kill(-child, SIGKILL);
	return case_failed;
}

CASE(keys_for_signals_hold_the_processor)
{
	attack_beside_root(type_signals);
}

/* The pair goes in each order, while others wait for it. */
static int end_in_disorder(void)
{
	for (int i = 0; i < 60; i++) {
		pid_t reader, writer, polls;

		make_pair();
		make_raw(terminal);
		reader = start(write_master);
		writer = fork_or_fail();
		if (writer == 0)
			_exit(read(i % 2 ? master : terminal, text, 10) < 0);
		polls = fork_or_fail();
		if (polls == 0) {
			close(i % 4 < 2 ? master : terminal);
			_exit(look(i % 4 < 2 ? terminal : master, POLLIN));
		}
		close(i % 3 ? master : terminal);
		kill(i % 5 ? reader : writer, SIGKILL);
		close(i % 3 ? terminal : master);
		kill(reader, SIGKILL);
		kill(writer, SIGKILL);
		result_of(reader);
		result_of(writer);
		result_of(polls);
	}
	return case_failed;
}

CASE(end_in_disorder_leaks)
{
	attack_beside_root(end_in_disorder);
}

static int own_itself(void)
{
	setsid();
	make_pair();
	expect(ioctl(terminal, TIOCSCTTY, 0) == 0);
	signal(SIGHUP, SIG_IGN);
	close(master);
	expect_error(open("/dev/tty", O_RDWR), EIO);
	expect_error(ioctl(terminal, TIOCSCTTY, 0), EIO);
	expect_error(ioctl(terminal, TIOCNOTTY, 0), EIO);
	expect(read(terminal, text, 1) == 0);
	setsid();
	make_pair();
	expect(strcmp(name, "/dev/pts/0") == 0);
	return case_failed;
}

/* The attack leads a group, and cannot lead a session. */
static int lead_a_session(void)
{
	return run_in_child(own_itself);
}

CASE(leader_keeps_a_dead_terminal)
{
	attack_beside_root(lead_a_session);
}

/* ---- Masters that go ----------------------------------------------------- */

static int read_terminal(void)
{
	char *bytes = malloc(100);
	ssize_t n;

	close(master);
	n = read(terminal, bytes, 100);
	return n != 0 && !(n < 0 && errno == EIO);
}

static int write_terminal(void)
{
	static char bytes[20000];
	ssize_t n = 1;

	close(master);
	signal(SIGPIPE, SIG_IGN);
	while (n > 0)
		n = write(terminal, bytes, sizeof(bytes));
	return errno != EIO;
}

static int poll_terminal(void)
{
	struct pollfd poller = { .fd = terminal, .events = POLLIN };

	close(master);
	require(poll(&poller, 1, -1) == 1);
	return !(poller.revents & POLLHUP);
}

/* Readers, writers and pollers sleep at the terminal; the master goes. */
static int close_the_master(void)
{
	for (int i = 0; i < 10; i++) {
		pid_t pids[3];

		make_pair();
		make_raw(terminal);
		pids[0] = start_asleep(read_terminal);
		pids[1] = start_asleep(write_terminal);
		pids[2] = start_asleep(poll_terminal);
		close(master);
		for (int k = 0; k < 3; k++)
			expect(result_of(pids[k]) == 0);
		close(terminal);
	}
	return case_failed;
}

CASE(master_goes_while_others_sleep_at_the_terminal)
{
	attack_beside_root(close_the_master);
}

/* Sessions in sessions: each with a terminal whose master an outer process
 * holds, and which sends on what it reads. */
static int nest(int depth)
{
	pid_t child;
	ssize_t n;

	if (depth == 0)
		return write(STDOUT_FILENO, "deep\n", 5) != 5;
	child = forkpty(&master, NULL, NULL, NULL);
	if (child < 0)
		return 1;
	if (child == 0)
		_exit(nest(depth - 1));
	while ((n = read(master, text, sizeof(text))) > 0)
		write(STDOUT_FILENO, text, n);
	return result_of(child);
}

static int nest_deeply(void)
{
	int ends[2];

	require(pipe(ends) == 0);
	if (fork_or_fail() == 0) {
		dup2(ends[1], STDOUT_FILENO);
		_exit(nest(20));
	}
	close(ends[1]);
	expect(reads(ends[0], "deep"));
	expect(result_of(-1) == 0);
	return case_failed;
}

CASE(nested_terminals_lose_the_text)
{
	attack_beside_root(nest_deeply);
}

/* The outermost master goes: all sessions end, from the outside in. */
static int cut_the_outermost(void)
{
	pid_t child = forkpty(&master, NULL, NULL, NULL);

	require(child >= 0);
	if (child == 0) {
		for (int i = 0; i < 10; i++) {
			child = forkpty(&master, NULL, NULL, NULL);
			if (child != 0)
				break;
		}
		while (read(child > 0 ? master : 0, text, 10) > 0)
			;
		pause();
	}
	while (!is_asleep(child))
		case_pause();
	close(master);
	expect(result_of(child) == -SIGHUP);
	return case_failed;
}

CASE(sessions_outlive_the_outermost_terminal)
{
	attack_beside_root(cut_the_outermost);
}

/* Output that nobody reads, and input that echoes into it. */
static int flood(void)
{
	static char keys[1024];

	for (int i = 0; i < 16; i++) {
		make_pair();
		no_wait(master);
		no_wait(terminal);
		memset(keys, "\n\r\004\026\017\022\033\377"[i % 8],
		       sizeof(keys));
		for (int k = 0; k < 8; k++) {
			write(master, keys, sizeof(keys));
			write(terminal, keys, sizeof(keys));
			if (k % 5 == 0)
				tcflush(terminal, k % 3);
			if (k % 7 == 0)
				tcflow(terminal, k % 4);
		}
		expect(fill(terminal));
	}
	return case_failed;
}

CASE(flood_of_a_line_holds_the_processor)
{
	attack_beside_root(flood);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
