/*
 * socket_message.c - datagrams and seqpackets: borders, addresses, room, the
 * flags of a receive, timeouts. Any POSIX system. The file is long because both
 * types of socket share its helpers.
 */
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tests/user/helpers.h"

static int ends[2], type = SOCK_DGRAM;
static char byte, buffer[256], big[16000], names[2][64];

static void open_pair(void)
{
	require(socketpair(AF_UNIX, type, 0, ends) == 0);
}

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	return address;
}

/* A datagram socket with a name. */
static int open_named(int i)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un address;

	snprintf(names[i], sizeof(names[i]), "/tmp/d%d.%d", i, (int)getpid());
	unlink(names[i]);
	address = address_of(names[i]);
	require(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static ssize_t send_to(int fd, const char *path, const char *text)
{
	struct sockaddr_un address = address_of(path);

	return sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address,
		      sizeof(address));
}

/* Both types that keep borders. */
static void borders(void)
{
	open_pair();
	expect(write(ends[0], "one", 3) == 3 && write(ends[0], "four", 4) == 4);
	expect(read(ends[1], buffer, sizeof(buffer)) == 3);
	expect(read(ends[1], buffer, sizeof(buffer)) == 4);
	expect(memcmp(buffer, "four", 4) == 0);
}

CASE(datagrams_keep_their_borders)
{
	borders();
}

CASE(seqpackets_keep_their_borders)
{
	type = SOCK_SEQPACKET;
	borders();
}

static void long_messages(void)
{
	static char in[sizeof(big)];

	open_pair();
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = i % 251;
	for (int i = 0; i < 3; i++) {
		expect(write(ends[0], big, sizeof(big)) == sizeof(big));
		expect(read(ends[1], in, sizeof(in)) == sizeof(in));
		expect(memcmp(in, big, sizeof(in)) == 0);
	}
}

CASE(long_datagram_arrives_whole)
{
	long_messages();
}

CASE(long_seqpacket_arrives_whole)
{
	type = SOCK_SEQPACKET;
	long_messages();
}

CASE(rest_of_a_long_message_is_lost_and_told)
{
	struct iovec part = { buffer, 2 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	open_pair();
	expect(write(ends[0], "abcdef", 6) == 6 && write(ends[0], "g", 1) == 1);
	expect(recvmsg(ends[1], &message, 0) == 2);
	expect(message.msg_flags & MSG_TRUNC);
	expect(memcmp(buffer, "ab", 2) == 0);
	expect(recvmsg(ends[1], &message, 0) == 1);
	expect(!(message.msg_flags & MSG_TRUNC) && buffer[0] == 'g');
}

CASE(peek_leaves_the_message)
{
	open_pair();
	expect(write(ends[0], "abc", 3) == 3);
	expect(recv(ends[1], buffer, 2, MSG_PEEK) == 2);
	expect(recv(ends[1], buffer, 9, MSG_PEEK) == 3);
	expect(recv(ends[1], buffer, 9, 0) == 3);
	expect_error(recv(ends[1], buffer, 9, MSG_DONTWAIT), EAGAIN);
}

static void refuse_urgent_bytes(void)
{
	open_pair();
	expect_error(send(ends[0], "x", 1, MSG_OOB), EOPNOTSUPP);
	expect_error(recv(ends[1], buffer, 1, MSG_OOB), EOPNOTSUPP);
	expect_error(recv(ends[1], buffer, 1, MSG_DONTWAIT), EAGAIN);
}

CASE(urgent_datagram_is_refused)
{
	refuse_urgent_bytes();
}

CASE(urgent_seqpacket_is_refused)
{
	type = SOCK_SEQPACKET;
	refuse_urgent_bytes();
}

CASE(empty_datagram_is_a_message)
{
	open_pair();
	expect(send(ends[0], "", 0, 0) == 0 && send(ends[0], "x", 1, 0) == 1);
	expect(recv(ends[1], buffer, 9, 0) == 0);
	expect(recv(ends[1], buffer, 9, 0) == 1);
}

CASE(message_longer_than_the_buffer_of_the_sender_is_emsgsize)
{
	int bytes = 4096;

	open_pair();
	expect(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &bytes,
			  sizeof(bytes)) == 0);
	expect_error(write(ends[0], big, sizeof(big)), EMSGSIZE);
}

CASE(parts_are_collected_and_scattered)
{
	struct iovec out[3] = { { "ab", 2 }, { "", 0 }, { "cde", 3 } };
	char first[1], second[9];
	struct iovec in[2] = { { first, 1 }, { second, 9 } };
	struct msghdr message = { .msg_iov = out, .msg_iovlen = 3 };

	open_pair();
	expect(sendmsg(ends[0], &message, 0) == 5);
	message.msg_iov = in;
	message.msg_iovlen = 2;
	expect(recvmsg(ends[1], &message, 0) == 5);
	expect(first[0] == 'a' && memcmp(second, "bcde", 4) == 0);
}

CASE(bad_address_loses_no_message)
{
	struct sockaddr_un from;
	socklen_t bytes = sizeof(from);

	open_pair();
	expect_error(send(ends[0], nowhere, 3, 0), EFAULT);
	expect(write(ends[0], "abc", 3) == 3);
	expect_error(recv(ends[1], nowhere, 9, MSG_DONTWAIT), EFAULT);
	expect(recvfrom(ends[1], buffer, 9, MSG_DONTWAIT,
			(struct sockaddr *)&from, &bytes) >= 0 ||
	       errno == EAGAIN);
}

/* ---- Addresses ----------------------------------------------------------- */

CASE(receiver_can_answer_the_sender)
{
	int one = open_named(0), two = open_named(1);
	struct sockaddr_un from;
	socklen_t bytes = sizeof(from);

	expect(send_to(one, names[1], "hello") == 5);
	expect(recvfrom(two, buffer, 9, 0, (struct sockaddr *)&from,
			&bytes) == 5);
	expect(strcmp(from.sun_path, names[0]) == 0);
	expect(sendto(two, "back", 4, 0, (struct sockaddr *)&from, bytes) == 4);
	expect(read(one, buffer, 9) == 4);
	unlink(names[0]);
	unlink(names[1]);
}

CASE(connected_datagram_socket_has_one_peer)
{
	int one = open_named(0), two = open_named(1);
	int third = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un address = address_of(names[1]);

	expect(send(one, "x", 1, 0) < 0);
	expect(connect(one, (struct sockaddr *)&address,
		       sizeof(address)) == 0);
	expect(send(one, "x", 1, 0) == 1);
	expect(read(two, &byte, 1) == 1);
	expect_error(send_to(third, names[0], "y"), EPERM);
	close(two);
	expect_error(send_to(third, names[1], "y"), ECONNREFUSED);
	expect_error(send(one, "x", 1, 0), ECONNREFUSED);
	unlink(names[0]);
	unlink(names[1]);
}

/* The other socket stays a socket: only a send has nowhere to go. */
CASE(send_to_a_pair_whose_peer_closed_is_econnrefused)
{
	int error = -1;
	socklen_t bytes = sizeof(error);

	open_pair();
	expect(send(ends[1], "last", 4, 0) == 4);
	close(ends[1]);
	expect(recv(ends[0], buffer, 9, 0) == 4);
	expect_error(recv(ends[0], buffer, 9, MSG_DONTWAIT), EAGAIN);
	expect(getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &error, &bytes) == 0);
	expect(error == 0);
	expect_error(write(ends[0], "x", 1), ECONNREFUSED);
}

CASE(socket_of_a_broken_pair_can_connect_again)
{
	int server = open_named(0);
	struct sockaddr_un address = address_of(names[0]);

	open_pair();
	close(ends[1]);
	expect_error(write(ends[0], "x", 1), ECONNREFUSED);
	expect(connect(ends[0], (struct sockaddr *)&address,
		       sizeof(address)) == 0);
	expect(write(ends[0], "x", 1) == 1 && read(server, &byte, 1) == 1);
	unlink(names[0]);
}

CASE(name_that_may_not_be_written_is_eacces)
{
	int server = open_named(0), client = socket(AF_UNIX, SOCK_DGRAM, 0);

	require(chmod(names[0], 0) == 0);
	if (geteuid() == 0)
		require(seteuid(1000) == 0);
	expect_error(send_to(client, names[0], "x"), EACCES);
	if (getuid() == 0)
		require(seteuid(0) == 0);
	unlink(names[0]);
	close(server);
}

/* ---- Room ---------------------------------------------------------------- */

static int write_message(void)
{
	return write(ends[0], big, 101) == 101 ? 0 : errno;
}

/* Fill the queue with messages of this length; how many. */
static int fill_queue(size_t bytes)
{
	int count = 0;

	while (send(ends[0], big, bytes, MSG_DONTWAIT) > 0)
		count++;
	expect(errno == EAGAIN);
	return count;
}

static void wait_for_room(void)
{
	pid_t child;
	int count;

	open_pair();
	count = fill_queue(100);
	expect(count > 0);
	child = start(write_message);
	until_asleep(child);
	while (count-- > 0)
		expect(read(ends[1], buffer, sizeof(buffer)) == 100);
	expect(result_of(child) == 0);
	expect(read(ends[1], buffer, sizeof(buffer)) == 101);
}

CASE(sender_of_a_datagram_waits_for_room)
{
	wait_for_room();
}

CASE(sender_of_a_seqpacket_waits_for_room)
{
	type = SOCK_SEQPACKET;
	wait_for_room();
}

static int send_until_it_fails(void)
{
	close(ends[1]);
	while (send(ends[0], buffer, 100, MSG_NOSIGNAL) == 100)
		continue;
	return errno;
}

CASE(sender_of_a_datagram_sleeps_on_when_the_peer_closes)
{
	pid_t sender;
	int error;

	open_pair();
	sender = start(send_until_it_fails);
	until_asleep(sender);
	close(ends[1]);
	error = result_of(sender);
	expect(error == ECONNREFUSED || error == ECONNRESET ||
	       error == EPIPE || error == ENOTCONN);
}

static int poll_for_room(void)
{
	struct pollfd entry = { ends[0], POLLOUT, 0 };

	close(ends[1]);
	return poll(&entry, 1, -1) == 1 ? 0 : errno;
}

static pid_t start_to_poll_for_room(void)
{
	pid_t poller;

	open_pair();
	set_nonblocking(ends[0], 1);
	while (send(ends[0], buffer, 100, 0) == 100)
		continue;
	poller = start(poll_for_room);
	until_asleep(poller);
	return poller;
}

CASE(poll_for_room_sleeps_on_when_the_peer_closes)
{
	pid_t poller = start_to_poll_for_room();

	close(ends[1]);
	expect(result_of(poller) == 0);
}

CASE(poll_for_room_sleeps_on_after_shutdown)
{
	pid_t poller = start_to_poll_for_room();

	require(shutdown(ends[0], SHUT_RDWR) == 0);
	expect(result_of(poller) == 0);
}

static int send_nothing_readable(void)
{
	void *hole = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	return send(ends[0], hole, 4000, 0) == -1 ? errno : 0;
}

static int send_4000(void)
{
	return send(ends[0], big, 4000, 0) == 4000 ? 0 : errno;
}

CASE(sender_with_a_bad_buffer_leaves_the_room_to_the_next)
{
	int most = 4096, count;
	pid_t bad, good;

	type = SOCK_SEQPACKET;
	open_pair();
	require(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &most,
			   sizeof(most)) == 0);
	count = fill_queue(4000);
	bad = start(send_nothing_readable);
	until_asleep(bad);
	good = start(send_4000);
	until_asleep(good);
	/* One more than there were: some systems wake the good sender first. */
	while (count-- >= 0)
		expect(read(ends[1], buffer, sizeof(buffer)) > 0);
	expect(result_of(bad) == EFAULT);
	expect(result_of(good) == 0);
}

static int poll_output(void)
{
	struct pollfd entry = { ends[0], POLLOUT, 0 };

	return poll(&entry, 1, -1) == 1 ? entry.revents : 100;
}

CASE(poll_waits_for_room_at_the_peer)
{
	pid_t child;
	int count;

	open_pair();
	count = fill_queue(100);
	child = start(poll_output);
	until_asleep(child);
	while (count-- > 0)
		read(ends[1], buffer, sizeof(buffer));
	expect(result_of(child) == POLLOUT);
}

CASE(waiting_sender_ends_when_the_receiver_closes)
{
	pid_t child;
	int result;

	set_handler(SIGPIPE, SIG_IGN, 0);
	type = SOCK_SEQPACKET;
	open_pair();
	fill_queue(100);
	child = fork_or_fail();
	if (child == 0) {
		close(ends[1]);
		_exit(write_message());
	}
	until_asleep(child);
	close(ends[1]);
	result = result_of(child);
	expect(result == EPIPE || result == ECONNRESET);
}

/* ---- The end, and time --------------------------------------------------- */

CASE(seqpacket_ends_with_0)
{
	type = SOCK_SEQPACKET;
	open_pair();
	expect(write(ends[0], "x", 1) == 1);
	close(ends[0]);
	expect(read(ends[1], buffer, 9) == 1);
	expect(read(ends[1], buffer, 9) == 0);
	expect_error(send(ends[1], "x", 1, MSG_NOSIGNAL), EPIPE);
}

CASE(receive_timeout_is_eagain)
{
	const struct timeval timeout = { 0, 10000 }, bad = { 0, 2000000 };
	struct timeval back;
	socklen_t bytes = sizeof(back);

	open_pair();
	expect(setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &timeout,
			  sizeof(timeout)) == 0);
	expect_error(read(ends[1], &byte, 1), EAGAIN);
	expect_error(recv(ends[1], &byte, 1, 0), EAGAIN);
	expect(getsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &back,
			  &bytes) == 0);
	expect(back.tv_sec == 0 && back.tv_usec > 0);
	expect_error(setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &bad,
				sizeof(bad)), EDOM);
}

static int read_until_the_end(void)
{
	return read(ends[1], &byte, 1) == 0 ? 0 : 1;
}

CASE(shutdown_ends_a_sleeping_reader_of_datagrams)
{
	pid_t child;

	open_pair();
	child = start(read_until_the_end);
	until_asleep(child);
	expect(shutdown(ends[1], SHUT_RD) == 0);
	expect(result_of(child) == 0);
}

static int wait_for_all(void)
{
	return recv(ends[1], buffer, 6, MSG_WAITALL);
}

CASE(waitall_waits_for_all_bytes)
{
	pid_t child;

	type = SOCK_STREAM;
	open_pair();
	expect(write(ends[0], "abc", 3) == 3);
	child = start(wait_for_all);
	until_asleep(child);
	expect(write(ends[0], "defg", 4) == 4);
	expect(result_of(child) == 6);
	expect(read(ends[1], buffer, 9) == 1);
	expect(write(ends[0], "abc", 3) == 3);
	expect(shutdown(ends[0], SHUT_WR) == 0);
	expect(wait_for_all() == 3);
}

/* The bytes of a stream come in several steps, each with the address. */
CASE(address_of_a_long_stream_keeps_within_its_room)
{
	struct sockaddr_un name = address_of("/tmp/long-stream");
	struct iovec part = { big, 12000 };
	char place[64] = "";
	socklen_t room = 4;
	struct msghdr message = {
		.msg_name = place, .msg_namelen = room,
		.msg_iov = &part, .msg_iovlen = 1,
	};

	type = SOCK_STREAM;
	open_pair();
	unlink(name.sun_path);
	require(bind(ends[0], (struct sockaddr *)&name, sizeof(name)) == 0);
	expect(write(ends[0], big, 12000) == 12000);
	expect(recvfrom(ends[1], big, 12000, MSG_WAITALL,
			(struct sockaddr *)place, &room) == 12000);
	expect(place[3] == 't' && place[4] == '\0');
	expect(write(ends[0], big, 12000) == 12000);
	expect(recvmsg(ends[1], &message, MSG_WAITALL) == 12000);
	expect(place[3] == 't' && place[4] == '\0');
	unlink(name.sun_path);
}

CASE(options_tell_the_kind_of_socket)
{
	int value = 0;
	socklen_t bytes = sizeof(value);

	open_pair();
	expect(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &bytes) == 0);
	expect(value == SOCK_DGRAM);
	expect(getsockopt(ends[0], SOL_SOCKET, SO_ACCEPTCONN, &value,
			  &bytes) == 0 && value == 0);
	expect(getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &value, &bytes) == 0);
	expect(value == 0);
	expect_error(getsockopt(ends[0], SOL_SOCKET, 9999, &value, &bytes),
		     ENOPROTOOPT);
	expect_error(setsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, bytes),
		     ENOPROTOOPT);
	expect_error(setsockopt(ends[0], SOL_SOCKET, SO_REUSEADDR, &value, 1),
		     EINVAL);
}

/* A child that counts messages up to the end of file. */
static int count_messages(void)
{
	static char message[4096];
	int count = 0;
	ssize_t bytes;

	close(ends[1]);
	while ((bytes = read(ends[0], message, sizeof(message))) > 0)
		count++;
	return bytes == 0 ? count : 99;
}

CASE(two_readers_both_see_the_end)
{
	static char message[4096];
	pid_t one, other;

	require(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	one = start(count_messages);
	other = start(count_messages);
	close(ends[0]);
	for (int i = 0; i < 30; i++)
		require(write(ends[1], message, sizeof(message)) == 4096);
	close(ends[1]);
	expect(result_of(one) + result_of(other) == 30);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
