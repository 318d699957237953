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

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
