/*
 * matrix.c - the rows `files` of matrix.def: calls that wait at a descriptor.
 * POSIX, and the descriptors of Linux.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/select.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "tests/user/matrix_calls.h"

/* ---- Pipes, FIFOs, sockets ----------------------------------------------- */

/* Half of a full pipe: enough for any writer. */
static void make_room(struct place *p)
{
	require(drain(p->other, PIPE_BYTES / 2));
}

static void new_pipe(struct place *p)
{
	int fds[2];

	require(pipe(fds) == 0);
	take_ends(p, fds[0], fds[1]);
}

static void new_full_pipe(struct place *p)
{
	int fds[2];

	require(pipe(fds) == 0);
	take_ends(p, fds[1], fds[0]);
	fill_pipe(p->fd);
}

static const struct call pipe_read_row = {
	.prepare = new_pipe, .wait = read_byte, .happen = put_byte,
};

static const struct call pipe_write_row = {
	.prepare = new_full_pipe, .wait = write_byte, .happen = make_room,
};

static void new_name(struct place *p)
{
	unlink(path_of(p));
	require(mkfifo(path_of(p), 0600) == 0);
}

static void remove_fifo(struct place *p)
{
	unlink(path_of(p));
}

static void new_fifo(struct place *p)
{
	int reader, writer;

	new_name(p);
	reader = open(path_of(p), O_RDONLY | O_NONBLOCK);
	writer = open(path_of(p), O_WRONLY);
	require(reader >= 0 && writer >= 0);
	set_nonblocking(reader, 0);
	take_ends(p, reader, writer);
}

static void new_full_fifo(struct place *p)
{
	new_fifo(p);
	take_ends(p, p->other, p->fd);
	fill_pipe(p->fd);
}

static const struct call fifo_read_row = {
	.prepare = new_fifo, .wait = read_byte, .happen = put_byte,
	.remove = remove_fifo,
};

static const struct call fifo_write_row = {
	.prepare = new_full_fifo, .wait = write_byte, .happen = make_room,
	.remove = remove_fifo,
};

static int open_with(struct place *p, int flags)
{
	p->fd = open(path_of(p), flags);
	return p->fd < 0 ? errno : DONE;
}

static int open_to_read(struct place *p)
{
	return open_with(p, O_RDONLY);
}

static int open_to_write(struct place *p)
{
	return open_with(p, O_WRONLY);
}

static int try_to_read(struct place *p)
{
	return open_with(p, O_RDONLY | O_NONBLOCK);
}

static int try_to_write(struct place *p)
{
	return open_with(p, O_WRONLY | O_NONBLOCK);
}

static void come_to_write(struct place *p)
{
	require(try_to_write(p) == DONE);
}

static void come_to_read(struct place *p)
{
	require(try_to_read(p) == DONE);
}

static const struct call fifo_open_r_row = {
	.prepare = new_name, .wait = open_to_read, .attempt = try_to_read,
	.happen = come_to_write, .remove = remove_fifo,
};

static const struct call fifo_open_w_row = {
	.prepare = new_name, .wait = open_to_write, .attempt = try_to_write,
	.happen = come_to_read, .remove = remove_fifo,
};

static const struct call socket_read_row = {
	.prepare = new_sockets, .wait = read_byte, .happen = put_byte,
};

static const struct call socket_write_row = {
	.prepare = new_full_socket, .wait = write_byte, .happen = take_all,
};

/* ---- Counters ------------------------------------------------------------ */

static int read_number(struct place *p)
{
	uint64_t number;

	return outcome(read(p->fd, &number, 8), 8);
}

static int write_number(struct place *p)
{
	uint64_t one = 1;

	return outcome(write(p->fd, &one, 8), 8);
}

static void add_one(struct place *p)
{
	require(write_number(p) == DONE);
}

static void take_number(struct place *p)
{
	require(read_number(p) == DONE);
}

static void new_counter(struct place *p)
{
	p->fd = eventfd(0, 0);
	require(p->fd >= 0);
}

static void new_full_counter(struct place *p)
{
	uint64_t most = UINT64_MAX - 1;

	new_counter(p);
	require(write(p->fd, &most, 8) == 8);
}

static const struct call eventfd_read_row = {
	.prepare = new_counter, .wait = read_number, .happen = add_one,
};

static const struct call eventfd_write_row = {
	.prepare = new_full_counter, .wait = write_number,
	.happen = take_number,
};

static void new_timer(struct place *p)
{
	p->fd = timerfd_create(CLOCK_MONOTONIC, 0);
	require(p->fd >= 0);
}

/* Wait until the timer has expired, or the waiter has read that. */
static void expire(struct place *p)
{
	const struct itimerspec now = { .it_value = { 0, 1 } };

	require(timerfd_settime(p->fd, 0, &now, NULL) == 0);
	while (!p->has_ended && poll_for(p->fd, 1) != DONE)
		continue;
}

static const struct call timerfd_read_row = {
	.prepare = new_timer, .wait = read_number, .happen = expire,
};

static void new_inotify(struct place *p)
{
	p->fd = inotify_init();
	require(p->fd >= 0 &&
		inotify_add_watch(p->fd, ".", IN_CREATE) >= 0);
}

static int read_notice(struct place *p)
{
	char event[sizeof(struct inotify_event) + 16];

	return outcome(read(p->fd, event, sizeof(event)), sizeof(event));
}

static void make_and_remove(struct place *p)
{
	(void)p;
	close(open("matrix-notice", O_CREAT | O_WRONLY, 0600));
	unlink("matrix-notice");
}

static const struct call inotify_read_row = {
	.prepare = new_inotify, .wait = read_notice,
	.happen = make_and_remove,
};

/* Before the fork: the waiter inherits the mask. */
static void new_signalfd(struct place *p)
{
	sigset_t set = set_of(SIGUSR2);

	block(SIGUSR2);
	p->fd = signalfd(-1, &set, 0);
	require(p->fd >= 0);
}

static int read_signal(struct place *p)
{
	struct signalfd_siginfo info;

	return outcome(read(p->fd, &info, sizeof(info)), sizeof(info));
}

static const struct call signalfd_read_row = {
	.prepare = new_signalfd, .wait = read_signal, .happen = send_second,
};

/* ---- poll() and select() ------------------------------------------------- */

static const struct call poll_pipe_row = {
	.prepare = new_pipe, .wait = poll_for_ever, .attempt = poll_now,
	.timed = poll_a_little, .happen = put_byte,
};

/* A set with a pipe that stays open when the set closes. */
static void new_set(struct place *p)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fds[2], set = epoll_create1(0);

	require(pipe(fds) == 0 && set >= 0);
	require(epoll_ctl(set, EPOLL_CTL_ADD, fds[0], &event) == 0);
	take_ends(p, set, fds[1]);
}

static int wait_for_set(struct place *p)
{
	int wait_ms = column == NONBLOCK ? 0 : column == DEADLINE ? 5 : -1;
	struct epoll_event event;

	return outcome(epoll_wait(p->fd, &event, 1, wait_ms), 1);
}

static const struct call epoll_wait_row = {
	.prepare = new_set, .wait = wait_for_set, .attempt = wait_for_set,
	.timed = wait_for_set, .happen = put_byte,
};

/* The same with a mask, which lets the signals of the table in. */
static int wait_with_mask(struct place *p)
{
	int wait_ms = column == NONBLOCK ? 0 : column == DEADLINE ? 5 : -1;
	struct epoll_event event;
	sigset_t mask;

	sigemptyset(&mask);
	return outcome(epoll_pwait(p->fd, &event, 1, wait_ms, &mask), 1);
}

static void block_first(struct place *p)
{
	(void)p;
	block(SIGUSR1);
}

static const struct call epoll_pwait_row = {
	.prepare = new_set, .enter = block_first, .wait = wait_with_mask,
	.attempt = wait_with_mask, .timed = wait_with_mask, .happen = put_byte,
};

/* The mask of the wait lets the signals of the table in. */
static int ppoll_for(struct place *p, const struct timespec *time)
{
	struct pollfd poller = { .fd = p->fd, .events = POLLIN };
	sigset_t mask;
	int result;

	sigemptyset(&mask);
	result = outcome(ppoll(&poller, 1, time, &mask), 1);
	return result == DONE && poller.revents & POLLNVAL ? EBADF : result;
}

static int ppoll_for_ever(struct place *p)
{
	return ppoll_for(p, NULL);
}

static int ppoll_now(struct place *p)
{
	return ppoll_for(p, &(struct timespec){ 0, 0 });
}

static int ppoll_a_little(struct place *p)
{
	return ppoll_for(p, &(struct timespec){ 0, 5000000 });
}

static const struct call ppoll_pipe_row = {
	.prepare = new_pipe, .enter = block_first, .wait = ppoll_for_ever,
	.attempt = ppoll_now, .timed = ppoll_a_little, .happen = put_byte,
};

static int select_for(struct place *p, struct timeval *time)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(p->fd, &set);
	return outcome(select(p->fd + 1, &set, NULL, NULL, time), 1);
}

static int select_for_ever(struct place *p)
{
	return select_for(p, NULL);
}

static int select_now(struct place *p)
{
	return select_for(p, &(struct timeval){ 0, 0 });
}

static int select_a_little(struct place *p)
{
	return select_for(p, &(struct timeval){ 0, 5000 });
}

static const struct call select_pipe_row = {
	.prepare = new_pipe, .wait = select_for_ever, .attempt = select_now,
	.timed = select_a_little, .happen = put_byte,
};

static int pselect_for(struct place *p, const struct timespec *time)
{
	sigset_t mask;
	fd_set set;

	sigemptyset(&mask);
	FD_ZERO(&set);
	FD_SET(p->fd, &set);
	return outcome(pselect(p->fd + 1, &set, NULL, NULL, time, &mask), 1);
}

static int pselect_for_ever(struct place *p)
{
	return pselect_for(p, NULL);
}

static int pselect_now(struct place *p)
{
	return pselect_for(p, &(struct timespec){ 0, 0 });
}

static int pselect_a_little(struct place *p)
{
	return pselect_for(p, &(struct timespec){ 0, 5000000 });
}

static const struct call pselect_pipe_row = {
	.prepare = new_pipe, .enter = block_first, .wait = pselect_for_ever,
	.attempt = pselect_now, .timed = pselect_a_little, .happen = put_byte,
};

static void new_process(struct place *p)
{
	pid_t pid = fork_or_fail();

	while (pid == 0)
		pause();
	p->peer = pid;
	p->fd = pidfd_open(pid, 0);
	require(p->fd >= 0);
}

static void kill_peer(struct place *p)
{
	kill(p->peer, SIGKILL);
	until_peer_ends(p);
}

static const struct call poll_pidfd_row = {
	.prepare = new_process, .wait = poll_for_ever, .attempt = poll_now,
	.timed = poll_a_little, .happen = kill_peer,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_files	ROW_AS_STRUCT
#define LINUX_files	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
