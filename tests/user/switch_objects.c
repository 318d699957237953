/*
 * switch_objects.c - a forced switch at every chance of what processes do with
 * objects: sockets with descriptors, epoll, inotify, locks of files. See
 * switch_story.h.
 *
 * linux: no
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/user/switch_story.h"

static int in, out;			/* descriptors, maybe the same */

static void close_ends(void)
{
	close(in);
	if (out != in)
		close(out);
}

static void stop_nothing(void)
{
}

/* ---- Connections, and descriptors on the way ----------------------------- */

static const struct sockaddr_un place = { AF_UNIX, "/tmp/switch-socket" };

static void make_listener(void)
{
	unlink(place.sun_path);
	in = out = socket(AF_UNIX, SOCK_STREAM, 0);
	require(in >= 0);
	require(bind(in, (struct sockaddr *)&place, sizeof(place)) == 0);
	require(listen(in, 1) == 0);
}

static void remove_listener(void)
{
	unlink(place.sun_path);
}

/* A descriptor for the counter, or -1, in the message. */
static ssize_t transfer(int fd, int *counter, int is_sent)
{
	char byte = 'x', control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	ssize_t bytes;

	if (!is_sent) {
		while ((bytes = recvmsg(fd, &message, 0)) < 0 && errno == EINTR)
			continue;
		head = CMSG_FIRSTHDR(&message);
		*counter = -1;
		if (bytes == 1 && head)
			memcpy(counter, CMSG_DATA(head), sizeof(int));
		return bytes;
	}
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), counter, sizeof(int));
	while ((bytes = sendmsg(fd, &message, MSG_NOSIGNAL)) < 0 &&
	       errno == EINTR)
		continue;
	return bytes;
}

static int is_gone(void)
{
	return errno == ECONNREFUSED || errno == EPIPE || errno == ECONNRESET;
}

/* A connection, a counter through the connection, and both are closed. */
static int send_counter(int value)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int counter = eventfd(value + 1, 0), result = 0;

	if (fd < 0 || counter < 0)
		return 60;
	while (connect(fd, (struct sockaddr *)&place, sizeof(place)) != 0)
		if (errno != EINTR)
			goto failed;
	if (transfer(fd, &counter, 1) != 1)
		goto failed;
out:
	close(fd);
	close(counter);
	return result;
failed:
	result = is_gone() ? NO_PROCESS : 61;
	goto out;
}

static int send_counters(void)
{
	int result = 0;

	close(in);
	for (int i = 0; i < MESSAGES && result == 0; i++)
		result = send_counter(i);
	return result;
}

static int receive_counters(void)
{
	int fd, counter;
	eventfd_t value;
	ssize_t bytes;

	for (;;) {
		fd = accept(in, NULL, NULL);
		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0)
			return 61;
		bytes = transfer(fd, &counter, 0);
		close(fd);
		if (bytes == 0)
			continue;	/* the sender was killed */
		if (bytes != 1 || eventfd_read(counter, &value) != 0)
			return 62;
		close(counter);
		if (value == STOP + 1)
			return 0;
		note((int)value - 1);
	}
}

static void stop_by_counter(void)
{
	send_counter(STOP);
}

/* ---- epoll: a lost edge leaves the receiver asleep ----------------------- */

static int life[2];			/* ends when all receivers have */

static void make_pipe(void)
{
	int ends[2];

	require(pipe(ends) == 0 && pipe(life) == 0);
	in = ends[0];
	out = ends[1];
}

static void leave_pipe(void)
{
	close_ends();
	close(life[1]);
}

/* A killed receiver leaves its child, which reads on. */
static void until_all_have_ended(void)
{
	char byte;

	require(read(life[0], &byte, 1) == 0);
	close(life[0]);
}

static int write_values(void)
{
	set_handler(SIGPIPE, SIG_IGN, 0);
	close(in);
	close(life[1]);
	for (int i = 0; i < MESSAGES; i++)
		while (write(out, &i, sizeof(i)) != sizeof(i))
			if (errno != EINTR)
				return errno == EPIPE ? NO_PROCESS : 60;
	return 0;
}

/* At each edge, all that is there. */
static int receive_by_edge(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set = epoll_create1(0), value;
	ssize_t bytes;

	close(out);
	set_nonblocking(in, 1);
	if (set < 0 || epoll_ctl(set, EPOLL_CTL_ADD, in, &event) != 0)
		return 60;
	for (;;) {
		if (epoll_wait(set, &event, 1, -1) < 0) {
			if (errno != EINTR)
				return 61;
			continue;
		}
		while ((bytes = read(in, &value, sizeof(value))) ==
		       sizeof(value))
			note(value);
		if (bytes == 0)
			return 0;
		if (errno != EAGAIN)
			return 62;
	}
}

/* Two waiters of one set: each event wakes one of them, the end both. */
static int receive_with_a_child(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(0), value, me, result = 0;
	pid_t child;
	ssize_t bytes;

	close(out);
	set_nonblocking(in, 1);
	if (set < 0 || epoll_ctl(set, EPOLL_CTL_ADD, in, &event) != 0)
		return 60;
	child = fork();
	me = child != 0;
	for (;;) {
		if (epoll_wait(set, &event, 1, -1) < 0 && errno != EINTR)
			return 61;
		bytes = read(in, &value, sizeof(value));
		if (bytes == sizeof(value))
			__sync_fetch_and_add(&shared->got[value], 1);
		if (bytes == 0)
			break;
	}
	if (me && child > 0)
		result = result_of(child);
	return result;
}

static int each_came(int sender_result, int receiver_result)
{
	for (int i = 0; i < MESSAGES; i++)
		if (shared->got[i] > 1 ||
		    (shared->got[i] == 0 && third < KILLS_SENDER))
			return 0;
	return both_ended(sender_result, receiver_result);
}

/* ---- Notices of files ---------------------------------------------------- */

static const char folder[] = "/tmp/switch-notices";

static const char *name_of(int value)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%d", folder, value);
	return path;
}

static void make_folder(void)
{
	require(mkdir(folder, 0700) == 0);
	in = out = inotify_init();
	require(in >= 0 && inotify_add_watch(in, folder, IN_CREATE) >= 0);
}

static void remove_folder(void)
{
	for (int i = 0; i < MESSAGES; i++)
		unlink(name_of(i));
	unlink(name_of(STOP));
	rmdir(folder);
}

static int make_file(int value)
{
	int fd = open(name_of(value), O_CREAT | O_WRONLY, 0600);

	return fd < 0 || close(fd) != 0 ? 60 : 0;
}

static int make_files(void)
{
	int result = 0;

	for (int i = 0; i < MESSAGES && result == 0; i++) {
		result = make_file(i);
		if (i > 0)
			unlink(name_of(i - 1));
	}
	return result;
}

static int receive_notices(void)
{
	char bytes[256];
	struct inotify_event *event;
	ssize_t n;

	for (;;) {
		n = read(in, bytes, sizeof(bytes));
		if (n < 0 && errno != EINTR)
			return 61;
		for (ssize_t at = 0; at < n;
		     at += sizeof(*event) + event->len) {
			event = (struct inotify_event *)(bytes + at);
			if (atoi(event->name) == STOP)
				return 0;
			note(atoi(event->name));
		}
	}
}

static void stop_by_notice(void)
{
	make_file(STOP);
}

/* ---- Locks of files ------------------------------------------------------ */

static int (*lock_file)(int fd, int is_locked);

static int lock_record(int fd, int is_locked)
{
	struct flock lock = { .l_type = is_locked ? F_WRLCK : F_UNLCK };

	return fcntl(fd, F_SETLKW, &lock);
}

static int lock_whole(int fd, int is_locked)
{
	return flock(fd, is_locked ? LOCK_EX : LOCK_UN);
}

/* Both add to a number that the lock guards, with a switch in the middle. */
static int add_under_lock(void)
{
	int fd = open("/tmp/switch-lock", O_RDWR | O_CREAT, 0600), before;

	if (fd < 0)
		return 60;
	for (int i = 0; i < MESSAGES; i++) {
		while (lock_file(fd, 1) != 0)
			if (errno != EINTR)
				return 61;
		before = shared->count;
		sched_yield();
		shared->count = before + 1;
		if (lock_file(fd, 0) != 0)
			return 62;
	}
	return close(fd) == 0 ? 0 : 63;
}

static void remove_lock(void)
{
	unlink("/tmp/switch-lock");
}

static int all_were_added(int sender_result, int receiver_result)
{
	if (third < KILLS_SENDER && shared->count != 2 * MESSAGES)
		return 0;
	return shared->count >= MESSAGES &&
	       both_ended(sender_result, receiver_result);
}

/* ---- The stories --------------------------------------------------------- */

CASE(switch_breaks_connections_and_descriptors_on_the_way)
{
	sweep(&(struct story){
		.name = "connections", .prepare = make_listener,
		.sender = send_counters, .receiver = receive_counters,
		.leave = close_ends, .stop = stop_by_counter,
		.clean = remove_listener, .is_right = all_came,
	});
}

CASE(switch_breaks_an_edge_of_epoll)
{
	sweep(&(struct story){
		.name = "epoll", .prepare = make_pipe, .leave = leave_pipe,
		.sender = write_values, .receiver = receive_by_edge,
		.stop = stop_nothing, .clean = until_all_have_ended,
		.is_right = all_came,
	});
}

CASE(switch_breaks_two_waiters_of_epoll)
{
	sweep(&(struct story){
		.name = "epoll, two", .prepare = make_pipe,
		.leave = leave_pipe, .sender = write_values,
		.receiver = receive_with_a_child, .stop = stop_nothing,
		.clean = until_all_have_ended, .is_right = each_came,
	});
}

CASE(switch_breaks_notices_of_files)
{
	sweep(&(struct story){
		.name = "inotify", .prepare = make_folder, .leave = close_ends,
		.sender = make_files, .receiver = receive_notices,
		.stop = stop_by_notice, .clean = remove_folder,
		.is_right = all_came,
	});
}

CASE(switch_breaks_record_locks)
{
	lock_file = lock_record;
	sweep(&(struct story){
		.name = "record locks", .sender = add_under_lock,
		.receiver = add_under_lock, .stop = stop_nothing,
		.clean = remove_lock, .is_right = all_were_added,
	});
}

CASE(switch_breaks_locks_of_open_files)
{
	lock_file = lock_whole;
	sweep(&(struct story){
		.name = "flock", .sender = add_under_lock,
		.receiver = add_under_lock, .stop = stop_nothing,
		.clean = remove_lock, .is_right = all_were_added,
	});
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
