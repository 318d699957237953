/*
 * socket_crowd.c - many senders of datagrams at one socket: each poll() hears
 * of room, and of the end, also beside senders that come and go. Any POSIX
 * system.
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/user/helpers.h"

#define SENDERS	40		/* more than a wake tells at once */

static int receiver, sender;
static pid_t children[SENDERS];
static char buffer[500];
static struct sockaddr_un name = { .sun_family = AF_UNIX };

static int open_receiver(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "/tmp/c%d",
		 (int)getpid());
	unlink(name.sun_path);
	require(bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	return fd;
}

static int open_sender(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	require(connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	return fd;
}

static int fill(int fd)
{
	int count = 0;

	while (send(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		count++;
	return count;
}

static void drain_all(int fd)
{
	while (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
}

static int poll_for_room(void)
{
	struct pollfd entry = { open_sender(), POLLOUT, 0 };

	close(receiver);
	return poll(&entry, 1, -1) != 1 || entry.revents != POLLOUT;
}

static void start_crowd(void)
{
	receiver = open_receiver();
	sender = open_sender();
	require(fill(sender) > 0);
	for (int i = 0; i < SENDERS; i++)
		children[i] = start(poll_for_room);
	for (int i = 0; i < SENDERS; i++)
		until_asleep(children[i]);
}

/* Of the crowd, every second process is killed; all others end with 0. */
static void check_crowd(void)
{
	for (int i = 0; i < SENDERS; i += 2)
		kill(children[i], SIGKILL);
	for (int i = 0; i < SENDERS; i++)
		expect(i % 2 == 0 ? waitpid(children[i], NULL, 0) > 0
				  : result_of(children[i]) == 0);
	unlink(name.sun_path);
}

CASE(room_is_told_to_all_beside_senders_that_leave)
{
	start_crowd();
	drain_all(receiver);
	check_crowd();
}

CASE(end_is_told_to_all_beside_senders_that_leave)
{
	start_crowd();
	close(receiver);
	check_crowd();
	expect_error(send(sender, "x", 1, 0), ECONNREFUSED);
}

CASE(senders_come_and_go_beside_a_crowd)
{
	start_crowd();
	drain_all(receiver);
	for (int i = 0; i < 4 * SENDERS; i++)
		close(open_sender());
	check_crowd();
}

CASE(receiver_of_a_new_socket_hears_no_old_sender)
{
	receiver = open_receiver();
	sender = open_sender();
	close(receiver);
	receiver = open_receiver();
	expect_error(send(sender, "x", 1, 0), ECONNREFUSED);
	expect(connect(sender, (struct sockaddr *)&name, sizeof(name)) == 0);
	expect(send(sender, "y", 1, 0) == 1);
	expect(recv(receiver, buffer, 2, 0) == 1 && buffer[0] == 'y');
	unlink(name.sun_path);
}

static int poll_old_sender(void)
{
	struct pollfd entry = { sender, POLLOUT, 0 };

	return poll(&entry, 1, -1) != 1 || entry.revents != POLLOUT;
}

CASE(poll_for_room_looks_at_the_new_peer)
{
	int second;
	pid_t child;

	receiver = open_receiver();
	sender = open_sender();
	fill(sender);
	child = start_asleep(poll_old_sender);
	unlink(name.sun_path);
	second = open_receiver();
	require(connect(sender, (struct sockaddr *)&name, sizeof(name)) == 0);
	expect(result_of(child) == 0);
	fill(sender);
	child = start_asleep(poll_old_sender);
	drain_all(second);
	expect(result_of(child) == 0);
	unlink(name.sun_path);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
