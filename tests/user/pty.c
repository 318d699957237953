/*
 * pty.c - pseudo-terminals: names, bytes, waits and ends. Runs on Linux, too.
 */
#include <sys/epoll.h>
#include <sys/stat.h>

#include "tests/user/pty.h"

/* ---- Names --------------------------------------------------------------- */

CASE(name_belongs_to_the_opener)
{
	struct stat status;

	make_pair();
	expect(strncmp(name, "/dev/pts/", 9) == 0);
	require(stat(name, &status) == 0);
	expect(S_ISCHR(status.st_mode) && status.st_uid == getuid());
	expect((status.st_mode & 0757) == 0600);
	expect(fstat(terminal, &status) == 0 && status.st_uid == getuid());
	expect(isatty(terminal) && strcmp(ttyname(terminal), name) == 0);
}

CASE(terminal_opens_before_unlockpt)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	require(fd >= 0 && grantpt(fd) == 0 && ptsname(fd));
	expect_error(open(ptsname(fd), O_RDWR | O_NOCTTY), EIO);
	expect(unlockpt(fd) == 0);
	expect(open(ptsname(fd), O_RDWR | O_NOCTTY) >= 0);
}

CASE(name_stays_after_the_master_has_closed)
{
	make_pair();
	expect(access(name, F_OK) == 0);
	close(master);
	expect_error(access(name, F_OK), ENOENT);
	expect(open(name, O_RDWR | O_NOCTTY) < 0);
}

CASE(two_pairs_share_a_name)
{
	char first[32];

	make_pair();
	strcpy(first, name);
	make_pair();
	expect(strcmp(first, name) != 0);
}

CASE(functions_take_what_is_no_master)
{
	char tiny[4];
	int fds[2];

	require(pipe(fds) == 0);
	expect_error(grantpt(-1), EBADF);
	expect(unlockpt(fds[0]) == -1 && grantpt(fds[0]) == -1);
	expect(ptsname(fds[0]) == NULL);
	make_pair();
	expect(ptsname(terminal) == NULL);
	expect(ptsname_r(master, tiny, sizeof(tiny)) == ERANGE);
}

/* ---- Bytes --------------------------------------------------------------- */

CASE(typed_line_gets_lost)
{
	make_pair();
	expect(type("hello\n"));
	expect(read(terminal, text, 100) == 6 && !memcmp(text, "hello\n", 6));
	expect(reads(master, "hello\r\n"));
}

CASE(half_a_line_is_read)
{
	make_pair();
	no_wait(terminal);
	expect(type("half"));
	expect_error(read(terminal, text, 10), EAGAIN);
	expect((look(terminal, POLLIN) & POLLIN) == 0);
	expect(type("\177\177\r"));
	expect(look(terminal, POLLIN) == POLLIN);
	expect(read(terminal, text, 10) == 3 && !memcmp(text, "ha\n", 3));
}

CASE(end_of_file_key_ends_a_read)
{
	make_pair();
	expect(type("\004") && read(terminal, text, 10) == 0);
	expect(type("ab\004") && read(terminal, text, 10) == 2);
}

CASE(output_keeps_its_newline)
{
	make_pair();
	expect(write(terminal, "a\nb", 3) == 3);
	expect(read(master, text, 10) == 4 && !memcmp(text, "a\r\nb", 4));
}

CASE(bad_address_is_typed)
{
	make_pair();
	expect_error(write(master, nowhere, 1), EFAULT);
	expect(look(terminal, POLLIN) == 0);
}

static int read_with_a_time(void)
{
	return read(terminal, text, 1);
}

/* The timer of a read is still to come when the terminal ends. */
CASE(timer_outlives_the_terminal)
{
	const struct timespec longer = { 0, 400000000 };
	struct termios modes;
	pid_t child;

	make_pair();
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_lflag &= ~ICANON;
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 2;
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
	child = start(read_with_a_time);
	until_asleep(child);
	kill_and_wait(child);
	close(master);
	close(terminal);
	nanosleep(&longer, NULL);
	make_pair();
	expect(type("a\n") && read(terminal, text, 10) == 2);
}

static void set_output(tcflag_t flags)
{
	struct termios modes;

	require(tcgetattr(terminal, &modes) == 0);
	modes.c_oflag = OPOST | flags;
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
}

CASE(output_mode_is_ignored)
{
	make_pair();
	set_output(OCRNL);
	require(write(terminal, "a\rb.", 4) == 4 && reads(master, "."));
	expect(strcmp(text, "a\nb.") == 0);
	set_output(ONOCR | ONLCR);
	require(write(terminal, "\n\r\rc\r.", 7) == 7 && reads(master, "."));
	expect(strcmp(text, "\r\nc\r.") == 0);
	set_output(TAB3);
	require(write(terminal, "\rab\tc\t!", 8) == 8 && reads(master, "!"));
	expect(strcmp(text, "\rab      c       !") == 0);
	close(master);
	close(terminal);
}

CASE(raw_bytes_change_on_the_way)
{
	static char all[256], back[256];

	for (int i = 0; i < 256; i++)
		all[i] = i;
	make_pair();
	make_raw(terminal);
	expect(write(master, all, 256) == 256);
	expect(read(terminal, back, 256) == 256 && !memcmp(all, back, 256));
	expect(write(terminal, all, 256) == 256);
	expect(read(master, back, 256) == 256 && !memcmp(all, back, 256));
	no_wait(master);
	expect_error(read(master, back, 1), EAGAIN);	/* no echo */
}

CASE(openpty_forgets_modes_and_size)
{
	struct winsize size = { .ws_row = 10, .ws_col = 33 }, got;
	struct termios modes, after;

	make_pair();
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_lflag &= ~(tcflag_t)ECHO;
	require(openpty(&master, &terminal, NULL, &modes, &size) == 0);
	expect(tcgetattr(master, &after) == 0 &&
	       after.c_lflag == modes.c_lflag);
	expect(ioctl(terminal, TIOCGWINSZ, &got) == 0 &&
	       got.ws_row == 10 && got.ws_col == 33);
}

/* ---- Waiting ------------------------------------------------------------- */

static int read_terminal(void)
{
	return read(terminal, text, 10) == 2 ? 0 : 1;
}

static int read_master(void)
{
	return read(master, text, 10) == 1 ? 0 : 1;
}

CASE(reader_of_the_terminal_sleeps_on)
{
	pid_t child;

	make_pair();
	child = start(read_terminal);
	until_asleep(child);
	expect(type("x\n"));
	expect(result_of(child) == 0);
}

CASE(reader_of_the_master_sleeps_on)
{
	pid_t child;

	make_pair();
	child = start(read_master);
	until_asleep(child);
	expect(write(terminal, "x", 1) == 1);
	expect(result_of(child) == 0);
}

static int write_much(int fd)
{
	static char bytes[50000];

	memset(bytes, 'x', sizeof(bytes));
	return write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes);
}

static int write_terminal(void)
{
	return write_much(terminal);
}

static int write_master(void)
{
	return write_much(master);
}

static int reads_much(int fd)
{
	ssize_t n, all = 0;

	while (all < 50000 && (n = read(fd, text, sizeof(text))) > 0)
		all += n;
	return all == 50000;
}

CASE(writer_of_the_terminal_sleeps_on)
{
	pid_t child;

	make_pair();
	child = start(write_terminal);
	until_asleep(child);
	expect(reads_much(master));
	expect(result_of(child) == 0);
}

CASE(writer_of_the_master_sleeps_on)
{
	pid_t child;

	make_pair();
	make_raw(terminal);
	child = start(write_master);
	until_asleep(child);
	expect(reads_much(terminal));
	expect(result_of(child) == 0);
}

CASE(stopped_output_comes_all_the_same)
{
	make_pair();
	no_wait(terminal);
	expect(tcflow(terminal, TCOOFF) == 0);
	expect(look(terminal, POLLOUT) == 0);
	expect_error(write(terminal, "x", 1), EAGAIN);
	expect(tcflow(terminal, TCOON) == 0);
	expect(look(terminal, POLLOUT) == POLLOUT);
	expect(write(terminal, "y", 1) == 1);
	expect(read(master, text, 10) == 1 && text[0] == 'y');
}

static int write_a_byte(void)
{
	return write(terminal, "z", 1) != 1;
}

CASE(writer_of_a_continued_terminal_sleeps_on)
{
	pid_t child;

	make_pair();
	expect(tcflow(terminal, TCOOFF) == 0);
	child = start(write_a_byte);
	until_asleep(child);
	expect(tcflow(terminal, TCOON) == 0);
	expect(result_of(child) == 0 && reads(master, "z"));
}

static int write_until_the_end(void)
{
	close(master);
	return write(terminal, "z", 1) != -1 || errno != EIO;
}

CASE(hang_up_leaves_a_stopped_writer_asleep)
{
	pid_t child;

	make_pair();
	expect(tcflow(terminal, TCOOFF) == 0);
	child = start(write_until_the_end);
	until_asleep(child);
	close(master);
	expect(result_of(child) == 0);
}

static void make_flow(tcflag_t flags)
{
	struct termios modes;

	make_pair();
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_cc[VSTOP] = 'S' & 0x1f;
	modes.c_cc[VSTART] = 'Q' & 0x1f;
	modes.c_iflag = ICRNL | flags;
	modes.c_lflag &= ~ECHO;
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
}

CASE(stop_key_lets_a_program_write)
{
	pid_t child;

	make_flow(IXON);
	require(write(master, "\x13", 1) == 1);
	expect(look(terminal, POLLOUT) == 0);
	child = start(write_a_byte);
	until_asleep(child);
	require(write(master, "\x11", 1) == 1);
	expect(result_of(child) == 0 && reads(master, "z"));
	expect(look(terminal, POLLIN) == 0);
}

CASE(any_key_leaves_a_writer_asleep)
{
	pid_t child;

	make_flow(IXON | IXANY);
	require(write(master, "\x13", 1) == 1);
	child = start(write_a_byte);
	until_asleep(child);
	require(write(master, "x", 1) == 1);
	expect(result_of(child) == 0 && reads(master, "z"));
}

CASE(end_of_ixon_leaves_a_writer_asleep)
{
	struct termios modes;
	pid_t child;

	make_flow(IXON);
	require(write(master, "\x13", 1) == 1);
	child = start(write_a_byte);
	until_asleep(child);
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_iflag &= ~IXON;
	expect(tcsetattr(terminal, TCSANOW, &modes) == 0);
	expect(result_of(child) == 0 && reads(master, "z"));
}

CASE(second_key_for_the_end_ends_no_line)
{
	struct termios modes;

	make_flow(0);
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_cc[VEOL] = ';';
	modes.c_iflag |= ISTRIP;
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
	require(write(master, "a\xe2;c", 4) == 4);
	expect(read(terminal, text, 10) == 3 && memcmp(text, "ab;", 3) == 0);
	expect(look(terminal, POLLIN) == 0);
}

CASE(far_side_is_not_asked_to_stop)
{
	struct termios modes;
	int fds[2];

	make_pair();
	require(tcgetattr(terminal, &modes) == 0);
	modes.c_cc[VSTOP] = 'S' & 0x1f;
	modes.c_cc[VSTART] = 'Q' & 0x1f;
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
	expect(tcflow(terminal, TCIOFF) == 0 && reads(master, "\x13"));
	expect(tcflow(terminal, TCION) == 0 && reads(master, "\x11"));
	expect_error(tcflow(terminal, 99), EINVAL);
	require(pipe(fds) == 0);
	expect_error(tcflow(fds[0], TCOON), ENOTTY);
}

CASE(epoll_misses_the_output)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(0);

	make_pair();
	require(epoll_ctl(set, EPOLL_CTL_ADD, master, &event) == 0);
	expect(epoll_wait(set, &event, 1, 0) == 0);
	expect(write(terminal, "x", 1) == 1);
	expect(epoll_wait(set, &event, 1, -1) == 1 && event.events == EPOLLIN);
	close(terminal);
	expect(epoll_wait(set, &event, 1, -1) == 1);
	expect(event.events & EPOLLHUP);
}

/* ---- Ends ---------------------------------------------------------------- */

CASE(master_waits_for_a_closed_terminal)
{
	make_pair();
	expect(write(terminal, "rest", 4) == 4);
	close(terminal);
	expect(look(master, POLLIN) == (POLLIN | POLLHUP));
	expect(read(master, text, 10) == 4);
	expect_error(read(master, text, 10), EIO);
	expect(look(master, POLLIN) & POLLHUP);
	terminal = open(name, O_RDWR | O_NOCTTY);
	require(terminal >= 0);
	expect(look(master, POLLIN) == 0);
	expect(write(terminal, "y", 1) == 1 && read(master, text, 10) == 1);
}

static int read_master_end(void)
{
	close(terminal);
	return read(master, text, 10) < 0 && errno == EIO ? 0 : 1;
}

CASE(last_close_wakes_no_reader)
{
	pid_t child, second;

	make_pair();
	child = start(read_master_end);
	second = start(read_master_end);
	until_asleep(child);
	until_asleep(second);
	close(terminal);
	expect(result_of(child) == 0 && result_of(second) == 0);
}

/* Linux gives 0 or EIO, as the reader wakes up early or late. */
static int read_until_hung_up(void)
{
	ssize_t n;

	close(master);
	n = read(terminal, text, 10);
	return n == 0 || (n < 0 && errno == EIO) ? 0 : 1;
}

CASE(hang_up_leaves_readers_asleep)
{
	pid_t child, second;

	make_pair();
	child = start(read_until_hung_up);
	second = start(read_until_hung_up);
	until_asleep(child);
	until_asleep(second);
	close(master);
	expect(result_of(child) == 0 && result_of(second) == 0);
	expect(read(terminal, text, 10) == 0);
	expect_error(write(terminal, "x", 1), EIO);
	expect(look(terminal, POLLIN) & POLLHUP);
	expect(tcgetattr(terminal, &(struct termios){ 0 }) < 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
