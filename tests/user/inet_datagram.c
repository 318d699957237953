/*
 * inet_datagram.c - UDP on the loopback: whole datagrams, their senders, and
 * what is lost. Any POSIX system.
 */
#include "tests/user/inet.h"

static char buffer[70000];

static ssize_t send_to(int fd, const void *bytes, size_t count, int to)
{
	struct sockaddr_in place = name_of(to);

	return sendto(fd, bytes, count, 0, (struct sockaddr *)&place,
		      sizeof(place));
}

CASE(datagram_arrives_whole_with_its_sender)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);
	struct sockaddr_in from;
	socklen_t bytes = sizeof(from);

	expect(send_to(one, "hello", 5, two) == 5);
	expect(recvfrom(two, buffer, sizeof(buffer), 0,
			(struct sockaddr *)&from, &bytes) == 5);
	expect(memcmp(buffer, "hello", 5) == 0 && bytes == sizeof(from));
	expect(from.sin_port == name_of(one).sin_port);
}

CASE(connection_to_no_address_reaches_this_machine)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);
	struct sockaddr_in place = name_of(two);

	place.sin_addr.s_addr = htonl(INADDR_ANY);
	expect(connect(one, (struct sockaddr *)&place, sizeof(place)) == 0);
	expect(send(one, "hello", 5, 0) == 5);
	expect(wait_for_events(two, POLLIN) == POLLIN);
	expect(recv(two, buffer, 9, MSG_DONTWAIT) == 5);
}

CASE(datagrams_do_not_run_together)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);

	send_to(one, "a", 1, two);
	send_to(one, "", 0, two);
	send_to(one, "bcd", 3, two);
	expect(recv(two, buffer, sizeof(buffer), 0) == 1);
	expect(recv(two, buffer, sizeof(buffer), 0) == 0);
	expect(recv(two, buffer, sizeof(buffer), 0) == 3);
}

CASE(small_buffer_loses_the_rest)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);
	struct iovec part = { buffer, 2 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	send_to(one, "abcdef", 6, two);
	expect(recvmsg(two, &message, 0) == 2);
	expect(message.msg_flags & MSG_TRUNC);
	expect_error(recv(two, buffer, 9, MSG_DONTWAIT), EAGAIN);
}

CASE(length_of_a_cut_datagram_is_told_if_asked_for)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);

	for (int i = 0; i < 2; i++)
		send_to(one, "abcdef", 6, two);
	expect(recv(two, buffer, 2, MSG_TRUNC) == 6);
	expect(recv(two, buffer, 9, MSG_TRUNC) == 6);
}

CASE(large_datagram_arrives)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM), wrong = 0;

	for (int i = 0; i < 65507; i++)
		buffer[i] = i * 7;
	expect(send_to(one, buffer, 65507, two) == 65507);
	memset(buffer, 0, sizeof(buffer));
	expect(recv(two, buffer, sizeof(buffer), 0) == 65507);
	for (int i = 0; i < 65507; i++)
		wrong += buffer[i] != (char)(i * 7);
	expect(wrong == 0);
	expect_error(send_to(one, buffer, 65508, two), EMSGSIZE);
}

CASE(connected_socket_hears_its_peer_alone)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);
	int stranger = bound(SOCK_DGRAM);

	require(connect_to(two, one) == 0);
	send_to(stranger, "no", 2, two);
	send_to(one, "yes", 3, two);
	expect(recv(two, buffer, sizeof(buffer), 0) == 3);
	expect(send(two, "answer", 6, 0) == 6);
	expect(recv(one, buffer, sizeof(buffer), 0) == 6);
}

CASE(datagram_to_a_closed_port_is_refused)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM), error = 0;
	socklen_t bytes = sizeof(error);

	require(connect_to(one, two) == 0);
	close(two);
	require(send(one, "x", 1, 0) == 1);
	expect(wait_for_events(one, POLLIN) & POLLERR);
	expect_error(recv(one, buffer, 1, MSG_DONTWAIT), ECONNREFUSED);
	expect_error(recv(one, buffer, 1, MSG_DONTWAIT), EAGAIN);
	require(send(one, "x", 1, 0) == 1);
	wait_for_events(one, POLLIN);
	expect_error(send(one, "y", 1, 0), ECONNREFUSED);
	require(send(one, "x", 1, 0) == 1);
	wait_for_events(one, POLLIN);
	expect(getsockopt(one, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0);
	expect(error == ECONNREFUSED);
}

CASE(unconnected_sender_hears_of_no_refusal)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);
	struct sockaddr_in place = name_of(two);

	close(two);
	for (int i = 0; i < 3; i++)
		expect(sendto(one, "x", 1, 0, (struct sockaddr *)&place,
			      sizeof(place)) == 1);
	expect_error(recv(one, buffer, 1, MSG_DONTWAIT), EAGAIN);
}

CASE(send_without_an_address_is_edestaddrreq)
{
	expect_error(send(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0),
		     EDESTADDRREQ);
}

static int fd_of_child;

static int receive_one(void)
{
	return recv(fd_of_child, buffer, sizeof(buffer), 0) == 1 ? 0 : 1;
}

CASE(sleeping_receiver_wakes)
{
	int one = bound(SOCK_DGRAM);
	pid_t receiver;

	fd_of_child = bound(SOCK_DGRAM);
	receiver = start(receive_one);
	until_asleep(receiver);
	send_to(one, "x", 1, fd_of_child);
	expect(result_of(receiver) == 0);
}

CASE(full_receiver_loses_the_newest_and_no_memory)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM), count = 0;

	for (int i = 0; i < 2000; i++)
		send_to(one, buffer, 1000, two);
	while (recv(two, buffer, sizeof(buffer), MSG_DONTWAIT) == 1000)
		count++;
	expect(count > 0 && count < 2000);
}

CASE(urgent_datagram_is_refused)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);

	require(connect_to(one, two) == 0);
	expect_error(send(one, "x", 1, MSG_OOB), EOPNOTSUPP);
	expect(events_of(two, POLLIN) == 0);
}

CASE(readable_only_with_a_datagram)
{
	int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM);

	expect(events_of(two, POLLIN | POLLOUT) == POLLOUT);
	send_to(one, "x", 1, two);
	expect(wait_for_events(two, POLLIN) & POLLIN);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
